// SPDX-License-Identifier: Apache-2.0
// What facilities do to one birth date.
#ifndef LIBMPI_RECORD_DATE_SLIP_H_
#define LIBMPI_RECORD_DATE_SLIP_H_

#include <cstdint>

#include "libmpi/record/features.h"

namespace libmpi {

// Of two full dates, most alike first.
enum class DateRelation : uint8_t {
  kEqual,
  kSlip,       // one slip made the one of the other: a digit wrong, two neighbouring digits or month
               // and day exchanged, the year off by one, an era taken for another
  kClose,      // two of year, month and day agree
  kDifferent,
};

DateRelation RelateUnequalDates(CivilDate a, CivilDate b);

// REQUIRES: both are full. Symmetric; some nanoseconds.
inline DateRelation RelateDates(CivilDate a, CivilDate b) {
  return a == b ? DateRelation::kEqual : RelateUnequalDates(a, b);
}

}  // namespace libmpi

#endif  // LIBMPI_RECORD_DATE_SLIP_H_
