// SPDX-License-Identifier: Apache-2.0
#ifndef LIBMPI_RECORD_CIVIL_DATE_H_
#define LIBMPI_RECORD_CIVIL_DATE_H_

#include <compare>
#include <cstdint>

namespace libmpi {

// A civil date, possibly partial: 0 means unknown. {0,0,0} is never stored.
struct CivilDate {
  int16_t year = 0;
  uint8_t month = 0;
  uint8_t day = 0;
  auto operator<=>(const CivilDate&) const = default;
  bool IsFull() const { return year != 0 && month != 0 && day != 0; }
};

// The day in Japan (UTC+9, without summer time) at a moment, milliseconds since 1970.
CivilDate DayOf(int64_t unix_milliseconds);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_CIVIL_DATE_H_
