// SPDX-License-Identifier: Apache-2.0
// Check digits of the numbers that patients are known by (facts: formats.md 4a).
#ifndef LIBMPI_RECORD_CHECK_DIGITS_H_
#define LIBMPI_RECORD_CHECK_DIGITS_H_

#include <string_view>

namespace libmpi {

// Luhn over all digits, last one the check digit.
bool InsurerCheckDigitHolds(std::string_view digits);

// 12 digits whose last passes the My Number check. A tenth of random values pass as well.
bool LooksLikeMyNumber(std::string_view digits);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_CHECK_DIGITS_H_
