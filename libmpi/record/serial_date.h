// SPDX-License-Identifier: Apache-2.0
// Days as spreadsheets count them. Internal to libmpi/record.
#ifndef LIBMPI_RECORD_SERIAL_DATE_H_
#define LIBMPI_RECORD_SERIAL_DATE_H_

#include "libmpi/record/features.h"

namespace libmpi {

// The date that a spreadsheet shows for a day of its 1900 system, in which day 1 is 1900-01-01 and
// day 60 the 29th of February 1900, which never was. {}: no date (0, 60, negative, beyond 9999).
CivilDate DateOfSerialDay(int serial);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_SERIAL_DATE_H_
