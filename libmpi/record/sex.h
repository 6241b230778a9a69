// SPDX-License-Identifier: Apache-2.0
// Sex in its codes.
#ifndef LIBMPI_RECORD_SEX_H_
#define LIBMPI_RECORD_SEX_H_

#include <string_view>
#include <vector>

#include "libmpi/record/features.h"

namespace libmpi {

// kUnknown: unreadable, with a finding appended, or said to be unknown. Thread-safe.
Sex ParseSex(std::string_view text, std::vector<Finding>* findings);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_SEX_H_
