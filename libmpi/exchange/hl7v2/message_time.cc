// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/message_time.h"

#include <chrono>
#include <cstdio>

namespace libmpi::hl7v2 {

std::string MessageTime(int64_t unix_milliseconds) {
  using namespace std::chrono;
  const sys_time<milliseconds> japan{milliseconds(unix_milliseconds) + hours(9)};
  const auto day = floor<days>(japan);
  const year_month_day date(day);
  const hh_mm_ss time(floor<seconds>(japan) - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d%02u%02u%02d%02d%02d+0900", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text;
}

}  // namespace libmpi::hl7v2
