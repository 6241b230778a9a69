// SPDX-License-Identifier: Apache-2.0
// Equal strings once: a concurrent dictionary of name parts and places.
#ifndef LIBMPI_LINKAGE_TEXT_DICTIONARY_H_
#define LIBMPI_LINKAGE_TEXT_DICTIONARY_H_

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace libmpi {

// Number of a distinct string; 0 is the empty (missing) one. Numbers depend on
// the order of arrival: only their equality means anything.
using TextId = uint32_t;

// Intern from any thread while building; read only after Freeze().
class TextDictionary {
 public:
  TextDictionary();
  // Not copyable: views point into it. Moving keeps them.
  TextDictionary(TextDictionary&&) = default;
  TextDictionary& operator=(TextDictionary&&) = default;

  // Thread-safe. O(|text|).
  TextId Intern(std::string_view text);

  // The string of a number that Intern() gave, also while building. O(1), slower than text().
  std::string_view Stored(TextId id) const {
    return id == 0 ? std::string_view() : *(*shards_)[(id - 1) % kShards].storage[(id - 1) / kShards];
  }

  // Ends building: afterwards the accessors may be used from any thread.
  void Freeze();

  // Upper bound of all ids + 1.
  size_t id_limit() const { return views_.size(); }
  std::string_view text(TextId id) const { return views_[id]; }
  // The string's code points.
  std::u32string_view chars(TextId id) const { return chars_[id]; }
  // For kana: the id shared by strings that differ only in long vowels and voiced marks.
  TextId loose(TextId id) const { return loose_[id]; }

 private:
  static constexpr uint32_t kShards = 64;
  struct Shard {
    std::mutex mutex;
    absl::flat_hash_map<absl::string_view, uint32_t> ids;  // views into storage
    std::vector<std::unique_ptr<std::string>> storage;     // by index: stable
  };
  std::unique_ptr<std::array<Shard, kShards>> shards_;
  std::vector<std::string_view> views_;
  std::vector<std::u32string> char_storage_;
  std::vector<std::u32string_view> chars_;
  std::vector<TextId> loose_;
};

// The loose form of a kana key: LooseKana without voiced marks.
std::string LooseUnvoicedKana(std::string_view kana_key);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_TEXT_DICTIONARY_H_
