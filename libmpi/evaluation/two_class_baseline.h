// SPDX-License-Identifier: Apache-2.0
// What a plain recipe does: Fellegi and Sunter's two classes, as most record linkage tools have
// them. Frozen, and used by tests only: a generated region on which this does well is too easy.
#ifndef LIBMPI_EVALUATION_TWO_CLASS_BASELINE_H_
#define LIBMPI_EVALUATION_TWO_CLASS_BASELINE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "libmpi/evaluation/metrics.h"
#include "libmpi/record/record.h"

namespace libmpi {

struct TwoClassResult {
  std::vector<uint32_t> cluster;   // at match probability 0.5: the smallest record of each cluster
  std::vector<ScoredPair> pairs;   // every candidate pair, weight in bits of posterior odds
  double match_share = 0;          // of all pairs of records, as estimated
};

// Standardises the records as the house does and compares eight fields (family name, given name,
// birth, sex, insurance card, city, street, phone) at two or three levels, missing left out. The
// usual recipe: u from pairs drawn at random, m by EM in two training blocks with u held, the share
// of matches from pairs sure to match, fields taken for independent, six blocking rules, links at
// even odds, clusters as connected components. Deterministic. O(pairs).
TwoClassResult LinkWithTwoClasses(std::span<const Record> records);

// Connected components of the pairs at or above a weight, over `records` records.
std::vector<uint32_t> ConnectedComponents(std::span<const ScoredPair> pairs, size_t records,
                                          double threshold);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_TWO_CLASS_BASELINE_H_
