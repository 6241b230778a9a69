// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/overlay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "libmpi/record/standardize.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

std::vector<Record> Rows(std::vector<const char*> lines) {
  std::vector<Record> rows;
  for (const char* line : lines) rows.push_back(ParseRecord(line));
  return rows;
}

// "01 2": rows 0 and 1 are one person, row 2 another.
std::string Show(const std::vector<std::vector<size_t>>& groups) {
  std::string text;
  for (const auto& group : groups) {
    if (!text.empty()) text += ' ';
    for (size_t i : group) text += std::to_string(i);
  }
  return text;
}

// The rows' statements in one record: what of it the standardizer finds.
bool IsReported(const std::vector<Record>& rows) {
  static const auto* const standardizer = new Standardizer();
  Record all;
  for (const Record& row : rows) {
    all.names.insert(all.names.end(), row.names.begin(), row.names.end());
    all.births.insert(all.births.end(), row.births.begin(), row.births.end());
    all.sexes.insert(all.sexes.end(), row.sexes.begin(), row.sexes.end());
    all.former_names.insert(all.former_names.end(), row.former_names.begin(), row.former_names.end());
  }
  all.Normalize();
  const std::vector<Finding> findings = standardizer->Standardize(all).findings;
  return std::find(findings.begin(), findings.end(), Finding{FindingCode::kPossibleOverlay, "record_id"}) !=
         findings.end();
}

struct Pair {
  const char* note;
  const char* a;
  const char* b;
};

// In both orders: apart or together, and if together, with or without the finding.
enum class Want { kApart, kReported, kTogether };

void Check(const Pair& c, Want want) {
  std::vector<Record> rows = Rows({c.a, c.b});
  for (int order = 0; order < 2; ++order, std::swap(rows[0], rows[1])) {
    EXPECT_EQ(SplitOverlays(rows).size(), want == Want::kApart ? 2u : 1u) << c.note;
    if (want == Want::kApart) continue;
    EXPECT_EQ(IsReported(rows), want == Want::kReported) << c.note;
  }
}

