// SPDX-License-Identifier: Apache-2.0
// A birth date's text to a civil date.
#ifndef LIBMPI_RECORD_BIRTH_DATE_H_
#define LIBMPI_RECORD_BIRTH_DATE_H_

#include <string_view>
#include <vector>

#include "libmpi/record/features.h"

namespace libmpi {

// False: unreadable or impossible, with a finding appended, or empty. Thread-safe.
bool ParseBirthDate(std::string_view text, const CivilDate& today, CivilDate* date,
                    std::vector<Finding>* findings);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_BIRTH_DATE_H_
