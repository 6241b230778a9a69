// SPDX-License-Identifier: Apache-2.0
// Whether what persons decided of pairs can hold together.
#ifndef LIBMPI_LINKAGE_DECISION_CHECKS_H_
#define LIBMPI_LINKAGE_DECISION_CHECKS_H_

#include <cstddef>
#include <span>

#include "absl/status/status.h"
#include "libmpi/linkage/linker.h"

namespace libmpi {

// kInvalidArgument where an index is none of `count` records', or where "same" decisions make one person
// of two records that are decided to be two. Nearly linear.
absl::Status CheckDecisions(size_t count, std::span<const Decision> decisions);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_DECISION_CHECKS_H_
