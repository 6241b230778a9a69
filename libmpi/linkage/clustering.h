// SPDX-License-Identifier: Apache-2.0
// Clusters from match weights: components, then average linkage inside each.
#ifndef LIBMPI_LINKAGE_CLUSTERING_H_
#define LIBMPI_LINKAGE_CLUSTERING_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "libmpi/linkage/average_linkage.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/run_bounds.h"

namespace libmpi {

struct Edge {
  uint32_t a = 0;
  uint32_t b = 0;
  FixedWeight weight = 0;
  // A common name, birth date and sex alone, or too little to compare: for a person to decide, at
  // whatever threshold (design "Comparing" 5, 6).
  bool held = false;
  bool Joins(FixedWeight threshold) const { return weight >= threshold && !held; }
};

// The two of a pair, in any order, as one number.
inline uint64_t PairKey(uint32_t a, uint32_t b) {
  return uint64_t{std::min(a, b)} << 32 | std::max(a, b);
}

struct ClusteringOptions {
  FixedWeight threshold = 0;
  // Weights are cut to +-this before they are averaged, so that one extreme
  // pair does not decide for many. Must lie above the threshold.
  FixedWeight weight_limit = 15 * 1024;
  // Larger components are first cut by a threshold raised in steps of 2 bits. Where components are so many and
  // large that all their pairs would be more than `most_pairs` and kMostPairsARecord a record, those of fewer
  // records are cut too, down to kSmallestCut.
  size_t largest_component = 1000;
  uint64_t most_pairs = 100'000'000;
  int threads = 1;
  // How many times each record counts in averages; empty: once.
  std::span<const uint32_t> counts;
  // Pairs that are decided; indices of records.
  std::vector<std::pair<uint32_t, uint32_t>> must_links;
  std::vector<std::pair<uint32_t, uint32_t>> cannot_links;
  // Record and group, each record any times: records of one group are never joined.
  std::vector<std::pair<uint32_t, uint32_t>> apart;
};

inline constexpr uint64_t kMostPairsARecord = 100;
inline constexpr size_t kSmallestCut = 60;  // nobody's records are more: kSuspiciousCluster

struct Clustering {
  std::vector<uint32_t> cluster;  // by record: smallest record of its cluster
  CutComponents cut;              // those that were too large
  uint64_t largest_component = 0;
  // The weakest pair of each cluster that holds one at or below kDoubtfulWeight, by (a, b): its
  // other members outvoted the disagreement.
  std::vector<Edge> doubtful_pairs;
};

// 64 to 1 against one person.
inline constexpr FixedWeight kDoubtfulWeight = -6 * 1024;

// Weight of any pair, also of those that blocking missed; or kNeverTogether, as if a cannot-link told the two apart, of a
// pair that no edge at or above the threshold joins. `worker` tells threads apart.
inline constexpr FixedWeight kNeverTogether = INT32_MIN;
using PairWeight = std::function<FixedWeight(int worker, uint32_t a, uint32_t b)>;

// Components are joined by `edges` at or above the threshold and by must-links;
// inside one, the two clusters of highest average weight merge while that
// average reaches the threshold (unweighted average linkage, Sokal and Michener 1958); ties go to
// the smaller records; cannot-links are never joined. No component is left for another:
// a change in one never moves a record of another. Deterministic. In a component of n records
// O(n^2) weights and, as a rule, O(n^2) comparisons of averages (average_linkage.h); over all components weights as
// ClusteringOptions bounds them.
Clustering ClusterRecords(size_t count, std::span<const Edge> edges, const PairWeight& weight,
                          const ClusteringOptions& options);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_CLUSTERING_H_
