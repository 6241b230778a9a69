// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4), by OpenSSL: who includes this links OpenSSL::Crypto.
#ifndef LIBMPI_BASE_SHA256_H_
#define LIBMPI_BASE_SHA256_H_

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace libmpi {

using Sha256Hash = std::array<uint8_t, 32>;

// Of what is added, one part after the other. Thread-compatible.
class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    good_ = context_ != nullptr && EVP_DigestInit_ex(context_.get(), Algorithm(), nullptr) == 1;
  }
  void Add(std::string_view bytes) {
    good_ = good_ && EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
  }
  // Nothing: OpenSSL refuses (no memory, no such algorithm). Once only.
  std::optional<Sha256Hash> Finish() {
    Sha256Hash hash;
    unsigned size = 0;
    good_ = good_ && EVP_DigestFinal_ex(context_.get(), hash.data(), &size) == 1 && size == hash.size();
    return good_ ? std::optional(hash) : std::nullopt;
  }

 private:
  // Looked up once: OpenSSL 3 would do so at every beginning, under a lock, which takes longer than hashing.
  static const EVP_MD* Algorithm() {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return algorithm;
  }

  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
  bool good_ = false;
};

inline std::string_view BytesOf(const Sha256Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

}  // namespace libmpi

#endif  // LIBMPI_BASE_SHA256_H_
