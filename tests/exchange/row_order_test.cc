// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/row_order.h"

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "gtest/gtest.h"

namespace libmpi {
namespace {

struct Files {
  std::vector<FileText> texts;
  std::vector<std::string> paths;

  explicit Files(const std::vector<std::string>& contents) {
    const auto columns = MapColumns({"record_id", "source", "name"}, {}, "x");
    for (const std::string& content : contents) {
      FileText& text = texts.emplace_back();
      text.buffer = TextBuffer(content);
      text.columns = *columns;
      text.source = "own";
      paths.push_back("file");
    }
  }

  AcceptedRows Rows(int threads) {
    std::vector<RowTaker> takers;
    for (uint32_t f = 0; f < texts.size(); ++f) {
      RowTaker& taker = takers.emplace_back(&texts[f], f, &paths[f], 1 << 20);
      std::vector<CsvRow> rows;
      CsvRows walker(texts[f].text(), ',', 1 << 20);
      for (CsvRow row; walker.Next(&row);) rows.push_back(row);
      taker.Take(rows);
    }
    return GatherRows(texts, takers, threads);
  }
};

using Row = std::tuple<int, std::string, std::string, std::string, uint32_t, uint32_t>;

std::vector<Row> Told(const AcceptedRows& all) {
  std::vector<Row> out;
  for (const RowRef& row : all.rows)
    out.emplace_back(all.List(row), all.Source(row), all.Id(row), all.Bytes(row), row.file, row.line);
  return out;
}

void Check(const std::vector<std::string>& contents, int threads, bool two_lists) {
  Files files(contents);
  if (two_lists && !files.texts.empty()) files.texts.back().list = 1;
  AcceptedRows rows = files.Rows(threads);
  std::vector<Row> want = Told(rows);
  std::sort(want.begin(), want.end());
  const std::vector<uint32_t> first = SortRows(&rows, threads);
  ASSERT_EQ(Told(rows), want);
  std::vector<uint32_t> want_first;
  for (uint32_t i = 0; i < want.size(); ++i) {
    const auto key = [&](uint32_t k) { return std::tuple(std::get<0>(want[k]), std::get<1>(want[k]), std::get<2>(want[k])); };
    if (i == 0 || key(i) != key(i - 1)) want_first.push_back(i);
  }
  want_first.push_back(static_cast<uint32_t>(want.size()));
  ASSERT_EQ(first, want_first);
}

TEST(RowOrderTest, IsTheOrderOfWholeKeysAndRows) {
  std::mt19937 random(9);
  const std::string kSources[] = {"", "H1", "H10", "C2", "\"C\"\"3\""};
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> contents(1 + random() % 3);
    for (std::string& content : contents)
      for (size_t n = random() % 30; n > 0; --n) {
        std::string id = round % 3 == 0 ? "same-long-begin-" : round % 3 == 1 ? "" : "é";
        for (size_t k = random() % 12; k > 0; --k) id += static_cast<char>(random() % 8 == 0 ? '~' : '0' + random() % 3);
        if (random() % 8 == 0) id = "\"" + id + "\"\"\"";
        content += id + ',' + kSources[random() % std::size(kSources)] + ",n" + std::to_string(random() % 3) + '\n';
      }
    Check(contents, 1 + static_cast<int>(random() % 3), random() % 2);
  }
  Check({}, 2, false);
}

TEST(RowOrderTest, LargeSourcesAreSortedInParts) {
  std::mt19937 random(10);
  std::string content;
  for (int n = 0; n < 300000; ++n) content += "P-" + std::to_string(random() % 200000) + ",,x" + std::to_string(random() % 2) + '\n';
  Check({content}, 3, false);
  Check({"P,,y\n" + content}, 2, false);
}

TEST(RowOrderTest, OddAndFarIdsAreKept) {
  const std::string far(70000, 'f');
  Files files({"\"a\"\"b\",s,n\n" + far + ",s,n\nplain,s,n\n"});
  files.texts[0].columns = *MapColumns({"record_id", "source", "name"}, {}, "x");
  AcceptedRows rows = files.Rows(1);
  ASSERT_EQ(rows.rows.size(), 3u);
  EXPECT_EQ(rows.Id(rows.rows[0]), "a\"b");
  EXPECT_EQ(rows.Id(rows.rows[1]), far);
  EXPECT_EQ(rows.Id(rows.rows[2]), "plain");
  EXPECT_EQ(rows.odd_ids.size(), 2u);
}

}  // namespace
}  // namespace libmpi
