// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/thresholds.h"

#include "gtest/gtest.h"

namespace libmpi {
namespace {

TEST(ThresholdsTest, BalancedIsEvenOdds) {
  const Thresholds t = ChooseThresholds({}, {});
  EXPECT_EQ(t.match, 0);
  EXPECT_LT(t.review, 0);
}

TEST(ThresholdsTest, SafeKeepsTheModelsOwnEstimate) {
  LinkOptions options;
  options.preset = Preset::kSafe;
  std::vector<Edge> edges;
  for (uint32_t i = 0; i < 10000; ++i) edges.push_back({i, i + 1, FixedWeight(i % 30) * 1024});
  const Thresholds t = ChooseThresholds(options, edges);
  EXPECT_LE(ExpectedWrongShare(edges, t.match), 1e-4);
  EXPECT_GE(t.match, 6 * 1024);
  EXPECT_GT(ExpectedWrongShare(edges, t.match - 2 * 1024), 1e-4);
}

TEST(ThresholdsTest, GivenNumbersOverride) {
  LinkOptions options;
  options.preset = Preset::kSafe;
  options.match_threshold = 4.5;
  options.review_threshold = -1;
  const Thresholds t = ChooseThresholds(options, {});
  EXPECT_EQ(t.match, 4608);
  EXPECT_EQ(t.review, -1024);
}

}  // namespace
}  // namespace libmpi
