// SPDX-License-Identifier: Apache-2.0
// Equal strings once: a concurrent dictionary of name parts and places.
#ifndef LIBMPI_LINKAGE_TEXT_DICTIONARY_H_
#define LIBMPI_LINKAGE_TEXT_DICTIONARY_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/base/text_map.h"

namespace libmpi {

// Number of a distinct string; 0 is the empty (missing) one. Numbers depend on
// the order of arrival: only their equality means anything.
using TextId = uint32_t;

// Intern from any thread while building; read only after Freeze().
class TextDictionary {
 public:
  // `shards`: how many threads may intern at once, a power of two; one where a single thread does, for it is the
  // cheaper the fewer.
  explicit TextDictionary(uint32_t shards = 64);
  // Not copyable: views point into it. Moving keeps them.
  TextDictionary(TextDictionary&&) = default;
  TextDictionary& operator=(TextDictionary&&) = default;

  // Thread-safe. O(|text|).
  TextId Intern(std::string_view text);

  // The string of a number that Intern() gave, also while building. O(1), slower than text().
  std::string_view Stored(TextId id) const {
    return id == 0 ? std::string_view() : *shards_[(id - 1) & mask_].storage[(id - 1) >> shift_];
  }

  // Ends building: afterwards the accessors may be used from any thread.
  void Freeze();
  // The same for what was interned since the last call, and building goes on; for one thread. What was asked for
  // before stays what it was. O(those texts); with one shard the new numbers are the highest.
  void Extend();

  // Upper bound of all ids + 1.
  size_t id_limit() const { return views_.size(); }
  std::string_view text(TextId id) const { return views_[id]; }
  // The string's code points.
  std::u32string_view chars(TextId id) const { return chars_[id]; }
  // For kana: the id shared by strings that differ only in long vowels and voiced marks.
  TextId loose(TextId id) const { return loose_[id]; }

 private:
  struct Shard {
    std::mutex mutex;
    TextMap<uint32_t, std::string_view> ids;  // views into storage
    std::vector<std::unique_ptr<std::string>> storage;     // by index: stable
    size_t settled = 0;                                    // of those, for the accessors
  };
  TextId IdOf(uint32_t shard, size_t index) const { return static_cast<TextId>(index << shift_ | shard) + 1; }

  uint32_t mask_;
  int shift_;  // bits of mask_
  std::unique_ptr<Shard[]> shards_;
  std::vector<std::string_view> views_;
  std::deque<std::u32string> char_storage_;  // stable
  std::vector<std::u32string_view> chars_;
  std::vector<TextId> loose_;
};

// The loose form of a kana key: LooseKana without voiced marks.
std::string LooseUnvoicedKana(std::string_view kana_key);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_TEXT_DICTIONARY_H_
