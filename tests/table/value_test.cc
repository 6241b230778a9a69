// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/value.h"

#include <gtest/gtest.h>

namespace libmpi::table {
namespace {

struct Case {
  Kind kind;
  const char *a, *b;
  const char* level;
};
void PrintTo(const Case& c, std::ostream* out) { *out << KindName(c.kind) << " " << c.level; }

Value Read(const Field& field, const char* text) {
  Value value;
  EXPECT_EQ(ReadValue(field, {text}, &value), Reading::kRead) << text;
  return value;
}

class CompareTest : public testing::TestWithParam<Case> {};

TEST_P(CompareTest, InEitherOrder) {
  const Case& c = GetParam();
  Field field{"f", c.kind, {"f"}};
  if (c.kind == Kind::kNumber) field.tolerance = 1;
  const Value a = Read(field, c.a), b = Read(field, c.b);
  EXPECT_EQ(LevelsOf(c.kind)[CompareValues(field, a, b)].name, c.level) << c.a << " / " << c.b;
  EXPECT_EQ(CompareValues(field, a, b), CompareValues(field, b, a));
}

INSTANTIATE_TEST_SUITE_P(
    Table, CompareTest,
    testing::Values(
        Case{Kind::kName, "Müller", "MULLER", "equal"}, Case{Kind::kName, "O'Brien", "obrien", "equal"},
        Case{Kind::kName, "Robert", "Bob", "alike"}, Case{Kind::kName, "Tiff", "Tiffany", "alike"},
        Case{Kind::kName, "Mary Ann", "Mary", "alike"}, Case{Kind::kName, "De La Cruz", "delacruz", "alike"},
        Case{Kind::kName, "Schmidt", "Schmitt", "near"}, Case{Kind::kName, "Jhon", "John", "near"},
        Case{Kind::kName, "Stephens", "Stevens", "close"}, Case{Kind::kName, "Miller", "Cooper", "different"},
        Case{Kind::kName, "J", "John", "initial_agrees"}, Case{Kind::kName, "J", "J", "initial_agrees"},
        Case{Kind::kName, "J", "Mary", "initial_differs"},
        Case{Kind::kJapaneseName, "高橋", "髙橋", "equal"}, Case{Kind::kJapaneseName, "タカハシ", "たかはし", "equal"},
        Case{Kind::kJapaneseName, "オオノ", "オノ", "loose"}, Case{Kind::kJapaneseName, "高橋", "山本", "different"},
        Case{Kind::kText, "12 Main Street", "12 main street", "equal"},
        Case{Kind::kText, "wallaby place", "walaby place", "near"},
        Case{Kind::kText, "high street north", "north high street", "close"},
        Case{Kind::kText, "high street", "high road", "overlap"}, Case{Kind::kText, "high street", "elm road", "different"},
        Case{Kind::kDate, "1980-02-03", "19800203", "equal"}, Case{Kind::kDate, "1980-02-03", "1980-03-02", "slip"},
        Case{Kind::kDate, "1980-02-03", "1980-02-28", "close"}, Case{Kind::kDate, "1980-02-03", "1980-11-28", "year"},
        Case{Kind::kDate, "1980-02-03", "1955-11-28", "different"},
        // No date, yet a slip away from one; alone it is no agreement.
        Case{Kind::kDate, "1980-02-33", "1980-02-03", "slip"}, Case{Kind::kDate, "1980-02-33", "1980-02-33", "missing"},
        Case{Kind::kNumber, "41", "41.0", "equal"}, Case{Kind::kNumber, "41", "42", "near"},
        Case{Kind::kNumber, "41", "50", "different"}, Case{Kind::kCode, "AB-123", "ab123", "equal"},
        Case{Kind::kCode, "AB123", "AB132", "slip"}, Case{Kind::kCode, "w1w 7dh", "w1w 9xx", "prefix"},
        Case{Kind::kCode, "12345", "98765", "different"}, Case{Kind::kCategory, "m", "M", "equal"},
        Case{Kind::kCategory, "m", "f", "differs"}, Case{Kind::kPoint, "35.6800,139.7600", "35.6801,139.7601", "same"},
        Case{Kind::kPoint, "35.68,139.76", "34.69,135.50", "far"},
        Case{Kind::kList, "a@x.org; b@y.org", "b@y.org", "shared"},
        Case{Kind::kList, "a1;a2;a3;a4;a5;a6;a7;a8;a9;b1;b2;b3;b4;b5;b6;b7;b8;b9;c1;c2;c3;c4;zz", "zz", "shared"}, Case{Kind::kList, "smith", "smyth;x", "near"}));

TEST(ReadValueTest, TellsWhatSaysNothingFromWhatCannotBeRead) {
  Field date{"d", Kind::kDate, {"d"}};
  date.missing = {"NA"};
  Value value;
  EXPECT_EQ(ReadValue(date, {""}, &value), Reading::kMissing);
  EXPECT_EQ(ReadValue(date, {"NA"}, &value), Reading::kMissing);
  EXPECT_EQ(ReadValue(date, {"yesterday"}, &value), Reading::kUnreadable);
  EXPECT_EQ(ReadValue(date, {"4294969295-01-02"}, &value), Reading::kUnreadable);
  Field number{"n", Kind::kNumber, {"n"}};
  EXPECT_EQ(ReadValue(number, {"1e999"}, &value), Reading::kUnreadable);
  EXPECT_EQ(ReadValue(number, {"nan"}, &value), Reading::kUnreadable);
  Field name{"x", Kind::kName, {"x"}};
  EXPECT_EQ(ReadValue(name, {"..."}, &value), Reading::kMissing);
}

TEST(ReadValueTest, DateOfThreeColumnsAndOtherOrders) {
  Field parts{"d", Kind::kDate, {"y", "m", "d"}};
  Value value;
  ASSERT_EQ(ReadValue(parts, {"1980", "2", "3"}, &value), Reading::kRead);
  EXPECT_EQ(value.date, (CivilDate{1980, 2, 3}));
  ASSERT_EQ(ReadValue(parts, {"1980", "", ""}, &value), Reading::kRead);
  EXPECT_FALSE(value.date.IsFull());
  Field american{"d", Kind::kDate, {"d"}};
  american.date_order = DateOrder::kMdy;
  ASSERT_EQ(ReadValue(american, {"02/03/1980"}, &value), Reading::kRead);
  EXPECT_EQ(value.date, (CivilDate{1980, 2, 3}));
}

TEST(BlockingKeyTest, MeetsWhatIsMeantToMeet) {
  const Field name{"n", Kind::kName, {"n"}}, date{"d", Kind::kDate, {"d"}};
  const auto key = [](const Field& f, const char* text, Transform t) { return BlockingKey(f, Read(f, text), t); };
  EXPECT_EQ(key(name, "Meier", Transform::kSound), key(name, "Mayer", Transform::kSound));
  EXPECT_NE(key(name, "Meier", Transform::kExact), key(name, "Mayer", Transform::kExact));
  EXPECT_EQ(key(name, "Al", Transform::kPrefix3), 0u);
  EXPECT_EQ(key(date, "1980-02-03", Transform::kYear), key(date, "1980-12-31", Transform::kYear));
  EXPECT_EQ(key(date, "1980-02-03", Transform::kMonthDay), key(date, "1955-02-03", Transform::kMonthDay));
}

}  // namespace
}  // namespace libmpi::table
