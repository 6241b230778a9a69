// SPDX-License-Identifier: Apache-2.0
// Precision and recall of a run without a truth file, from a stratified sample of answers.
#ifndef LIBMPI_EVALUATION_AUDIT_ESTIMATE_H_
#define LIBMPI_EVALUATION_AUDIT_ESTIMATE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "libmpi/evaluation/metrics.h"

namespace libmpi {

// One stratum of pairs and what a simple random sample of it was found to be.
struct AuditStratum {
  std::string name;
  bool found = false;     // pairs that the run holds to be one person
  uint64_t pairs = 0;
  uint64_t answered = 0;
  uint64_t same = 0;      // of the answered
};

// True pairs that no stratum holds, since blocking never brought them together: not sampled, but estimated
// otherwise. With 95 % bounds.
struct UnseenPairs {
  double estimate = 0;
  Interval interval;
};

struct AuditEstimate {
  double precision = 0;
  Interval precision_interval;
  double recall_of_seen = 0;  // among the pairs of all strata
  Interval recall_of_seen_interval;
  double recall = 0;          // unseen pairs reckoned with
  Interval recall_interval;
  double found_pairs = 0, true_pairs = 0;  // the latter estimated, unseen ones included
  // Strata with pairs but no answer, which are taken to hold anything from no true pair to only true
  // ones: the intervals say so, and the estimates take half.
  std::vector<std::string> unanswered;
};

// Stratified (Horvitz-Thompson) estimators; 95 % intervals by the method of variance estimates recovery (Zou
// and Donner, Statistics in Medicine 27, 2008) from the Wilson intervals of the strata, corrected
// for finite strata: they hold where few or no errors were found, as those from a standard error
// do not. Recall is a ratio: the interval holds the r at which (1 - r) true found - r missed may be 0 (Fieller).
// NaN where the run found nothing.
AuditEstimate EstimateAudit(std::span<const AuditStratum> strata, const UnseenPairs& unseen);

// Wilson's 95 % interval for a share, of `n` answers from `population` pairs, of which `yes` were yes.
Interval WilsonInterval(uint64_t yes, uint64_t n, uint64_t population);

// How many items no occasion caught, from how many exactly one and exactly two did (Chao, Biometrics
// 43, 1987; the bias-corrected form). A lower bound where catches go together, as blocking rules do. `scale`: what one
// item of the sample stands for.
UnseenPairs EstimateUncaught(double once, double twice, double scale);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_AUDIT_ESTIMATE_H_