TEST(OverlayTest, OnePersonInItsSpellings) {
  const Pair cases[] = {
      {"equal rows", "1|山田 太郎||19800102", "1|山田 太郎||19800102"},
      {"another coverage", "1|山田 太郎||19800102|1|01130012/1/2345/01", "1|山田 太郎||19800102|1|138057//777/"},
      {"married", "1|山田 花子||19800102|2", "1|佐藤 花子||19800102|2"},
      {"married, in kana", "1||ヤマダ ハナコ|19800102|2", "1||サトウ ハナコ|19800102|2"},
      {"birth in another notation", "1|山田 太郎||19800102", "1|山田 太郎||S55.1.2"},
      {"a digit of the birth date", "1|山田 太郎||19800102", "1|山田 太郎||19800103"},
      {"month and day exchanged", "1|山田 太郎||19800102", "1|山田 太郎||19800201"},
      {"an era taken for another", "1|山田 太郎||S10.1.2", "1|山田 太郎||H10.1.2"},
      {"married, and a digit of the birth date", "1|山田 花子||19800102", "1|佐藤 花子||19800103"},
      {"sex misread", "1|山田 薫||19800102|1", "1|山田 薫||19800102|2"},
      {"sex misread, kana and kanji", "1|山田 花子||19800102|1", "1||ヤマダ ハナコ|19800102|2"},
      {"kanji and kana", "1|山田 太郎||19800102", "1||ヤマダ タロウ|19800102"},
      {"given name in kana", "1|山田 みどり||19800102", "1|山田 緑||19800102"},
      {"a rare reading", "1|佐藤 心愛||20150102|2", "1||サトウ ココア|20150102|2"},
      {"other kanji of one sound", "1|山田 陽子||19800102|2", "1|山田 洋子||19800102|2"},
      {"other kanji, kana equal", "1|山田 陽子|ヤマダ ヨウコ|19800102|2", "1|山田 洋子|ヤマダ ヨウコ|19800102|2"},
      {"other reading, kanji equal", "1|山田 裕子|ヤマダ ヒロコ|19800102", "1|山田 裕子|ヤマダ ユウコ|19800102"},
      {"old kanji", "1|渡邊 廣||19500102|1", "1|渡辺 広||19500102|1"},
      {"near kanji", "1|斎藤 祐介||19800102|1", "1|斉藤 裕介||19800102|1"},
      {"unknown glyph", "1|山田 ■郎||19800102|1", "1|山田 太郎||19800102|1"},
      {"long vowel", "1||オオノ ユウコ|19800102", "1||オノ ユーコ|19800102"},
      {"a kana misspelt to no name", "1||ヤマダ ヨシヒコ|19800102", "1||ヤマダ ヨシヒニ|19800102"},
      {"a kana lost", "1||ハセガワ ヨシヒコ|19800102", "1||ハセガワ ヨシヒ|19800102"},
      {"a kana lost of a short name, kanji on one side", "1|横家 愛|ヨコヤ イ|19730330", "1||ヨコヤ アイ|19730330"},
      {"swapped", "1|山田 太郎||19800102", "1|太郎 山田||19800102"},
      {"swapped, doubtful order", "1|森 進||19500102", "1|進 森||19500102"},
      {"unsplit", "1|山田太郎||19800102", "1|山田 太郎||19800102"},
      {"unsplit, divided otherwise", "1|小川原太||19800102", "1|小川 原太||19800102"},
      {"unsplit kana", "1||ヤマダタロウ|19800102", "1||ヤマダ タロウ|19800102"},
      {"romaji and kana", "1|YAMADA, Taro||19800102", "1||ヤマダ タロウ|19800102"},
      {"foreign kana and Latin", "1|SMITH, John||19800102", "1||スミス ジョン|19800102"},
      {"a middle name left out", "1|SMITH, John Paul||19800102", "1|SMITH, John||19800102"},
      {"former name in brackets", "1|山田 花子（旧姓 佐藤）||19800102", "1|佐藤 花子||19800102"},
      {"alias", "1|金 民秀（通称 金田 民夫）||19800102", "1|金田 民夫||19800102"},
      {"newborn, then named", "1|山田 ベビー||20260102", "1|山田 太郎||20260102"},
      {"no given name", "1|山田||19800102|1", "1|山田 太郎||19800102|1"},
      {"no name", "1|||19800102|1", "1|山田 太郎||19800102|1"},
      {"no birth date", "1|山田 太郎||", "1|山田 太郎||19800102"},
      {"partial birth date", "1|山田 太郎||1980", "1|山田 太郎||19800102"},
  };
  for (const Pair& c : cases) Check(c, Want::kTogether);
}

