// SPDX-License-Identifier: Apache-2.0
// Whether match probabilities are what they say.
#ifndef LIBMPI_EVALUATION_RELIABILITY_H_
#define LIBMPI_EVALUATION_RELIABILITY_H_

#include <cstdint>
#include <span>
#include <vector>

#include "libmpi/evaluation/blocking_recall.h"
#include "libmpi/evaluation/metrics.h"
#include "libmpi/linkage/replay.h"

namespace libmpi {

struct ReliabilityBin {
  double lowest_weight = 0, highest_weight = 0;  // bits, of the pairs in it
  uint64_t pairs = 0;
  uint64_t true_pairs = 0;
  double predicted = 0;  // mean match probability
  double observed = 0;   // share of true pairs
};

// Predicted against observed for one set of pairs.
struct Reliability {
  // Of rising weight, each with at least a kReliabilityBins-th of the pairs: fewer where many pairs
  // have one weight, since these are never parted.
  std::vector<ReliabilityBin> bins;
  uint64_t pairs = 0, true_pairs = 0;
  // Mean distance of predicted and observed over the bins, weighted by pairs (Naeini, Cooper and
  // Hauskrecht, AAAI 2015, with bins of equal mass).
  double expected_calibration_error = 0;
};

struct ReliabilityEvaluation {
  Reliability all;
  // Without held pairs, which a person decides: what the thresholds of a run act on.
  Reliability not_held;
  // Links at or above the threshold of the safe preset, as pairs by themselves, before clustering.
  double safe_threshold = 0;
  uint64_t safe_links = 0;
  uint64_t safe_wrong = 0;
  double predicted_wrong_share = 0;
  // Observed, with the exact Poisson interval of the number of wrong links, taken to be independent.
  EstimatedFigure observed_wrong_share;
};

inline constexpr double kReliabilityFrom = -10, kReliabilityTo = 15;  // bits
inline constexpr int kReliabilityBins = 20;

// Scores all candidate pairs of the run again, whose records have persons (kUnknownPerson: left out).
ReliabilityEvaluation EvaluateReliability(Replay* replay, std::span<const uint32_t> person);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_RELIABILITY_H_
