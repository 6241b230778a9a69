// SPDX-License-Identifier: Apache-2.0
// Rows of a file, each accepted with its key or rejected with a reason.
#ifndef LIBMPI_EXCHANGE_ACCEPTED_ROWS_H_
#define LIBMPI_EXCHANGE_ACCEPTED_ROWS_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/file_text.h"
#include "libmpi/exchange/my_number.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/record/record.h"

namespace libmpi {

// Where an accepted row stands.
struct RowRef {
  uint64_t begin = 0;
  uint32_t size = 0;
  uint32_t file = 0;
  uint64_t line = 0;
  std::string_view source, record_id;  // into the text, or the scratch of odd keys
};

inline std::string_view RowBytes(std::span<const FileText> texts, const RowRef& row) {
  return std::string_view(texts[row.file].text).substr(row.begin, row.size);
}

// Adds what a row says to a record.
void AddRowTo(std::span<const FileText> texts, const RowRef& row, Record* record);
void AddRowTo(std::span<const FileText> texts, const RowRef& row, RecordView* record);

// What a piece of a file gives; pieces are taken side by side.
class RowTaker {
 public:
  RowTaker(const FileText* text, uint32_t file, const std::string* path, size_t max_row_bytes)
      : text_(text), path_(path), max_row_bytes_(max_row_bytes), file_(file),
        tallies_(text->columns.field_of_column.size()) {}

  void Take(const CsvRow& row);

  std::vector<RowRef> rows;
  std::vector<Reject> rejects;
  std::vector<std::unique_ptr<std::string>> odd_keys;  // ids whose quotes had to be undone
  std::span<const MyNumberTally> tallies() const { return tallies_; }

 private:
  void RejectRow(const CsvRow& row, std::string field, std::string reason);
  // Why a row cannot be split into the header's columns, or empty.
  std::string SplitDefect(std::string_view bytes, const CsvRow& row);
  std::string_view Keep(std::string_view key, std::string_view row);

  const FileText* text_;
  const std::string* path_;
  size_t max_row_bytes_;
  uint32_t file_;
  std::vector<MyNumberTally> tallies_;  // by column
  std::vector<std::string_view> fields_;
  std::vector<std::string> scratch_;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_ACCEPTED_ROWS_H_
