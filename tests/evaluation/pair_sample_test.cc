// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/pair_sample.h"

#include <cmath>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/base/hash.h"

namespace libmpi {
namespace {

std::vector<uint64_t> RandomNumbers(size_t n, uint64_t seed) {
  std::vector<uint64_t> out;
  for (size_t i = 0; i < n; ++i) out.push_back(MixBits(MixBits(seed) + i));
  return out;
}

TEST(DrawSample, EqualSizesStandForEqualNumbers) {
  const auto sample = DrawSample(std::vector<double>(100, 3.0), RandomNumbers(100, 1), 20);
  ASSERT_EQ(sample.size(), 20);
  std::set<size_t> drawn;
  for (const SampledItem& item : sample) {
    EXPECT_DOUBLE_EQ(item.stands_for, 5);
    drawn.insert(item.index);
  }
  EXPECT_EQ(drawn.size(), 20);
}

TEST(DrawSample, MoreThanThereIsGivesAllForThemselves) {
  const auto sample = DrawSample(std::vector<double>{1, 5, 0.01}, RandomNumbers(3, 1), 7);
  ASSERT_EQ(sample.size(), 3);
  for (const SampledItem& item : sample) EXPECT_DOUBLE_EQ(item.stands_for, 1);
  EXPECT_TRUE(DrawSample({}, {}, 5).empty());
}

TEST(DrawSample, ALargerSampleBeginsWithTheSmaller) {
  std::vector<double> sizes;
  for (int i = 0; i < 50; ++i) sizes.push_back(1 + i % 7);
  const auto small = DrawSample(sizes, RandomNumbers(50, 9), 10), large = DrawSample(sizes, RandomNumbers(50, 9), 30);
  for (size_t i = 0; i < small.size(); ++i) EXPECT_EQ(small[i].index, large[i].index);
}

// What the sample stands for must be the whole, on average, whatever the sizes.
TEST(DrawSample, StandsForTheWhole) {
  std::vector<double> sizes, value;
  double total = 0;
  for (int i = 0; i < 200; ++i) {
    sizes.push_back(i < 5 ? 40 : 1 + i % 9);  // some are certain
    total += value.emplace_back(i % 13);
  }
  double mean = 0;
  constexpr int kRounds = 2000;
  for (int round = 0; round < kRounds; ++round) {
    const auto random = RandomNumbers(200, static_cast<uint64_t>(round));
    for (const SampledItem& item : DrawSample(sizes, random, 40)) mean += value[item.index] * item.stands_for / kRounds;
  }
  EXPECT_NEAR(mean / total, 1, 0.02);
}

TEST(TeachingSizes, UncertainRareKindsFirstAndNothingForgotten) {
  // By pair: probability, kind, stratum.
  const std::vector<double> probability = {0.5, 0.5, 0.5, 0.5, 0.5, 0.999, 1};
  const std::vector<uint64_t> kind = {1, 1, 1, 1, 2, 3, 4};
  const std::vector<int> stratum = {0, 0, 0, 0, 0, 1, 2};
  const std::vector<double> size = TeachingSizes(probability, kind, stratum);
  EXPECT_GT(size[4], size[0]);     // one of a kind teaches more than one of four
  EXPECT_LT(size[4], 4 * size[0]); // but not as much as the four
  EXPECT_GT(size[0], size[5]);
  EXPECT_GT(size[6], 0.05);        // its stratum's share
  double total = 0;
  for (double s : size) total += s;
  EXPECT_NEAR(total, 1, 1e-12);
}

}  // namespace
}  // namespace libmpi
