// SPDX-License-Identifier: Apache-2.0
// Two encoded records to their agreement pattern.
#ifndef LIBMPI_LINKAGE_COMPARATOR_H_
#define LIBMPI_LINKAGE_COMPARATOR_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "libmpi/linkage/comparison.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/text_glances.h"
#include "libmpi/linkage/text_pair_memo.h"
#include "libmpi/text/near_text.h"
#include "libmpi/text/readings.h"

namespace libmpi {

// A pattern and the values that agreed, whose rarity the scorer asks for.
struct ComparedPair {
  AgreementPattern pattern;
  // The name forms that agree best, as compared (swapped back), of the record with the smaller content hash first.
  EncodedName name_a, name_b;
};

// Compares pairs of one set of records. Multi-valued fields take the
// best-agreeing values. One object a thread; copies share what they remember of texts. The result
// depends on the pair alone. About 100 ns a pair.
class Comparator {
 public:
  // Both borrowed, must outlive this; the texts are frozen. O(letters and readings of all texts), on `threads`; a copy
  // is cheap. `texts_to_come`: for how many texts it is to remember much, where that are more than there are now.
  Comparator(const EncodedRecords* records, const ReadingModel* readings, int threads = 1, size_t texts_to_come = 0)
      : records_(records), readings_(readings),
        glances_(std::make_shared<TextGlances>(records->texts, *readings, threads)),
        memo_(std::make_shared<TextPairMemo>(std::max(texts_to_come, records->texts.id_limit()))) {}
  // The texts are more than before (TextDictionary::Extend).
  void Extend() { glances_->Extend(records_->texts, *readings_); }

  const EncodedRecords& records() const { return *records_; }
  const ReadingModel& readings() const { return *readings_; }

  ComparedPair Compare(uint32_t a, uint32_t b) { return Compare(record(a), record(b)); }
  ComparedPair Compare(const EncodedRecord& a, const EncodedRecord& b);
  // Fetches from memory what Compare() reads of a record.
  void Upcoming(uint32_t i) const {
    constexpr size_t kCacheLine = 64;
    const char* const begin = reinterpret_cast<const char*>(&record(i));
    for (size_t offset = 0; offset < sizeof(EncodedRecord); offset += kCacheLine) __builtin_prefetch(begin + offset);
  }
  // Fetches what it reads of the record's names; the record itself is there.
  void UpcomingNames(uint32_t i) const {
    const EncodedName& name = record(i).name;
    for (TextId id : {name.family_kanji, name.given_kanji, name.family_kana, name.given_kana}) glances_->Upcoming(id);
  }

 private:
  struct NameLevels {
    uint8_t family = 0;
    uint8_t given = 0;
  };

  const EncodedRecord& record(uint32_t i) const { return records_->records[i]; }
  void CompareNames(const EncodedRecord& a, const EncodedRecord& b, ComparedPair* out);
  NameLevels CompareForms(const EncodedName& a, const EncodedName& b);
  uint8_t CompareParts(NamePart part, TextId kanji_a, TextId kana_a, TextId latin_a,
                       TextId kanji_b, TextId kana_b, TextId latin_b);
  uint8_t CompareReadings(NamePart part, TextId kanji_a, TextId kana_a, TextId latin_a,
                          TextId kanji_b, TextId kana_b, TextId latin_b);
  uint8_t ReadingLevelOf(NamePart part, TextId kanji, TextId kana);
  uint8_t RomajiReadingLevelOf(NamePart part, TextId kanji, TextId latin);
  // Whether two spellings may have one reading; kana are those known, or 0.
  bool MaySoundAlike(NamePart part, TextId kanji_a, TextId kana_a, TextId kanji_b, TextId kana_b);
  uint8_t CompareLatin(TextId latin_a, TextId kana_a, TextId latin_b, TextId kana_b);
  KanjiRelation RelateKanjiOf(TextId a, TextId b) const;
  KanaRelation RelateKanaOf(TextId a, TextId b) const;
  // Whether a name stands family name first, by how common its parts are.
  bool IsUsualOrder(const EncodedName& n);

  const EncodedRecords* records_;
  const ReadingModel* readings_;
  std::shared_ptr<TextGlances> glances_;
  std::shared_ptr<TextPairMemo> memo_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_COMPARATOR_H_
