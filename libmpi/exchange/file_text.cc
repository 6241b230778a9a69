// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/file_text.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/column_mapping.h"
#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/record_rows.h"
#include "libmpi/exchange/row_record.h"

namespace libmpi {
namespace {

constexpr size_t kDelimiterSample = size_t{1} << 16;
constexpr uint64_t kLongestText = uint64_t{1} << 40;  // rows know their place in it by 40 bits

std::string StemOf(const std::string& path) {
  std::string name = path == "-" ? "stdin" : path.substr(path.find_last_of('/') + 1);
  for (std::string_view end : {".gz", ".zst", ".csv", ".tsv", ".txt"})
    if (name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0)
      name.resize(name.size() - end.size());
  return name;
}

// The cells of a header row that can be one.
absl::StatusOr<std::vector<std::string>> HeaderCells(std::string_view bytes, char delimiter,
                                                     const std::string& path, const ReadOptions& options) {
  const auto refuse = [&](const std::string& why) { return absl::InvalidArgumentError(path + ": " + why); };
  if (bytes.find('\0') != std::string_view::npos)
    return refuse("the first line has NUL bytes; this is no text in UTF-8, CP932, EUC-JP or ISO-2022-JP");
  if (bytes.size() > options.max_row_bytes) return refuse("the header is longer than a row may be");
  if (static_cast<size_t>(std::count(bytes.begin(), bytes.end(), delimiter)) >= options.max_columns)
    return refuse("the header has more than " + std::to_string(options.max_columns) + " columns");
  std::vector<std::string_view> fields;
  std::vector<std::string> scratch, header;
  if (SplitCsvRow(bytes, delimiter, &fields, &scratch) != CsvDefect::kNone)
    return refuse("the quotes of the header do not match");
  for (std::string_view field : fields) {
    header.emplace_back(TrimSpaces(field));
    std::erase_if(header.back(), [](char c) { return c == '\n' || c == '\r'; });
    if (field.find('\n') != field.npos && CanonicalFieldOf(header.back()).empty() &&
        !options.columns.contains(header.back()))
      return refuse("a header goes over several lines; if a quote in it never closes, mend it, else name the "
                    "column with --columns map.json");
  }
  return header;
}

absl::Status TakeHeader(const ReadOptions& options, const std::string& path, RawCsvText* raw) {
  CsvRows walker(raw->text(), raw->delimiter, options.max_row_bytes);
  CsvRow row;
  if (!walker.Next(&row)) return absl::InvalidArgumentError(path + ": the file is empty; it needs a header row");
  const std::string_view bytes = raw->text().substr(row.begin, row.end - row.begin);
  LIBMPI_ASSIGN_OR_RETURN(raw->header, HeaderCells(bytes, raw->delimiter, path, options));
  raw->rows_begin = walker.position();
  raw->rows_line = walker.line();
  return absl::OkStatus();
}

absl::Status TakeSummary(const std::string& path, InputText* input, PatientFiles::FileSummary* summary) {
  summary->path = path;
  LIBMPI_RETURN_IF_ERROR(input->status);
  if (input->text.size() >= kLongestText) return absl::InvalidArgumentError(path + ": is larger than a terabyte");
  summary->bytes = input->bytes;
  summary->content_hash = std::move(input->content_hash);
  summary->encoding = std::move(input->encoding);
  summary->malformed_characters = input->malformed;
  return absl::OkStatus();
}

// Of a file that is read.
absl::Status TakeRawCsv(const std::string& path, InputText input, const ReadOptions& options, RawCsvText* raw,
                        PatientFiles::FileSummary* summary) {
  LIBMPI_RETURN_IF_ERROR(TakeSummary(path, &input, summary));
  raw->buffer = std::move(input.text);
  raw->name = StemOf(path);
  const std::string_view first_line = raw->text().substr(0, raw->text().find('\n'));
  raw->delimiter = DetectDelimiter(first_line.substr(0, kDelimiterSample));
  return TakeHeader(options, path, raw);
}

// By what the caller says of headers; else by the bundled map that has most of them, which knows its kind of list better
// than the usual names do (前住所 is an address too, a care list's 保険者番号 no health insurer), if it fits.
absl::StatusOr<ColumnMap> MapHeader(const std::vector<std::string>& header, const ReadOptions& options,
                                    PatientFiles::FileSummary* summary) {
  const std::string_view known = options.columns.empty() ? BundledColumnMappingOf(header) : std::string_view();
  if (!known.empty()) {
    LIBMPI_ASSIGN_OR_RETURN(const auto columns, BundledColumnsFor(known, header));
    absl::StatusOr<ColumnMap> map = MapColumns(header, columns, summary->path);
    if (map.ok()) summary->columns = known;
    if (map.ok()) return map;
  }
  return MapColumns(header, options.columns, summary->path);
}

absl::Status TakeFeed(const std::string& path, InputText input, FileText* text, PatientFiles::FileSummary* summary) {
  LIBMPI_RETURN_IF_ERROR(TakeSummary(path, &input, summary));
  summary->format = input.feed->format;
  text->buffer = std::move(input.text);
  text->columns.field_of_column.assign(RecordRowColumns().begin(), RecordRowColumns().end());
  text->lines = std::move(input.feed->lines);
  return absl::OkStatus();
}

}  // namespace

absl::Status LoadRawCsv(const std::string& path, const ReadOptions& options, RawCsvText* raw,
                        PatientFiles::FileSummary* summary) {
  auto inputs = LoadInputTexts({&path, 1}, options.encoding, ResolveThreads(options.threads), {});
  return TakeRawCsv(path, std::move(inputs.front()), options, raw, summary);
}

absl::Status TakeFileText(const std::string& path, InputText input, const ReadOptions& options, FileText* text,
                          PatientFiles::FileSummary* summary) {
  if (input.feed) return TakeFeed(path, std::move(input), text, summary);
  RawCsvText raw;
  LIBMPI_RETURN_IF_ERROR(TakeRawCsv(path, std::move(input), options, &raw, summary));
  summary->format = FeedFormat::kCsv;
  LIBMPI_ASSIGN_OR_RETURN(text->columns, MapHeader(raw.header, options, summary));
  summary->unknown_columns = text->columns.unknown_columns;
  text->buffer = std::move(raw.buffer);
  const auto of = options.source_of.find(path);
  text->source = of != options.source_of.end()      ? of->second
                 : options.default_source.empty() ? raw.name
                                                  : options.default_source;
  text->delimiter = raw.delimiter;
  text->rows_begin = raw.rows_begin;
  text->rows_line = raw.rows_line;
  return absl::OkStatus();
}

}  // namespace libmpi
