// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/random.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace libmpi {
namespace {

// Regions must be the same everywhere and in every version: these numbers never change.
TEST(RandomTest, SequenceIsFrozen) {
  Random random(7);
  std::vector<uint64_t> drawn;
  for (int i = 0; i < 6; ++i) drawn.push_back(random.Below(1000));
  EXPECT_THAT(drawn, testing::ElementsAre(649, 549, 604, 348, 182, 915));
}

TEST(RandomTest, BelowIsUniform) {
  Random random(1);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70000; ++i) ++counts[random.Below(7)];
  for (int count : counts) EXPECT_NEAR(count, 10000, 400);
}

TEST(RandomTest, BetweenHoldsBothEnds) {
  Random random(2);
  int low = 10, high = -10;
  for (int i = 0; i < 1000; ++i) {
    const int x = random.Between(-3, 3);
    low = std::min(low, x);
    high = std::max(high, x);
  }
  EXPECT_EQ(low, -3);
  EXPECT_EQ(high, 3);
  EXPECT_EQ(random.Between(5, 5), 5);
}

TEST(RandomTest, ChanceAtItsEnds) {
  Random random(3);
  int hits = 0;
  for (int i = 0; i < 100000; ++i) {
    EXPECT_FALSE(random.Chance(0));
    EXPECT_TRUE(random.Chance(1));
    EXPECT_TRUE(random.Chance(40));
    hits += random.Chance(0.013);
  }
  EXPECT_NEAR(hits, 1300, 150);
}

TEST(RandomTest, ShuffleKeepsTheItems) {
  Random random(4);
  std::vector<int> items(50);
  std::iota(items.begin(), items.end(), 0);
  const std::vector<int> sorted = items;
  random.Shuffle(&items);
  EXPECT_NE(items, sorted);
  std::sort(items.begin(), items.end());
  EXPECT_EQ(items, sorted);
}

TEST(WeightedChoiceTest, DrawsInProportion) {
  WeightedChoice choice;
  for (double weight : {1.0, 0.0, 3.0, 6.0}) choice.Add(weight);
  Random random(5);
  std::array<int, 4> counts{};
  for (int i = 0; i < 100000; ++i) ++counts[choice.Draw(&random)];
  EXPECT_NEAR(counts[0], 10000, 500);
  EXPECT_EQ(counts[1], 0);
  EXPECT_NEAR(counts[2], 30000, 800);
  EXPECT_NEAR(counts[3], 60000, 800);
}

}  // namespace
}  // namespace libmpi
