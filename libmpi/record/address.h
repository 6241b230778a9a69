// SPDX-License-Identifier: Apache-2.0
// An address to its parts.
#ifndef LIBMPI_RECORD_ADDRESS_H_
#define LIBMPI_RECORD_ADDRESS_H_

#include <vector>

#include "libmpi/record/features.h"
#include "libmpi/record/record.h"

namespace libmpi {

// What can't be read is empty, with a finding appended, or said to be unknown. Thread-safe.
AddressFeatures ParseAddress(const StatedAddressView& stated, std::vector<Finding>* findings);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_ADDRESS_H_
