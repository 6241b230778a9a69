// SPDX-License-Identifier: Apache-2.0
// A glance that spares most looks into the reading model.
#ifndef LIBMPI_LINKAGE_READING_ENDS_H_
#define LIBMPI_LINKAGE_READING_ENDS_H_

#include <cstdint>
#include <vector>

#include "libmpi/linkage/text_dictionary.h"
#include "libmpi/text/readings.h"

namespace libmpi {

// By text, the first and the last kana of its readings as sets of 64 classes of kana.
// Two names that share neither end are not worth the full comparison of readings. Thread-safe but for
// Extend().
class ReadingEnds {
 public:
  ReadingEnds() = default;
  // The ends of every text of a frozen dictionary. O(texts).
  ReadingEnds(const TextDictionary& texts, const ReadingModel& readings, int threads);
  // Those of the texts that a dictionary of one shard has more than before (TextDictionary::Extend).
  void Extend(const TextDictionary& texts, const ReadingModel& readings);

  // False if no reading known to the model begins as this kana does, nor ends so:
  // then P(kana | kanji) rests on floors alone. True where in doubt.
  bool MayRead(TextId kanji, TextId kana) const {
    const KanaEnds &x = ends_[kanji], &y = ends_[kana];
    return (x.first & y.first) != 0 || (x.last & y.last) != 0;
  }
  // False if no known reading of one spelling can be one of the other's.
  bool MayShareReading(TextId kanji_a, TextId kanji_b) const {
    const KanaEnds &x = ends_[kanji_a], &y = ends_[kanji_b];
    return (x.first & y.first) != 0 && (x.last & y.last) != 0;
  }

 private:
  std::vector<KanaEnds> ends_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_READING_ENDS_H_
