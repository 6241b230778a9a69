// SPDX-License-Identifier: Apache-2.0
// How often names are stated in data: evidence for splitting and swapping.
#ifndef LIBMPI_RECORD_NAME_COUNTS_H_
#define LIBMPI_RECORD_NAME_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/base/text_map.h"
#include "libmpi/record/features.h"
#include "libmpi/text/readings.h"

namespace libmpi {

// How often each name part was stated in data, by script: what splits unsplit
// names and swaps swapped ones back. Frozen in a model, so that features depend on the
// record and the model alone. Not thread-safe while being added to.
class NameCounts {
 public:
  enum class Script : uint8_t { kKanji = 0, kKana = 1, kLatin = 2 };  // keys of kLatin: RomajiKey
  static constexpr int kScripts = 3;
  // The key under which names too rare to be told are counted together.
  static constexpr std::string_view kOthers = "*";
  // Counts every stated (not guessed) split of the features' names, and pairs of
  // kanji and kana of one name as reading observations.
  void Add(const Features& features);
  void Add(NamePart part, Script script, std::string_view key, uint32_t count);
  void Merge(const NameCounts& other);  // commutative
  uint32_t Count(NamePart part, Script script, std::string_view key) const;
  // Same, where the key's TextHash is known.
  uint32_t Count(NamePart part, Script script, std::string_view key, size_t text_hash) const;
  uint64_t Total(NamePart part, Script script) const;
  // Adds a reading observation; see ReadingModel.
  void AddReading(const ReadingObservation& seen);
  std::vector<ReadingObservation> Readings() const;  // sorted
  // Every count, sorted by part, script, key: for the model file.
  struct Entry {
    NamePart part;
    Script script;
    std::string key;
    uint32_t count;
  };
  std::vector<Entry> Entries() const;
  // Drops readings and entries with fewer than `minimum` (privacy: shareable models); the entries'
  // counts go to kOthers, so that shares stay what they were.
  void DropRare(uint32_t minimum);

 private:
  using Key = std::pair<std::string, std::string>;
  TextMap<uint32_t> counts_[2][kScripts];  // part, script
  uint64_t totals_[2][kScripts] = {};
  absl::flat_hash_map<Key, uint32_t> readings_[2];  // part; kanji and kana
};

}  // namespace libmpi

#endif  // LIBMPI_RECORD_NAME_COUNTS_H_
