// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/error_kinds.h"

#include <sstream>

#include "gtest/gtest.h"
#include "libmpi/linkage/comparison.h"

namespace libmpi {
namespace {

// "family_name:both_equal birth_date:slip/-2.5": levels with their weights, 1 unless told.
Explanation Pair(const std::string& levels) {
  Explanation pair;
  for (int c = 0; c < kComparisons; ++c) {
    Explanation::Bar bar;
    bar.comparison = ComparisonName(static_cast<Comparison>(c));
    bar.level = "missing";
    pair.bars.push_back(bar);
  }
  std::istringstream words(levels);
  for (std::string word; words >> word;) {
    const size_t colon = word.find(':'), slash = word.find('/');
    const std::string name = word.substr(0, colon);
    const std::string level = word.substr(colon + 1, slash == std::string::npos ? slash : slash - colon - 1);
    const auto comparison = ComparisonByName(name);
    EXPECT_TRUE(comparison && LevelByName(*comparison, level)) << word;
    Explanation::Bar& bar = pair.bars[static_cast<int>(*comparison)];
    bar.level = level;
    bar.weight = slash == std::string::npos ? 1 : std::stod(word.substr(slash + 1));
  }
  return pair;
}

TEST(ErrorKindsTest, WrongPairs) {
  const struct { const char* levels; WrongKind want; } kCases[] = {
      {"family_name:both_equal given_name:both_kana_near birth_date:equal", WrongKind::kTwins},
      {"family_name:kanji_equal given_name:kanji_shared birth_date:slip", WrongKind::kTwins},
      // 登子 ノリコ / ノブコ; 陽子 / 洋子
      {"family_name:both_equal given_name:kanji_equal_kana_far birth_date:equal", WrongKind::kTwins},
      {"family_name:both_equal given_name:kana_equal_kanji_differ birth_date:equal", WrongKind::kTwins},
      {"given_name:both_different birth_date:equal coverage:same_card_other_branch", WrongKind::kTwins},
      {"family_name:both_equal given_name:reading_likely birth_date:equal address:different", WrongKind::kSameNameAndBirth},
      {"family_name:both_equal given_name:both_equal address:same", WrongKind::kHouseholdNamesake},
      {"family_name:both_equal given_name:both_equal birth_date:different phone:landline_same",
       WrongKind::kHouseholdNamesake},
      {"family_name:both_equal given_name:both_equal birth_date:different", WrongKind::kNamesake},
      {"family_name:both_equal given_name:both_different birth_date:different address:near", WrongKind::kHousehold},
      {"family_name:both_different given_name:both_equal birth_date:equal", WrongKind::kSameBirth},
      {"family_name:both_different given_name:both_equal birth_date:different", WrongKind::kOther},
      {"", WrongKind::kOther}};
  for (const auto& c : kCases) EXPECT_EQ(KindName(KindOfWrong(Pair(c.levels))), KindName(c.want)) << c.levels;
}

TEST(ErrorKindsTest, MissedPairs) {
  const std::string whole = "family_name:both_equal given_name:both_equal birth_date:equal ";
  const struct { std::string levels; MissedKind want; } kCases[] = {
      {"family_name:both_different/-5 given_name:both_equal birth_date:equal address:different/-2", MissedKind::kNameChange},
      {"family_name:both_equal given_name:kanji_different/-4 birth_date:equal", MissedKind::kGivenName},
      {"family_name:both_equal given_name:reading_unlikely/-4 birth_date:equal", MissedKind::kScript},
      {"family_name:latin_different/-4 given_name:both_equal birth_date:equal", MissedKind::kScript},
      {"family_name:both_equal given_name:kana_near/-1 birth_date:equal", MissedKind::kTypo},
      {"family_name:both_equal given_name:both_equal birth_date:slip/-2", MissedKind::kTypo},
      {"family_name:both_equal given_name:both_equal birth_date:different/-6", MissedKind::kBirthDate},
      {whole + "sex:differ/-5", MissedKind::kSex},
      {whole + "coverage:different/-2", MissedKind::kInsurance},
      {whole + "coverage:number_near/-2", MissedKind::kTypo},
      {whole + "address:different/-2 phone:mobile_different/-1", MissedKind::kMoved},
      {whole + "phone:landline_different/-2", MissedKind::kPhone},
      {whole, MissedKind::kMissingFields},
      {whole + "address:different/-0.4", MissedKind::kMissingFields},
      // Without a birth date, only what speaks strongly against is the reason.
      {"family_name:both_equal given_name:both_equal address:different/-2", MissedKind::kMissingFields},
      {"family_name:both_different/-5 given_name:both_equal", MissedKind::kNameChange},
      {"", MissedKind::kMissingFields}};
  for (const auto& c : kCases) EXPECT_EQ(KindName(KindOfMissed(Pair(c.levels))), KindName(c.want)) << c.levels;
}

TEST(ErrorKindsTest, NamesAreDistinctAndLevelsHoldNoValues) {
  for (int k = 0; k + 1 < kMissedKinds; ++k)
    EXPECT_NE(KindName(static_cast<MissedKind>(k)), KindName(static_cast<MissedKind>(k + 1)));
  Explanation pair = Pair("family_name:both_equal birth_date:slip");
  for (Explanation::Bar& bar : pair.bars) bar.value_a = bar.value_b = "secret";
  EXPECT_EQ(LevelsText(pair), "family_name:both_equal birth_date:slip");
}

}  // namespace
}  // namespace libmpi
