// SPDX-License-Identifier: Apache-2.0
// Rows of files, each accepted with its key or rejected with a reason.
#ifndef LIBMPI_EXCHANGE_ACCEPTED_ROWS_H_
#define LIBMPI_EXCHANGE_ACCEPTED_ROWS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/file_text.h"
#include "libmpi/exchange/my_number.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/record/record.h"

namespace libmpi {

// Where an accepted row stands: 24 bytes, as there is one for each row of the input.
struct RowRef {
  uint64_t begin : 40 = 0;    // in its file's text
  uint64_t file : 24 = 0;
  uint32_t size = 0;
  uint32_t line = 0;          // 1-based; the largest number where it is larger still
  uint32_t source = 0;        // its number
  // Where in the row its record_id stands; of one that does not stand there as it is (doubled quotes), or
  // far from its begin, the number among the odd ids.
  uint32_t odd_id : 1 = 0;
  uint32_t id_size : 15 = 0;
  uint32_t id_begin : 16 = 0;

  uint32_t OddNumber() const { return uint32_t{id_size} << 16 | id_begin; }
  void SetOddNumber(uint32_t number) {
    odd_id = 1;
    id_size = number >> 16 & 0x7FFF;
    id_begin = number & 0xFFFF;
  }
};
static_assert(sizeof(RowRef) == 24);

// Longest row that can be kept, whatever the options say; most files that can be read at once.
inline constexpr size_t kLongestRow = size_t{1} << 30;
inline constexpr size_t kMostFiles = size_t{1} << 24;
inline constexpr uint64_t kTextEnd = uint64_t{1} << 40;  // beyond any text

// Whether a column says something of the person.
inline bool IsStated(Field field) {
  return field != Field::kNone && field != Field::kMyNumber && field != Field::kRecordId && field != Field::kSource;
}

// All accepted rows of some files.
struct AcceptedRows {
  std::span<const FileText> texts;   // borrowed
  std::vector<RowRef> rows;
  std::vector<std::string> sources;  // by number, which is their order
  std::vector<std::string> odd_ids;

  std::string_view Bytes(const RowRef& row) const { return texts[row.file].text().substr(row.begin, row.size); }
  std::string_view Id(const RowRef& row) const {
    return row.odd_id ? std::string_view(odd_ids[row.OddNumber()])
                      : texts[row.file].text().substr(row.begin + row.id_begin, row.id_size);
  }
  std::string_view Source(const RowRef& row) const { return sources[row.source]; }
  int List(const RowRef& row) const { return texts[row.file].list; }
  // Adds what a row says to a record.
  void AddRowTo(const RowRef& row, Record* record) const;
  void AddRowTo(const RowRef& row, RecordView* record) const;
  // What it says by field; of two columns of one field, the latter. The views stand until the next call on
  // this thread.
  void GetValues(const RowRef& row, FieldValues* values) const;
  // Appends what it says, a comma before each field that IsStated(), as CSV.
  void AppendStated(const RowRef& row, std::string* out) const;
};

// What a piece of a file gives; pieces are taken side by side.
class RowTaker {
 public:
  RowTaker(const FileText* text, uint32_t file, const std::string* path, size_t max_row_bytes);

  void Take(std::span<const CsvRow> rows);

  // Sources and odd ids are numbered for the piece.
  std::vector<RowRef> rows;
  std::vector<Reject> rejects;
  std::vector<std::string> sources, odd_ids;
  std::span<const MyNumberTally> tallies() const { return tallies_; }

 private:
  void TakeRow(const CsvRow& row);
  void RejectRow(const CsvRow& row, std::string field, std::string reason);
  // Why a row cannot be split into the header's columns, or empty.
  std::string SplitDefect(std::string_view bytes, const CsvRow& row);
  uint32_t NumberOf(std::string_view source);
  void PutId(std::string_view id, std::string_view bytes, RowRef* ref);

  const FileText* text_;
  const std::string* path_;
  size_t max_row_bytes_;
  uint32_t file_;
  bool has_nul_ = false;                // somewhere in the piece
  std::vector<size_t> mapped_;          // columns that mean something
  std::vector<MyNumberTally> tallies_;  // by column
  std::vector<std::string_view> fields_;
  std::vector<std::string> scratch_;
  absl::flat_hash_map<std::string, uint32_t> number_of_;
  uint32_t last_source_ = UINT32_MAX;
};

// What pieces of files, in their order, accepted, as one. Empties the takers' rows.
AcceptedRows GatherRows(std::span<const FileText> texts, std::span<RowTaker> takers, int threads);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_ACCEPTED_ROWS_H_
