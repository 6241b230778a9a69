// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/calibration.h"

#include <cmath>

#include "gtest/gtest.h"
#include "libmpi/base/hash.h"
#include "libmpi/linkage/linker.h"

namespace libmpi {
namespace {

// Labels of pairs whose true log odds are `intercept + slope * weight`.
std::vector<LabelledWeight> Draw(double intercept, double slope, int n, double first = -8, double last = 8) {
  std::vector<LabelledWeight> labels;
  for (int i = 0; i < n; ++i) {
    const double weight = first + (last - first) * i / (n - 1);
    const double u = static_cast<double>(MixBits(static_cast<uint64_t>(i) + 77) >> 11) * 0x1p-53;
    labels.push_back({weight, u < 1 / (1 + std::exp2(-(intercept + slope * weight))), 1});
  }
  return labels;
}

TEST(FitCalibration, FindsWhatIsWrong) {
  const auto fitted = FitCalibration(Draw(-2, 0.5, 600));
  ASSERT_TRUE(fitted.has_value());
  EXPECT_NEAR(fitted->intercept, -2, 0.6);
  EXPECT_NEAR(fitted->slope, 0.5, 0.15);
  EXPECT_NEAR(fitted->low, -8, 1e-9);
  EXPECT_NEAR(fitted->high, 8, 1e-9);
}

TEST(FitCalibration, NotWithoutSupport) {
  EXPECT_FALSE(FitCalibration(Draw(0, 1, 600)).has_value());     // nothing is wrong
  EXPECT_FALSE(FitCalibration(Draw(-2, 0.5, 90)).has_value());   // too few
  EXPECT_FALSE(FitCalibration(Draw(0, 1, 600, 4, 9)).has_value());  // of one kind only
  EXPECT_FALSE(FitCalibration({}).has_value());
}

TEST(FitCalibration, AFewHeavyLabelsAreNoSupport) {
  auto labels = Draw(0, 1, 300);
  for (LabelledWeight& l : labels)
    if (!l.same && l.weight > 2) {
      l.stands_for = 500;
      break;
    }
  EXPECT_FALSE(FitCalibration(labels).has_value());
}

TEST(Calibrated, AscendsAndMovesTheEndsAlong) {
  const Calibration c{-2, 0.5, -4, 6};
  EXPECT_DOUBLE_EQ(Calibrated(c, 0), -2);
  EXPECT_DOUBLE_EQ(Calibrated(c, 6), 1);
  EXPECT_DOUBLE_EQ(Calibrated(c, 20), 15);   // 5 below, as at 6
  EXPECT_DOUBLE_EQ(Calibrated(c, -10), -10); // 0, as at -4
  for (double w = -20; w < 20; w += 0.5) EXPECT_LT(Calibrated(c, w), Calibrated(c, w + 0.5));
  EXPECT_DOUBLE_EQ(Calibrated(Calibration{}, 3.25), 3.25);
}

TEST(Calibration, StandsInTheModelFile) {
  Model model = Model::Default();
  EXPECT_EQ(Model::FromJson(model.ToJson())->calibration, std::nullopt);
  model.calibration = Calibration{-0.3, 0.8, -7.25, 9};
  const auto read = Model::FromJson(model.ToJson());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->calibration, model.calibration);
  for (const Calibration& wrong : {Calibration{0, 0, 0, 0}, {0, -1, 0, 0}, {50, 1, 0, 0}, {0, 1, 3, 2}, {0, NAN, 0, 0}}) {
    model.calibration = wrong;
    EXPECT_FALSE(model.Validate().ok());
  }
}

TEST(Calibration, MovesTheWeightOfAPairAndIsABar) {
  Record a, b;
  a.names.push_back({.full = "渡邊　太郎", .full_kana = ""});
  b.names.push_back({.full = "", .full_kana = "ﾜﾀﾅﾍﾞ ﾀﾛｳ"});
  a.births = b.births = {"1980-01-02"};
  a.phones = {"022-123-4567"};
  b.phones = {"0221234567"};
  Model model = Model::Default();
  const Explanation before = *ExplainPair(a, b, model, {});
  model.calibration = Calibration{-1.5, 1, -5, 5};
  const Explanation after = *ExplainPair(a, b, model, {});
  EXPECT_NEAR(WeightBits(after.weight), WeightBits(before.weight) - 1.5, 1e-2);
  EXPECT_NEAR(after.calibration_weight, -1.5, 1e-9);
  double sum = after.prior_weight + after.other_classes_weight + after.calibration_weight + after.cap_weight;
  for (const auto& bar : after.bars) sum += bar.weight + bar.frequency_weight;
  EXPECT_NEAR(sum, WeightBits(after.weight), 1e-2);
  EXPECT_NE(after.ToText().find("  labels "), std::string::npos);
}

}  // namespace
}  // namespace libmpi
