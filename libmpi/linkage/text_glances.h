// SPDX-License-Identifier: Apache-2.0
// What spares most pairs of texts a comparison letter by letter, or a look into the reading model.
#ifndef LIBMPI_LINKAGE_TEXT_GLANCES_H_
#define LIBMPI_LINKAGE_TEXT_GLANCES_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "libmpi/base/array_space.h"
#include "libmpi/linkage/text_dictionary.h"
#include "libmpi/text/readings.h"

namespace libmpi {

// By text of a frozen dictionary: its letters as a set of 64 classes, those that are taken for them, its length and
// loose form, and the first and last kana of its readings; half a cache line that stands together. Thread-safe but
// for Extend(); each question takes constant time.
class TextGlances {
 public:
  // O(letters and readings of all texts).
  TextGlances(const TextDictionary& texts, const ReadingModel& readings, int threads);
  // Those of the texts that a dictionary of one shard has more than before (TextDictionary::Extend).
  void Extend(const TextDictionary& texts, const ReadingModel& readings);

  // Fetches from memory what the questions read.
  void Upcoming(TextId id) const { __builtin_prefetch(&glances_[id]); }

  // Whether a glyph of the text is unknown.
  bool HasUnknown(TextId id) const { return glances_[id].unknown; }
  // TextDictionary::loose.
  TextId Loose(TextId id) const { return glances_[id].loose; }
  // False only where RelateKanji gives kDifferent.
  bool MayRelate(TextId a, TextId b) const {
    const Glance &x = glances_[a], &y = glances_[b];
    if ((x.letters & y.letters) != 0) return true;
    return x.length == y.length && (x.unknown || y.unknown || (x.near & Folded(y.letters)) != 0);
  }
  // False only where IsOneEditApart is.
  bool MayBeOneEditApart(TextId a, TextId b) const {
    const Glance &x = glances_[a], &y = glances_[b];
    if (x.unknown || y.unknown || x.length == kLongest || y.length == kLongest) return true;
    // An edit takes one letter out of a set and puts one in.
    return std::popcount(x.letters ^ y.letters) <= 2 && std::abs(x.length - y.length) <= 1;
  }
  // False if no reading known to the model begins as this kana does, nor ends so:
  // then P(kana | kanji) rests on floors alone. True where in doubt.
  bool MayRead(TextId kanji, TextId kana) const {
    const KanaEnds &x = glances_[kanji].ends, &y = glances_[kana].ends;
    return (x.first & y.first) != 0 || (x.last & y.last) != 0;
  }
  // False if no known reading of one spelling can be one of the other's.
  bool MayShareReading(TextId kanji_a, TextId kanji_b) const {
    const KanaEnds &x = glances_[kanji_a].ends, &y = glances_[kanji_b].ends;
    return (x.first & y.first) != 0 && (x.last & y.last) != 0;
  }

 private:
  static constexpr uint8_t kLongest = 255;  // and all that is longer
  struct Glance {
    uint64_t letters = 0;
    KanaEnds ends;
    TextId loose = 0;
    uint16_t near = 0;  // of the letters listed as near to its own (AreNearKanji), a set folded to 16 classes
    uint8_t length = 0;
    bool unknown = false;
  };
  static_assert(sizeof(Glance) == 32);

  static uint16_t Folded(uint64_t letters) {
    letters |= letters >> 32;
    return static_cast<uint16_t>(letters | letters >> 16);
  }
  static Glance GlanceAt(const TextDictionary& texts, const ReadingModel& readings, TextId id);

  LargeArray<Glance> glances_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_TEXT_GLANCES_H_
