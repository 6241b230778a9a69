// SPDX-License-Identifier: Apache-2.0
// A CSV file of any columns: decoded, split, its bad rows told.
#ifndef LIBMPI_EXCHANGE_CSV_FILE_H_
#define LIBMPI_EXCHANGE_CSV_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/patient_files.h"

namespace libmpi {

// A whole file. Rows of another width than the header, unclosed quotes and rows longer than a row may
// be are rejects; the rest is kept. Memory: the cells, each a string.
struct CsvFile {
  std::string path, name;  // as given; without folder and extensions
  std::string encoding, content_hash;
  uint64_t bytes = 0, rows_read = 0;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  std::vector<uint64_t> lines;  // of rows, 1-based
  std::vector<Reject> rejects;

  // Charset, delimiter and compression are found out as PatientFiles::Read does; of the options,
  // encoding, max_row_bytes and max_columns matter. Errors name the file and say what to do: no file, no
  // header, columns without a name or of one name.
  static absl::StatusOr<CsvFile> Read(const std::string& path, const ReadOptions& options);

  // The column's number, or -1.
  int ColumnOf(const std::string& column) const;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_CSV_FILE_H_