TEST(OverlayTest, TwoPersonsStayApart) {
  const Pair cases[] = {
      {"strangers", "1|山田 太郎||19800102", "1|佐藤 花子||19511230"},
      {"strangers in kana", "1||ヤマダ タロウ|19800102", "1||サトウ ハナコ|19511230"},
      {"strangers in kanji and kana", "1|山田 太郎||19800102", "1||サトウ ハナコ|19511230"},
      {"strangers, one misread date away", "1|山田 太郎||19800102", "1|佐藤 花子||19800103"},
      {"a given name in common is no person", "1|山田 花子||19800102|2", "1|佐藤 花子||19511230|2"},
      {"a given name that sounds alike", "1|山田 太郎|ヤマダ タロウ|19800101|1", "1|鈴木 多郎|スズキ タロウ|19550617|1"},
      {"father and daughter", "1|山田 太郎||19500102|1", "1|山田 花子||19820415|2"},
      {"father and daughter, sex not stated", "1|山田 太郎||19500102", "1|山田 花子||19820415"},
      {"father and son", "1|山田 太郎||19500102|1", "1|山田 健||19820415|1"},
      {"wife's row in kana", "1|山田 太郎|ヤマダ タロウ|19500102|1", "1||ヤマダ ハナコ|19520415|2"},
      {"wife's row in kana only", "1|山田 太郎||19500102|1", "1||ヤマダ ハナコ|19520415|2"},
      {"brothers who share a kanji", "1|山田 健一||19800102|1", "1|山田 健二||19830415|1"},
      {"brothers a letter apart", "1||ヤマダ タロウ|19800102|1", "1||ヤマダ ジロウ|19830415|1"},
      {"brothers, family misspelt", "1||ヤマダ タロウ|19800102", "1||ヤマタ ジロウ|19511230"},
      {"sisters who share the ending", "1|山田 花子||19800102|2", "1|山田 恵子||19830415|2"},
      {"twins of two sexes", "1|山田 太郎||19800102|1", "1|山田 花子||19800102|2"},
      {"twins of two sexes who share a kanji", "1|山田 優斗||20150102|1", "1|山田 優花||20150102|2"},
      {"twins of two sexes a letter apart", "1||ヤマダ ユウト|20150102|1", "1||ヤマダ ユウカ|20150102|2"},
      {"twins of two sexes, birth not stated", "1|山田 太郎|||1", "1|山田 花子|||2"},
      {"twins, sex not stated", "1|山田 太郎||19800102", "1|山田 花子||19800102"},
      {"twin brothers", "1|山田 太郎||19800102|1", "1|山田 次郎||19800102|1"},
      {"twin sisters who share the ending", "1|山田 花子||19800102|2", "1|山田 恵子||19800102|2"},
      {"twin sisters in kana", "1||ヤマダ ハナコ|19800102|2", "1||ヤマダ ケイコ|19800102|2"},
      {"twin brothers in two scripts", "1|山田 健一|ヤマダ ケンイチ|19800102|1", "1|山田 健二|ヤマダ ケンジ|19800102|1"},
      {"twin sisters a letter apart in kana", "1|佐藤 静子|サトウ シズコ|19500102|2", "1|佐藤 鹿子|サトウ シカコ|19500102|2"},
      {"twins unsplit", "1|山田太郎||19800102|1", "1|山田花子||19800102|2"},
      {"twins in Latin", "1|SMITH, Anna||19800102|F", "1|SMITH, Maria||19800102|F"},
      {"given name alike, all else not", "1|山田 薫||19800102|1", "1|佐藤 薫||19511230|2"},
      {"family names only", "1|山田||19800102", "1|佐藤||19511230"},
  };
  for (const Pair& c : cases) Check(c, Want::kApart);
}

TEST(OverlayTest, DoubtIsReported) {
  const Pair cases[] = {
      {"same name, birth dates far apart", "1|山田 太郎||19800102", "1|山田 太郎||19511230"},
      {"same name in two scripts, birth dates far apart", "1|山田 太郎||19800102", "1||ヤマダ タロウ|19511230"},
      {"homophone, birth dates far apart", "1|山田 陽子||19800102", "1|山田 洋子||19511230"},
      {"may be twins: a kanji in common", "1|山田 健一||19800102|1", "1|山田 健二||19800102|1"},
      {"may be twins: a letter of kana", "1||ヤマダ ケイコ|19800102|2", "1||ヤマダ セイコ|19800102|2"},
      {"may be twins: a letter of a short name", "1||ヤマダ マキ|19800102|2", "1||ヤマダ ミキ|19800102|2"},
      {"given names differ, birth dates not stated", "1|山田 太郎||", "1|山田 花子||19800102"},
      {"given names differ, a year only", "1|山田 太郎||1980", "1|山田 花子||19800102"},
      {"foreign names that may stand either way", "1||グエン ティ ホア|19900102", "1||グエン ヴァン ナム|19900102"},
      {"a reading that no table has", "1|佐藤 大翔||20150102|1", "1||サトウ ツバサ|20150102|1"},
      {"misspelt twice", "1||カジ ンクラ|19731004", "1||カジ サセクラ|19731004"},
      {"misspelt in both scripts", "1|増穂 有可里|マスホ アリ|20111019|2", "1|増穂 明可里|マスホ アカリ|20111019|2"},
      {"readings say no, birth date the same", "1|山田 太郎||19800102", "1||ヤマダ ハナコ|19800102"},
      {"sex and a letter misread", "1||ヤマダ ヨシヒコ|19800102|1", "1||ヤマダ ヨシヒニ|19800102|2"},
  };
  for (const Pair& c : cases) Check(c, Want::kReported);
}

