// SPDX-License-Identifier: Apache-2.0
// A health insurance card to its identity.
#ifndef LIBMPI_RECORD_COVERAGE_H_
#define LIBMPI_RECORD_COVERAGE_H_

#include <vector>

#include "libmpi/record/features.h"
#include "libmpi/record/record.h"

namespace libmpi {

// What can't be read is empty, with a finding appended. Thread-safe.
CoverageFeatures ParseCoverage(const StatedCoverageView& stated, std::vector<Finding>* findings);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_COVERAGE_H_
