// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/calibration.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace libmpi {
namespace {

constexpr size_t kFewestLabels = 100;
constexpr size_t kFewestOfAKind = 10;
constexpr size_t kFolds = 10;
constexpr double kStandardErrors = 2;
// Where labels speak: beyond it a pair is so sure that a wrong label would outweigh a hundred right ones.
constexpr double kMostBits = 10;
// Standard deviations of the prior.
constexpr double kInterceptDeviation = 2, kSlopeDeviation = 0.5;
constexpr double kLowestSlope = 0.2, kHighestSlope = 3;

double Probability(double bits) { return 1 / (1 + std::exp2(-bits)); }

// Kish's effective number over the sum: after it, unequal labels count for what they tell.
double Scale(std::span<const LabelledWeight> labels) {
  double sum = 0, squares = 0;
  for (const LabelledWeight& l : labels) {
    sum += l.stands_for;
    squares += l.stands_for * l.stands_for;
  }
  return squares > 0 ? sum / squares : 0;
}

// Newton's method on the two parameters; labels of one fold are left out.
Calibration Fit(std::span<const LabelledWeight> labels, size_t left_out) {
  const double scale = Scale(labels), kLn2 = std::log(2.0);
  double intercept = 0, slope = 1;
  for (int round = 0; round < 50; ++round) {
    const double prior_a = 1 / (kInterceptDeviation * kInterceptDeviation);
    const double prior_b = 1 / (kSlopeDeviation * kSlopeDeviation);
    double ga = -intercept * prior_a, gb = (1 - slope) * prior_b, haa = prior_a, hab = 0, hbb = prior_b;
    for (size_t i = 0; i < labels.size(); ++i) {
      if (i % kFolds == left_out) continue;
      const LabelledWeight& l = labels[i];
      const double w = scale * l.stands_for, p = Probability(intercept + slope * l.weight);
      const double error = w * kLn2 * ((l.same ? 1 : 0) - p), bend = w * kLn2 * kLn2 * p * (1 - p);
      ga += error;
      gb += error * l.weight;
      haa += bend;
      hab += bend * l.weight;
      hbb += bend * l.weight * l.weight;
    }
    const double det = haa * hbb - hab * hab;
    const double da = std::clamp((hbb * ga - hab * gb) / det, -1.0, 1.0);
    const double db = std::clamp((haa * gb - hab * ga) / det, -0.5, 0.5);
    intercept += da;
    slope = std::clamp(slope + db, kLowestSlope, kHighestSlope);
    if (std::abs(da) + std::abs(db) < 1e-9) break;
  }
  Calibration out;
  out.intercept = intercept;
  out.slope = slope;
  return out;
}

double Loss(const LabelledWeight& label, double bits) {
  return std::log2(1 + std::exp2(label.same ? -bits : bits));
}

// Whether labels gain from a calibration that did not see them, beyond doubt.
bool Supported(std::span<const LabelledWeight> labels) {
  std::vector<double> gain(labels.size());
  double sum = 0, squares = 0;
  for (size_t fold = 0; fold < kFolds; ++fold) {
    const Calibration fitted = Fit(labels, fold);
    for (size_t i = fold; i < labels.size(); i += kFolds) {
      const LabelledWeight& l = labels[i];
      gain[i] = l.stands_for * (Loss(l, l.weight) - Loss(l, fitted.intercept + fitted.slope * l.weight));
      sum += gain[i];
      squares += gain[i] * gain[i];
    }
  }
  const double n = static_cast<double>(labels.size());
  return sum > kStandardErrors * std::sqrt(std::max(0.0, squares - sum * sum / n));
}

}  // namespace

double Calibrated(const Calibration& c, double weight) {
  const double within = std::clamp(weight, c.low, c.high);
  return weight + c.intercept + (c.slope - 1) * within;
}

std::optional<Calibration> FitCalibration(std::span<const LabelledWeight> labels) {
  std::vector<LabelledWeight> telling;
  for (const LabelledWeight& l : labels)
    if (std::abs(l.weight) <= kMostBits) telling.push_back(l);
  const size_t same = static_cast<size_t>(
      std::count_if(telling.begin(), telling.end(), [](const LabelledWeight& l) { return l.same; }));
  if (telling.size() < kFewestLabels || same < kFewestOfAKind || telling.size() - same < kFewestOfAKind ||
      !Supported(telling))
    return std::nullopt;
  Calibration fitted = Fit(telling, kFolds);
  const auto [low, high] = std::minmax_element(
      telling.begin(), telling.end(), [](const auto& x, const auto& y) { return x.weight < y.weight; });
  fitted.low = low->weight;
  fitted.high = high->weight;
  return fitted;
}

}  // namespace libmpi
