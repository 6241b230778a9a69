// SPDX-License-Identifier: Apache-2.0
// What linkage keeps of a record's names: the encoded values, and the terms that blocking keys are
// made of.
#ifndef LIBMPI_LINKAGE_NAME_ENCODER_H_
#define LIBMPI_LINKAGE_NAME_ENCODER_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/linkage/encoded_record.h"
#include "libmpi/linkage/text_dictionary.h"
#include "libmpi/record/features.h"
#include "libmpi/record/plain_name.h"
#include "libmpi/text/readings.h"

namespace libmpi {

// The sum of the letters' hashes: of a name split or swapped in whatever way.
uint64_t LetterBag(std::string_view text);

// The spellings under which a record's names are looked up, as hashes.
struct NameTerms {
  std::vector<uint64_t> kanji_bags, kana_bags, romaji_sums;
  std::vector<uint64_t> given_kanji, family_kanji, given_romaji, family_romaji;
  void Clear();
};

NameTerms TermsOf(std::span<const NameFeatures> names, const ReadingModel& readings);

// The names of one record.
struct NameEncoding {
  EncodedName first;
  std::vector<EncodedName> more;
  uint32_t kanji_bag = 0, kana_bag = 0;  // as in EncodedRecord
  uint8_t given_initial = 0;
  uint64_t content_hash = 0;             // of all forms, in order
  NameTerms terms;
  void Clear();
};

// Encodes names as read. Texts go to `texts`.
void EncodeNames(std::span<const NameFeatures> names, const ReadingModel& readings, TextDictionary* texts,
                 NameEncoding* out);

// What a kana part is looked up by.
struct KanaLookup {
  uint64_t bag = 0;     // of its loose letters
  uint64_t romaji = 0;  // hash of its romaji key, where that is not empty
  bool has_romaji = false;
  uint8_t initial = 0;  // of the romaji key
};
KanaLookup LookupOfKana(const std::string& kana);
// The same of a romaji key, which has no bag.
KanaLookup LookupOfRomaji(std::string_view romaji);
// Adds the romaji of a name, a part that has none left out.
void AddRomajiTerms(const KanaLookup& family, const KanaLookup& given, NameTerms* terms);
// Adds a name of two parts that are not empty, as TermsOf does.
void AddKanaTerms(const KanaLookup& family, const KanaLookup& given, NameTerms* terms);

// A bag in the 32 bits of EncodedRecord, never 0.
uint32_t FoldBag(uint64_t bag);

// How many readings stand for a name that only kanji tell.
inline constexpr int kFamilyReadings = 2;
inline constexpr int kGivenReadings = 3;

// Encodes plain names by their words, each worked out once. For one thread.
class PlainNameEncoder {
 public:
  // Borrows all three.
  PlainNameEncoder(const NameCounts* counts, const ReadingModel* readings, TextDictionary* texts)
      : words_(counts), readings_(readings), texts_(texts) {}

  // Fetches from memory what Encode() of this name begins with: to be called a record ahead.
  void Upcoming(const StatedNameView& stated) const { FetchPlainName(stated, words_); }

  // Whether the name is plain; then *out is what EncodeNames gives for it.
  bool Encode(const StatedNameView& stated, NameEncoding* out);

 private:
  struct Word {
    bool has_kanji = false, has_kana = false, has_family = false, has_given = false;  // what is worked out
    TextId kanji = 0, kana = 0;
    uint64_t kanji_hash = 0, kanji_bag = 0;
    uint64_t kana_hash = 0, kana_bag = 0;
    KanaLookup terms;                                       // of kana
    std::vector<KanaLookup> family_readings, given_readings;  // of kanji, likely ones
  };

  Word& Entry(const NameWord& word);
  const Word& AsKanji(const NameWord& word);
  const Word& AsKana(const NameWord& word);
  std::span<const KanaLookup> Readings(NamePart part, const NameWord& word);

  NameWords words_;
  const ReadingModel* readings_;
  TextDictionary* texts_;
  std::vector<Word> encoded_;  // by NameWord::number
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_NAME_ENCODER_H_
