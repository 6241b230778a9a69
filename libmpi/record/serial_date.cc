// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/serial_date.h"

#include <chrono>

namespace libmpi {
namespace {

constexpr int kDayThatNeverWas = 60;
constexpr int kLastDay = 2958465;  // 9999-12-31

}  // namespace

CivilDate DateOfSerialDay(int serial) {
  if (serial < 1 || serial == kDayThatNeverWas || serial > kLastDay) return {};
  using std::chrono::sys_days, std::chrono::year, std::chrono::December, std::chrono::days;
  const sys_days day_zero = sys_days{year{1899} / December / 31};
  const int days_after = serial > kDayThatNeverWas ? serial - 1 : serial;
  const std::chrono::year_month_day date{day_zero + days{days_after}};
  return {static_cast<int16_t>(int{date.year()}), static_cast<uint8_t>(unsigned{date.month()}),
          static_cast<uint8_t>(unsigned{date.day()})};
}

}  // namespace libmpi
