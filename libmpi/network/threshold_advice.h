// SPDX-License-Identifier: Apache-2.0
// Thresholds from what a network's own stewards decided.
//
// What can be learnt is bounded by who was asked: only pairs between the two thresholds came to review. Of pairs that
// link by themselves nobody was asked (who parted one found something wrong, and chose it), nor of pairs below review.
// So the advice moves thresholds only inward, into the range where pairs were asked about and decided: it can let the
// match threshold down to where the decisions still support it, and the review threshold up to where hardly any answer
// is "same". Whether the match threshold should be higher, no decision can tell: where stewards find more wrong pairs
// just below it than the model expects, the advice says so, and a sample of the links above it has to be looked at.
//
// Within the range the pairs that were decided stand for those that are not yet: true where stewards work the list off,
// or take it as it comes, and not where they pick. The shares are of pairs by themselves. Lower thresholds also bring
// persons together whose strong pairs the average of the others kept apart: what becomes of persons a preview tells
// (Registry::Relink, dry_run).
#ifndef LIBMPI_NETWORK_THRESHOLD_ADVICE_H_
#define LIBMPI_NETWORK_THRESHOLD_ADVICE_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/registry/registry.h"

namespace libmpi {

// A pair that a steward decided on.
struct DecidedPair {
  double weight = 0;   // bits, as the model sees it without the decision
  bool same = false;
  bool held = false;   // never links by its weight, so no threshold is about it
};

struct ThresholdOptions {
  double match = 6, review = -1;  // bits: in force
  // Of the pairs that a lower match threshold would link, the share that may be wrong. A lower threshold then makes no
  // registry worse than that whose links are wrong more seldom.
  double wrong_links = 1e-4;
  // Of the pairs that a higher review threshold would leave apart unasked, the share that may be one person after all.
  double missed_links = 0.01;
  // That of all advice given the truth lies within both shares.
  double confidence = 0.95;
};

// What was decided of pairs of about one weight.
struct WeightBand {
  double from = 0, to = 0;      // bits; `to` is not in it
  uint64_t decided = 0, same = 0;
  double share_same = 0;        // NaN where nothing was decided
  double low = 0, high = 1;     // of it, 95 % (Wilson)
  double expected = 0;          // as the model has it, by the weights of these pairs; NaN likewise
  bool asked = true;            // between the thresholds in force: else pairs were not asked about, and do not count
};

struct ThresholdAdvice {
  enum class Verdict : uint8_t {
    kNotEnough,  // decisions to support even the smallest step: no advice
    kKeep,       // enough decisions, and they speak for the thresholds in force
    kMove,
  };
  Verdict verdict = Verdict::kNotEnough;
  double match = 0, review = 0;  // bits; those in force where they are kept
  uint64_t decided = 0;          // that count: not held, between the thresholds in force
  // That would have to be decided without any wrong one for a first step; more where some are wrong.
  uint64_t needed = 0;
  uint64_t left_out_held = 0, left_out_outside = 0;
  // Of pairs that would link in addition, and of those that would not be asked about any more.
  uint64_t would_link = 0, would_link_wrong = 0, would_not_ask = 0, would_not_ask_same = 0;
  double wrong_bound = 0, missed_bound = 0;  // above which the share is not, by the confidence asked for
  // Just below the match threshold more pairs are wrong than the model expects: it may be too low.
  bool surer_than_true = false;
  std::vector<WeightBand> bands;             // ascending, half a bit each, as far as there are decisions
};
std::string_view VerdictName(ThresholdAdvice::Verdict verdict);  // "not_enough", "keep", "move"

// Steps of half a bit are tried from the threshold inward, as long as each has decisions. For each the exact bound of
// the share (Clopper and Pearson, Biometrika 26, 1934) is taken at a level that is shared among all steps that are there
// to be tried (Bonferroni), so that the confidence holds for whichever is chosen. Of those that are bounded, and whose
// innermost half bit does not speak against it by itself, the one that goes furthest is advised. Pure. A higher share
// gives the same advice or one that goes further. O(n log n).
ThresholdAdvice AdviseThresholds(std::span<const DecidedPair> decided, const ThresholdOptions& options);

// The decisions of a registry that stand, but those by which a takeover kept its persons and nobody confirmed; by the
// model in force. About a millisecond each.
absl::StatusOr<std::vector<DecidedPair>> DecidedPairs(const Registry& registry);

// The share p for which so few as `found` of `n` would be found with probability `level`: with 1 - `level` it is not
// above. 1 where n is 0 or all were found.
double UpperBoundOfShare(uint64_t found, uint64_t n, double level);

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_THRESHOLD_ADVICE_H_
