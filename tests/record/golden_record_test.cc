// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/golden_record.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <set>

#include "tests/testing/records.h"

namespace libmpi {
namespace {

constexpr CivilDate kToday{2026, 6, 1};

// A source as a line: "source time trust|name|kana|birth|sex|coverage|address|phone", as ParseRecord takes them;
// its record_id is 1, and names with a space in them are split as stated.
struct Said {
  Record record;
  int64_t time = 0;
  int trust = 0;
};

Said ParseSaid(const std::string& line) {
  Said said;
  said.record = ParseRecord(line);
  char source[20] = "";
  EXPECT_EQ(std::sscanf(said.record.key.record_id.c_str(), "%19s %ld %d", source, &said.time, &said.trust), 3) << line;
  said.record.key = {source, "1", 0};
  return said;
}

std::vector<Said> ParseAll(const std::vector<std::string>& lines) {
  std::vector<Said> out;
  for (const std::string& line : lines) out.push_back(ParseSaid(line));
  return out;
}

GoldenRecord Make(const std::vector<Said>& all, const SurvivorshipRules& rules = {}) {
  std::vector<GoldenSource> sources;
  for (const Said& s : all) sources.push_back({&s.record, s.time, s.trust});
  return MakeGoldenRecord(sources, rules, kToday);
}

std::string Show(const std::vector<RecordKey>& keys) {
  std::string text;
  for (const RecordKey& key : keys) text += key.source;
  return text;
}

// "text <said by> decision, rival <said by>", '!' before what is contradicted.
std::string Show(const GoldenValue& v) {
  std::string text = (v.contradicted ? "!" : "") + v.text + " <" + Show(v.said_by) + "> " +
      std::string(DecisionName(v.decided_by));
  for (const GoldenRival& rival : v.rivals) text += ", " + rival.text + " <" + Show(rival.said_by) + ">";
  return text;
}

std::string Show(const GoldenRecord& golden, GoldenField field) {
  std::string text;
  for (const GoldenValue& v : golden.values)
    if (v.field == field) text += (text.empty() ? "" : "; ") + Show(v);
  return text;
}

// Everything, for comparison as a whole.
std::string ShowAll(const GoldenRecord& golden) {
  std::string text;
  for (const GoldenValue& v : golden.values) text += std::string(GoldenFieldName(v.field)) + ": " + Show(v) + "\n";
  for (const GoldenRefusal& r : golden.refused)
    text += std::string(GoldenFieldName(r.field)) + " " + std::string(FindingName(r.code)) + " <" + Show(r.said_by) +
        ">\n";
  return text;
}

SurvivorshipRules Rules(const std::string& text) {
  SurvivorshipRules rules;
  const absl::Status status = ParseSurvivorship(text, &rules);
  EXPECT_TRUE(status.ok()) << status;
  return rules;
}

struct Case {
  const char* note;
  GoldenField field;
  const char* rules;
  std::vector<std::string> lines;
  const char* want;
};

// In every order of the sources.
void Check(const Case& c) {
  std::vector<Said> said = ParseAll(c.lines);
  const SurvivorshipRules rules = Rules(c.rules);
  const std::string all = ShowAll(Make(said, rules));
  EXPECT_EQ(Show(Make(said, rules), c.field), c.want) << c.note << "\n" << all;
  std::vector<size_t> order(said.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  do {
    std::vector<Said> shuffled;
    for (size_t i : order) shuffled.push_back(said[i]);
    ASSERT_EQ(ShowAll(Make(shuffled, rules)), all) << c.note;
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(GoldenRecordTest, EachCriterionOfEachField) {
  // One value is best by each criterion: A and B most frequent, C newest, D most trusted, E most complete.
  struct Values {
    GoldenField field;
    const char* frequent;
    const char* newest;
    const char* trusted;
    const char* complete;
    bool complete_counts = true;
  };
  const Values fields[] = {
      {GoldenField::kName, "佐藤|", "鈴木|", "田中|", "山田 太郎|"},
      {GoldenField::kKana, "|サトウ", "|スズキ", "|タナカ", "|ヤマダ タロウ"},
      {GoldenField::kLatin, "SATO|", "SUZUKI|", "TANAKA|", "YAMADA, Taro|"},
      {GoldenField::kBirth, "||1980", "||1981", "||1982", "||1983-01-02"},
      {GoldenField::kSex, "|||1", "|||1", "|||2", "|||1", false},
      {GoldenField::kCoverage, "||||/12/345", "||||/12/678", "||||/12/901", "||||/34/567/01"},
      {GoldenField::kAddress, "|||||東京都/千代田区", "|||||東京都/港区", "|||||東京都/渋谷区", "|||||東京都/杉並区/阿佐谷南1-2-3"},
      {GoldenField::kPhone, "||||||0312345678", "||||||0312345679", "||||||0312345670", "||||||0312345671", false},
  };
  for (const Values& v : fields) {
    const std::vector<Said> said =
        ParseAll({std::string("A 1 0|") + v.frequent, std::string("B 1 0|") + v.frequent, std::string("C 2 0|") +
            v.newest,
                  std::string("D 1 2|") + v.trusted, std::string("E 1 0|") + v.complete});
    const std::string name(GoldenFieldName(v.field));
    const std::pair<const char*, const char*> wants[] = {
        {"most_frequent", v.frequent}, {"newest", v.newest}, {"most_trusted", v.trusted},
         {"most_complete", v.complete}};
    for (const auto& [criterion, want] : wants) {
      if (!v.complete_counts && want == v.complete) continue;
      const GoldenRecord golden = Make(said, Rules(name + ": " + criterion));
      // The chosen text is that of a record alone.
      const GoldenRecord alone = Make(ParseAll({std::string("Z 1 0|") + want}));
      ASSERT_EQ(alone.values.size(), 1u) << name;
      ASSERT_GE(golden.values.size(), 1u) << name;
      EXPECT_EQ(golden.values[0].field, v.field);
      EXPECT_EQ(golden.values[0].text, alone.values[0].text) << name << " " << criterion << "\n" << ShowAll(golden);
      if (v.field != GoldenField::kSex) {
        EXPECT_EQ(DecisionName(golden.values[0].decided_by), criterion) << name;
      }
    }
  }
}

TEST(GoldenRecordTest, DefaultRules) {
  const Case cases[] = {
      {"one value", GoldenField::kName, "", {"A 1 0|山田 太郎"}, "山田 太郎 <A> only_value"},
      {"the birth date that was verified", GoldenField::kBirth, "",
       {"A 1 0|||1980-01-02", "B 1 0|||1980-01-02", "C 1 2|||1980-01-20"},
       "!1980-01-20 <C> most_trusted, 1980-01-02 <AB>"},
      {"else that of most", GoldenField::kBirth, "", {"A 1 0|||1980-01-02", "B 1 0|||1980-01-02", "C 9 0|||1980-01-20"},
       "!1980-01-02 <AB> most_frequent, 1980-01-20 <C>"},
      {"the address said last", GoldenField::kAddress, "", {"A 1 0||||||東京都/港区/芝1-2-3", "B 1 0||||||東京都/港区/芝1-2-3",
       "C 9 0||||||東京都/杉並区/阿佐谷南1-2-3"},
       "東京都 杉並区 阿佐谷南1-2-3 <C> newest, 東京都 港区 芝1-2-3 <AB>"},
      {"a tie to the end", GoldenField::kPhone, "", {"B 1 0|||||||0312345678", "A 1 0|||||||0387654321"},
       "0387654321 <A> record_key, 0312345678 <B>"},
      {"sources named as trusted", GoldenField::kSex, "trusted: B, A", {"A 1 0||||1", "B 1 0||||2", "C 1 0||||1"},
       "!2 <B> most_trusted, 1 <AC>"},
      {"stated trust before the source's place", GoldenField::kSex, "trusted: B, A", {"A 1 1||||1", "B 1 0||||2"},
       "!1 <A> most_trusted, 2 <B>"},
      {"no criterion: the record key", GoldenField::kSex, "sex:", {"A 1 0||||1", "B 1 0||||2", "C 1 0||||2"},
       "!1 <A> record_key, 2 <BC>"},
  };
  for (const Case& c : cases) Check(c);
}

TEST(GoldenRecordTest, SpellingsOfOneValue) {
  const Case cases[] = {
      {"kanji variants: the most frequent", GoldenField::kName, "", {"A 1 0|高橋 恵", "B 1 0|髙橋 恵", "C 1 0|髙橋 恵"},
       "髙橋 恵 <ABC> only_value"},
      {"unsplit: the more complete", GoldenField::kName, "", {"A 1 0|山田太郎", "B 1 0|山田 太郎"}, "山田 太郎 <AB> only_value"},
      {"titles are none of a name", GoldenField::kName, "", {"A 1 0|山田 太郎 様", "B 1 0|山田 太郎"}, "山田 太郎 <AB> only_value"},
      {"else the smallest text", GoldenField::kBirth, "", {"A 1 0|||1960-04-01", "B 1 0|||昭和35年4月1日",
       "C 1 0|||19600401"},
       "1960-04-01 <ABC> only_value"},
      {"half-width kana", GoldenField::kKana, "", {"A 1 0||ｻﾄｳ ﾀﾛｳ", "B 1 0||サトウ タロウ", "C 1 0||サトウ タロウ"},
       "サトウ タロウ <ABC> only_value"},
      {"kana in the name's field", GoldenField::kKana, "", {"A 1 0|ヤマダ タロウ", "B 1 0||ヤマダ タロウ"},
       "ヤマダ タロウ <AB> only_value"},
      {"phones", GoldenField::kPhone, "", {"A 1 0|||||||03-1234-5678", "B 1 0|||||||０３（１２３４）５６７８",
       "C 1 0|||||||03-1234-5678"},
       "03-1234-5678 <ABC> only_value"},
      {"addresses", GoldenField::kAddress, "", {"A 1 0||||||東京都/港区/芝一丁目2番3号", "B 1 0||||||東京都/港区/芝1-2-3",
       "C 1 0||||||東京都/港区/芝1-2-3"},
       "東京都 港区 芝1-2-3 <ABC> only_value"},
      {"cards", GoldenField::kCoverage, "", {"A 1 0|||||01130012/１２/３４５/1", "B 1 0|||||1130012/12/345/01",
       "C 1 0|||||01130012/１２/３４５/1"},
       "01130012:１２:３４５:1 <ABC> only_value"},
      {"sexes", GoldenField::kSex, "", {"A 1 0||||男", "B 1 0||||1", "C 1 0||||男"}, "男 <ABC> only_value"},
      {"Latin, either way round", GoldenField::kLatin, "", {"A 1 0|SMITH, John", "B 1 0|John Smith",
       "C 1 0|SMITH, John"},
       "SMITH, John <ABC> only_value"},
  };
  for (const Case& c : cases) Check(c);
}

TEST(GoldenRecordTest, TheSameInFullSurvives) {
  const Case cases[] = {
      {"unknown glyph", GoldenField::kName, "", {"A 1 0|山田 ■郎", "B 1 0|山田 〓郎", "C 1 0|山田 太郎", "D 1 0|佐藤 花子"},
       "山田 太郎 <C> says_more, 山田 ■郎 <AB>, 佐藤 花子 <D>"},
      {"an unknown glyph is no other name", GoldenField::kName, "", {"A 1 0|山田 ■郎", "B 1 0|山田 ■郎", "D 1 0|佐藤 花子"},
       "山田 ■郎 <AB> most_frequent, 佐藤 花子 <D>"},
      {"family name alone", GoldenField::kName, "", {"A 1 2|山田", "B 1 0|山田 太郎"}, "山田 太郎 <B> says_more, 山田 <A>"},
      {"partial date", GoldenField::kBirth, "", {"A 1 0|||1980", "B 1 0|||1980", "C 1 0|||1980-01-02"},
       "1980-01-02 <C> says_more, 1980 <AB>"},
      {"branch", GoldenField::kCoverage, "", {"A 9 0|||||01130012/12/345", "B 1 0|||||01130012/12/345/02"},
       "01130012:12:345:02 <B> says_more, 01130012:12:345: <A>"},
      {"a card without an insurer", GoldenField::kCoverage, "", {"A 9 0|||||/12/345", "B 1 0|||||01130012/12/345/02"},
       "01130012:12:345:02 <B> only_value"},
      {"building", GoldenField::kAddress, "", {"A 9 0||||||東京都/港区/芝1-2-3", "B 1 0||||||東京都/港区/芝1-2-3 芝ハイツ101"},
       "東京都 港区 芝1-2-3 芝ハイツ101 <B> says_more, 東京都 港区 芝1-2-3 <A>"},
  };
  for (const Case& c : cases) Check(c);
}

TEST(GoldenRecordTest, ReadingsFitTheName) {
  const Case cases[] = {
      {"said with the name", GoldenField::kKana, "",
       {"A 1 0|山田 裕子|ヤマダ ヒロコ", "B 1 0||ヤマダ ユウコ", "C 1 0||ヤマダ ユウコ", "D 1 0|山田 裕子"},
       "ヤマダ ヒロコ <A> grounds, ヤマダ ユウコ <BC>"},
      {"else one that it can be read as", GoldenField::kKana, "",
       {"A 1 0|佐藤 花子", "B 1 0||ヤマダ ハナコ", "C 1 0||ヤマダ ハナコ", "D 1 0||サトウ ハナコ"},
       "サトウ ハナコ <D> grounds, ヤマダ ハナコ <BC>"},
      {"else none", GoldenField::kKana, "", {"A 1 0|佐藤 花子", "B 1 0||ヤマダ ハナコ"}, ""},
      {"no name: any", GoldenField::kKana, "", {"A 1 0||ヤマダ ハナコ", "B 1 0||サトウ ハナコ", "C 1 0||サトウ ハナコ"},
       "サトウ ハナコ <BC> most_frequent, ヤマダ ハナコ <A>"},
  };
  for (const Case& c : cases) Check(c);
  const GoldenRecord none = Make(ParseAll({"A 1 0|佐藤 花子", "B 1 0||ヤマダ ハナコ"}));
  EXPECT_EQ(ShowAll(none), "name: 佐藤 花子 <A> only_value\nkana contradiction <B>\n");
  // In one record, though in names of their own.
  Said said = ParseSaid("A 1 0|小鳥遊 心愛");
  said.record.names.push_back({});
  said.record.names.back().family_kana = "タカナシ";
  said.record.names.back().given_kana = "ココア";
  const GoldenRecord golden = Make({said, ParseSaid("B 1 0||コトリアソビ ココア")});
  ASSERT_EQ(golden.record.names.size(), 1u);
  EXPECT_EQ(golden.record.names[0].full, "小鳥遊 心愛");
  EXPECT_EQ(golden.record.names[0].family_kana, "タカナシ");
}

TEST(GoldenRecordTest, WorseGrounds) {
  const Case cases[] = {
      {"a test patient", GoldenField::kName, "", {"A 1 2|テスト 患者", "B 1 0|山田 花子"}, "山田 花子 <B> grounds, テスト 患者 <A>"},
      {"a family name that is called former", GoldenField::kName, "",
       {"A 1 0|佐藤 花子", "B 1 0|佐藤 花子", "C 1 0|山田 花子（旧姓 佐藤）"}, "山田 花子（旧姓 佐藤） <C> grounds, 佐藤 花子 <AB>"},
      {"the former name", GoldenField::kFormerName, "", {"A 1 0|佐藤 花子", "C 1 0|山田 花子（旧姓 佐藤）"}, "佐藤 <C> only_value"},
  };
  for (const Case& c : cases) Check(c);
  Said married = ParseSaid("C 1 0|山田 花子");
  married.record.former_names = {"佐藤"};
  Said wrong = ParseSaid("D 1 0|山田 花子");
  wrong.record.former_names = {"山田"};
  const GoldenRecord golden = Make({married, wrong, ParseSaid("A 1 0|佐藤 花子"), ParseSaid("B 1 0|佐藤 花子")});
  EXPECT_EQ(ShowAll(golden), "name: 山田 花子 <CD> grounds, 佐藤 花子 <AB>\nformer_name: 佐藤 <C> only_value\n");
}

TEST(GoldenRecordTest, TheImpossibleNeverSurvives) {
  const Case cases[] = {
      {"no such day", GoldenField::kBirth, "", {"A 9 9|||1980-02-30", "B 9 9|||1980-02-30", "C 1 0|||1980-02-03"},
       "1980-02-03 <C> only_value"},
      {"default date", GoldenField::kBirth, "", {"A 9 9|||1900-01-01", "C 1 0|||1980-02-03"},
       "1980-02-03 <C> only_value"},
      {"in the future", GoldenField::kBirth, "", {"A 9 9|||2026-06-02", "C 1 0|||1980-02-03"},
       "1980-02-03 <C> only_value"},
      {"check digit", GoldenField::kCoverage, "", {"A 9 9|||||01130013/12/345", "C 1 0|||||01130012/12/345"},
       "01130012:12:345: <C> only_value"},
      {"dummy phone", GoldenField::kPhone, "", {"A 9 9|||||||000-0000-0000", "C 1 0|||||||0312345678"},
       "0312345678 <C> only_value"},
      {"said to be unknown", GoldenField::kName, "", {"A 9 9|不明", "C 1 0|山田 太郎"}, "山田 太郎 <C> only_value"},
      {"check digits that count for nothing", GoldenField::kCoverage, "insurer_check_digits: off",
       {"A 9 9|||||01130013/12/345"},
       "01130013:12:345: <A> only_value"},
  };
  for (const Case& c : cases) Check(c);
  // Absent, and said so, where there is no other.
  const GoldenRecord none = Make(ParseAll({"A 1 0|||1980-02-30||01130013/12/345||0000000000", "B 1 0|||1900-01-01",
      "C 1 0|||1900-01-01|q"}));
  EXPECT_TRUE(none.values.empty());
  EXPECT_EQ(none.record, Record());
  EXPECT_EQ(ShowAll(none),
            "birth impossible_date <A>\nbirth default_date <BC>\nsex sex_unreadable <C>\n"
            "coverage insurer_check_digit <A>\nphone phone_dummy <A>\n");
}

TEST(GoldenRecordTest, ContradictionsAreMarked) {
  struct Marks {
    const char* note;
    std::vector<std::string> lines;
    bool birth, sex;
  };
  const Marks cases[] = {
      {"none", {"A 1 0|||1980-01-02|1", "B 1 0|||S55.1.2|男"}, false, false},
      {"two dates", {"A 1 0|||1980-01-02|1", "B 1 0|||1980-01-03|1"}, true, false},
      {"two sexes", {"A 1 0|||1980-01-02|1", "B 1 0|||1980-01-02|2"}, false, true},
      {"a part of the date", {"A 1 0|||1980-01-02|1", "B 1 0|||1980|1"}, false, false},
      {"another year", {"A 1 0|||1980-01-02|1", "B 1 0|||1981|1"}, true, false},
      {"an impossible date, an unknown sex", {"A 1 0|||1980-01-02|1", "B 1 0|||1900-01-01|9"}, false, false},
  };
  for (const Marks& c : cases)
    for (const GoldenValue& v : Make(ParseAll(c.lines)).values)
      EXPECT_EQ(v.contradicted, v.field == GoldenField::kBirth ? c.birth : c.sex) << c.note;
}

TEST(GoldenRecordTest, OneCoverageAKindAndTwoPhones) {
  const Case cases[] = {
      {"kinds", GoldenField::kCoverage, "",
       {"A 1 0|||||01130012/12/345/01", "B 2 0|||||06132013/9/8/02", "C 1 0|||||138057/1/2/01",
        "D 1 0|||||51326015//1234567"},
       "06132013:9:8:02 <B> newest, 01130012:12:345:01 <A>; 138057:1:2:01 <C> only_value; 51326015::1234567: <D> only_value"},
      {"laws of public ones", GoldenField::kCoverage, "", {"A 1 0|||||51326015//1234567",
       "B 2 0|||||12345674//7654321"},
       "12345674::7654321: <B> only_value; 51326015::1234567: <A> only_value"},
      {"phones", GoldenField::kPhone, "", {"A 1 0|||||||03-1234-5678 / 090-1234-5678", "B 2 0|||||||0312345679",
       "C 1 0|||||||080-1234-5678"},
       "0312345679 <B> newest, 03-1234-5678 <A>; 090-1234-5678 <A> record_key, 080-1234-5678 <C>"},
  };
  for (const Case& c : cases) Check(c);
}

TEST(GoldenRecordTest, TheRecordHoldsWhatSurvived) {
  Said a = ParseSaid("A 1 0||||1|01130012/12/345/01|東京都/港区/芝1-2-3|03-1234-5678");
  StatedName name;
  name.family = "山田";
  name.given = "太郎";
  name.latin = "YAMADA, Taro";
  a.record.names = {name};
  a.record.care = {{"138057", "0000123456"}};
  const Said b = ParseSaid("B 2 0||ヤマダ タロウ|S55.1.2|||東京都/杉並区|090-1234-5678");
  const GoldenRecord golden = Make({a, b});
  Record want;
  name.full_kana = "ヤマダ タロウ";
  want.names = {name};
  want.births = {"S55.1.2"};
  want.sexes = {"1"};
  want.coverages = a.record.coverages;
  want.care = a.record.care;
  want.addresses = b.record.addresses;
  want.phones = {"03-1234-5678", "090-1234-5678"};
  EXPECT_EQ(golden.record, want) << ShowAll(golden);
  EXPECT_EQ(golden.values[0].text, "山田 太郎");
  EXPECT_EQ(golden.values[0].rivals.size(), 0u);
}

// ---- At random.

// Any source of a few hundred persons' worth of values, impossible ones among them.
Said RandomSaid(std::mt19937_64* random, int sources) {
  const auto pick = [&](const std::vector<std::string>& from) { return from[(*random)() % from.size()]; };
  Said said = ParseSaid("S" + std::to_string((*random)() % sources) + " " + std::to_string((*random)() % 5) + " " +
                        std::to_string((*random)() % 3) + "|" +
                        pick({"", "山田 太郎", "山田太郎", "山田 ■郎", "佐藤 太郎", "太郎 山田", "ヤマダ タロウ", "YAMADA Taro", "髙橋 太郎",
                            "高橋 太郎", "テスト"}) + "|" +
                        pick({"", "ヤマダ タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ", "サトウ タロウ", "ヤマタ"}) + "|" +
                        pick({"", "1980-01-02", "S55.1.2", "1980", "1980-02-01", "1900-01-01", "1980-13-01"}) + "|" +
                            pick({"", "1", "男", "2", "q"}) +
                        "|" + pick({"", "01130012/12/345/01", "01130012/12/345", "/12/345", "138057/1/2",
                            "01130013/1/2", "51326015//1234567"}) +
                        "|" + pick({"", "東京都/港区/芝1-2-3", "東京都/港区/芝一丁目2番3号", "/港区/芝1-2-3", "大阪府/大阪市北区/"}) + "|" +
                        pick({"", "0312345678", "03-1234-5678/090-1234-5678", "09012345678", "0000000000"}));
  said.record.key.record_id = std::to_string((*random)() % 3);
  if ((*random)() % 4 == 0) said.record.former_names = {pick({"佐藤", "山田", "高橋"})};
  if ((*random)() % 4 == 0) said.record.care = {{pick({"138057", "", "138058"}), pick({"123456", "0000123456", "99"})}};
  return said;
}

std::vector<Said> RandomPerson(std::mt19937_64* random, int size) {
  std::vector<Said> out;
  for (int i = 0; i < size; ++i) out.push_back(RandomSaid(random, 1 + size / 2));
  return out;
}

TEST(GoldenRecordTest, TheOrderOfSourcesDoesNotShow) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<Said> said = RandomPerson(&random, 6 + round % 40);
    const GoldenRecord first = Make(said);
    std::shuffle(said.begin(), said.end(), random);
    const GoldenRecord second = Make(said);
    ASSERT_EQ(ShowAll(first), ShowAll(second));
    ASSERT_EQ(first.record, second.record);
  }
  for (int round = 0; round < 10; ++round) {
    const std::vector<Said> said = RandomPerson(&random, 2 + round % 4);
    const std::string want = ShowAll(Make(said));
    std::vector<size_t> order(said.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    while (std::next_permutation(order.begin(), order.end())) {
      std::vector<Said> shuffled;
      for (size_t i : order) shuffled.push_back(said[i]);
      ASSERT_EQ(ShowAll(Make(shuffled)), want);
    }
  }
}

// The golden texts that a record can say, phones in pieces.
std::set<std::string> TextsOf(const Record& r) {
  std::set<std::string> out(r.births.begin(), r.births.end());
  out.insert(r.sexes.begin(), r.sexes.end());
  out.insert(r.former_names.begin(), r.former_names.end());
  for (const StatedName& n : r.names) out.insert({n.full, n.full_kana});
  for (const StatedCoverage& c : r.coverages) out.insert(c.insurer + ":" + c.symbol + ":" + c.number + ":" + c.branch);
  for (const StatedCareInsurance& c : r.care) out.insert(c.insurer + ":" + c.number);
  for (const StatedAddress& a : r.addresses) {
    std::string text;
    for (const std::string& part : {a.prefecture, a.city, a.street}) text += (text.empty() || part.empty() ? "" : " ") + part;
    out.insert(text);
  }
  for (const std::string& p : r.phones)
    for (size_t at = 0; at < p.size(); at = std::min(p.find('/', at), p.size()) + 1) out.insert(p.substr(at,
        p.find('/', at) - at));
  return out;
}

TEST(GoldenRecordTest, EveryTextWasSaidByOneWhoSaysTheValue) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 300; ++round) {
    const std::vector<Said> said = RandomPerson(&random, 1 + round % 20);
    const auto is_said = [&](const std::string& text, const std::vector<RecordKey>& by) {
      EXPECT_TRUE(std::is_sorted(by.begin(), by.end()));
      return std::any_of(said.begin(), said.end(), [&](const Said& s) {
        return std::binary_search(by.begin(), by.end(), s.record.key) && TextsOf(s.record).contains(text);
      });
    };
    const GoldenRecord golden = Make(said);
    for (const GoldenValue& v : golden.values) {
      ASSERT_TRUE(is_said(v.text, v.said_by)) << GoldenFieldName(v.field) << " " << v.text;
      for (const GoldenRival& r : v.rivals) ASSERT_TRUE(is_said(r.text, r.said_by)) << r.text;
      for (const char* impossible : {"1900-01-01", "1980-13-01", "q", "01130013:1:2:",
          "0000000000"}) ASSERT_NE(v.text, impossible);
    }
    for (const auto* list : {&golden.record.births, &golden.record.sexes}) ASSERT_LE(list->size(), 1u);
    ASSERT_LE(golden.record.phones.size(), 2u);
    // A golden record is its own golden record.
    Said again{golden.record, 0, 0};
    again.record.key = {"A", "1", 0};
    ASSERT_EQ(Make({again}).record, golden.record) << ShowAll(golden);
  }
}

TEST(GoldenRecordTest, CrowdedPersonsTakeNoSquare) {
  std::mt19937_64 random(3);
  for (const bool all_differ : {false, true}) {
    std::vector<Said> said = RandomPerson(&random, 10000);
    for (size_t i = 0; all_differ && i < said.size(); ++i) {
      const std::string n = std::to_string(10000 + i);
      said[i].record.key.record_id = n;
      said[i].record.names = {{}};
      said[i].record.names[0].full = "山田 太郎" + n;
      said[i].record.names[0].full_kana = "ヤマダ タロウ" + n;
      said[i].record.births = {std::to_string(1930 + i % 90) + "-01-" + std::to_string(1 + i % 28)};
      said[i].record.phones = {"03123" + n};
      said[i].record.addresses = {{"", "東京都", "港区", "芝" + n, ""}};
      said[i].record.coverages = {{"01130012", "12", n, "01"}};
    }
    const auto start = std::chrono::steady_clock::now();
    const GoldenRecord golden = Make(said);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    RecordProperty(all_differ ? "seconds_all_differ" : "seconds", std::to_string(seconds));
    std::printf("10,000 records: %.3f s\n", seconds);
    EXPECT_LT(seconds, 5) << "far more than the second that it should take on a machine of its own";
    EXPECT_FALSE(golden.values.empty());
  }
}

TEST(GoldenRecordTest, TakesAnyBytes) {
  std::mt19937_64 random(4);
  const auto bytes = [&] {
    static const std::vector<std::string> kPieces = {"山田", "■", "03-1234-5678", "/", "(旧姓 ", ")", "1980", "\xE3",
        "\xFF", "ﾔ", " ", "SMITH", "様"};
    std::string out;
    for (size_t n = random() % 6; n-- > 0;) {
      if (random() % 2) out += kPieces[random() % kPieces.size()];
      else out += static_cast<char>(random());
    }
    return random() % 100 == 0 ? out + std::string(5000, out.empty() ? 'a' : out[0]) : out;
  };
  for (int round = 0; round < 2000; ++round) {
    std::vector<Said> said(random() % 6);
    for (Said& s : said) {
      s.record.key = {bytes(), bytes(), static_cast<uint16_t>(random() % 3)};
      s.time = static_cast<int64_t>(random());
      s.trust = static_cast<int>(random());
      for (size_t n = random() % 3; n-- > 0;) {
        s.record.names.push_back({bytes(), bytes(), bytes(), bytes(), bytes(), bytes(), bytes()});
        s.record.former_names.push_back(bytes());
        s.record.births.push_back(bytes());
        s.record.sexes.push_back(bytes());
        s.record.coverages.push_back({bytes(), bytes(), bytes(), bytes()});
        s.record.care.push_back({bytes(), bytes()});
        s.record.addresses.push_back({bytes(), bytes(), bytes(), bytes(), bytes()});
        s.record.phones.push_back(bytes());
      }
    }
    const std::string want = ShowAll(Make(said));
    std::reverse(said.begin(), said.end());
    ASSERT_EQ(ShowAll(Make(said)), want);
    SurvivorshipRules rules;
    const absl::Status status = ParseSurvivorship(bytes() + ":" + bytes() + "\n" + bytes(), &rules);
    if (status.ok()) {
      EXPECT_EQ(Rules(ToText(rules)), rules);
    }
  }
}

TEST(GoldenRecordTest, NothingAtAll) {
  EXPECT_EQ(ShowAll(MakeGoldenRecord({}, {}, {})), "");
  const GoldenSource nobody;
  EXPECT_EQ(ShowAll(MakeGoldenRecord({&nobody, 1}, {}, {})), "");
}

// ---- Rules as text.

TEST(SurvivorshipTest, DefaultsAsText) {
  const std::string text = ToText({});
  EXPECT_EQ(text,
            "name: most_trusted, most_frequent, most_complete, newest\n"
            "kana: most_trusted, most_frequent, most_complete, newest\n"
            "latin: most_trusted, most_frequent, most_complete, newest\n"
            "former_name: most_frequent, newest, most_complete\n"
            "birth: most_trusted, most_frequent, most_complete, newest\n"
            "sex: most_trusted, most_frequent, most_complete, newest\n"
            "coverage: newest, most_complete, most_frequent\n"
            "care: newest, most_complete, most_frequent\n"
            "address: newest, most_complete, most_frequent\n"
            "phone: newest, most_complete, most_frequent\n"
            "trusted:\n"
            "insurer_check_digits: on\n");
  EXPECT_EQ(Rules(text), SurvivorshipRules());
}

TEST(SurvivorshipTest, TextReadsBack) {
  SurvivorshipRules rules;
  rules.criteria[static_cast<size_t>(GoldenField::kPhone)] = {SurvivorshipCriterion::kMostTrusted};
  rules.criteria[static_cast<size_t>(GoldenField::kSex)].clear();
  rules.trusted_sources = {"H001", "病院", "a,b", " c ", "d#e", "f\"g\\", "", "h\ni\rj", "k l:m", "\xFF", "\t"};
  rules.insurer_check_digits = false;
  EXPECT_EQ(Rules(ToText(rules)), rules) << ToText(rules);
}

TEST(SurvivorshipTest, TextAsPeopleWriteIt) {
  const SurvivorshipRules rules = Rules(
      "\xEF\xBB\xBF# rules of the network\r\n\r\n  address :newest,most_trusted  # they move\r\ntrusted: H001 ,\"H,2\"# two\r\n"
      "insurer_check_digits: off");
  SurvivorshipRules want;
  want.criteria[static_cast<size_t>(GoldenField::kAddress)] = {SurvivorshipCriterion::kNewest,
      SurvivorshipCriterion::kMostTrusted};
  want.trusted_sources = {"H001", "H,2"};
  want.insurer_check_digits = false;
  EXPECT_EQ(rules, want) << ToText(rules);
}

TEST(SurvivorshipTest, ErrorsNameLineAndWord) {
  struct Wrong {
    const char* text;
    const char* want;
  };
  const Wrong cases[] = {
      {"nome: newest", "line 1: unknown field \"nome\""},
      {"# c\n\nname: newest, neuest", "line 3: unknown criterion \"neuest\""},
      {"name: newest newest", "line 1: unknown criterion \"newest newest\""},
      {"name newest", "line 1: no colon after \"name newest\""},
      {"name: newest\nname: newest", "line 2: \"name\" stands twice"},
      {"name: newest, newest", "line 1: \"newest\" stands twice"},
      {"trusted: A, B, A", "line 1: \"A\" stands twice"},
      {"name: newest,", "line 1: nothing before or after a comma of \"name\""},
      {"trusted: ,A", "line 1: nothing before or after a comma of \"trusted\""},
      {"trusted: \"A", "line 1: a quote that does not end, or a letter after \\ that is none"},
      {"trusted: \"A\\x\"", "line 1: a quote that does not end, or a letter after \\ that is none"},
      {"trusted: \"A\" B", "line 1: no comma after a quote"},
      {"insurer_check_digits: yes", "line 1: \"insurer_check_digits\" is on or off"},
      {": newest", "line 1: unknown field \"\""},
  };
  for (const Wrong& c : cases) {
    SurvivorshipRules rules;
    rules.trusted_sources = {"kept"};
    const SurvivorshipRules before = rules;
    const absl::Status status = ParseSurvivorship(c.text, &rules);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.text;
    EXPECT_EQ(std::string(status.message()), std::string("survivorship rules, ") + c.want);
    EXPECT_EQ(rules, before);
  }
}

}  // namespace
}  // namespace libmpi
