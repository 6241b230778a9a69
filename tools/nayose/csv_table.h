// SPDX-License-Identifier: Apache-2.0
// Small CSV files, whole: what a run wrote, and truth files.
#ifndef LIBMPI_TOOLS_NAYOSE_CSV_TABLE_H_
#define LIBMPI_TOOLS_NAYOSE_CSV_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace nayose {

// A CSV file by column name.
class CsvTable {
 public:
  // kInvalidArgument where a needed column is missing or a row has another width.
  static absl::StatusOr<CsvTable> Read(const std::string& path, const std::vector<std::string>& needed);
  size_t size() const { return rows_.size(); }
  // Empty where the table has no such column.
  const std::string& Get(size_t row, const std::string& column) const;
  // Where a row begins, in lines of the file from 1: what messages tell.
  uint64_t line(size_t row) const { return lines_[row]; }
  bool Has(const std::string& column) const { return columns_.contains(column); }

 private:
  std::map<std::string, size_t> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<uint64_t> lines_;  // by row
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_CSV_TABLE_H_
