// SPDX-License-Identifier: Apache-2.0
// How good a partition is, given the truth. Formulas and how to read them: docs/evaluation.md.
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

// A figure with its 95 % interval.
struct EstimatedFigure {
  double value = 0;
  Interval interval;
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
  uint64_t persons = 0;
  uint64_t clusters = 0;
  uint64_t true_pairs = 0;       // pairs of records of one person
  uint64_t found_pairs = 0;      // pairs of records in one cluster
  uint64_t correct_pairs = 0;    // both
  PrecisionRecall pairs;
  PrecisionRecall b_cubed;       // Bagga and Baldwin, LREC 1998
  // Clusters that are a whole person and nobody else: over clusters found, over persons.
  PrecisionRecall exact;
  double exact_clusters = 0;     // share of persons found whole and alone: exact.recall
  // Splits and merges of clusters that make the truth of what was found: generalised merge distance
  // with cost 1 each (Menestrina, Whang and Garcia-Molina, PVLDB 3(1), 2010).
  uint64_t splits = 0;
  uint64_t merges = 0;
  EstimatedFigure merge_distance;
  // The same over what it costs to split everything into single records and merge anew, which is
  // the most it can be: 0 perfect, 1 as bad as starting over.
  EstimatedFigure normalised_merge_distance;
  // Bits a record (Meila, J. Multivariate Analysis 98, 2007), the sum of the two below: what the cluster
  // leaves open of the person (wrong merges), and the person of the cluster (splits).
  EstimatedFigure variation_of_information;
  EstimatedFigure merged_bits, split_bits;
};

// cluster[i] and person[i] are arbitrary labels of record i. Intervals: a
// Poisson bootstrap over connected components of truth and clusters (they
// are the independent units; of more than 20,000 several in one), 200 rounds, fixed seed. O(n log n).
// REQUIRES: cluster.size() == person.size().
// `list`, if given, says which of two lists a record is in: only pairs across count then (what
// linking to a reference list can find); all other figures still judge whole clusters.
ClusterEvaluation EvaluateClusters(std::span<const uint32_t> cluster,
                                   std::span<const uint32_t> person,
                                   std::span<const uint8_t> list = {});

// Persons drawn at random and found out completely, out of many: all records of each.
struct SampledTruth {
  std::vector<uint32_t> record;  // index into `cluster`
  std::vector<uint32_t> person;  // of that record
  std::vector<double> weight;    // of that person: > 0, 1 / how likely the person was to be drawn, up to a factor
};
// The same figures, estimated for all persons by those of a sample (ratio estimators of Binette et
// al., arXiv 2404.05622): a cluster that the sample touches is judged with all its records, and each
// record of the sample carries its share of it. Counts are those of the sample, unweighted. Intervals by
// the same bootstrap, over sampled persons.
ClusterEvaluation EvaluateSample(std::span<const uint32_t> cluster, const SampledTruth& sample,
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

struct ClusterThresholdPoint {
  double threshold = 0;
  ClusterEvaluation clusters;
};
// All figures of the connected components of the links at or above each threshold, in the order of
// `thresholds`: what transitive closure makes of them, which is no better than average linkage and at
// low thresholds a good deal worse. Thresholds are worked on side by side, by all processors; memory: some 300 bytes a record
// and processor.
std::vector<ClusterThresholdPoint> EvaluateComponents(std::span<const ScoredPair> links,
                                                      std::span<const uint32_t> person,
                                                      std::span<const double> thresholds,
                                                      std::span<const uint8_t> list = {});

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_METRICS_H_
