// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/column_map.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/exchange/patient_files.h"

namespace libmpi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ColumnMapTest, HeadersMeanFields) {
  struct Case {
    const char* header;
    const char* field;  // empty: none
  };
  const Case kCases[] = {
      {"患者ID", "record_id"},      {"ＰＡＴＩＥＮＴ＿ＩＤ", "record_id"}, {"Tel.", "phone"},  {"携帯電話", "phone2"},
      {"個人番号", "my_number"},    {"マイナンバー", "my_number"},        {"ﾏｲﾅﾝﾊﾞｰ", "my_number"},
      {"My Number", "my_number"},   {"個人番号(12桁)", "my_number"},      {"緊急連絡先", ""},  {"個人番号ID", ""},
      {"連絡先", "phone"},
  };
  for (const Case& c : kCases) EXPECT_EQ(CanonicalFieldOf(c.header), c.field) << c.header;
  EXPECT_EQ(CanonicalFields().size(), kFields);
}

TEST(ColumnMapTest, WhatIsSaidSeveralTimesMayHaveSeveralColumns) {
  const auto map = MapColumns({"id", "電話番号", "連絡先", "住所", "現住所", "カナ氏名", "フリガナ", "旧姓", "旧氏名"}, {}, "f");
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_THAT(map->field_of_column, ElementsAre(Field::kRecordId, Field::kPhone, Field::kPhone, Field::kAddress,
                                                Field::kAddress, Field::kKana, Field::kKana, Field::kFormerName,
                                                Field::kFormerName));
}

TEST(ColumnMapTest, OtherFieldsHaveOneColumnAndTheErrorSaysWhatToDo) {
  for (const auto& [first, second, field] :
       {std::tuple{"birth", "生年月日", "birth"}, {"性別", "sex", "sex"}, {"枝番", "branch", "branch"},
        {"郵便番号", "zip", "postal_code"}, {"町名番地", "住所1", "street"}}) {
    const auto map = MapColumns({"id", first, second}, {}, "f.csv");
    ASSERT_FALSE(map.ok()) << field;
    const std::string message(map.status().message());
    EXPECT_THAT(message, HasSubstr("f.csv: columns 2 and 3 both mean " + std::string(field)));
    EXPECT_THAT(message, HasSubstr("--columns map.json with {\"" + std::string(second) + "\": \"\"}"));
    EXPECT_TRUE(MapColumns({"id", first, second}, {{second, ""}}, "f.csv").ok());
  }
}

TEST(ColumnMapTest, AFileMustTellOfPatients) {
  const auto map = MapColumns({"id", "source", "person_id"}, {}, "truth.csv");
  EXPECT_THAT(std::string(map.status().message()), HasSubstr("--truth"));
}

TEST(ColumnMapTest, WhatWasToldIsRemembered) {
  const auto map = MapColumns({"my id", "x", "name"}, {{"my id", "record_id"}, {"x", ""}, {"typo", "name"}}, "f");
  ASSERT_TRUE(map.ok());
  EXPECT_THAT(map->told, ElementsAre("my id", "x"));
  EXPECT_TRUE(MapColumns({"id", "x", "name"}, {{"x", "my_number"}}, "f").ok());
}

}  // namespace
}  // namespace libmpi
