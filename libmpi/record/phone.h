// SPDX-License-Identifier: Apache-2.0
// A phone field to its numbers.
#ifndef LIBMPI_RECORD_PHONE_H_
#define LIBMPI_RECORD_PHONE_H_

#include <string_view>
#include <vector>

#include "libmpi/record/features.h"

namespace libmpi {

// Sorted, each once; what is no person's number is left out with a finding appended. Thread-safe.
std::vector<PhoneFeatures> ParsePhones(std::string_view text, std::vector<Finding>* findings);
// The same, after those that *phones has: neither sorted nor unique.
void AppendPhones(std::string_view text, std::vector<PhoneFeatures>* phones, std::vector<Finding>* findings);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_PHONE_H_
