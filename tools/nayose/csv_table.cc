// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/csv_table.h"

#include <string_view>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/input_bytes.h"

namespace nayose {

absl::StatusOr<CsvTable> CsvTable::Read(const std::string& path, const std::vector<std::string>& needed) {
  std::string text;
  LIBMPI_ASSIGN_OR_RETURN(text, libmpi::ReadInputBytes(path));
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.erase(0, 3);
  CsvTable table;
  libmpi::CsvRows rows(text, ',', size_t{1} << 20);
  libmpi::CsvRow row;
  std::vector<std::string_view> fields;
  std::vector<std::string> scratch;
  while (rows.Next(&row)) {
    libmpi::SplitCsvRow(std::string_view(text).substr(row.begin, row.end - row.begin), ',', &fields, &scratch);
    if (table.columns_.empty()) {
      for (size_t c = 0; c < fields.size(); ++c) table.columns_.emplace(fields[c], c);
      for (const std::string& column : needed)
        if (!table.Has(column)) return absl::InvalidArgumentError(path + ": has no column " + column);
    } else if (fields.size() == table.columns_.size()) {
      table.rows_.emplace_back(fields.begin(), fields.end());
      table.lines_.push_back(row.line);
    } else {
      return absl::InvalidArgumentError(path + " line " + std::to_string(row.line) + ": has " +
                                        std::to_string(fields.size()) + " of " +
                                        std::to_string(table.columns_.size()) + " columns");
    }
  }
  if (table.columns_.empty()) return absl::InvalidArgumentError(path + ": is empty");
  return table;
}

const std::string& CsvTable::Get(size_t row, const std::string& column) const {
  static const std::string kNothing;
  const auto it = columns_.find(column);
  return it == columns_.end() ? kNothing : rows_[row][it->second];
}

}  // namespace nayose
