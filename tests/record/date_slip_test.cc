// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/date_slip.h"

#include <gtest/gtest.h>

namespace libmpi {
namespace {

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
