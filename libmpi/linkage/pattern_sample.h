// SPDX-License-Identifier: Apache-2.0
// What EM sees of all pairs of a set of records: the candidate pairs, and random ones of the rest.
#ifndef LIBMPI_LINKAGE_PATTERN_SAMPLE_H_
#define LIBMPI_LINKAGE_PATTERN_SAMPLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "libmpi/linkage/blocks.h"
#include "libmpi/linkage/comparator.h"
#include "libmpi/linkage/distinct_records.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/pattern_counts.h"

namespace libmpi {

// Whether a pair, a < b, may be looked at: for links to a reference list, pairs across only.
using PairFilter = std::function<bool(uint32_t a, uint32_t b)>;

// Counts are scaled to all pairs of their kind where only some were compared.
struct PatternSample {
  std::vector<PatternCount> counts;  // by pattern
  double pairs = 0;                  // of records, of this kind
  uint64_t compared = 0;             // of these
};

// Patterns of the candidate pairs, or, beyond some millions, of the pairs of a sample of blocks by
// content and seed. A pair of distinct records counts for all pairs of their repeats, and repeats
// count among themselves. One thread a comparator.
PatternSample CountBlockedPatterns(const EncodedRecords& records, const DistinctRecords& distinct,
                                   const Blocks& blocks, const PairFilter& filter, uint64_t seed,
                                   std::vector<Comparator>* comparators);

// Patterns of some hundred thousand random pairs that share no block, chosen by content and seed, scaled to
// `pairs`, the number of all such pairs. With the candidate pairs they are all pairs there are, so
// that what EM learns is not conditional on blocking (design "Comparing" 7). `new_records`: how
// many records are new, where only pairs of a new one and another count.
PatternSample CountUnblockedPatterns(const EncodedRecords& records, const Blocks& blocks,
                                     std::optional<size_t> new_records, uint64_t seed, double pairs,
                                     std::vector<Comparator>* comparators);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_PATTERN_SAMPLE_H_
