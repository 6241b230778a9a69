// SPDX-License-Identifier: Apache-2.0
// P(kana | kanji) for Japanese names.
#ifndef LIBMPI_TEXT_READINGS_H_
#define LIBMPI_TEXT_READINGS_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace libmpi {

enum class NamePart : uint8_t { kFamily = 0, kGiven = 1 };

// One spelling seen with its reading `count` times in data.
struct ReadingObservation {
  NamePart part;
  std::string kanji;  // FoldKanji
  std::string kana;   // FoldKana
  uint32_t count = 0;
};

// Sets of kana that readings begin and end with: one bit for each of 64 classes of kana.
struct KanaEnds {
  uint64_t first = 0;
  uint64_t last = 0;
};

// How probable a reading is for a spelling: a mixture of the shipped lexicon
// (data/lexicon/*.tsv, from NAIST-jdic), of readings observed in the data at hand, and of a
// per-character model (sum over segmentations, readings learned from the
// lexicon by EM, rendaku and small-tsu sound changes allowed, a floor for unseen
// readings) which also serves names that no lexicon holds. `■` matches any one
// to three kana. Facts: facts/mixture.md 5. Immutable, thread-safe.
class ReadingModel {
 public:
  // Shipped tables only.
  ReadingModel();
  // Shipped tables and the counts of one data set (order does not matter).
  explicit ReadingModel(std::span<const ReadingObservation> observed);

  // log2 P(kana | kanji) in (-60, 0]. Arguments are FoldKanji and FoldKana keys
  // of one name part. O(|kanji| * |kana| * 6). About 1 microsecond.
  double Log2Probability(NamePart part, std::string_view kanji,
                         std::string_view kana) const;

  // The same of several beginnings of `kana`, bits[i] of the first ends[i] bytes, in one pass. `ends` ascend, none
  // within a letter; as many as bits.
  void Log2OfBeginnings(NamePart part, std::string_view kanji, std::string_view kana, std::span<const size_t> ends,
                        std::span<double> bits) const;

  // log2 of how frequent a kana name part is among names (shipped table plus
  // observed counts, smoothed by length for unseen ones).
  double Log2KanaFrequency(NamePart part, std::string_view kana) const;

  // The most probable readings of a spelling with their probabilities,
  // best first, at most `limit` (lexicon and observed ones; for unseen
  // spellings the best per-character combinations). For blocking and display.
  std::vector<std::pair<std::string, double>> LikelyReadings(
      NamePart part, std::string_view kanji, int limit) const;

  // The kana that the readings of a spelling, in either name part, may begin and end
  // with; of a kana text, its own. All of them where a character has no known reading. A
  // superset: for filters. O(readings of the first and last character).
  KanaEnds EndsOfReadings(std::string_view text) const;

 private:
  struct Observed;
  struct KnownSpelling;
  KnownSpelling KnownOf(NamePart part, std::string_view kanji) const;
  static double Mixed(const KnownSpelling& known, std::string_view kana, double by_character);

  // Readings seen in data, by part and spelling; null for the shipped model.
  std::shared_ptr<const Observed> observed_;
};

}  // namespace libmpi

#endif  // LIBMPI_TEXT_READINGS_H_
