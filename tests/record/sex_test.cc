// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/sex.h"

#include <gtest/gtest.h>

namespace libmpi {
namespace {

struct Case {
  Sex want;
  std::vector<const char*> inputs;
};

TEST(SexTest, ReadsItsCodes) {
  const Case cases[] = {
      {Sex::kMale,
       {"1", "01", "１", "M", "m", "Ｍ", "male", "MALE", "Male", "男", "男性", "男子", "おとこ", "オトコ",
        "ｵﾄｺ", "だんせい", "♂", " 男 ", "1:男", "1.男性", "男(1)", "M 男"}},
      {Sex::kFemale,
       {"2", "02", "２", "F", "f", "Ｆ", "female", "FEMALE", "Female", "女", "女性", "女子", "おんな",
        "オンナ", "ｵﾝﾅ", "じょせい", "ｼﾞｮｾｲ", "W", "♀", "2:女", "女(2)"}},
      {Sex::kUnknown, {"", "0", "3", "9", "O", "U", "o", "u", "不明", "その他", "unknown", "Other", "-"}},
  };
  for (const Case& c : cases)
    for (const char* input : c.inputs) {
      std::vector<Finding> findings;
      EXPECT_EQ(ParseSex(input, &findings), c.want) << input;
      EXPECT_TRUE(findings.empty()) << input;
    }
}

TEST(SexTest, RefusesTheRestWithAFinding) {
  for (const char* input : {"4", "12", "MF", "男女", "1:女", "x?", "山田", "1 2", "\xff", "()"}) {
    std::vector<Finding> findings;
    EXPECT_EQ(ParseSex(input, &findings), Sex::kUnknown) << input;
    ASSERT_EQ(findings.size(), 1u) << input;
    EXPECT_EQ(findings[0], (Finding{FindingCode::kSexUnreadable, "sex"})) << input;
  }
}

}  // namespace
}  // namespace libmpi
