// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/near_text.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/near_kanji.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

char32_t Letter(std::string_view text) { return CodePointsOf(text).at(0); }

TEST(NearKanjiTest, WhatAClerkConfuses) {
  for (const char* pair : {"斎斉", "嶋島", "冨富", "舘館", "龍竜", "峯峰", "崎埼", "碕崎", "阪坂", "渕淵", "萩荻", "菅管",
                           "祐裕", "佑祐", "裕佑", "治冶", "未末", "己巳", "巳已", "士土", "郎朗", "沙紗", "章彰", "太汰"}) {
    const std::u32string letters = CodePointsOf(pair);
    EXPECT_TRUE(AreNearKanji(letters[0], letters[1])) << pair;
    EXPECT_TRUE(AreNearKanji(letters[1], letters[0])) << pair;
    EXPECT_FALSE(AreNearKanji(letters[0], letters[0])) << pair;
  }
}

TEST(NearKanjiTest, WhatTellsPersonsApart) {
  for (const char* pair : {"一二", "二三", "二次", "三参", "次治", "太大", "太次", "斗人", "貴希", "秀英", "子予", "和知", "洋陽",
                           "浩博", "男女", "夫子", "美子", "花恵", "健賢", "香薫", "山川", "上土", "田由", "木本", "沢澤", "辺部"}) {
    const std::u32string letters = CodePointsOf(pair);
    EXPECT_FALSE(AreNearKanji(letters[0], letters[1])) << pair;
    EXPECT_FALSE(AreNearKanji(letters[1], letters[0])) << pair;
  }
}

// What can be checked of the table by machine: each pair once, in folded forms, with its reason;
// where a part is added, both are read alike in some name.
TEST(NearKanjiTest, TheTableKeepsItsOwnRules) {
  std::map<char32_t, std::set<std::string>> readings;
  for (const auto& row : ParseTsv(EmbeddedTable("lexicon/character_readings.tsv")))
    if (row.size() == 5) readings[Letter(row[1])].insert(std::string(row[3]));
  std::set<std::set<char32_t>> seen;
  for (const auto& row : ParseTsv(EmbeddedTable("kanji_near.tsv"))) {
    ASSERT_EQ(row.size(), 3u) << row[0];
    EXPECT_TRUE(row[2] == "form" || row[2] == "shape" || row[2] == "part") << row[0];
    for (int i : {0, 1}) {
      EXPECT_EQ(CodePointsOf(row[i]).size(), 1u) << row[i];
      EXPECT_EQ(FoldKanji(row[i]), row[i]) << "folds to another character";
    }
    EXPECT_TRUE(seen.insert({Letter(row[0]), Letter(row[1])}).second) << row[0] << row[1];
    if (row[2] != "part") continue;
    const auto &a = readings[Letter(row[0])], &b = readings[Letter(row[1])];
    if (a.empty() || b.empty()) continue;  // 汰 is in no name of the lexicon
    EXPECT_TRUE(std::any_of(a.begin(), a.end(), [&](const auto& r) { return b.contains(r); })) << row[0] << row[1];
  }
  EXPECT_GT(seen.size(), 50u);
}

TEST(NearTextTest, RelatesKanji) {
  struct Case {
    const char* note;
    const char* a;
    const char* b;
    KanjiRelation want;
  };
  const Case cases[] = {
      {"equal", "太郎", "太郎", KanjiRelation::kEqual},
      {"near", "斎藤", "斉藤", KanjiRelation::kNear},
      {"unknown glyph", "山■", "山田", KanjiRelation::kNear},
      {"unknown and near", "■藤斎", "佐藤斉", KanjiRelation::kNear},
      {"a kanji in common", "太郎", "次郎", KanjiRelation::kShared},
      {"at another place", "美恵", "恵子", KanjiRelation::kShared},
      {"kana at the same place", "ミドリ", "ミチル", KanjiRelation::kShared},
      {"kana at another place", "ミドリ", "エミコ", KanjiRelation::kDifferent},
      {"unknown glyph of another length is nothing in common", "■", "太郎", KanjiRelation::kDifferent},
      {"nothing", "太郎", "花子", KanjiRelation::kDifferent},
      {"empty", "", "花子", KanjiRelation::kDifferent},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(RelateKanji(CodePointsOf(c.a), CodePointsOf(c.b)), c.want) << c.note;
    EXPECT_EQ(RelateKanji(CodePointsOf(c.b), CodePointsOf(c.a)), c.want) << c.note;
  }
}

TEST(NearTextTest, RelatesKana) {
  struct Case {
    const char* note;
    const char* a;
    const char* b;
    KanaRelation want;
  };
  const Case cases[] = {
      {"equal", "タロウ", "タロウ", KanaRelation::kEqual},
      {"length of vowels", "オオノ", "オノ", KanaRelation::kLoose},
      {"one letter", "シズコ", "シカコ", KanaRelation::kNear},
      {"voiced mark", "ヤマダ", "ヤマタ", KanaRelation::kNear},
      {"one letter more", "ハセガワ", "ハセワ", KanaRelation::kNear},
      {"neighbours exchanged", "ヒロミ", "ヒミロ", KanaRelation::kNear},
      {"unknown glyph", "ヤマ■", "ヤマダ", KanaRelation::kNear},
      {"unknown glyph and a letter", "ヤマ■", "ヤグチ", KanaRelation::kNear},
      {"unknown glyph and two letters", "ヤマ■", "タグチ", KanaRelation::kDifferent},
      {"short names", "マキ", "ミキ", KanaRelation::kDifferent},
      {"other names", "タロウ", "ハナコ", KanaRelation::kDifferent},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(RelateKana(c.a, c.b), c.want) << c.note;
    EXPECT_EQ(RelateKana(c.b, c.a), c.want) << c.note;
  }
}

// Edit distance with transposition, slow and obvious.
int Distance(const std::u32string& a, const std::u32string& b) {
  const auto differ = [](char32_t c, char32_t d) { return c != d && c != kUnknownGlyphChar && d != kUnknownGlyphChar; };
  std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i)
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = static_cast<int>(i + j);
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + differ(a[i - 1], b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

TEST(NearTextTest, OneEditAgreesWithTheSlowTwin) {
  std::mt19937 random(11);
  for (int i = 0; i < 200000; ++i) {
    std::u32string a, b;
    for (int n = random() % 6; n > 0; --n) a += random() % 8 ? U'a' + random() % 3 : kUnknownGlyphChar;
    b = a;
    for (int edits = random() % 3; edits > 0 && !b.empty(); --edits) {
      const size_t at = random() % b.size();
      if (random() % 2) b[at] = U'a' + random() % 3;
      else if (random() % 2) b.erase(at, 1);
      else b.insert(at, 1, U'a' + random() % 3);
    }
    const bool want = std::max(a.size(), b.size()) >= 3 && a != b && Distance(a, b) <= 1;
    ASSERT_EQ(IsOneEditApart(a, b), want) << i;
    ASSERT_EQ(IsOneEditApart(b, a), want) << i;
  }
}

}  // namespace
}  // namespace libmpi
