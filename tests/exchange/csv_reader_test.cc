// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/csv_reader.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace libmpi {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows ReadAll(std::string_view text) {
  Rows out;
  CsvRows rows(text, ',', 1 << 20);
  CsvRow row;
  std::vector<std::string_view> fields;
  std::vector<std::string> scratch;
  while (rows.Next(&row)) {
    if (row.unterminated ||
        SplitCsvRow(text.substr(row.begin, row.end - row.begin), ',', &fields, &scratch) != CsvDefect::kNone)
      out.push_back({"BAD line " + std::to_string(row.line)});
    else
      out.emplace_back(fields.begin(), fields.end());
  }
  return out;
}

TEST(CsvReaderTest, FollowsRfc4180) {
  struct Case {
    const char* note;
    const char* text;
    Rows want;
  };
  const Case kCases[] = {
      {"plain", "a,b\n1,2\n", {{"a", "b"}, {"1", "2"}}},
      {"no line end at the end", "a,b", {{"a", "b"}}},
      {"CRLF", "a,b\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}}},
      {"quoted comma and quote", "\"a,b\",\"c\"\"d\"\n", {{"a,b", "c\"d"}}},
      {"quoted line end", "\"a\nb\",c\nd,e\n", {{"a\nb", "c"}, {"d", "e"}}},
      {"empty fields", ",,\n", {{"", "", ""}}},
      {"empty quoted", "\"\",x\n", {{"", "x"}}},
      {"empty lines are skipped", "a\n\n\nb\n", {{"a"}, {"b"}}},
      {"a quote inside a plain field is a letter", "5\" pipe,x\n", {{"5\" pipe", "x"}}},
      {"text after a quote", "\"a\"b,c\nd,e\n", {{"BAD line 1"}, {"d", "e"}}},
      {"a quote that never closes costs its line", "a,\"b\nc,d\ne,f\n", {{"BAD line 1"}, {"c", "d"}, {"e", "f"}}},
      {"one that another would close wrongly", "a,\"b\nc,\"d\"\n", {{"BAD line 1"}, {"c", "d"}}},
  };
  for (const Case& c : kCases) EXPECT_EQ(ReadAll(c.text), c.want) << c.note;
}

TEST(CsvReaderTest, LinesAreCounted) {
  const std::string text = "h\n\"a\nb\"\n\nc\n";
  CsvRows rows(text, ',', 1 << 20);
  CsvRow row;
  std::vector<uint64_t> lines;
  while (rows.Next(&row)) lines.push_back(row.line);
  EXPECT_THAT(lines, ::testing::ElementsAre(1, 2, 5));
}

// A letter-by-letter reader of well-formed text: the twin.
Rows Reference(const std::string& text) {
  Rows rows;
  std::vector<std::string> row(1);
  bool quoted = false, any = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') row.back() += c;
      else if (i + 1 < text.size() && text[i + 1] == '"') row.back() += text[++i];
      else quoted = false;
    } else if (c == '"') {
      quoted = any = true;
    } else if (c == ',') {
      row.emplace_back();
      any = true;
    } else if (c == '\n') {
      if (any) rows.push_back(row);
      row.assign(1, "");
      any = false;
    } else {
      row.back() += c;
      any = true;
    }
  }
  if (any) rows.push_back(row);
  return rows;
}

TEST(CsvReaderTest, AgreesWithReferenceOnRandomTables) {
  std::mt19937 random(5);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int r = random() % 5; r >= 0; --r) {
      for (int f = 0; f < 3; ++f) {
        std::string value;
        for (int k = random() % 4; k > 0; --k) value += "a,\"\n "[random() % 5];
        if (value.find_first_of(",\"\n") != std::string::npos || random() % 4 == 0) {
          std::string quoted = "\"";
          for (char c : value) quoted += c == '"' ? "\"\"" : std::string(1, c);
          value = quoted + "\"";
        }
        text += (f ? "," : "") + value;
      }
      text += '\n';
    }
    ASSERT_EQ(ReadAll(text), Reference(text)) << text;
  }
}

// One byte after the other.
CsvDefect SplitSimply(std::string_view row, char delimiter, std::vector<std::string>* fields) {
  fields->assign(1, "");
  for (size_t i = 0;; ++i) {
    if (i < row.size() && row[i] == '"') {
      for (++i;; ++i) {
        if (i == row.size()) return CsvDefect::kUnterminated;
        if (row[i] != '"') fields->back() += row[i];
        else if (i + 1 < row.size() && row[i + 1] == '"') fields->back() += row[i++];
        else break;
      }
      if (++i < row.size() && row[i] != delimiter) return CsvDefect::kTextAfterQuote;
    } else {
      while (i < row.size() && row[i] != delimiter) fields->back() += row[i++];
    }
    if (i >= row.size()) return CsvDefect::kNone;
    fields->emplace_back();
  }
}

TEST(CsvReaderTest, SplitsRowsAsTheSimpleSplitterDoes) {
  std::mt19937 random(6);
  std::vector<std::string_view> fields;
  std::vector<std::string> scratch, want;
  for (int round = 0; round < 300000; ++round) {
    const std::string_view letters = round % 3 == 0 ? "abcdefghijk,,;\t" : round % 3 == 1 ? "ab,,\"" : ",\xE3\x80";
    std::string row;
    for (size_t n = random() % 70; n > 0; --n) row += letters[random() % letters.size()];
    const char delimiter = ",;\t"[random() % 3];
    const CsvDefect defect = SplitSimply(row, delimiter, &want);
    ASSERT_EQ(SplitCsvRow(row, delimiter, &fields, &scratch), defect) << row;
    if (defect == CsvDefect::kNone) {
      ASSERT_EQ(std::vector<std::string>(fields.begin(), fields.end()), want) << row;
    }
  }
}

TEST(CsvReaderTest, ManyOpenQuotesStayLinear) {
  std::string text;
  for (int i = 0; i < 200000; ++i) text += "a,\"b\n";
  EXPECT_EQ(ReadAll(text).size(), 200000u);
}

}  // namespace
}  // namespace libmpi