TEST(OverlayTest, MoreThanTwoRows) {
  struct Case {
    const char* note;
    std::vector<const char*> rows;
    const char* want;
  };
  const Case cases[] = {
      {"one row", {"1|山田 太郎||19800102"}, "0"},
      {"the larger first", {"1|山田 太郎||19800102", "1|山田 太郎||19800102", "1|佐藤 花子||19511230"}, "01 2"},
      {"a stranger's row without a birth date joins the largest",
       {"1|山田 太郎||19800102", "1|山田 太郎||19800102", "1|佐藤 花子||19511230", "1|鈴木 一||"}, "013 2"},
      {"a row without a name joins its birth date",
       {"1|山田 太郎||19800102", "1|山田 太郎||19800102", "1|佐藤 花子||19511230", "1|||19511230"}, "23 01"},
      {"a row without a birth date joins its name",
       {"1|山田 太郎||19800102", "1|山田 太郎||19800102", "1|佐藤 花子||19511230", "1||サトウ ハナコ|"}, "23 01"},
      {"twins and their rows in kana",
       {"1|山田 太郎||19800102|1", "1|山田 花子||19800102|2", "1||ヤマダ タロウ|19800102|1", "1||ヤマダ ハナコ|19800102|2"}, "02 13"},
      {"twins and a row of the family name alone",
       {"1|山田 太郎||19800102|1", "1|山田 花子||19800102|2", "1|山田||19800102|2"}, "12 0"},
      {"three persons", {"1|山田 太郎||19800102", "1|佐藤 花子||19511230", "1|鈴木 一||20010709"}, "1 0 2"},
      {"triplets", {"1|山田 太郎||20150102", "1|山田 花子||20150102", "1|山田 健||20150102"}, "2 0 1"},
  };
  for (const Case& c : cases) EXPECT_EQ(Show(SplitOverlays(Rows(c.rows))), c.want) << c.note;
}

TEST(OverlayTest, NoRowsNoGroups) { EXPECT_TRUE(SplitOverlays({}).empty()); }

TEST(OverlayTest, OrderOfRowsDoesNotShow) {
  const std::vector<Record> rows =
      Rows({"1|山田 太郎|ヤマダ タロウ|19800102|1", "1|佐藤 花子|サトウ ハナコ|19511230|2", "1|山田 太郎||19800102|1", "1|||19511230",
            "1||ヤマダ タロウ||1", "1|鈴木 一|スズキ ハジメ|20010709|1", "1|佐藤 花子||S26.12.30|2"});
  // Groups as sets of what the rows say.
  auto said = [](const std::vector<Record>& all) {
    std::multiset<std::vector<std::string>> groups;
    for (const auto& group : SplitOverlays(all)) {
      std::vector<std::string> content;
      for (size_t i : group)
        content.push_back((all[i].names.empty() ? "" : all[i].names[0].full + all[i].names[0].full_kana) +
                          (all[i].births.empty() ? "" : all[i].births[0]));
      std::sort(content.begin(), content.end());
      groups.insert(content);
    }
    return groups;
  };
  const auto want = said(rows);
  EXPECT_EQ(want.size(), 3u);
  std::vector<size_t> order(rows.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  do {
    std::vector<Record> shuffled;
    for (size_t i : order) shuffled.push_back(rows[i]);
    ASSERT_EQ(said(shuffled), want);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(OverlayTest, EveryRowIsInOneGroup) {
  const char* names[] = {"山田 太郎", "佐藤 花子", "鈴木 一", "", "ヤマダ タロウ"};
  const char* births[] = {"19800102", "19511230", "20010709", "", "1980"};
  std::vector<Record> rows;
  for (int i = 0; i < 60; ++i)
    rows.push_back(ParseRecord("1|" + std::string(names[i % 5]) + "||" + births[(i / 3) % 5] + "|" + (i % 2 ? "1" : "2")));
  std::vector<int> seen(rows.size());
  for (const auto& group : SplitOverlays(rows)) {
    EXPECT_FALSE(group.empty());
    EXPECT_TRUE(std::is_sorted(group.begin(), group.end()));
    for (size_t i : group) ++seen[i];
  }
  EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), static_cast<long>(rows.size()));
}

}  // namespace
}  // namespace libmpi
