// SPDX-License-Identifier: Apache-2.0
// The comparisons of the Japanese patient schema, their levels, and the
// agreement pattern of a pair.
#ifndef LIBMPI_LINKAGE_COMPARISON_H_
#define LIBMPI_LINKAGE_COMPARISON_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace libmpi {

// DO NOT CHANGE the order: patterns and the starting tables rely on it.
enum class Comparison : uint8_t {
  kFamilyName = 0,
  kGivenName,
  kBirthDate,
  kSex,
  kCoverage,  // insurer, symbol, number and branch jointly: a household's card, a person in it
  kCareInsurance,
  kAddress,
  kPhone,
};
inline constexpr int kComparisons = 8;

// Levels of family_name and given_name. What two records have in common decides
// the group; within a group the best agreement comes first.
enum NameLevel : uint8_t {
  kNameMissing = 0,
  // both records have kanji and kana
  kBothEqual,
  kKanjiEqualKanaNear,
  kKanjiEqualKanaFar,      // 登子 ノリコ / ノブコ
  kKanaEqualKanjiShared,   // 斎藤 / 斉藤
  kKanaEqualKanjiDiffer,   // 陽子 / 洋子
  kBothKanaNear,
  kBothKanjiShared,
  kBothDifferent,
  // kana only
  kKanaEqual,
  kKanaLoose,  // long vowels, voiced marks apart
  kKanaNear,   // one edit
  kKanaDifferent,
  // kanji only
  kKanjiEqual,
  kKanjiNear,  // easily confused characters, unknown glyphs, one reading possible
  kKanjiShared,
  kKanjiDifferent,
  // kanji against kana or romaji, by readings
  kReadingLikely,
  kReadingPossible,
  kReadingUnlikely,
  // romaji against romaji or kana
  kLatinEqual,
  kLatinNear,
  kLatinDifferent,
  kNameLevels,
};

enum BirthLevel : uint8_t {
  kBirthMissing = 0,
  kBirthEqual,
  kBirthSlip,   // one digit, transposed digits, month/day swapped, wrong era, next year
  kBirthClose,  // two of year, month, day
  kBirthDifferent,
  kBirthPartialAgree,
  kBirthPartialDiffer,
  kBirthLevels,
};

enum SexLevel : uint8_t { kSexMissing = 0, kSexAgree, kSexDiffer, kSexLevels };

enum CoverageLevel : uint8_t {
  kCoverageMissing = 0,  // also: 後期高齢者 against any other card, which must differ
  // both cards show a branch
  kCardSamePerson,
  kCardSameBranchDiffers,
  kCardBranchNear,     // number one slip off
  kCardBranchInsurer,  // same insurer only
  kCardBranchDifferent,
  // a branch is missing: the card names a household
  kCardSameHousehold,
  kCardNear,
  kCardInsurer,
  kCardDifferent,
  // 後期高齢者: the number names a person
  kElderlySame,
  kElderlyNear,
  kElderlyInsurer,  // same insurer, other number
  kElderlyDifferent,
  kCoverageLevels,
};

enum CareLevel : uint8_t { kCareMissing = 0, kCareSame, kCareNear, kCareDifferent, kCareLevels };

enum AddressLevel : uint8_t {
  kAddressMissing = 0,
  // both have a street
  kAddressSame,
  kAddressNear,
  kAddressTown,
  kAddressCity,
  kAddressDifferent,
  // a street is missing
  kAddressAreaSame,
  kAddressAreaDifferent,
  kAddressLevels,
};

enum PhoneLevel : uint8_t {
  kPhoneMissing = 0,  // also: mobile against land line
  kLandlineSame,
  kLandlineNear,
  kLandlineDifferent,
  kMobileSame,
  kMobileNear,
  kMobileDifferent,
  kPhoneLevels,
};

// One level's name and the comparability group it belongs to. Levels of a group are
// alternatives of one question; probabilities are normalised within a group, so
// that which group two records fall in is no evidence (design "Comparing" 4, 6).
struct LevelInfo {
  std::string_view name;
  uint8_t group = 0;  // 0: the missing level
};

std::string_view ComparisonName(Comparison comparison);
// Levels of a comparison, by level number.
std::span<const LevelInfo> Levels(Comparison comparison);
inline std::span<const LevelInfo> Levels(int comparison) {
  return Levels(static_cast<Comparison>(comparison));
}
std::optional<Comparison> ComparisonByName(std::string_view name);
std::optional<int> LevelByName(Comparison comparison, std::string_view name);

// The tuple of levels of a pair, packed: 5+5+3+2+4+2+3+3 bits.
// DO NOT CHANGE the widths: samples are ordered by the packed value.
class AgreementPattern {
 public:
  constexpr AgreementPattern() = default;
  static constexpr AgreementPattern FromBits(uint32_t bits) {
    AgreementPattern p;
    p.bits_ = bits;
    return p;
  }
  constexpr uint32_t bits() const { return bits_; }
  constexpr int Get(int comparison) const {
    return (bits_ >> kShift[comparison]) & ((1u << kWidth[comparison]) - 1);
  }
  constexpr int Get(Comparison comparison) const {
    return Get(static_cast<int>(comparison));
  }
  constexpr void Set(Comparison comparison, int level) {
    bits_ |= uint32_t(level) << kShift[static_cast<int>(comparison)];
  }
  constexpr bool operator==(const AgreementPattern&) const = default;
  // "family_name:both_equal birth_date:slip", missing ones left out.
  std::string ToString() const;

 private:
  static constexpr std::array<uint8_t, kComparisons> kWidth = {5, 5, 3, 2, 4, 2, 3, 3};
  static constexpr std::array<uint8_t, kComparisons> kShift = {0, 5, 10, 13, 15, 19, 21, 24};
  uint32_t bits_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_COMPARISON_H_
