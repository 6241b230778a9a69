// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/civil_date.h"

#include <chrono>

namespace libmpi {

CivilDate DayOf(int64_t unix_milliseconds) {
  using std::chrono::milliseconds;
  const std::chrono::sys_time<milliseconds> time{milliseconds(unix_milliseconds)};
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time + std::chrono::hours(9)));
  return {static_cast<int16_t>(static_cast<int>(day.year())), static_cast<uint8_t>(static_cast<unsigned>(day.month())),
          static_cast<uint8_t>(static_cast<unsigned>(day.day()))};
}

}  // namespace libmpi
