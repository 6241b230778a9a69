// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/audit_estimate.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace libmpi {
namespace {

constexpr double kZ = 1.959964;

double Share(const AuditStratum& s) {
  return s.answered == 0 ? 0.5 : static_cast<double>(s.same) / static_cast<double>(s.answered);
}

// The 95 % limits of a sum of strata's true pairs, each times `coefficient(stratum)`. What was sampled errs
// this way and that; a stratum without an answer may lie anywhere, whatever the others say.
template <typename Coefficient>
Interval LimitsOfSum(std::span<const AuditStratum> strata, const Coefficient& coefficient, double* sum) {
  double below = 0, above = 0, unknown_below = 0, unknown_above = 0;
  *sum = 0;
  for (const AuditStratum& s : strata) {
    const double c = coefficient(s) * static_cast<double>(s.pairs), p = Share(s);
    const Interval limits = WilsonInterval(s.same, s.answered, s.pairs);
    const double down = c * (p - (c > 0 ? limits.low : limits.high));
    const double up = c * ((c > 0 ? limits.high : limits.low) - p);
    *sum += c * p;
    if (s.answered == 0) {
      unknown_below += down;
      unknown_above += up;
      continue;
    }
    below += down * down;
    above += up * up;
  }
  return {*sum - std::sqrt(below) - unknown_below, *sum + std::sqrt(above) + unknown_above};
}

// Recall where `unseen` pairs were missed besides: the r at which (1 - r) found - r (missed + unseen) is
// 0, or at which a limit of it is: the larger r, the smaller all three.
enum class Which { kEstimate, kLow, kHigh };
double RecallAt(std::span<const AuditStratum> strata, double unseen, Which which) {
  double low = 0, high = 1;
  for (int step = 0; step < 60; ++step) {
    const double r = (low + high) / 2;
    double sum = 0;
    const Interval limits = LimitsOfSum(
        strata, [r](const AuditStratum& s) { return s.found ? 1 - r : -r; }, &sum);
    const double value = which == Which::kEstimate ? sum : which == Which::kLow ? limits.low : limits.high;
    (value - r * unseen > 0 ? low : high) = r;
  }
  return (low + high) / 2;
}

}  // namespace

Interval WilsonInterval(uint64_t yes, uint64_t n, uint64_t population) {
  if (n == 0) return {0, 1};
  const double p = static_cast<double>(yes) / static_cast<double>(n);
  if (n >= population) return {p, p};
  // A sample of much of a finite stratum tells as much as a larger one of an endless one.
  const double size = static_cast<double>(n) * static_cast<double>(population - 1) /
                      static_cast<double>(population - n);
  const double z2 = kZ * kZ, middle = p + z2 / (2 * size);
  const double half = kZ * std::sqrt(p * (1 - p) / size + z2 / (4 * size * size));
  return {yes == 0 ? 0 : std::max(0.0, (middle - half) / (1 + z2 / size)),
          yes == n ? 1 : std::min(1.0, (middle + half) / (1 + z2 / size))};
}

UnseenPairs EstimateUncaught(double once, double twice, double scale) {
  UnseenPairs unseen;
  const double uncaught = once * std::max(0.0, once - 1) / (2 * (twice + 1));
  unseen.estimate = scale * uncaught;
  const double r = once / (twice + 1);
  const double variance = uncaught + twice * (r * r / 2 + r * r * r + r * r * r * r / 4);
  unseen.interval = {std::max(0.0, scale * (uncaught - kZ * std::sqrt(variance))),
                     scale * (uncaught + kZ * std::sqrt(variance) + kZ)};
  return unseen;
}

AuditEstimate EstimateAudit(std::span<const AuditStratum> strata, const UnseenPairs& unseen) {
  AuditEstimate out;
  double correct = 0, missed = 0;
  for (const AuditStratum& s : strata) {
    if (s.pairs > 0 && s.answered == 0) out.unanswered.push_back(s.name);
    (s.found ? correct : missed) += static_cast<double>(s.pairs) * Share(s);
    if (s.found) out.found_pairs += static_cast<double>(s.pairs);
  }
  out.true_pairs = correct + missed + unseen.estimate;
  const bool judged = std::any_of(strata.begin(), strata.end(),
                                  [](const AuditStratum& s) { return s.found && s.answered > 0; });
  if (out.found_pairs == 0 || !judged) {
    out.precision = out.recall = out.recall_of_seen = std::numeric_limits<double>::quiet_NaN();
    out.precision_interval = out.recall_interval = out.recall_of_seen_interval = {0, 1};
    return out;
  }
  double sum = 0;
  const Interval limits = LimitsOfSum(
      strata, [&](const AuditStratum& s) { return s.found ? 1 / out.found_pairs : 0.0; }, &sum);
  out.precision = sum;
  out.precision_interval = {std::max(0.0, limits.low), std::min(1.0, limits.high)};
  out.recall_of_seen = RecallAt(strata, 0, Which::kEstimate);
  out.recall_of_seen_interval = {RecallAt(strata, 0, Which::kLow), RecallAt(strata, 0, Which::kHigh)};
  out.recall = RecallAt(strata, unseen.estimate, Which::kEstimate);
  out.recall_interval = {RecallAt(strata, unseen.interval.high, Which::kLow),
                         RecallAt(strata, unseen.interval.low, Which::kHigh)};
  return out;
}

}  // namespace libmpi
