// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/keys.h"

#include <openssl/evp.h>

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "libmpi/base/big_endian.h"

namespace libmpi {
namespace {

template <typename T>
void AppendNumber(T value, std::string* out) {
  AppendBigEndian(value, sizeof(T), out);
}

template <typename T>
T ReadNumber(std::string_view bytes) {
  return static_cast<T>(BigEndianAtEnd(bytes, bytes.size()));
}

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

Context MakeContext(std::string_view key, bool encrypt) {
  Context context(EVP_CIPHER_CTX_new());
  EVP_CipherInit_ex(context.get(), EVP_aes_256_ecb(), nullptr, reinterpret_cast<const unsigned char*>(key.data()),
                    nullptr, encrypt);
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  return context;
}

// Looking up the cipher and setting a key take ten times what a block does.
Context CopyOf(const Context& keyed) {
  Context context(EVP_CIPHER_CTX_new());
  // Without memory; a block that is not encrypted must not get out.
  if (context == nullptr || EVP_CIPHER_CTX_copy(context.get(), keyed.get()) != 1) std::abort();
  return context;
}

// A block that tells what it stands for: no two kinds of blocks are alike.
BlockCipher::Block BlockOf(char kind, uint16_t tenant, uint16_t generation, uint8_t step, uint64_t value) {
  BlockCipher::Block block{};
  block[0] = static_cast<uint8_t>(kind);
  block[1] = static_cast<uint8_t>(tenant >> 8);
  block[2] = static_cast<uint8_t>(tenant);
  block[3] = static_cast<uint8_t>(generation >> 8);
  block[4] = static_cast<uint8_t>(generation);
  block[5] = step;
  for (int i = 0; i < 8; ++i) block[8 + i] = static_cast<uint8_t>(value >> (8 * (7 - i)));
  return block;
}

}  // namespace

struct BlockCipher::Keyed {
  const Context encrypts, decrypts;
};

BlockCipher::BlockCipher(std::string_view key)
    : keyed_(new Keyed{MakeContext(key, true), MakeContext(key, false)}) {}
BlockCipher::~BlockCipher() = default;

void BlockCipher::Encrypt(std::span<Block> blocks) const {
  const Context context = CopyOf(keyed_->encrypts);
  auto* const bytes = reinterpret_cast<unsigned char*>(blocks.data());
  int written = 0;
  EVP_CipherUpdate(context.get(), bytes, &written, bytes, static_cast<int>(blocks.size_bytes()));
}

BlockCipher::Block BlockCipher::Decrypt(const Block& block) const {
  const Context context = CopyOf(keyed_->decrypts);
  Block out;
  int written = 0;
  EVP_CipherUpdate(context.get(), out.data(), &written, block.data(), static_cast<int>(block.size()));
  return out;
}

std::string Keys::Prefix(Table table) const {
  std::string key;
  key.reserve(32);
  AppendNumber(tenant_, &key);
  AppendNumber(generation_, &key);
  key.push_back(static_cast<char>(table));
  return key;
}

std::string Keys::End(Table table) const {
  std::string key = Prefix(table);
  ++key.back();
  return key;
}

std::string Keys::Of(Table table, const RecordKey& identifier) const {
  std::string key = Prefix(table);
  key.append(identifier.source).push_back('\0');
  key.append(identifier.record_id).push_back('\0');
  AppendNumber(identifier.part, &key);
  return key;
}

std::string Keys::Of(Table table, uint32_t number) const {
  std::string key = Prefix(table);
  AppendNumber(number, &key);
  return key;
}

std::string Keys::Of(Table table, uint32_t number, uint32_t other) const {
  std::string key = Of(table, number);
  AppendNumber(other, &key);
  return key;
}

std::string Keys::OfEvent(Table table, uint64_t event) const {
  std::string key = Prefix(table);
  AppendNumber(event, &key);
  return key;
}

std::string Keys::OfEvent(Table table, uint32_t number, uint64_t event) const {
  std::string key = Of(table, number);
  AppendNumber(event, &key);
  return key;
}

std::string Keys::OfPriority(double priority, uint32_t person, uint32_t other) const {
  std::string key = Prefix(Table::kPriority);
  AppendNumber(~std::bit_cast<uint64_t>(priority), &key);  // reals that are not negative sort as their bits do
  AppendNumber(person, &key);
  AppendNumber(other, &key);
  return key;
}

std::vector<std::string> Keys::OfSlots(std::span<const SlotKey> slots, const BlockCipher& cipher) const {
  std::vector<BlockCipher::Block> blocks;
  blocks.reserve(slots.size());
  for (const SlotKey& slot : slots) blocks.push_back(BlockOf('K', tenant_, generation_, slot.step, slot.key));
  if (!blocks.empty()) cipher.Encrypt(blocks);
  std::vector<std::string> keys(slots.size(), Prefix(Table::kSlot));
  for (size_t i = 0; i < blocks.size(); ++i)
    keys[i].append(reinterpret_cast<const char*>(blocks[i].data()), blocks[i].size());
  return keys;
}

RecordKey Keys::IdentifierOf(std::string_view rest) {
  RecordKey key;
  for (std::string* part : {&key.source, &key.record_id}) {
    const size_t end = std::min(rest.find('\0'), rest.size());
    *part = std::string(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  key.part = ReadNumber<uint16_t>(rest);
  return key;
}

uint32_t Keys::LastNumber(std::string_view key) {
  return key.size() < 4 ? 0 : ReadNumber<uint32_t>(key.substr(key.size() - 4));
}

uint64_t Keys::LastEvent(std::string_view key) {
  return key.size() < 8 ? 0 : ReadNumber<uint64_t>(key.substr(key.size() - 8));
}

EnterpriseId EnterpriseIdOf(uint32_t number, uint16_t tenant, const BlockCipher& cipher) {
  BlockCipher::Block block = BlockOf('I', tenant, 0, 0, number);
  cipher.Encrypt({&block, 1});
  return {block};
}

std::optional<uint32_t> NumberOf(const EnterpriseId& id, uint16_t tenant, const BlockCipher& cipher) {
  const BlockCipher::Block block = cipher.Decrypt(id.bytes);
  const auto number =
      ReadNumber<uint32_t>(std::string_view(reinterpret_cast<const char*>(block.data()) + 12, 4));
  if (number == 0 || block != BlockOf('I', tenant, 0, 0, number)) return std::nullopt;
  return number;
}

}  // namespace libmpi
