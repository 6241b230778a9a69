// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/comparison.h"

namespace libmpi {
namespace {

constexpr std::array<std::string_view, kComparisons> kNames = {
    "family_name", "given_name", "birth_date", "sex",
    "coverage",    "care_insurance", "address", "phone"};

constexpr LevelInfo kNameLevelInfo[kNameLevels] = {
    {"missing", 0},
    {"both_equal", 1},
    {"kanji_equal_kana_near", 1},
    {"kanji_equal_kana_far", 1},
    {"kana_equal_kanji_shared", 1},
    {"kana_equal_kanji_differ", 1},
    {"both_kana_near", 1},
    {"both_kanji_shared", 1},
    {"both_different", 1},
    {"kana_equal", 2},
    {"kana_loose", 2},
    {"kana_near", 2},
    {"kana_different", 2},
    {"kanji_equal", 3},
    {"kanji_near", 3},
    {"kanji_shared", 3},
    {"kanji_different", 3},
    {"reading_likely", 4},
    {"reading_possible", 4},
    {"reading_unlikely", 4},
    {"latin_equal", 5},
    {"latin_near", 5},
    {"latin_different", 5},
};
constexpr LevelInfo kBirthLevelInfo[kBirthLevels] = {
    {"missing", 0},   {"equal", 1},         {"slip", 1},          {"close", 1},
    {"different", 1}, {"partial_agree", 2}, {"partial_differ", 2}};
constexpr LevelInfo kSexLevelInfo[kSexLevels] = {
    {"missing", 0}, {"agree", 1}, {"differ", 1}};
constexpr LevelInfo kCoverageLevelInfo[kCoverageLevels] = {
    {"missing", 0},
    {"same_card_same_branch", 1},
    {"same_card_other_branch", 1},
    {"branch_number_near", 1},
    {"branch_same_insurer", 1},
    {"branch_different", 1},
    {"same_card_branch_missing", 2},
    {"number_near", 2},
    {"same_insurer", 2},
    {"different", 2},
    {"elderly_same", 3},
    {"elderly_near", 3},
    {"elderly_same_insurer", 3},
    {"elderly_different", 3}};
constexpr LevelInfo kCareLevelInfo[kCareLevels] = {
    {"missing", 0}, {"same", 1}, {"near", 1}, {"different", 1}};
constexpr LevelInfo kAddressLevelInfo[kAddressLevels] = {
    {"missing", 0},   {"same", 1},      {"near", 1},          {"same_town", 1},
    {"same_city", 1}, {"different", 1}, {"area_same", 2},     {"area_different", 2}};
constexpr LevelInfo kPhoneLevelInfo[kPhoneLevels] = {
    {"missing", 0},     {"landline_same", 1}, {"landline_near", 1}, {"landline_different", 1},
    {"mobile_same", 2}, {"mobile_near", 2},   {"mobile_different", 2}};

}  // namespace

std::string_view ComparisonName(Comparison comparison) {
  return kNames[static_cast<int>(comparison)];
}

std::span<const LevelInfo> Levels(Comparison comparison) {
  switch (comparison) {
    case Comparison::kFamilyName:
    case Comparison::kGivenName: return kNameLevelInfo;
    case Comparison::kBirthDate: return kBirthLevelInfo;
    case Comparison::kSex: return kSexLevelInfo;
    case Comparison::kCoverage: return kCoverageLevelInfo;
    case Comparison::kCareInsurance: return kCareLevelInfo;
    case Comparison::kAddress: return kAddressLevelInfo;
    case Comparison::kPhone: return kPhoneLevelInfo;
  }
  return {};
}

std::optional<Comparison> ComparisonByName(std::string_view name) {
  for (int c = 0; c < kComparisons; ++c)
    if (kNames[c] == name) return static_cast<Comparison>(c);
  return std::nullopt;
}

std::optional<int> LevelByName(Comparison comparison, std::string_view name) {
  const auto levels = Levels(comparison);
  for (size_t l = 0; l < levels.size(); ++l)
    if (levels[l].name == name) return static_cast<int>(l);
  return std::nullopt;
}

std::string AgreementPattern::ToString() const {
  std::string text;
  for (int c = 0; c < kComparisons; ++c) {
    if (Get(c) == 0) continue;
    if (!text.empty()) text += ' ';
    text += kNames[c];
    text += ':';
    text += Levels(c)[Get(c)].name;
  }
  return text;
}

}  // namespace libmpi
