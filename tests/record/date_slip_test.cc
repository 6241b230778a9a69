// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/date_slip.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace libmpi {
namespace {

// The digits one after another, as simply as it can be said.
DateRelation PlainRelation(CivilDate a, CivilDate b) {
  if (a == b) return DateRelation::kEqual;
  const auto digits = [](CivilDate d) {
    char text[16];
    std::snprintf(text, sizeof text, "%04d%02d%02d", d.year, d.month, d.day);
    return std::string(text);
  };
  const std::string x = digits(a), y = digits(b);
  int apart = 0;
  bool exchanged = false;
  for (size_t i = 0; i < x.size(); ++i) {
    apart += x[i] != y[i];
    std::string z = x;
    if (i > 0) std::swap(z[i - 1], z[i]);
    exchanged |= z == y;
  }
  const int years = std::abs(a.year - b.year);
  const int agreeing = (years == 0) + (a.month == b.month) + (a.day == b.day);
  const bool year_slip = years == 1 || years == 44 || years == 14 || years == 63 || years == 30;
  if (apart == 1 || exchanged || (agreeing == 2 && year_slip)) return DateRelation::kSlip;
  if (years == 0 && a.month == b.day && a.day == b.month) return DateRelation::kSlip;
  return agreeing == 2 ? DateRelation::kClose : DateRelation::kDifferent;
}

TEST(DateSlipTest, DoesAsThePlainOneDoes) {
  std::mt19937 random(3);
  const auto date = [&] {
    return CivilDate{static_cast<int16_t>(random() % 4 ? 1900 + random() % 130 : 1 + random() % 9999),
                     static_cast<uint8_t>(1 + random() % 12), static_cast<uint8_t>(1 + random() % 31)};
  };
  for (int i = 0; i < 300000; ++i) {
    const CivilDate a = date();
    CivilDate b = date();
    if (random() % 2) b.year = a.year;
    if (random() % 2) b.month = a.month;
    if (random() % 2) b.day = a.day;
    ASSERT_EQ(RelateDates(a, b), PlainRelation(a, b)) << a.year << ' ' << +a.month << ' ' << +a.day << ", " << b.year
                                                      << ' ' << +b.month << ' ' << +b.day;
  }
}

TEST(DateSlipTest, TellsSlipsFromOtherDates) {
  struct Case {
    const char* note;
    CivilDate a, b;
    DateRelation want;
  };
  const Case cases[] = {
      {"equal", {1980, 1, 2}, {1980, 1, 2}, DateRelation::kEqual},
      {"a digit of the day", {1980, 1, 2}, {1980, 1, 3}, DateRelation::kSlip},
      {"a digit of the year", {1980, 1, 2}, {1930, 1, 2}, DateRelation::kSlip},
      {"a digit that carries is two", {1980, 1, 9}, {1980, 1, 10}, DateRelation::kClose},
      {"year off by one over a decade", {1979, 3, 4}, {1980, 3, 4}, DateRelation::kSlip},
      {"year off by two over a decade", {1979, 3, 4}, {1981, 3, 4}, DateRelation::kClose},
      {"neighbours in the year", {1954, 3, 4}, {1945, 3, 4}, DateRelation::kSlip},
      {"neighbours in the day", {1980, 1, 12}, {1980, 1, 21}, DateRelation::kSlip},
      {"neighbours across month and day", {1980, 10, 20}, {1980, 12, 1}, DateRelation::kDifferent},
      {"month and day", {1980, 3, 4}, {1980, 4, 3}, DateRelation::kSlip},
      {"month and day of another year", {1980, 3, 4}, {1981, 4, 3}, DateRelation::kDifferent},
      {"Showa for Heisei", {1950, 3, 14}, {2013, 3, 14}, DateRelation::kSlip},
      {"Taisho for Showa", {1920, 3, 14}, {1934, 3, 14}, DateRelation::kSlip},
      {"Meiji for Taisho", {1880, 3, 14}, {1924, 3, 14}, DateRelation::kSlip},
      {"Heisei for Reiwa", {1990, 3, 14}, {2020, 3, 14}, DateRelation::kSlip},
      {"era taken for another, and the day", {1950, 3, 14}, {2013, 3, 15}, DateRelation::kDifferent},
      {"another year", {1980, 1, 15}, {1957, 1, 15}, DateRelation::kClose},
      {"another month", {1980, 1, 15}, {1980, 12, 15}, DateRelation::kClose},
      {"another day", {1980, 1, 15}, {1980, 1, 27}, DateRelation::kClose},
      {"another date", {1980, 1, 15}, {1957, 11, 28}, DateRelation::kDifferent},
      {"a father's", {1950, 1, 2}, {1982, 4, 15}, DateRelation::kDifferent},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(RelateDates(c.a, c.b), c.want) << c.note;
    EXPECT_EQ(RelateDates(c.b, c.a), c.want) << c.note;
  }
}

}  // namespace
}  // namespace libmpi
