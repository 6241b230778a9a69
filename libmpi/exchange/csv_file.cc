// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/csv_file.h"

#include <algorithm>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/file_text.h"

namespace libmpi {
namespace {

absl::Status CheckHeader(const CsvFile& file) {
  for (size_t i = 0; i < file.header.size(); ++i) {
    if (file.header[i].empty())
      return absl::InvalidArgumentError(file.path + ": column " + std::to_string(i + 1) + " of the header has no name");
    if (std::find(file.header.begin(), file.header.begin() + static_cast<long>(i), file.header[i]) !=
        file.header.begin() + static_cast<long>(i))
      return absl::InvalidArgumentError(file.path + ": two columns are called '" + file.header[i].substr(0, 40) + "'");
  }
  return absl::OkStatus();
}

std::string DefectOf(const CsvFile& file, const CsvRow& row, CsvDefect defect, size_t cells, size_t longest) {
  if (row.end - row.begin > longest) return "row is longer than a row may be";
  if (row.unterminated || defect == CsvDefect::kUnterminated) return "a quote never closes";
  if (defect == CsvDefect::kTextAfterQuote) return "text after a closing quote";
  if (cells != file.header.size())
    return "row has " + std::to_string(cells) + " fields, the header " + std::to_string(file.header.size());
  return "";
}

void TakeRows(const RawCsvText& raw, const ReadOptions& options, CsvFile* file) {
  CsvRows walker(raw.text(), raw.delimiter, options.max_row_bytes, raw.rows_begin, raw.rows_line);
  CsvRow row;
  std::vector<std::string_view> cells;
  std::vector<std::string> scratch;
  while (walker.Next(&row)) {
    ++file->rows_read;
    cells.clear();
    scratch.clear();
    const CsvDefect defect =
        SplitCsvRow(raw.text().substr(row.begin, row.end - row.begin), raw.delimiter, &cells, &scratch);
    const std::string reason = DefectOf(*file, row, defect, cells.size(), options.max_row_bytes);
    if (!reason.empty()) {
      file->rejects.push_back({file->path, row.line, "", reason});
      continue;
    }
    file->rows.emplace_back(cells.begin(), cells.end());
    file->lines.push_back(row.line);
  }
}

}  // namespace

absl::StatusOr<CsvFile> CsvFile::Read(const std::string& path, const ReadOptions& options) {
  CsvFile file;
  file.path = path;
  PatientFiles::FileSummary summary;
  RawCsvText raw;
  LIBMPI_RETURN_IF_ERROR(LoadRawCsv(path, options, &raw, &summary));
  file.name = raw.name;
  file.encoding = summary.encoding;
  file.content_hash = summary.content_hash;
  file.bytes = summary.bytes;
  file.header = raw.header;
  LIBMPI_RETURN_IF_ERROR(CheckHeader(file));
  TakeRows(raw, options, &file);
  return file;
}

int CsvFile::ColumnOf(const std::string& column) const {
  const auto found = std::find(header.begin(), header.end(), column);
  return found == header.end() ? -1 : static_cast<int>(found - header.begin());
}

}  // namespace libmpi
