// SPDX-License-Identifier: Apache-2.0
// From records to a model: name counts first, then the mixture of pair classes.
#ifndef LIBMPI_LINKAGE_LEARNING_H_
#define LIBMPI_LINKAGE_LEARNING_H_

#include <cstdint>
#include <functional>
#include <span>

#include "absl/status/statusor.h"
#include "libmpi/linkage/blocks.h"
#include "libmpi/linkage/comparator.h"
#include "libmpi/linkage/distinct_records.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/pattern_counts.h"

namespace libmpi {

// Counts of name parts and readings over the records, or, beyond 300,000 of
// them, over a sample chosen by content.
absl::StatusOr<NameCounts> CountNames(size_t count, const RecordReader& reader,
                                      const LinkOptions& options);

// Whether a pair may be looked at: for links to a reference list, pairs across only.
using PairFilter = std::function<bool(uint32_t a, uint32_t b)>;

struct PatternSample {
  std::vector<PatternCount> counts;
  uint64_t candidate_pairs = 0;  // all of them; estimated where sampled
};

// Patterns of the candidate pairs, or, beyond some millions, of the pairs of a sample of blocks
// by content and seed. A pair of distinct records counts for all pairs of their repeats, and
// repeats among themselves. One thread a comparator.
PatternSample CountPatterns(const EncodedRecords& records, const DistinctRecords& distinct,
                            const Blocks& blocks, const PairFilter& filter, uint64_t seed,
                            std::vector<Comparator>* comparators);

// EM over a sample. False in *learned and the default model's classes where the data
// cannot carry a model; the reasons go to `check`.
Model LearnModel(const PatternSample& sample, size_t records, NameCounts names, int threads,
                 SelfCheck* check, bool* learned);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_LEARNING_H_
