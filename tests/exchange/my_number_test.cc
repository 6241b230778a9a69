// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/my_number.h"

#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "exchange/my_numbers.h"

namespace libmpi {
namespace {

TEST(MyNumberTest, IsSeenInEveryWriting) {
  for (const char* value : {"123456789018", "1234 5678 9018", "1234-5678-9018", "１２３４５６７８９０１８",
                            "１２３４－５６７８－９０１８", "1234　5678　9018", "1234ー5678ー9018", "=\"123456789018\"",
                            "'123456789018", "123456789018.0", "1234−5678‐9018", "1234・5678・9018"})
    EXPECT_TRUE(IsMyNumber(value)) << value;
  for (const char* value : {"", "123456789012", "12345678901", "1234567890180", "000000000000", "111111111111",
                            "12345678901A", "山田太郎花子", "090-1234-5678", "1234567890180000"})
    EXPECT_FALSE(IsMyNumber(value)) << value;
}

TEST(MyNumberTest, TalliesCountWhatIsOne) {
  const std::string kParts[] = {"1", "234", "567890", "123456789018", "１", "３４", "-", " ", "＝", "\"", "=", "ヤ", "山", "x", "ー", "・", "é", "\xFF", ".0"};
  std::mt19937 random(8);
  MyNumberTally tally;
  uint64_t hits = 0, filled = 0;
  for (int round = 0; round < 200000; ++round) {
    std::string value;
    for (size_t n = random() % 6; n > 0; --n) value += kParts[random() % (round % 2 ? 4 : std::size(kParts))];
    hits += IsMyNumber(value);
    filled += !value.empty();
    tally.Add(value, 1);
    ASSERT_EQ(tally.hits(), hits) << value;
  }
  EXPECT_EQ(tally.filled(), filled);
  EXPECT_GT(hits, 1000u);
}

TEST(MyNumberTest, ColumnsAreJudgedNotValues) {
  struct Case {
    const char* note;
    int numbers;  // different My Numbers
    int others;
    int repeats;  // of the first My Number
    bool want;
  };
  const Case kCases[] = {{"nothing", 0, 0, 0, false},       {"a lone hit", 1, 0, 0, false},
                         {"four may be chance", 4, 0, 0, false}, {"five are not", 5, 0, 0, true},
                         {"one number on many rows", 1, 0, 50, false}, {"nine of ten", 9, 1, 0, true},
                         {"fewer", 8, 2, 0, false},         {"a tenth, as by chance", 10, 90, 0, false}};
  for (const Case& c : kCases) {
    MyNumberTally first, second;
    for (int i = 0; i < c.numbers; ++i) (i % 2 ? first : second).Add(NthMyNumber(i), 10 + i);
    for (int i = 0; i < c.others; ++i) first.Add("123456789012", 500);
    for (int i = 0; i < c.repeats; ++i) second.Add(NthMyNumber(0), 700);
    first.Add("", 1);
    first.Merge(second);
    EXPECT_EQ(first.IsColumnOfMyNumbers(), c.want) << c.note;
    EXPECT_EQ(first.filled(), c.numbers + c.others + c.repeats) << c.note;
    EXPECT_EQ(first.first_line(), c.numbers > 0 ? 10 : 0) << c.note;
  }
}

}  // namespace
}  // namespace libmpi
