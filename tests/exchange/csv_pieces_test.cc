// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/csv_pieces.h"

#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace libmpi {
namespace {

using Row = std::tuple<size_t, size_t, uint64_t, bool>;

Row Plain(const CsvRow& row) { return {row.begin, row.end, row.line, row.unterminated}; }

std::vector<Row> OneWalk(const CsvWalk& walk) {
  std::vector<Row> out;
  CsvRows rows(walk.text, walk.delimiter, walk.max_row_bytes, walk.begin, walk.line);
  for (CsvRow row; rows.Next(&row);) out.push_back(Plain(row));
  return out;
}

std::vector<Row> InPieces(const CsvWalk& walk, size_t piece_bytes) {
  std::vector<CsvPiece> pieces = CutCsv(walk, piece_bytes);
  for (CsvPiece& piece : pieces) WalkCsvPiece(walk, &piece);
  JoinCsv(walk, &pieces);
  std::vector<Row> out;
  for (const CsvPiece& piece : pieces)
    for (const CsvRow& row : piece.rows) {
      EXPECT_GE(row.begin, piece.begin);
      EXPECT_LT(row.begin, piece.end);
      out.push_back(Plain(row));
    }
  return out;
}

TEST(CsvPiecesTest, FindTheRowsOfOneWalk) {
  struct Case {
    const char* note;
    std::string text;
  };
  const Case kCases[] = {
      {"nothing", ""},
      {"plain", "a,b\n1,2\n3,4\n5,6\n7,8\n"},
      {"no line end at the end", "a,b\n1,2\n3,4"},
      {"empty lines at the cuts", "a\n\n\n\n\n\n\n\nb\n\n\n\n\n\n\nc\n"},
      {"a field over many pieces", "a,\"x\n1,2\n3,4\n5,6\n7,8\n9\",b\nc,d\ne,f\n"},
      {"a field that looks like rows with quotes", "a,\"x\n\"\"1\"\",2\n,\"\"y\"\"\n\",b\nc,d\n"},
      {"a quote that never closes", "a,\"x\nb,c\nd,e\nf,g\nh,i\n"},
      {"one long line", "a\n" + std::string(100, 'x') + "\nb\nc\n"},
      {"CRLF", "a,b\r\n1,\"2\r\n3\"\r\n4,5\r\n"},
  };
  for (const Case& c : kCases)
    for (size_t piece = 1; piece <= 20; ++piece)
      for (size_t longest : {size_t{5}, size_t{1} << 10}) {
        const CsvWalk walk{c.text, ',', longest, 0, 1};
        EXPECT_EQ(InPieces(walk, piece), OneWalk(walk)) << c.note << ", pieces of " << piece;
      }
}

TEST(CsvPiecesTest, FindTheRowsOfOneWalkInRandomTexts) {
  std::mt19937 random(11);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    const std::string_view letters = round % 2 ? "ab,\"\n" : "abcdefgh,,,\"\"\n\n\n\r";
    for (size_t n = random() % 120; n > 0; --n) text += letters[random() % letters.size()];
    CsvWalk walk{text, ',', 1 + random() % 40, 0, 1};
    // After a header.
    CsvRows header(text, ',', walk.max_row_bytes);
    if (CsvRow row; random() % 2 && header.Next(&row)) {
      walk.begin = header.position();
      walk.line = header.line();
    }
    const size_t piece = 1 + random() % 30;
    ASSERT_EQ(InPieces(walk, piece), OneWalk(walk)) << text << "\npieces of " << piece;
  }
}

TEST(CsvPiecesTest, FindTheRowsOfOneWalkInWellFormedTables) {
  std::mt19937 random(12);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int r = 0; r < 200; ++r) {
      for (int f = 0; f < 4; ++f) {
        std::string value;
        for (size_t k = random() % 12; k > 0; --k) value += "abc,\"\"\n\n山"[random() % 10];
        std::string quoted = "\"";
        for (char c : value) quoted += c == '"' ? "\"\"" : std::string(1, c);
        text += (f ? "," : "") + quoted + "\"";
      }
      text += '\n';
    }
    const CsvWalk walk{text, ',', size_t{1} << 20, 0, 1};
    ASSERT_EQ(InPieces(walk, 50 + random() % 2000), OneWalk(walk));
  }
}

// Where unclosed quotes use up what a text allows, the one walk is taken for all.
TEST(CsvPiecesTest, KeepToOneWalkWhereItsBoundIsMet) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "a,\"b\n";
  const CsvWalk walk{text, ',', size_t{1} << 20, 0, 1};
  EXPECT_EQ(InPieces(walk, 4096), OneWalk(walk));
  const CsvWalk unbounded{text, ',', size_t{1} << 40, 0, 1};
  EXPECT_EQ(InPieces(unbounded, 4096), OneWalk(unbounded));
}

}  // namespace
}  // namespace libmpi
