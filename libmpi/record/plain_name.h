// SPDX-License-Identifier: Apache-2.0
// Names as most records state them: two plain words a script. What such a word gives is worked out
// once, so that the names of a million records cost a few look-ups each.
#ifndef LIBMPI_RECORD_PLAIN_NAME_H_
#define LIBMPI_RECORD_PLAIN_NAME_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/base/text_map.h"
#include "libmpi/record/name_counts.h"
#include "libmpi/record/name_split.h"
#include "libmpi/record/record.h"

namespace libmpi {

// A word as a part of a name.
struct NameWord {
  enum class Kind : uint8_t {
    kOdd,    // has annotations, unknown glyphs, Latin letters, marks: for ParseName
    kKanji,
    kKana,
  };
  Kind kind = Kind::kOdd;
  bool may_say_unknown = false;  // 不明, ナシ begin like it
  uint32_t number = 0;           // of the words of one NameWords, from 0
  // Keys and shares as the part of a kanji name and of a kana name (that one of kana words alone).
  std::string kanji_key, kana_key;
  PartShares kanji_shares, kana_shares;
};

// The words seen so far, by their text as stated. For one thread.
class NameWords {
 public:
  // Words beyond this are not kept and taken for odd, so that memory is bounded: by about 100 MB.
  static constexpr size_t kMostWords = size_t{1} << 18;

  // Borrows the counts, which may be null.
  explicit NameWords(const NameCounts* counts) : splitter_(counts, nullptr) {}

  // The word's reference stays good. O(size) where it was seen before.
  const NameWord& Of(std::string_view word);
  // Fetches from memory what Of() begins with.
  void Upcoming(std::string_view word) const { words_.prefetch(word); }
  size_t size() const { return by_number_.size(); }
  const NameWord& WordOf(size_t number) const { return *by_number_[number]; }

 private:
  NameWord Read(std::string_view word) const;

  NameSplitter splitter_;
  TextMap<const NameWord*> words_;
  std::vector<std::unique_ptr<const NameWord>> by_number_;
  NameWord odd_;
};

// A name whose words stand for family and given name; null where a script is not said.
struct PlainName {
  const NameWord* kanji_family = nullptr;
  const NameWord* kanji_given = nullptr;
  const NameWord* kana_family = nullptr;
  const NameWord* kana_given = nullptr;

  // What ParseName makes of the name.
  NameFeatures ToFeatures() const;
};

// Whether a stated name is plain; then *out is it, ParseName would give out->ToFeatures() alone, and no
// findings. False says nothing. Takes names in one field with a space between, and in two fields.
bool ReadPlainName(const StatedNameView& stated, NameWords* words, PlainName* out);

// Fetches from memory what ReadPlainName of this name begins with: to be called some time ahead.
void FetchPlainName(const StatedNameView& stated, const NameWords& words);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_PLAIN_NAME_H_
