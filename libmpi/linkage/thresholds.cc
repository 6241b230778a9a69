// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/thresholds.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace libmpi {
namespace {

constexpr double kSafeWrongShare = 1e-4;
// Fields are not quite independent, so the model is surer than it should be:
// its estimate alone does not lower the threshold beyond this.
constexpr FixedWeight kLowestSafe = 6 * 1024;
constexpr FixedWeight kHighestSafe = 30 * 1024;
constexpr FixedWeight kStep = 128;  // an eighth of a bit
constexpr FixedWeight kBalancedReview = -3 * 1024;
constexpr FixedWeight kSafeReview = -2 * 1024;

FixedWeight SafeThreshold(std::span<const Edge> edges) {
  const int bins = (kHighestSafe - kLowestSafe) / kStep + 1;
  std::vector<double> wrong(bins, 0), all(bins, 0);
  for (const Edge& e : edges) {
    if (e.weight < kLowestSafe) continue;
    const int bin = std::min(bins - 1, (e.weight - kLowestSafe) / kStep);
    wrong[bin] += 1 - MatchProbability(e.weight);
    all[bin] += 1;
  }
  double wrong_above = 0, all_above = 0;
  int lowest = bins - 1;
  for (int bin = bins - 1; bin >= 0; --bin) {
    wrong_above += wrong[bin];
    all_above += all[bin];
    if (wrong_above <= kSafeWrongShare * all_above) lowest = bin;
  }
  return kLowestSafe + lowest * kStep;
}

}  // namespace

double ExpectedWrongShare(std::span<const Edge> edges, FixedWeight threshold) {
  double wrong = 0, all = 0;
  for (const Edge& e : edges) {
    if (e.weight < threshold) continue;
    wrong += 1 - MatchProbability(e.weight);
    all += 1;
  }
  return all > 0 ? wrong / all : 0;
}

Thresholds ChooseThresholds(const LinkOptions& options, std::span<const Edge> edges) {
  Thresholds chosen;
  const bool safe = options.preset == Preset::kSafe;
  const auto fixed = [](double bits) {
    return static_cast<FixedWeight>(std::lround(std::clamp(bits, -1000.0, 1000.0) * kWeightUnit));
  };
  chosen.match = options.match_threshold ? fixed(*options.match_threshold)
                 : safe                  ? SafeThreshold(edges)
                                         : 0;
  chosen.review = options.review_threshold ? fixed(*options.review_threshold)
                  : safe                   ? kSafeReview
                                           : std::min(kBalancedReview, chosen.match);
  chosen.review = std::min(chosen.review, chosen.match);
  return chosen;
}

}  // namespace libmpi
