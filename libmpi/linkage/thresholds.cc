// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/thresholds.h"

#include <algorithm>
#include <utility>
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
// Below even odds, yet above what too little to compare holds back.
constexpr FixedWeight kSafeReview = -1024;

// Links by weight, ascending: sums over it do not depend on the order of the edges.
std::vector<std::pair<FixedWeight, uint64_t>> CountByWeight(std::span<const Edge> edges, FixedWeight lowest) {
  const FixedWeight highest = std::max(lowest, kHighestSafe);
  std::vector<uint64_t> count(static_cast<size_t>(highest - lowest) + 1, 0);
  for (const Edge& e : edges)
    if (e.Joins(lowest)) ++count[static_cast<size_t>(std::min(e.weight, highest) - lowest)];
  std::vector<std::pair<FixedWeight, uint64_t>> found;
  for (size_t i = 0; i < count.size(); ++i)
    if (count[i] > 0) found.emplace_back(lowest + static_cast<FixedWeight>(i), count[i]);
  return found;
}

double ExpectedWrong(FixedWeight weight, uint64_t count) {
  return (1 - MatchProbability(weight)) * static_cast<double>(count);
}

FixedWeight SafeThreshold(std::span<const Edge> edges) {
  const int bins = (kHighestSafe - kLowestSafe) / kStep + 1;
  std::vector<double> wrong(bins, 0), all(bins, 0);
  for (const auto& [weight, count] : CountByWeight(edges, kLowestSafe)) {
    const int bin = (weight - kLowestSafe) / kStep;
    wrong[bin] += ExpectedWrong(weight, count);
    all[bin] += static_cast<double>(count);
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
  for (const auto& [weight, count] : CountByWeight(edges, threshold)) {
    wrong += ExpectedWrong(weight, count);
    all += static_cast<double>(count);
  }
  return all > 0 ? wrong / all : 0;
}

Thresholds ChooseThresholds(const LinkOptions& options, std::span<const Edge> edges) {
  Thresholds chosen;
  const bool safe = options.preset == Preset::kSafe;
  chosen.match = options.match_threshold ? ToFixedWeight(*options.match_threshold)
                 : safe                  ? SafeThreshold(edges)
                                         : 0;
  chosen.review = options.review_threshold ? ToFixedWeight(*options.review_threshold)
                  : safe                   ? kSafeReview
                                           : std::min(kBalancedReview, chosen.match);
  chosen.review = std::min(chosen.review, chosen.match);
  return chosen;
}

}  // namespace libmpi
