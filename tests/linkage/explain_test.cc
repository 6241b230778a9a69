// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/linkage/linker.h"
#include "nlohmann/json.hpp"
#include "testing/records.h"

namespace libmpi {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

double SumOfParts(const Explanation& e) {
  double sum = e.prior_weight + e.other_classes_weight + e.calibration_weight + e.cap_weight;
  for (const Explanation::Bar& bar : e.bars) sum += bar.weight + bar.frequency_weight;
  return sum;
}

TEST(ExplainTest, TwinsOfOnePhoneAreTwo) {
  // README's example: a rare kana against an unseen reading of the other's kanji is no homophone.
  const Explanation e = ExplainPair(ParseRecord("1|渡邊 太郎||1980-01-02||||022-123-4567"),
                                    ParseRecord("2|渡辺 次郎|ワタナベ ジロウ|1980-01-02||||022-123-4567"),
                                    Model::Default(), LinkOptions())
                            .value();
  EXPECT_LT(e.weight, 0) << e.ToText();
}

TEST(ExplainTest, RefusesAModelThatMakesNoSense) {
  EXPECT_EQ(PairExplainer::Create(Model(), LinkOptions()).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(ExplainTest, TellsRulesThatCommonKeysSharpenApart) {
  const Record a = ParseRecord("1|佐藤 恵子|サトウ ケイコ|1956-05-12|F");
  const Record b = ParseRecord("2|佐藤 恵子|サトウ ケイコ|1961-01-30|F");
  const Explanation e = ExplainPair(a, b, Model::Default(), LinkOptions()).value();
  EXPECT_TRUE(e.blocking_rules.empty());
  EXPECT_EQ(e.rules_unless_common, (std::vector<std::string>{"name_kana", "name_kanji", "name_romaji"}));
}

TEST(ExplainTest, PartsSumToTheWeight) {
  const char* kRecords[] = {
      "1|佐藤 恵子|サトウ ケイコ|1956-05-12|F|01130012/12/345/01|東京都/千代田区/霞が関2-1-1|03-1234-5678",
      "2|佐藤 恵子|サトウ ケイコ|昭和31年5月12日|2|01130012/12/345/|東京都/千代田区/霞が関２丁目１番１号|",
      "3|佐藤 健一|サトウ ケンイチ|1954-02-03|M|01130012/12/345/00|東京都/千代田区/霞が関2-1-1|03-1234-5678",
      "4||サトウ ケイコ|1956-05-12|F",
      "5|小鳥遊 朔|タカナシ サク|1999-01-01|M",
  };
  for (const char* a : kRecords)
    for (const char* b : kRecords) {
      const Explanation e =
          ExplainPair(ParseRecord(a), ParseRecord(b), Model::Default(), LinkOptions()).value();
      EXPECT_NEAR(SumOfParts(e), WeightBits(e.weight), 2e-3) << a << "\n" << b << e.ToText();
      EXPECT_TRUE(nlohmann::json::accept(e.ToJson()));
    }
}

TEST(ExplainTest, ACommonNameAloneNeverLinks) {
  const Record a = ParseRecord("1|佐藤 恵子|サトウ ケイコ|1956-05-12|F");
  Record b = a;
  b.key.record_id = "2";
  const Explanation e = ExplainPair(a, b, Model::Default(), LinkOptions()).value();
  EXPECT_TRUE(e.held);
  EXPECT_THAT(e.notes, Contains(HasSubstr("expected to agree as well")));
}

TEST(ExplainTest, HoldsWhatTheRunHolds) {
  const char* kPlain = "1|山田 太郎|ヤマダ タロウ|1980-01-02|M|01130012/12/345/01|東京都/千代田区/霞が関2-1-1|090-1234-5678";
  Record plain = ParseRecord(kPlain), two_persons = ParseRecord(kPlain);
  two_persons.key.record_id = "2";
  two_persons.names.push_back(ParseRecord("2||ヤマダ タミオ").names[0]);
  for (const auto& [preset, held] : {std::pair{Preset::kBalanced, false}, {Preset::kSafe, true}}) {
    LinkOptions options;
    options.preset = preset;
    const Explanation e = ExplainPair(plain, two_persons, Model::Default(), options).value();
    EXPECT_EQ(e.held, held) << e.ToText();
    EXPECT_EQ(e.ToText().find("several persons") != std::string::npos, held) << e.ToText();
    EXPECT_FALSE(ExplainPair(plain, plain, Model::Default(), options)->held);
  }
}

// Who has taken another family name is told by what did not change, and held where that is no more
// than given name and birth date.
TEST(ExplainTest, AnotherFamilyName) {
  struct Case {
    const char *before, *after;
    const char* match_class;
    bool held;
  };
  const Case cases[] = {
      {"1|鈴木 美咲|スズキ ミサキ|1990-05-12|F||宮城県/仙台市青葉区/本町1-2-3|090-1234-5678",
       "2|渡辺 美咲|ワタナベ ミサキ|1990-05-12|F||福島県/郡山市/駅前2-3-4|090-1234-5678", "match_renamed", false},
      {"1|鈴木 美咲|スズキ ミサキ|1990-05-12|F||宮城県/仙台市青葉区/本町1-2-3|",
       "2|渡辺 美咲|ワタナベ ミサキ|1990-05-12|F||福島県/郡山市/駅前2-3-4|", "match_renamed", true},
      {"1|鈴木 美咲|スズキ ミサキ|1990-05-12|F||宮城県/仙台市青葉区/本町1-2-3|022-123-4567",
       "2|鈴木 美咲|スズキ ミサキ|1990-05-12|F||福島県/郡山市/駅前2-3-4|024-932-1111", "match_moved", true},
  };
  for (const Case& c : cases) {
    const Explanation e =
        ExplainPair(ParseRecord(c.before), ParseRecord(c.after), Model::Default(), LinkOptions()).value();
    EXPECT_EQ(e.match_class, c.match_class) << e.ToText();
    EXPECT_EQ(e.held, c.held) << e.ToText();
    EXPECT_TRUE(c.held || e.weight > 0) << e.ToText();
  }
}

TEST(ExplainTest, NamesTheRulesThatMet) {
  const Record a = ParseRecord("1|佐藤 恵子|サトウ ケイコ|1956-05-12|F||東京都/千代田区/霞が関2-1-1|03-1234-5678");
  const Explanation e = ExplainPair(a, a, Model::Default(), LinkOptions()).value();
  EXPECT_THAT(e.blocking_rules, Contains("birth_sex_initial"));
  EXPECT_THAT(e.blocking_rules, Contains("phone"));
  EXPECT_THAT(e.blocking_rules, Contains("name_kanji"));
}

}  // namespace
}  // namespace libmpi
