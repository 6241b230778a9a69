// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/plain_name.h"

#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "libmpi/record/person_name.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

// ParseName is the reference: what is taken for plain is one name without findings, the very one.
bool ExpectAsParsed(const StatedName& stated, const NameCounts* counts, NameWords* words) {
  static const ReadingModel readings;
  PlainName plain;
  if (!ReadPlainName(stated, words, &plain)) return false;
  std::vector<Finding> findings;
  const std::vector<NameFeatures> parsed = ParseName(stated, counts, readings, &findings);
  EXPECT_TRUE(findings.empty()) << stated.full << "|" << stated.full_kana;
  EXPECT_EQ(parsed, std::vector<NameFeatures>{plain.ToFeatures()})
      << stated.full << "|" << stated.full_kana << "|" << stated.family << "|" << stated.given;
  return true;
}

StatedName Full(std::string name, std::string kana = "") {
  StatedName stated;
  stated.full = std::move(name);
  stated.full_kana = std::move(kana);
  return stated;
}

TEST(PlainNameTest, TakesUsualNames) {
  NameWords words(nullptr);
  for (const StatedName& name :
       {Full("佐藤　みどり", "ｻﾄｳ ﾐﾄﾞﾘ"), Full("髙橋 一郎"), Full("佐々木 ゆう子", "ササキ　ユウコ"), Full("ヤマダ タロウ"),
        Full("", "ヤマダ タロウ"), Full("五十嵐 ジョージ"), Full("みどり川 花子")})
    EXPECT_TRUE(ExpectAsParsed(name, nullptr, &words)) << name.full;
  StatedName parts;
  parts.family = "山田";
  parts.given = "太郎";
  parts.family_kana = "ﾔﾏﾀﾞ";
  parts.given_kana = "ﾀﾛｳ";
  EXPECT_TRUE(ExpectAsParsed(parts, nullptr, &words));
}

TEST(PlainNameTest, LeavesTheRestToParseName) {
  NameWords words(nullptr);
  PlainName out;
  for (const char* name :
       {"佐藤みどり", "佐藤 みどり 様", "佐藤 様", "佐藤 ?子", "佐藤 ■子", "Smith John", "佐藤(田中) 花子", "テスト 患者", "ナ シ",
        "不 明", "佐藤  花子", " 佐藤 花子", "佐藤 花子2", "佐藤 ベビー", "々木 花子", "マリア・サントス ロペス", "太郎 山田", ""})
    EXPECT_FALSE(ReadPlainName(Full(name), &words, &out)) << name;
  EXPECT_FALSE(ReadPlainName(Full("ヤマダ タロウ", "ヤマダ タロウ"), &words, &out));
  EXPECT_FALSE(ReadPlainName(Full("山田 太郎", "山田 太郎"), &words, &out));
}

// Words put together at random, with what names come with: whatever is taken is as parsed.
TEST(PlainNameTest, AgreesWithParseNameOnRandomNames) {
  const std::vector<std::string> kWords = {
      "佐藤", "山田", "太郎", "花子", "みどり", "ﾐﾄﾞﾘ", "ｻﾄｳ", "サトウ", "ハナコ", "一", "不明", "ナシ", "ナ", "シ", "無", "様", "君", "氏",
      "サン", "チャン", "サマ", "さくら", "ちゃん", "テスト", "テストーニ", "ダミー", "ベビー", "ベビ", "の子", "次男", "第一子", "児", "旧姓",
      "故", "男", "女", "生", "先生", "々", "佐々木", "ー", "ヴィ", "ゝ", "JR", "Smith", "1", "■", "?", "・", "-", "＝", "ﾞ", "ﾊﾟ",
      "ヶ", "崎", "検証用", "架空患者", "赤ちゃん", "旧", "新", "\u3099", "\U000E0100", "\xE3\x81", "〆", "〇", "亡", "通称", "の"};
  const std::vector<std::string> kGaps = {" ", " ", " ", "　", "", "  ", "\t", "、", "・", "\u00A0"};
  NameCounts counts;
  counts.Add(NamePart::kGiven, NameCounts::Script::kKanji, "佐藤", 500);
  counts.Add(NamePart::kFamily, NameCounts::Script::kKanji, "花子", 500);
  counts.Add(NamePart::kFamily, NameCounts::Script::kKana, "ハナコ", 500);
  std::mt19937 random(3);
  const auto word = [&] {
    std::string out = kWords[random() % kWords.size()];
    if (random() % 3 == 0) out += kWords[random() % kWords.size()];
    return out;
  };
  const auto name = [&] { return word() + kGaps[random() % kGaps.size()] + word(); };
  int plain = 0;
  for (const NameCounts* used : {static_cast<const NameCounts*>(nullptr), const_cast<const NameCounts*>(&counts)}) {
    NameWords words(used);
    for (int i = 0; i < 60000; ++i) {
      StatedName stated;
      if (random() % 4 != 0) stated.full = name();
      else stated.family = word(), stated.given = random() % 5 == 0 ? "" : word();
      if (random() % 2 == 0) stated.full_kana = name();
      plain += ExpectAsParsed(stated, used, &words);
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(plain, 2000);
}

}  // namespace
}  // namespace libmpi
