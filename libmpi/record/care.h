// SPDX-License-Identifier: Apache-2.0
// A care insurance card (介護保険) to its identity.
#ifndef LIBMPI_RECORD_CARE_H_
#define LIBMPI_RECORD_CARE_H_

#include <vector>

#include "libmpi/record/features.h"
#include "libmpi/record/record.h"

namespace libmpi {

// What can't be read is empty, with a finding appended. Thread-safe.
CareFeatures ParseCare(const StatedCareInsuranceView& stated, std::vector<Finding>* findings);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_CARE_H_
