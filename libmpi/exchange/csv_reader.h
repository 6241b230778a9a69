// SPDX-License-Identifier: Apache-2.0
// Rows and fields of RFC 4180 text.
#ifndef LIBMPI_EXCHANGE_CSV_READER_H_
#define LIBMPI_EXCHANGE_CSV_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace libmpi {

// One row of a text: its bytes without the line end.
struct CsvRow {
  size_t begin = 0;
  size_t end = 0;
  uint64_t line = 0;  // 1-based, where it starts
  bool unterminated = false;  // a quote that never closes: only this line was taken
};

// Walks the rows of a decoded text. A quote opens only at the start of a
// field; one that stays open to the end of the text or for longer than
// `max_row_bytes`, or closes amid a later line, costs its own line only. Empty
// lines are skipped. Linear: what unclosed quotes look ahead in vain is bounded by a
// few times the text. Not thread-safe.
class CsvRows {
 public:
  // Rows from byte `at` on, where line `line` begins.
  CsvRows(std::string_view text, char delimiter, size_t max_row_bytes, size_t at = 0, uint64_t line = 1)
      : text_(text), delimiter_(delimiter), max_row_bytes_(max_row_bytes),
        look_ahead_left_(LookAheadOf(text.size())), at_(at), line_(line) {}

  // False at the end.
  bool Next(CsvRow* row);

  // Where the next row is looked for, and its line.
  size_t position() const { return at_; }
  uint64_t line() const { return line_; }
  // Bytes that unclosed quotes have looked ahead in vain, and how many a text of a size allows.
  size_t looked_ahead() const { return looked_ahead_; }
  static size_t LookAheadOf(size_t text_bytes) { return 4 * text_bytes + (size_t{16} << 20); }
  void BoundLookAhead(size_t bytes) { look_ahead_left_ = bytes; }

 private:
  bool FindEnd(size_t begin, size_t* end, uint64_t* lines);

  std::string_view text_;
  char delimiter_;
  size_t max_row_bytes_;
  size_t look_ahead_left_;
  size_t looked_ahead_ = 0;
  size_t at_;
  uint64_t line_;
};

// What is wrong with a row's quoting.
enum class CsvDefect : uint8_t { kNone, kTextAfterQuote, kUnterminated };

// Splits a row into fields, quotes undone; views point into `row` or, where a
// quote was doubled, into *scratch. Linear.
CsvDefect SplitCsvRow(std::string_view row, char delimiter, std::vector<std::string_view>* fields,
                      std::vector<std::string>* scratch);

// Comma, tab or semicolon: the most frequent outside quotes in a header line.
char DetectDelimiter(std::string_view header);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_CSV_READER_H_
