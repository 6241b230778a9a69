// SPDX-License-Identifier: Apache-2.0
// Which reference record each new record is.
#ifndef LIBMPI_LINKAGE_REFERENCE_ASSIGNMENT_H_
#define LIBMPI_LINKAGE_REFERENCE_ASSIGNMENT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "libmpi/base/array_space.h"
#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/linker.h"

namespace libmpi {

struct ReferenceAssignment {
  std::vector<std::pair<uint32_t, uint32_t>> pairs;  // new record, reference record; best first
  std::vector<uint32_t> cluster;                     // of each record, as in LinkResult
};

// Each of the first `new_count` of `count` records to the best reference record, best pairs first, ties by index;
// `edges` go from a new record to one of the rest. `one_to_one`: a reference record takes at most one new one.
// O(n log n); a copy of the edges, in the space that they lie in.
ReferenceAssignment AssignToReference(const LargeArray<Edge>& edges, FixedWeight match_threshold, size_t new_count,
                                      size_t count, bool one_to_one);

// Leaves those links a match that were assigned; the others are for review: a new record is one reference record's,
// though others of its cluster may agree as well.
void KeepAssignedLinks(const ReferenceAssignment& assignment, std::span<Link> links);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_REFERENCE_ASSIGNMENT_H_
