// SPDX-License-Identifier: Apache-2.0
// Whether a run can do what its options ask.
#ifndef LIBMPI_LINKAGE_OPTION_CHECKS_H_
#define LIBMPI_LINKAGE_OPTION_CHECKS_H_

#include <cstddef>

#include "absl/status/status.h"
#include "libmpi/linkage/linker.h"

namespace libmpi {

// kInvalidArgument, with what to mend, where options of a run over `count` records contradict each other or tell of
// records that there are not, or their model is none. O(size of the options).
absl::Status CheckOptions(size_t count, const LinkOptions& options);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_OPTION_CHECKS_H_
