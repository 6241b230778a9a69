// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/pseudonyms.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/rows.h"

namespace libmpi {
namespace {

// DO NOT CHANGE: pseudonyms that are out are made by these. Labels are of one length, so that none with a project's name
// is another one's.
constexpr std::string_view kSalt = "libmpi pseudonyms 1";
constexpr std::string_view kPersonLabel = "person:", kRecordLabel = "record:";
static_assert(kPersonLabel.size() == kRecordLabel.size());

constexpr size_t kLongestProject = 200;

absl::Status CryptoFailed(const char* what) { return absl::InternalError(std::string(what) + " can't be computed"); }

const unsigned char* BytesOf(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

absl::Status DeriveKey(const SecretKey& key, std::string_view label, std::string_view project, SecretKey* derived) {
  const std::unique_ptr<EVP_KDF, void (*)(EVP_KDF*)> kdf(EVP_KDF_fetch(nullptr, OSSL_KDF_NAME_HKDF, nullptr), EVP_KDF_free);
  const std::unique_ptr<EVP_KDF_CTX, void (*)(EVP_KDF_CTX*)> context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr,
                                                                      EVP_KDF_CTX_free);
  std::string info = std::string(label) + std::string(project), salt(kSalt), digest = OSSL_DIGEST_NAME_SHA2_256;
  SecretKey secret = key;  // parameters are not const
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), SecretKey::kBytes),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt.data(), salt.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()), OSSL_PARAM_construct_end()};
  const bool done = context != nullptr && EVP_KDF_derive(context.get(), derived->data(), SecretKey::kBytes, parameters) == 1;
  return done ? absl::OkStatus() : CryptoFailed("HKDF");
}

using Block = std::array<uint8_t, 16>;

absl::StatusOr<Block> CryptBlock(const SecretKey& key, const Block& block, bool encrypt) {
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  Block out{};
  int size = 0;
  const bool done =
      context != nullptr &&
      EVP_CipherInit_ex(context.get(), EVP_aes_256_ecb(), nullptr, key.data(), nullptr, encrypt ? 1 : 0) == 1 &&
      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
      EVP_CipherUpdate(context.get(), out.data(), &size, block.data(), static_cast<int>(block.size())) == 1 &&
      static_cast<size_t>(size) == out.size();
  if (!done) return CryptoFailed("AES-256");
  return out;
}

int HexDigit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool ReadHex(std::string_view digits, SecretKey* key) {
  if (digits.ends_with('\n')) digits.remove_suffix(1);
  if (digits.ends_with('\r')) digits.remove_suffix(1);
  if (digits.size() != 2 * SecretKey::kBytes) return false;
  for (size_t i = 0; i < SecretKey::kBytes; ++i) {
    const int high = HexDigit(digits[2 * i]), low = HexDigit(digits[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    key->data()[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return true;
}

}  // namespace

SecretKey::~SecretKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

absl::StatusOr<SecretKey> SecretKey::New() {
  SecretKey key;
  if (RAND_priv_bytes(key.data(), static_cast<int>(kBytes)) != 1)
    return absl::InternalError("the system gives no random bytes");
  return key;
}

absl::StatusOr<SecretKey> SecretKey::Parse(std::string_view text) {
  SecretKey key;
  if (text.size() == kBytes) std::ranges::copy(text, key.data());
  else if (!ReadHex(text, &key)) return absl::InvalidArgumentError("a key is 32 bytes, or 64 hexadecimal digits");
  const auto& bytes = key.bytes_;
  // Of random bytes it is so once in 10^13 keys.
  if (std::ranges::all_of(bytes, [](uint8_t b) { return b >= ' ' && b <= '~'; }))
    return absl::InvalidArgumentError("these bytes are a text and no random key");
  if (std::ranges::count(bytes, bytes[0]) == static_cast<ptrdiff_t>(kBytes))
    return absl::InvalidArgumentError("these bytes are all the same and no random key");
  return key;
}

std::string SecretKey::ToHex() const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * kBytes);  // moved nowhere while it grows
  for (const uint8_t byte : bytes_) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

std::string Pseudonym::ToString() const { return EnterpriseId{bytes}.ToString(); }

std::optional<Pseudonym> Pseudonym::Parse(std::string_view text) {
  const std::optional<EnterpriseId> id = EnterpriseId::Parse(text);
  return id ? std::optional(Pseudonym{id->bytes}) : std::nullopt;
}

absl::StatusOr<Pseudonymizer> Pseudonymizer::Make(const SecretKey& key, std::string project) {
  if (project.empty() || project.size() > kLongestProject)
    return absl::InvalidArgumentError("a project needs a name, of at most 200 bytes");
  if (std::ranges::any_of(project, [](char c) { return static_cast<uint8_t>(c) < ' ' || c == '\x7f'; }))
    return absl::InvalidArgumentError("a project's name has no control characters");
  Pseudonymizer pseudonymizer(std::move(project));
  LIBMPI_RETURN_IF_ERROR(DeriveKey(key, kPersonLabel, pseudonymizer.project_, &pseudonymizer.person_key_));
  LIBMPI_RETURN_IF_ERROR(DeriveKey(key, kRecordLabel, pseudonymizer.project_, &pseudonymizer.record_key_));
  return pseudonymizer;
}

absl::StatusOr<Pseudonym> Pseudonymizer::OfPerson(const EnterpriseId& person) const {
  LIBMPI_ASSIGN_OR_RETURN(const Block block, CryptBlock(person_key_, person.bytes, true));
  return Pseudonym{block};
}

absl::StatusOr<EnterpriseId> Pseudonymizer::PersonOf(const Pseudonym& pseudonym) const {
  LIBMPI_ASSIGN_OR_RETURN(const Block block, CryptBlock(person_key_, pseudonym.bytes, false));
  return EnterpriseId{block};
}

absl::StatusOr<Pseudonym> Pseudonymizer::OfRecord(const RecordKey& record) const {
  // With their lengths before them, no two identifiers are the same bytes.
  std::string text;
  for (const std::string* part : {&record.source, &record.record_id}) {
    AppendBigEndian(part->size(), 8, &text);
    text += *part;
  }
  AppendBigEndian(record.part, 2, &text);
  std::array<uint8_t, EVP_MAX_MD_SIZE> mac;
  unsigned size = 0;
  if (HMAC(EVP_sha256(), record_key_.data(), static_cast<int>(SecretKey::kBytes), BytesOf(text), text.size(), mac.data(),
           &size) == nullptr ||
      size != 32)
    return CryptoFailed("HMAC-SHA-256");
  Pseudonym pseudonym;
  std::copy_n(mac.begin(), pseudonym.bytes.size(), pseudonym.bytes.begin());
  return pseudonym;
}

}  // namespace libmpi
