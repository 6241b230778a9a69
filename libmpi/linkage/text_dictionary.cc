// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/text_dictionary.h"

#include <algorithm>
#include <bit>

#include "libmpi/base/hash.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

// Voiced and half-voiced katakana to the plain letter (ガ→カ, パ→ハ).
char32_t Unvoiced(char32_t c) {
  constexpr char32_t kGa = 0x30AC, kDi = 0x30C2, kDu = 0x30C5, kDo = 0x30C9, kBa = 0x30D0,
                     kPo = 0x30DD, kVu = 0x30F4, kU = 0x30A6;
  if (c >= kGa && c <= kDi) return (c - kGa) % 2 == 0 ? c - 1 : c;
  if (c >= kDu && c <= kDo) return (c - kDu) % 2 == 0 ? c - 1 : c;
  // ハ バ パ ヒ ...: in threes, バ at kBa.
  if (c >= kBa && c <= kPo) return (c - kBa + 1) / 3 * 3 + (kBa - 1);
  if (c == kVu) return kU;
  return c;
}

}  // namespace

std::string LooseUnvoicedKana(std::string_view kana_key) {
  const std::string loose = LooseKana(kana_key);
  std::string out;
  out.reserve(loose.size());
  for (size_t pos = 0; pos < loose.size();)
    AppendUtf8(Unvoiced(NextCodePoint(loose, &pos)), &out);
  return out;
}

TextDictionary::TextDictionary(uint32_t shards)
    : mask_(shards - 1), shift_(std::countr_zero(shards)), shards_(std::make_unique<Shard[]>(shards)) {}

TextId TextDictionary::Intern(std::string_view text) {
  if (text.empty()) return 0;
  const uint64_t hash = HashBytes(text);
  const uint32_t s = mask_ == 0 ? 0 : static_cast<uint32_t>(hash >> (64 - shift_));
  Shard& shard = shards_[s];
  std::lock_guard<std::mutex> lock(shard.mutex);
  auto it = shard.ids.find(text, static_cast<size_t>(hash));
  uint32_t index;
  if (it != shard.ids.end()) {
    index = it->second;
  } else {
    index = static_cast<uint32_t>(shard.storage.size());
    shard.storage.push_back(std::make_unique<std::string>(text));
    shard.ids.emplace(*shard.storage.back(), index);
  }
  return IdOf(s, index);
}

void TextDictionary::Extend() {
  // Loose forms are strings of the dictionary too; intern them while it grows: where they are new, each has its own.
  std::vector<size_t> looked_at(mask_ + 1);
  for (uint32_t s = 0; s <= mask_; ++s) looked_at[s] = shards_[s].settled;
  std::vector<std::pair<TextId, TextId>> loose;
  for (bool grown = true; grown;) {
    grown = false;
    for (uint32_t s = 0; s <= mask_; ++s) {
      const size_t size = shards_[s].storage.size();
      grown = grown || looked_at[s] < size;
      for (size_t i = looked_at[s]; i < size; ++i) {
        const std::string& text = *shards_[s].storage[i];
        size_t pos = 0;
        if (!IsKatakana(NextCodePoint(text, &pos))) continue;
        const TextId id = IdOf(s, i);
        const std::string form = LooseUnvoicedKana(text);
        loose.emplace_back(id, form == text ? id : Intern(form));
      }
      looked_at[s] = size;
    }
  }
  size_t largest = 0;
  for (uint32_t s = 0; s <= mask_; ++s) largest = std::max(largest, shards_[s].storage.size());
  const size_t limit = (largest << shift_) + 1;
  views_.resize(limit);
  char_storage_.resize(limit);
  chars_.resize(limit);
  loose_.resize(limit);
  for (uint32_t s = 0; s <= mask_; ++s) {
    Shard& shard = shards_[s];
    for (size_t i = shard.settled; i < shard.storage.size(); ++i) {
      const TextId id = IdOf(s, i);
      views_[id] = *shard.storage[i];
      std::u32string& chars = char_storage_[id];
      for (size_t pos = 0; pos < views_[id].size();)
        chars.push_back(NextCodePoint(views_[id], &pos));
      chars_[id] = chars;
      loose_[id] = id;
    }
    shard.settled = shard.storage.size();
  }
  for (const auto& [id, form] : loose) loose_[id] = form;
}

void TextDictionary::Freeze() {
  Extend();
  for (uint32_t s = 0; s <= mask_; ++s) shards_[s].ids = {};
}

}  // namespace libmpi
