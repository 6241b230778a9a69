// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/pair_sample.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "absl/container/flat_hash_map.h"

namespace libmpi {
namespace {

// In (0, 1], never 0.
double Uniform(uint64_t random) { return (static_cast<double>(random >> 11) + 1) * 0x1p-53; }

// Probabilities in proportion to size that sum to n and do not exceed 1.
std::vector<double> Inclusion(std::span<const double> sizes, size_t n) {
  std::vector<double> probability(sizes.size(), 0);
  double certain = 0, scale = 0;
  for (bool settled = false; !settled;) {
    double rest = 0;
    for (size_t i = 0; i < sizes.size(); ++i)
      if (probability[i] < 1) rest += sizes[i];
    if (rest <= 0) break;
    scale = (static_cast<double>(n) - certain) / rest;
    settled = true;
    for (size_t i = 0; i < sizes.size(); ++i)
      if (probability[i] < 1 && sizes[i] * scale >= 1) {
        probability[i] = 1;
        ++certain;
        settled = false;
      }
  }
  for (size_t i = 0; i < sizes.size(); ++i)
    if (probability[i] < 1) probability[i] = sizes[i] * scale;
  return probability;
}

}  // namespace

std::vector<SampledItem> DrawSample(std::span<const double> sizes, std::span<const uint64_t> random,
                                    size_t n) {
  n = std::min(n, sizes.size());
  std::vector<SampledItem> sample;
  if (n == 0) return sample;
  const std::vector<double> inclusion = Inclusion(sizes, n);
  std::vector<std::pair<double, size_t>> order;
  for (size_t i = 0; i < sizes.size(); ++i) order.emplace_back(Uniform(random[i]) / sizes[i], i);
  std::sort(order.begin(), order.end());
  for (size_t k = 0; k < n; ++k)
    sample.push_back({order[k].second, 1 / std::min(1.0, inclusion[order[k].second])});
  return sample;
}

std::vector<double> TeachingSizes(std::span<const double> match_probability, std::span<const uint64_t> kind,
                                  std::span<const int> stratum) {
  constexpr double kSpread = 0.5;   // how much a kind with more pairs is held back
  constexpr double kAlike = 0.2;    // share of the questions for all strata alike
  const size_t n = match_probability.size();
  absl::flat_hash_map<uint64_t, double> of_kind;
  std::map<int, double> of_stratum;
  for (size_t i = 0; i < n; ++i) {
    ++of_kind[kind[i]];
    ++of_stratum[stratum[i]];
  }
  std::vector<double> sizes(n);
  double total = 0;
  for (size_t i = 0; i < n; ++i) {
    const double p = match_probability[i];
    total += sizes[i] = std::sqrt(p * (1 - p) + 1e-9) / std::pow(of_kind[kind[i]], kSpread);
  }
  for (size_t i = 0; i < n; ++i)
    sizes[i] = (1 - kAlike) * sizes[i] / total +
               kAlike / (static_cast<double>(of_stratum.size()) * of_stratum[stratum[i]]);
  return sizes;
}

}  // namespace libmpi
