// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/overlay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

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

struct Case {
  const char* note;
  std::vector<const char*> rows;
  const char* want;
};

TEST(OverlayTest, KeepsTogetherWhatCanBeOnePerson) {
  const Case cases[] = {
      {"one row", {"1|山田 太郎||19800102"}, "0"},
      {"equal rows", {"1|山田 太郎||19800102", "1|山田 太郎||19800102"}, "01"},
      {"other coverage", {"1|山田 太郎||19800102|1|01130012/1/2345/01", "1|山田 太郎||19800102|1|138057//777/"}, "01"},
      {"married", {"1|山田 花子||19800102|2", "1|佐藤 花子||19800102|2"}, "01"},
      {"slip in the birth date", {"1|山田 太郎||19800102", "1|佐藤 花子||19800103"}, "01"},
      {"month and day exchanged", {"1|山田 太郎||19800102", "1|佐藤 花子||19800201"}, "01"},
      {"era taken for another", {"1|山田 太郎||S10.1.2", "1|佐藤 花子||H10.1.2"}, "01"},
      {"other birth date, same name", {"1|山田 太郎||19800102", "1|山田 太郎||19511230"}, "01"},
      {"other birth date, same family name", {"1|山田 太郎||19800102|1", "1|山田 次郎||19511230|1"}, "01"},
      {"other birth date, kana slip", {"1||ヤマダ タロウ|19800102", "1||ヤマタ ジロウ|19511230"}, "01"},
      {"near kanji", {"1|斎藤 太郎||19800102", "1|斉藤 一||19511230"}, "01"},
      {"swapped", {"1|山田 太郎||19800102", "1|太郎 山田||19511230"}, "01"},
      {"scripts that don't meet", {"1|山田 太郎||19800102", "1||サトウ ハナコ|19511230"}, "01"},
      {"partial birth date", {"1|山田 太郎||1980", "1|佐藤 花子||19511230"}, "01"},
      {"no birth date", {"1|山田 太郎||", "1|佐藤 花子||19511230"}, "01"},
      {"unknown glyphs", {"1|■田 太郎||19800102|1", "1|山田 花子||19511230|1"}, "01"},
  };
  for (const Case& c : cases) EXPECT_EQ(Show(SplitOverlays(Rows(c.rows))), c.want) << c.note;
}

TEST(OverlayTest, TakesPersonsApart) {
  const Case cases[] = {
      {"two persons", {"1|山田 太郎||19800102", "1|佐藤 花子||19511230"}, "1 0"},
      {"in kana", {"1||ヤマダ タロウ|19800102", "1||サトウ ハナコ|19511230"}, "1 0"},
      {"siblings of other sexes and years", {"1|山田 太郎||19800102|1", "1|山田 花子||19830415|2"}, "0 1"},
      {"the larger first", {"1|山田 太郎||19800102", "1|山田 太郎||19800102", "1|佐藤 花子||19511230"}, "01 2"},
      {"sparse rows join the largest",
       {"1|山田 太郎||19800102", "1|山田 太郎||19800102", "1|佐藤 花子||19511230", "1|鈴木 一||", "1|||19511230"}, "0134 2"},
      {"three persons", {"1|山田 太郎||19800102", "1|佐藤 花子||19511230", "1|鈴木 一||20010709"}, "1 0 2"},
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
