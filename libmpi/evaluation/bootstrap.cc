// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/bootstrap.h"

#include <algorithm>
#include <cmath>

#include "libmpi/base/hash.h"

namespace libmpi {
namespace {

// P(X <= count) of a Poisson distribution, summed from its largest term downwards in logarithms.
double PoissonAtMost(uint64_t count, double mean) {
  if (mean <= 0) return 1;
  double sum = 0;
  for (uint64_t k = 0; k <= count; ++k) {
    const double x = static_cast<double>(k);
    sum += std::exp(x * std::log(mean) - mean - std::lgamma(x + 1));
  }
  return std::min(1.0, sum);
}

// The mean at which P(X <= count) is `probability`: it falls as the mean grows.
double MeanWith(uint64_t count, double probability) {
  double low = 0, high = 10 + 3 * static_cast<double>(count);
  for (int step = 0; step < 100; ++step) {
    const double middle = (low + high) / 2;
    (PoissonAtMost(count, middle) > probability ? low : high) = middle;
  }
  return low;
}

}  // namespace

int TimesDrawn(uint64_t round, uint64_t unit) {
  double u = static_cast<double>(MixBits(HashCombine(round, unit)) >> 11) * 0x1p-53;
  double p = 0.36787944117144233;  // e^-1
  int k = 0;
  while (u > p && k < 12) {
    u -= p;
    p /= ++k;
  }
  return k;
}

Interval MiddleOfRounds(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values[static_cast<size_t>(0.025 * kBootstrapRounds)],
          values[static_cast<size_t>(0.975 * kBootstrapRounds) - 1]};
}

EstimatedFigure EstimateRatio(std::span<const RatioPart> units, double if_nothing) {
  const auto ratio = [if_nothing](const RatioPart& sum) {
    return sum.whole > 0 ? sum.part / sum.whole : if_nothing;
  };
  RatioPart all;
  std::vector<RatioPart> folded(std::min(units.size(), kMostBootstrapUnits));
  for (size_t u = 0; u < units.size(); ++u)
    for (RatioPart* sum : {&all, &folded[u % kMostBootstrapUnits]}) {
      sum->part += units[u].part;
      sum->whole += units[u].whole;
    }
  std::vector<double> rounds;
  for (uint64_t round = 1; round <= kBootstrapRounds; ++round) {
    RatioPart drawn;
    for (size_t u = 0; u < folded.size(); ++u)
      if (const int times = TimesDrawn(round, u)) {
        drawn.part += times * folded[u].part;
        drawn.whole += times * folded[u].whole;
      }
    rounds.push_back(ratio(drawn));
  }
  return {ratio(all), MiddleOfRounds(std::move(rounds))};
}

Interval PoissonInterval(uint64_t count) {
  // Beyond some thousands a normal approximation is as good, and quicker.
  if (count > 5000) {
    const double n = static_cast<double>(count);
    return {n - 1.96 * std::sqrt(n), n + 1.96 * std::sqrt(n)};
  }
  return {count == 0 ? 0 : MeanWith(count - 1, 0.975), MeanWith(count, 0.025)};
}

}  // namespace libmpi
