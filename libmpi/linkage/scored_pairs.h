// SPDX-License-Identifier: Apache-2.0
// What scoring the candidate pairs of a run found.
#ifndef LIBMPI_LINKAGE_SCORED_PAIRS_H_
#define LIBMPI_LINKAGE_SCORED_PAIRS_H_

#include <cstdint>

#include "libmpi/base/array_space.h"
#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/linker.h"

namespace libmpi {

struct ScoredPairs {
  LargeArray<Edge> pairs;    // of distinct records, a != b
  LargeArray<Edge> repeats;  // a == b
  double expected_matches = 0;
  uint64_t left_out = 0;  // pairs that EdgeStore did not keep
  // As in LinkResult.
  uint64_t candidate_pairs = 0;
  uint64_t unlinkable = 0;
  WeightHistogram pair_weights, self_weights;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_SCORED_PAIRS_H_
