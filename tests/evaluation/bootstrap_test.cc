// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/bootstrap.h"

#include "gtest/gtest.h"

namespace libmpi {
namespace {

TEST(BootstrapTest, UnitsStandInRoundsAsAPoissonDistributionSays) {
  constexpr uint64_t kUnits = 20000;
  double sum = 0, none = 0;
  for (uint64_t u = 0; u < kUnits; ++u) {
    const int times = TimesDrawn(3, u);
    EXPECT_EQ(times, TimesDrawn(3, u));
    sum += times;
    none += times == 0;
  }
  EXPECT_NEAR(sum / kUnits, 1, 0.03);
  EXPECT_NEAR(none / kUnits, 0.368, 0.015);
}

TEST(BootstrapTest, RatioOfUnits) {
  std::vector<RatioPart> units(1000, RatioPart{1, 2});
  for (size_t i = 0; i < 100; ++i) units[i].part = 2;
  const EstimatedFigure f = EstimateRatio(units, 1);
  EXPECT_DOUBLE_EQ(f.value, 0.55);
  // A standard error of sqrt(0.1 * 0.9 / 1000) / 2.
  EXPECT_NEAR(f.interval.high - f.interval.low, 4 * 0.0047, 0.005);
  EXPECT_LT(f.interval.low, 0.55);
  EXPECT_GT(f.interval.high, 0.55);
  EXPECT_EQ(EstimateRatio({}, 1).value, 1);
  EXPECT_EQ(EstimateRatio({}, 1).interval.low, 1);
}

// Values of Garwood's table.
TEST(BootstrapTest, PoissonIntervals) {
  const struct { uint64_t count; double low, high; } kCases[] = {
      {0, 0, 3.689}, {1, 0.0253, 5.572}, {5, 1.623, 11.668}, {20, 12.217, 30.888}, {100, 81.364, 121.627}};
  for (const auto& c : kCases) {
    const Interval i = PoissonInterval(c.count);
    EXPECT_NEAR(i.low, c.low, 0.001) << c.count;
    EXPECT_NEAR(i.high, c.high, 0.001) << c.count;
  }
  EXPECT_NEAR(PoissonInterval(10000).low, 9804, 1);
  // The approximation takes over without a jump.
  EXPECT_NEAR(PoissonInterval(5000).high, PoissonInterval(5001).high, 5);
}

}  // namespace
}  // namespace libmpi
