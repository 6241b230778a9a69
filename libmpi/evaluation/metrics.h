// SPDX-License-Identifier: Apache-2.0
// How good a partition is, given the truth.
#ifndef LIBMPI_EVALUATION_METRICS_H_
#define LIBMPI_EVALUATION_METRICS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace libmpi {

struct Interval {
  double low = 0;
  double high = 0;
};

// Precision, recall and their harmonic mean, with 95 % intervals.
struct PrecisionRecall {
  double precision = 0;
  double recall = 0;
  double f1 = 0;
  Interval precision_interval, recall_interval, f1_interval;
};

struct ClusterEvaluation {
  uint64_t records = 0;
  uint64_t true_pairs = 0;       // pairs of records of one person
  uint64_t found_pairs = 0;      // pairs of records in one cluster
  uint64_t correct_pairs = 0;    // both
  PrecisionRecall pairs;
  PrecisionRecall b_cubed;       // Bagga and Baldwin, LREC 1998
  double exact_clusters = 0;     // share of persons found whole and alone
};

// cluster[i] and person[i] are arbitrary labels of record i. Intervals: a
// Poisson bootstrap over connected components of truth and clusters (they
// are the independent units), 200 rounds, fixed seed. O(n log n).
// REQUIRES: cluster.size() == person.size().
// `list`, if given, says which of two lists a record is in: only pairs across count then (what
// linking to a reference list can find); B-cubed still judges whole clusters.
ClusterEvaluation EvaluateClusters(std::span<const uint32_t> cluster,
                                   std::span<const uint32_t> person,
                                   std::span<const uint8_t> list = {});

// One scored pair for curves.
struct ScoredPair {
  uint32_t a = 0;
  uint32_t b = 0;
  double weight = 0;
};
struct ThresholdPoint {
  double threshold = 0;
  uint64_t pairs = 0;    // at or above
  uint64_t correct = 0;
  double precision = 0;
  double recall = 0;     // of all true pairs
  double f1 = 0;
  Interval precision_interval, recall_interval;  // 95 %
};
// Pairwise figures of the links themselves at each threshold; `thresholds` ascend. Intervals as above,
// over the persons that links join.
std::vector<ThresholdPoint> EvaluateThresholds(std::span<const ScoredPair> links,
                                               std::span<const uint32_t> person,
                                               std::span<const double> thresholds,
                                               std::span<const uint8_t> list = {});

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_METRICS_H_
