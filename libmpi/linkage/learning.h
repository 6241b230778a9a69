// SPDX-License-Identifier: Apache-2.0
// From records to a model: name counts first, then the mixture of pair classes.
#ifndef LIBMPI_LINKAGE_LEARNING_H_
#define LIBMPI_LINKAGE_LEARNING_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "libmpi/linkage/expectation_maximization.h"
#include "libmpi/linkage/labels.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/pattern_sample.h"

namespace libmpi {

// What is counted of the data before there are features; frozen in the model.
struct DataCounts {
  NameCounts names;
  uint64_t insurers = 0;             // insurer numbers
  uint64_t failed_check_digits = 0;  // of these
  bool InsurersHaveCheckDigits() const { return 2 * failed_check_digits <= insurers; }
};

// Counts over the records, or, beyond 300,000 of them, over a sample chosen by content.
absl::StatusOr<DataCounts> CountData(size_t count, const RecordReader& reader,
                                     const LinkOptions& options);

// EM over all pairs, as blocked and unblocked ones tell of them, from these classes: the first are
// the matches, the second the unrelated persons (kUnrelatedClass). `labels`: what is known of some
// candidate pairs.
EmResult LearnClasses(const PatternSample& blocked, const PatternSample& unblocked,
                      std::span<const LabelledPattern> labels, std::span<const PairClass> classes, int threads);

// The same from StartingClasses(), and judged. False in *learned and the default model's classes where the data
// cannot carry a model; the reasons go to `check`.
Model LearnModel(const PatternSample& blocked, const PatternSample& unblocked,
                 std::span<const LabelledPattern> labels, size_t records, DataCounts counts, int threads,
                 SelfCheck* check, bool* learned);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_LEARNING_H_
