// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/kinds.h"

#include <gtest/gtest.h>

namespace libmpi::table {
namespace {

class KindTest : public testing::TestWithParam<int> {};

// Tables and levels must fit, and a person's own value must agree better than a random one.
TEST_P(KindTest, OddsFavourAgreementForOneAndDifferenceForTwo) {
  const Kind kind = static_cast<Kind>(GetParam());
  const auto levels = LevelsOf(kind);
  ASSERT_FALSE(levels.empty());
  EXPECT_EQ(levels[0].group, 0);
  for (Stance stance : {Stance::kOwn, Stance::kSame, Stance::kDiffers, Stance::kChance}) {
    const auto odds = StartingOdds(kind, stance);
    ASSERT_EQ(odds.size(), levels.size());
    for (double o : odds) EXPECT_GT(o, 0);
  }
  for (size_t l = 1; l < levels.size(); ++l) {
    EXPECT_EQ(LevelByName(kind, levels[l].name), static_cast<int>(l));
    const bool best = l == 1 || levels[l].group != levels[l - 1].group;
    if (best) { EXPECT_GT(StartingOdds(kind, Stance::kOwn)[l], StartingOdds(kind, Stance::kChance)[l]); }
  }
}

TEST_P(KindTest, NamesAreUnique) {
  const Kind kind = static_cast<Kind>(GetParam());
  EXPECT_EQ(KindByName(KindName(kind)), kind);
}

INSTANTIATE_TEST_SUITE_P(All, KindTest, testing::Range(0, kKinds));

}  // namespace
}  // namespace libmpi::table
