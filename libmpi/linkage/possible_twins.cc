// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/possible_twins.h"

#include <string>

#include "libmpi/linkage/field_comparisons.h"
#include "libmpi/text/near_text.h"

namespace libmpi {
namespace {

constexpr uint32_t Bit(int level) { return uint32_t{1} << level; }
static_assert(kNameLevels <= 32);

bool IsAny(int level, uint32_t levels) { return (levels >> level & 1) != 0; }

constexpr uint32_t kOtherFamily = Bit(kBothDifferent) | Bit(kKanaDifferent) | Bit(kKanjiDifferent) |
                                  Bit(kReadingUnlikely) | Bit(kLatinDifferent);
constexpr uint32_t kOtherGiven = Bit(kBothKanjiShared) | Bit(kBothDifferent) | Bit(kKanaDifferent) |
                                 Bit(kKanjiShared) | Bit(kKanjiDifferent);
constexpr uint32_t kOtherBirth = Bit(kBirthClose) | Bit(kBirthDifferent) | Bit(kBirthPartialDiffer);

// The kana that go with a given name in kanji: those stated, else the most likely ones.
std::string KanaOf(TextId kanji, TextId kana, const TextDictionary& texts, const ReadingModel& readings) {
  if (kana != 0) return std::string(texts.text(kana));
  const auto likely = readings.LikelyReadings(NamePart::kGiven, texts.text(kanji), 1);
  return likely.empty() ? std::string() : likely.front().first;
}

// Whether given names in other kanji, without kana of both, are near only because an unusual reading makes one of them:
// 清司 and 清二, not 陽子 and 洋子, which is one name as it was heard.
bool AreHardlyHeardAlike(const ComparedPair& pair, const TextDictionary& texts, const ReadingModel& readings) {
  if (pair.pattern.Get(Comparison::kGivenName) != kKanjiNear) return false;
  const EncodedName &a = pair.name_a, &b = pair.name_b;
  if (a.given_kanji == 0 || b.given_kanji == 0 ||
      RelateKanji(texts.chars(a.given_kanji), texts.chars(b.given_kanji)) < KanjiRelation::kShared)
    return false;
  return KanaOf(a.given_kanji, a.given_kana, texts, readings) != KanaOf(b.given_kanji, b.given_kana, texts, readings);
}

// Of one card, or one but for a slip in its number.
bool IsOneCard(CoverageLevel level) { return level == kCardSameBranchDiffers || level == kCardBranchNear; }

// Whether all cards that agree as well as the pair's level says have branches that are far apart.
bool AreOnFarBranches(const EncodedRecords& records, const EncodedRecord& a, const EncodedRecord& b, int level) {
  const auto is_far = [level](const EncodedCoverage& x, const EncodedCoverage& y) {
    return CompareCoverage(x, y) != level || AreBranchesFarApart(BranchAgainst(x, y), BranchAgainst(y, x));
  };
  if (!is_far(a.coverage, b.coverage)) return false;
  if ((a.more | b.more) == 0) return true;
  const auto &more_a = records.more[a.more].coverages, &more_b = records.more[b.more].coverages;
  for (const EncodedCoverage& y : more_b)
    if (!is_far(a.coverage, y)) return false;
  for (const EncodedCoverage& x : more_a) {
    if (!is_far(x, b.coverage)) return false;
    for (const EncodedCoverage& y : more_b)
      if (!is_far(x, y)) return false;
  }
  return true;
}

// Whether no reading makes one of the two given names.
bool AreOtherNames(AgreementPattern p) {
  const int given = p.Get(Comparison::kGivenName), family = p.Get(Comparison::kFamilyName);
  // Names from abroad are written in kana as they sound: romaji tell where the family name shows that they do.
  if (given == kLatinDifferent) return family == kLatinEqual || family == kLatinNear;
  return IsAny(given, kOtherGiven);
}

}  // namespace

bool AreBranchesFarApart(uint8_t a, uint8_t b) {
  if (a == EncodedCoverage::kNoBranch || b == EncodedCoverage::kNoBranch) return false;
  const bool exchanged = a / 10 == b % 10 && a % 10 == b / 10;
  return a / 10 != b / 10 && a % 10 != b % 10 && !exchanged;
}

bool MayBeTwins(const EncodedRecords& records, const ReadingModel& readings, const EncodedRecord& a,
                const EncodedRecord& b, const ComparedPair& pair) {
  const AgreementPattern p = pair.pattern;
  const int given = p.Get(Comparison::kGivenName), coverage = p.Get(Comparison::kCoverage);
  if (IsAny(p.Get(Comparison::kFamilyName), kOtherFamily) || IsAny(p.Get(Comparison::kBirthDate), kOtherBirth))
    return false;
  if (coverage == kElderlySame || p.Get(Comparison::kCareInsurance) == kCareSame) return false;
  if (AreOtherNames(p)) return true;
  if (IsOneCard(static_cast<CoverageLevel>(coverage)) && given != kBothEqual && AreOnFarBranches(records, a, b, coverage))
    return true;
  return coverage != kCardSamePerson && AreHardlyHeardAlike(pair, records.texts, readings);
}

}  // namespace libmpi
