// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/date_slip.h"

#include <cstdlib>

namespace libmpi {
namespace {

int Digits(CivilDate d) { return d.year * 10000 + d.month * 100 + d.day; }

int DigitsApart(int a, int b) {
  int apart = 0;
  for (; a != 0 || b != 0; a /= 10, b /= 10) apart += a % 10 != b % 10;
  return apart;
}

// The digits of YYYYMMDD with two neighbours exchanged.
bool NeighboursExchanged(int a, int b) {
  for (int unit = 1; unit < 10000000; unit *= 10) {
    const int low = a / unit % 10, high = a / unit / 10 % 10;
    if (low != high && a + (low - high) * 9 * unit == b) return true;
  }
  return false;
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
  const int x = Digits(a), y = Digits(b);
  if (DigitsApart(x, y) == 1 || NeighboursExchanged(x, y)) return DateRelation::kSlip;
  return agreeing == 2 ? DateRelation::kClose : DateRelation::kDifferent;
}

}  // namespace libmpi
