// SPDX-License-Identifier: Apache-2.0
// A run looks at itself: says so where it should not be trusted.
#ifndef LIBMPI_LINKAGE_SELF_CHECK_H_
#define LIBMPI_LINKAGE_SELF_CHECK_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/linkage/linker.h"

namespace libmpi {

// kInvalidArgument where a model of our classes says the opposite of what they mean, as a hand-edited
// file may: a class has lost its meaning, or most pairs are said to be matches.
absl::Status CheckMeaning(const Model& model);

// Which class has lost the meaning its starting table gave it, in one clause;
// empty if none.
std::string FindMeaningDrift(std::span<const PairClass> learned,
                             std::span<const PairClass> start);

// Checks a finished run: expected against found links, cluster sizes, levels
// whose weights are not monotone, keys that stayed too common, the size of the data
// against the model's. `expected_matches`: sum of match probabilities over the candidate pairs;
// `pairs_found`: those that the clusters (or the links to a reference) hold.
void CheckRun(const LinkResult& result, size_t records, double expected_matches,
              uint64_t pairs_found, SelfCheck* check);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_SELF_CHECK_H_
