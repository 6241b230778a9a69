// SPDX-License-Identifier: Apache-2.0
// A birth date's text to a civil date.
#ifndef LIBMPI_RECORD_BIRTH_DATE_H_
#define LIBMPI_RECORD_BIRTH_DATE_H_

#include <string_view>
#include <vector>

#include "libmpi/record/features.h"

namespace libmpi {

// Gregorian and era notations, partial dates, serial days of spreadsheets (with a finding).
// False: unreadable or impossible, with a finding appended, or empty. `today` {}: how old or
// unborn the patient would be is not checked, beyond years that no birth can have. Thread-safe.
bool ParseBirthDate(std::string_view text, const CivilDate& today, CivilDate* date,
                    std::vector<Finding>* findings);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_BIRTH_DATE_H_
