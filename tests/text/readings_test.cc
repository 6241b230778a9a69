// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/readings.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/names.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

double Ratio(const ReadingModel& model, NamePart part, std::string_view kanji, std::string_view kana) {
  return model.Log2Probability(part, kanji, kana) - model.Log2KanaFrequency(part, kana);
}

TEST(ReadingModelTest, KnowsUsualAndRareReadings) {
  struct Case {
    NamePart part;
    const char* kanji;
    const char* kana;
    bool likely;
  };
  const Case kCases[] = {
      {NamePart::kFamily, "佐藤", "サトウ", true},    {NamePart::kFamily, "山崎", "ヤマザキ", true},
      {NamePart::kFamily, "山崎", "ヤマサキ", true},  {NamePart::kFamily, "小鳥遊", "タカナシ", true},
      {NamePart::kGiven, "恵子", "ケイコ", true},     {NamePart::kGiven, "裕子", "ヒロコ", true},
      {NamePart::kGiven, "裕子", "ユウコ", true},     {NamePart::kGiven, "大翔", "ヒロト", true},
      {NamePart::kGiven, "のり子", "ノリコ", true},   {NamePart::kFamily, "佐藤", "タナカ", false},
      {NamePart::kGiven, "恵子", "ヨシオ", false},    {NamePart::kFamily, "山■", "ヤマザキ", true},
  };
  const ReadingModel model;
  for (const Case& c : kCases)
    EXPECT_EQ(Ratio(model, c.part, FoldKanji(c.kanji), FoldKana(c.kana)) > 0, c.likely) << c.kanji << " " << c.kana;
}

// Spellings taken as unknown: only the characters speak, put together two by two.
TEST(ReadingModelTest, TellsTrueReadingsFromOthers) {
  const ReadingModel model;
  const auto rows = ParseTsv(EmbeddedTable("lexicon/given.tsv"));
  std::mt19937 random(3);
  int right = 0, wrong = 0, n = 0;
  for (size_t i = 0; i < rows.size(); i += 17, ++n) {
    const auto& other = rows[random() % rows.size()];
    const std::string kanji = FoldKanji(rows[i][0]);
    right += Ratio(model, NamePart::kGiven, kanji, FoldKana(rows[i][1])) > 0;
    wrong += Ratio(model, NamePart::kGiven, kanji, FoldKana(other[1])) < 0;
  }
  EXPECT_GT(right, 0.97 * n);
  EXPECT_GT(wrong, 0.95 * n);
}

TEST(ReadingModelTest, DataTeachReadings) {
  const std::vector<ReadingObservation> seen = {{NamePart::kGiven, "月", "ルナ", 30}};
  const ReadingModel shipped, taught(seen);
  EXPECT_GT(taught.Log2Probability(NamePart::kGiven, "月", "ルナ"),
            shipped.Log2Probability(NamePart::kGiven, "月", "ルナ") + 3);
  EXPECT_EQ(taught.LikelyReadings(NamePart::kGiven, "月", 1).front().first, "ルナ");
}

TEST(ReadingModelTest, OddInputIsBounded) {
  const ReadingModel model;
  std::string kanji, kana;
  for (int i = 0; i < 5000; ++i) kanji += "子", kana += "コ";
  EXPECT_EQ(model.Log2Probability(NamePart::kGiven, kanji, kana), -60);
  EXPECT_EQ(model.Log2Probability(NamePart::kGiven, "", "コ"), -60);
  EXPECT_EQ(model.Log2Probability(NamePart::kGiven, "ミドリ", "ミドリ"), 0);
  EXPECT_TRUE(model.LikelyReadings(NamePart::kGiven, kanji, 3).empty());
}

// Every beginning of a kana text at once, and each by itself.
TEST(ReadingModelTest, BeginningsAreAsTheyAreAlone) {
  const std::vector<ReadingObservation> seen = {{NamePart::kFamily, "山田", "ヤマダ", 30}, {NamePart::kGiven, "月", "ルナ", 3}};
  const ReadingModel model(seen);
  std::mt19937 random(3);
  const std::vector<std::string> kanji = {"山田", "山", "田中", "五十嵐", "月", "恵子", "■田", "ヤマダ", "々", "鬮", "山田太郎左衛門"};
  const std::u32string letters = U"ヤマダタナカイガラシルツキケコーッンロ𠮷A";
  for (const std::string& name : kanji)
    for (int i = 0; i < 60; ++i) {
      std::string kana = i == 0 ? "ヤマダタロウ" : "";
      const size_t length = i % 20 == 19 ? 60 : random() % 9;
      std::vector<size_t> ends = {kana.size()};
      for (size_t k = 0; k < length; ++k) {
        AppendUtf8(letters[random() % letters.size()], &kana);
        if (random() % 3 > 0) ends.push_back(kana.size());
      }
      std::vector<double> bits(ends.size());
      for (NamePart part : {NamePart::kFamily, NamePart::kGiven}) {
        model.Log2OfBeginnings(part, name, kana, ends, bits);
        for (size_t e = 0; e < ends.size(); ++e)
          EXPECT_EQ(bits[e], model.Log2Probability(part, name, std::string_view(kana).substr(0, ends[e]))) << name << " " << kana;
      }
    }
}

TEST(ReadingModelTest, LongReadingsOfOneCharacterCount) {
  const ReadingModel model;
  EXPECT_GT(model.Log2Probability(NamePart::kFamily, "源", "ミナモト"), model.Log2Probability(NamePart::kFamily, "源", "ミナモノ") + 3);
}

TEST(ReadingModelTest, LikelyReadingsLeadWithTheUsual) {
  const ReadingModel model;
  EXPECT_EQ(model.LikelyReadings(NamePart::kFamily, "佐藤", 2).front().first, "サトウ");
  EXPECT_EQ(model.LikelyReadings(NamePart::kGiven, "恵子", 2).front().first, "ケイコ");
  EXPECT_FALSE(model.LikelyReadings(NamePart::kGiven, "恵美華", 3).empty());
}

TEST(NamesTest, SharesFollowThePublishedOnes) {
  EXPECT_NEAR(NationalShare(NamePart::kFamily, "佐藤"), 0.0153, 0.001);
  EXPECT_GT(NationalShare(NamePart::kFamily, "サイトウ"), NationalShare(NamePart::kFamily, "斎藤"));
  EXPECT_LT(NationalShare(NamePart::kFamily, "珍名奇姓"), 1e-6);
  EXPECT_TRUE(IsKnownName(NamePart::kFamily, "小鳥遊"));
  double top10 = 0, top100 = 0;
  for (int i = 0; i < 100; ++i) (i < 10 ? top10 : top100) += Surnames()[i].share;
  EXPECT_NEAR(top10, 0.1022, 0.006);
  EXPECT_NEAR(top10 + top100, 0.3338, 0.006);
}

}  // namespace
}  // namespace libmpi
