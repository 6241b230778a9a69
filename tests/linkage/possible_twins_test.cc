// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/possible_twins.h"

#include <string>

#include "gtest/gtest.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/record/standardize.h"
#include "testing/records.h"

namespace libmpi {
namespace {

bool AskOf(const Record& a, const Record& b) {
  static const ReadingModel* const readings = new ReadingModel();
  const Standardizer standardizer;
  EncodedRecords records;
  records.more.emplace_back();
  for (const Record* record : {&a, &b}) {
    MoreValues more;
    records.records.push_back(EncodeFeatures(standardizer.Standardize(*record), *readings, &records.texts, &more));
    if (more == MoreValues()) continue;
    records.more.push_back(more);
    records.records.back().more = static_cast<uint32_t>(records.more.size() - 1);
  }
  records.texts.Freeze();
  Comparator comparator(&records, readings);
  const EncodedRecord &x = records.records[0], &y = records.records[1];
  const bool twins = MayBeTwins(records, *readings, x, y, comparator.Compare(0, 1));
  EXPECT_EQ(twins, MayBeTwins(records, *readings, y, x, comparator.Compare(1, 0)));
  return twins;
}
bool AskOf(const std::string& a, const std::string& b) { return AskOf(ParseRecord(a), ParseRecord(b)); }

TEST(PossibleTwinsTest, ByNames) {
  const struct {
    const char* note;
    const char* a;
    const char* b;
    bool twins;
  } kCases[] = {
      {"but a kana apart", "1|山田 太郎|ヤマダ タロウ|1980-01-02", "2|山田 次郎|ヤマダ ジロウ|1980-01-02", false},
      {"brothers", "1|山田 太郎|ヤマダ タロウ|1980-01-02", "2|山田 健司|ヤマダ ケンジ|1980-01-02", true},
      {"of a birth date mistyped", "1|山田 太郎|ヤマダ タロウ|1980-01-02", "2|山田 健司|ヤマダ ケンジ|1980-01-03", true},
      {"of which one has no birth date", "1|山田 太郎|ヤマダ タロウ|1980-01-02", "2|山田 健司|ヤマダ ケンジ", true},
      {"of two days", "1|山田 太郎|ヤマダ タロウ|1980-01-02", "2|山田 健司|ヤマダ ケンジ|1983-11-25", false},
      {"of two family names", "1|山田 太郎|ヤマダ タロウ|1980-01-02", "2|佐藤 健司|サトウ ケンジ|1980-01-02", false},
      {"a kanji in common, other kana", "1|沢井 三津枝|サワイ ミツエ|1968-09-18", "2|澤井 三枝|サワイ サンシ|1968-09-18", true},
      {"kana of both, kanji of one", "1|山田 太郎|ヤマダ タロウ|1980-01-02", "2||ヤマダ ケンジ|1980-01-02", true},
      {"in kanji alone", "1|原 大翔||2000-02-12", "2|原 健一||2000-02-12", true},
      {"one name as it was heard", "1|佐藤 陽子||1966-11-30", "2|佐藤 洋子||1966-11-30", false},
      {"in kanji that may be read alike", "1|沢井 三津枝|サワイ ミツエ|1968-09-18", "2|沢井 三枝||1968-09-18", true},
      {"a kana mistyped", "1|山田 太郎|ヤマダ タロウ|1980-01-02", "2||ヤマダ タロワ|1980-01-02", false},
      {"a long vowel", "1||サトウ ユウカ|2005-07-25", "2||サトウ ユカ|2005-07-25", false},
      {"old kanji", "1|渡邊 眞一||1980-01-02", "2|渡辺 真一||1980-01-02", false},
      {"an unknown glyph", "1|橋本 ■真||1980-01-02", "2|橋本 一真||1980-01-02", false},
      {"another reading", "1|佐藤 登子|サトウ ノリコ|1980-01-02", "2|佐藤 登子|サトウ ヒロエ|1980-01-02", false},
      {"other kanji, the same kana", "1|佐藤 陽子|サトウ ヨウコ|1980-01-02", "2|佐藤 洋子|サトウ ヨウコ|1980-01-02", false},
      {"kanji against kana", "1|山田 太郎||1980-01-02", "2||ヤマダ ケンジ|1980-01-02", false},
      {"names swapped", "1|山田 太郎|ヤマダ タロウ|1980-01-02", "2|太郎 山田|タロウ ヤマダ|1980-01-02", false},
      {"romaji", "1||ヤマダ タロウ|1980-01-02", "2|Yamada Tarou||1980-01-02", false},
      {"other romaji", "1||ヤマダ タロウ|1980-01-02", "2|Yamada Kenji||1980-01-02", true},
  };
  for (const auto& c : kCases) EXPECT_EQ(AskOf(c.a, c.b), c.twins) << c.note;
}

TEST(PossibleTwinsTest, AFormerGivenNameIsOneOfThePersons) {
  Record renamed = ParseRecord("1|山田 健司|ヤマダ ケンジ|1980-01-02");
  renamed.names.push_back(ParseRecord("1|山田 太郎|ヤマダ タロウ").names[0]);
  EXPECT_FALSE(AskOf(renamed, ParseRecord("2|山田 太郎|ヤマダ タロウ|1980-01-02")));
}

TEST(PossibleTwinsTest, ByCards) {
  const std::string kOne = "1|沢井 三津枝|サワイ ミツエ|1968-09-18|F|", kHeard = "2|沢井 三枝||1968-09-18|F|";
  const std::string kKana = "1||サトウ ユウカ|2005-07-25|F|", kNear = "2||サトウ ユカ|2005-07-25|F|";
  const std::string kFar = "2||サトウ ミドリ|2005-07-25|F|";
  const std::string kBoth = "1|佐藤 優香|サトウ ユウカ|2005-07-25|F|";
  const struct {
    const char* note;
    std::string a, b;
    bool twins;
  } kCases[] = {
      {"one card, near branches", kKana + "138057//1234567/01", kNear + "138057//1234567/02", false},
      {"one card, far branches", kKana + "138057//1234567/01", kNear + "138057//1234567/12", true},
      {"exchanged digits", kKana + "138057//1234567/01", kNear + "138057//1234567/10", false},
      {"a branch glued to the number", kKana + "138057//1234567/01", kNear + "138057//123456712/", true},
      {"the card's number mistyped", kKana + "138057//1234567/01", kNear + "138057//1234561/12", true},
      {"two cards", kKana + "138057//1234567/01", kNear + "01130012/12/345/12", false},
      {"a branch missing", kKana + "138057//1234567/01", kNear + "138057//1234567/", false},
      {"far branches, all of the name agrees", kBoth + "138057//1234567/01", kBoth + "138057//1234567/12", false},
      {"other names, one branch", kKana + "138057//1234567/01", kFar + "138057//1234567/01", true},
      {"names that may be read alike, one branch", kOne + "138057//1234567/01", kHeard + "138057//1234567/01", false},
      {"an elderly card", kKana + "39131156//12345678/", kFar + "39131156//12345678/", false},
      {"two elderly cards", kKana + "39131156//12345678/", kFar + "39131156//87654321/", true},
  };
  for (const auto& c : kCases) EXPECT_EQ(AskOf(c.a, c.b), c.twins) << c.note;
}

TEST(PossibleTwinsTest, Branches) {
  const struct {
    uint8_t a, b;
    bool far;
  } kCases[] = {{0, 0, false},  {0, 1, false},   {1, 11, false}, {1, 12, true},
                {12, 21, false}, {12, 23, true}, {99, 0, true},  {EncodedCoverage::kNoBranch, 12, false}};
  for (const auto& c : kCases) {
    EXPECT_EQ(AreBranchesFarApart(c.a, c.b), c.far) << int{c.a} << " " << int{c.b};
    EXPECT_EQ(AreBranchesFarApart(c.b, c.a), c.far) << int{c.a} << " " << int{c.b};
  }
}

// 三枝 may be read ミツエ, and a record in kana may be either twin's.
TEST(PossibleTwinsTest, SafeRunsLinkThemNeitherByThemselvesNorThroughOthers) {
  const std::string kHome = "|東京都/千代田区/霞が関2-1-1|03-1234-5678";
  const std::vector<Record> records = {ParseRecord("1|沢井 三津枝|サワイ ミツエ|1968-09-18|F|138057//1234567/" + kHome),
                                       ParseRecord("2||サワイ ミツエ|1968-09-18|F|138057//1234567/" + kHome),
                                       ParseRecord("3|沢井 三枝||1968-09-18|F|138057//1234567/" + kHome)};
  for (const auto& [preset, together] : {std::pair{Preset::kBalanced, true}, {Preset::kSafe, false}}) {
    LinkOptions options;
    options.model = &Model::Default();
    options.preset = preset;
    options.match_threshold = 6;
    const auto run = Dedupe(records, options);
    ASSERT_TRUE(run.ok()) << run.status();
    EXPECT_EQ(run->cluster[0] == run->cluster[2], together);
    const Explanation e = ExplainPair(records[0], records[2], Model::Default(), options).value();
    EXPECT_EQ(e.held, !together) << e.ToText();
    EXPECT_EQ(e.ToText().find("as twins' are") != std::string::npos, !together) << e.ToText();
  }
}

}  // namespace
}  // namespace libmpi
