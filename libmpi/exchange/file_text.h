// SPDX-License-Identifier: Apache-2.0
// One file, decoded, with its header understood.
#ifndef LIBMPI_EXCHANGE_FILE_TEXT_H_
#define LIBMPI_EXCHANGE_FILE_TEXT_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/exchange/column_map.h"
#include "libmpi/exchange/csv_pieces.h"
#include "libmpi/exchange/input_texts.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/exchange/text_buffer.h"

namespace libmpi {

struct FileText {
  TextBuffer buffer;
  char delimiter = ',';
  ColumnMap columns;
  std::string source;  // of rows without one
  int list = 0;        // of two lists read at once, which
  // Where the rows after the header begin.
  size_t rows_begin = 0;
  uint64_t rows_line = 1;

  // Of a feed's rows: where in the file each one's patient begins.
  std::vector<uint32_t> lines;

  std::string_view text() const { return buffer.view(); }
  // The line of the file that a line of the text is from.
  uint64_t LineOf(uint64_t line) const { return lines.empty() ? line : lines[std::min<uint64_t>(line, lines.size()) - 1]; }
  CsvWalk Walk(const ReadOptions& options) const {
    return {text(), delimiter, options.max_row_bytes, rows_begin, rows_line};
  }
};

// A file decoded, its header split but not yet understood.
struct RawCsvText {
  TextBuffer buffer;
  std::string name;  // of the file, without folder and extensions
  char delimiter = ',';
  std::vector<std::string> header;
  size_t rows_begin = 0;
  uint64_t rows_line = 1;

  std::string_view text() const { return buffer.view(); }
};

// Reads, unpacks and decodes a file, finds its delimiter and splits its header. Errors name the file
// and say what to do.
absl::Status LoadRawCsv(const std::string& path, const ReadOptions& options, RawCsvText* raw,
                        PatientFiles::FileSummary* summary);

// Same of a file that is read already, and maps its columns.
absl::Status TakeFileText(const std::string& path, InputText input, const ReadOptions& options, FileText* text,
                          PatientFiles::FileSummary* summary);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FILE_TEXT_H_
