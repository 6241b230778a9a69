// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/record/standardize.h"

namespace libmpi {
namespace {

std::string First(const std::vector<NameForm>& forms) {
  return forms.empty() ? "" : forms[0].family + "|" + forms[0].given;
}

std::string Read(const std::string& full, const std::string& kana) {
  static const ReadingModel* const readings = new ReadingModel();
  std::vector<Finding> findings;
  StatedName stated;
  stated.full = full;
  stated.full_kana = kana;
  std::string out;
  for (const NameFeatures& name : ParseName(stated, nullptr, *readings, &findings)) {
    if (!out.empty()) out += " & ";
    out += First(name.kanji) + " / " + First(name.kana) + " / " + First(name.latin);
  }
  return out;
}

struct Case {
  const char* note;
  const char* full;
  const char* kana;
  const char* want;
};

TEST(PersonNameTest, ReadsWhatFacilitiesWrite) {
  const Case kCases[] = {
      {"plain", "山田 太郎", "ヤマダ タロウ", "山田|太郎 / ヤマダ|タロウ / "},
      {"wide space, half-width kana", "山田　太郎", "ﾔﾏﾀﾞ ﾀﾛｳ", "山田|太郎 / ヤマダ|タロウ / "},
      {"unsplit", "山崎弥三郎", "", "山崎|弥三郎 /  / "},
      {"unsplit, one-kanji family", "林太郎", "ハヤシ タロウ", "林|太郎 / ハヤシ|タロウ / "},
      {"both unsplit", "佐藤恵子", "サトウケイコ", "佐藤|恵子 / サトウ|ケイコ / "},
      {"kana unsplit", "長谷川 誠", "ハセガワマコト", "長谷川|誠 / ハセガワ|マコト / "},
      {"kana alone, unsplit", "", "タカハシケンイチ", " / タカハシ|ケンイチ / "},
      {"kana in the name column", "ヤマダ　タロウ", "", " / ヤマダ|タロウ / "},
      {"title", "山田 太郎 様", "", "山田|太郎 /  / "},
      {"glued title", "山田 太郎様", "", "山田|太郎 /  / "},
      {"deceased", "（故）山田 太郎", "", "山田|太郎 /  / "},
      {"former name in brackets", "山田（旧姓 佐藤）花子", "", "山田|花子 /  /  & 佐藤| /  / "},
      {"old kanji", "渡邊　太郎", "ワタナベ　タロウ", "渡辺|太郎 / ワタナベ|タロウ / "},
      {"given name in kana", "山田 みどり", "ヤマダ ミドリ", "山田|ミドリ / ヤマダ|ミドリ / "},
      {"romaji", "YAMADA Taro", "", " /  / YAMADA|TARO"},
      {"romaji, western order told by capitals", "Taro YAMADA", "", " /  / YAMADA|TARO"},
      {"romaji with a comma", "Yamada, Taro", "", " /  / YAMADA|TARO"},
      {"foreign, several parts", "NGUYEN THI HOA", "グエン ティ ホア", " / グエン|テイホア / NGUYEN|THIHOA"},
      {"foreign in kana with dots", "マリア・サントス", "", " / マリア|サントス / "},
      {"swapped", "恵子 佐藤", "ケイコ サトウ", "佐藤|恵子 / サトウ|ケイコ / "},
      {"unknown glyph", "山■ 太郎", "", "山■|太郎 /  / "},
      {"one part", "山", "", "山| /  / "},
      {"nothing", "", "", ""},
      {"marks only", "***", "", ""},
  };
  for (const Case& c : kCases) EXPECT_EQ(Read(c.full, c.kana), c.want) << c.note;
}

TEST(PersonNameTest, StatedPartsAreKept) {
  const ReadingModel readings;
  std::vector<Finding> findings;
  StatedName stated;
  stated.family = "佐藤";
  stated.given = "恵子";
  stated.family_kana = "サトウ";
  stated.given_kana = "ケイコ";
  const auto names = ParseName(stated, nullptr, readings, &findings);
  ASSERT_EQ(names.size(), 1);
  EXPECT_EQ(First(names[0].kanji), "佐藤|恵子");
  EXPECT_EQ(First(names[0].kana), "サトウ|ケイコ");
  EXPECT_FALSE(names[0].kanji[0].guessed);
  EXPECT_TRUE(findings.empty());
}

TEST(PersonNameTest, UnclearSplitsKeepCandidates) {
  const ReadingModel readings;
  std::vector<Finding> findings;
  StatedName stated;
  stated.full = "東海林真";
  const auto names = ParseName(stated, nullptr, readings, &findings);
  ASSERT_FALSE(names.empty());
  EXPECT_LE(names[0].kanji.size(), 3);
  EXPECT_TRUE(names[0].kanji[0].guessed);
}

TEST(PersonNameTest, CountsOfTheDataDecide) {
  NameCounts counts;
  counts.Add(NamePart::kFamily, NameCounts::Script::kKanji, "奇珍", 200);
  counts.Add(NamePart::kGiven, NameCounts::Script::kKanji, "妙丸", 200);
  const ReadingModel readings;
  std::vector<Finding> findings;
  StatedName stated;
  stated.full = "奇珍妙丸";
  EXPECT_EQ(First(ParseName(stated, &counts, readings, &findings)[0].kanji), "奇珍|妙丸");
  stated.full = "妙丸 奇珍";
  EXPECT_EQ(First(ParseName(stated, &counts, readings, &findings)[0].kanji), "奇珍|妙丸");
}

TEST(NameCountsTest, MergesAndDropsRare) {
  NameCounts a, b;
  a.Add(NamePart::kFamily, NameCounts::Script::kKanji, "佐藤", 9);
  b.Add(NamePart::kFamily, NameCounts::Script::kKanji, "佐藤", 2);
  b.Add(NamePart::kFamily, NameCounts::Script::kKanji, "珍名", 3);
  a.Merge(b);
  EXPECT_EQ(a.Count(NamePart::kFamily, NameCounts::Script::kKanji, "佐藤"), 11);
  EXPECT_EQ(a.Total(NamePart::kFamily, NameCounts::Script::kKanji), 14);
  a.DropRare(10);
  EXPECT_EQ(a.Entries().size(), 1);
  EXPECT_EQ(a.Total(NamePart::kFamily, NameCounts::Script::kKanji), 11);
}

}  // namespace
}  // namespace libmpi
