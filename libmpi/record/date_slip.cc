// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/date_slip.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>

namespace libmpi {
namespace {

// The digits of YYYYMMDD, four bits each, so that dates are compared all digits at once.
constexpr std::array<uint8_t, 100> MakeTwoDigits() {
  std::array<uint8_t, 100> digits{};
  for (int i = 0; i < 100; ++i) digits[i] = static_cast<uint8_t>(i / 10 << 4 | i % 10);
  return digits;
}
uint32_t Digits(CivilDate d) {
  static constexpr std::array<uint8_t, 100> kTwoDigits = MakeTwoDigits();
  const auto two = [](unsigned number) { return uint32_t{kTwoDigits[number % 100]}; };
  const auto year = static_cast<unsigned>(d.year);
  return two(year / 100) << 24 | two(year) << 16 | two(d.month) << 8 | two(d.day);
}

// One digit another, or two neighbours exchanged.
bool OneDigitSlip(uint32_t a, uint32_t b) {
  const uint32_t apart = a ^ b;
  if (apart == 0) return false;
  const int first = std::countr_zero(apart) & ~3;
  const uint32_t rest = apart >> first;
  if (rest < 16) return true;
  return rest < 256 && (rest >> 4) == (rest & 15) && (a >> first & 15) == (b >> first >> 4 & 15);
}

// Off by one, or by what lies between the first years of two eras that follow each other: Meiji
// and Taisho 44, Taisho and Showa 14, Showa and Heisei 63, Heisei and Reiwa 30.
bool IsYearSlip(int years) {
  years = std::abs(years);
  return years == 1 || years == 44 || years == 14 || years == 63 || years == 30;
}

}  // namespace

DateRelation RelateUnequalDates(CivilDate a, CivilDate b) {
  const int years = a.year - b.year;
  const int agreeing = (years == 0) + (a.month == b.month) + (a.day == b.day);
  if (years != 0 && agreeing == 2 && IsYearSlip(years)) return DateRelation::kSlip;
  if (years == 0 && a.month == b.day && a.day == b.month) return DateRelation::kSlip;
  if (OneDigitSlip(Digits(a), Digits(b))) return DateRelation::kSlip;
  return agreeing == 2 ? DateRelation::kClose : DateRelation::kDifferent;
}

}  // namespace libmpi
