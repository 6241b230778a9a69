// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/file_text.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "libmpi/base/hash.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/input_bytes.h"
#include "libmpi/exchange/row_record.h"
#include "libmpi/text/charset.h"

namespace libmpi {
namespace {

constexpr size_t kDelimiterSample = size_t{1} << 16;

std::string StemOf(const std::string& path) {
  std::string name = path == "-" ? "stdin" : path.substr(path.find_last_of('/') + 1);
  for (std::string_view end : {".gz", ".zst", ".csv", ".tsv", ".txt"})
    if (name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0)
      name.resize(name.size() - end.size());
  return name;
}

bool IsUtf16(std::string_view bytes) {
  return bytes.substr(0, 2) == "\xFF\xFE" || bytes.substr(0, 2) == "\xFE\xFF";
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
  CsvRows walker(raw->text, raw->delimiter, options.max_row_bytes);
  CsvRow row;
  if (!walker.Next(&row)) return absl::InvalidArgumentError(path + ": the file is empty; it needs a header row");
  const std::string_view bytes = std::string_view(raw->text).substr(row.begin, row.end - row.begin);
  LIBMPI_ASSIGN_OR_RETURN(raw->header, HeaderCells(bytes, raw->delimiter, path, options));
  raw->rows_begin = walker.position();
  raw->rows_line = walker.line();
  return absl::OkStatus();
}

// The file's bytes as UTF-8 text.
absl::Status Decode(std::string bytes, const ReadOptions& options, RawCsvText* text,
                    PatientFiles::FileSummary* summary) {
  if (IsUtf16(bytes))
    return absl::InvalidArgumentError(summary->path + ": is UTF-16; save it as UTF-8 or CP932 and try again");
  Charset charset = DetectCharset(bytes);
  if (!options.encoding.empty()) {
    LIBMPI_ASSIGN_OR_RETURN(charset, ParseCharset(options.encoding));
  }
  summary->encoding = CharsetName(charset);
  DecodedText decoded = DecodeText(bytes, charset);
  summary->malformed_characters = decoded.malformed;
  text->text = std::move(decoded.utf8);
  if (text->text.find('\n') == std::string::npos)  // lines of old Macintoshes
    std::replace(text->text.begin(), text->text.end(), '\r', '\n');
  return absl::OkStatus();
}

}  // namespace

absl::Status LoadRawCsv(const std::string& path, const ReadOptions& options, RawCsvText* raw,
                        PatientFiles::FileSummary* summary) {
  summary->path = path;
  std::string bytes;
  LIBMPI_ASSIGN_OR_RETURN(bytes, ReadInputBytes(path));
  summary->bytes = bytes.size();
  char hash[17];
  std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(HashBytes(bytes)));
  summary->content_hash = hash;
  LIBMPI_RETURN_IF_ERROR(Decode(std::move(bytes), options, raw, summary));
  raw->name = StemOf(path);
  const std::string_view first_line = std::string_view(raw->text).substr(0, raw->text.find('\n'));
  raw->delimiter = DetectDelimiter(first_line.substr(0, kDelimiterSample));
  return TakeHeader(options, path, raw);
}

absl::Status LoadFileText(const std::string& path, const ReadOptions& options, FileText* text,
                          PatientFiles::FileSummary* summary) {
  RawCsvText raw;
  LIBMPI_RETURN_IF_ERROR(LoadRawCsv(path, options, &raw, summary));
  LIBMPI_ASSIGN_OR_RETURN(text->columns, MapColumns(raw.header, options.columns, summary->path));
  summary->unknown_columns = text->columns.unknown_columns;
  text->text = std::move(raw.text);
  text->source = options.default_source.empty() ? raw.name : options.default_source;
  text->delimiter = raw.delimiter;
  text->rows_begin = raw.rows_begin;
  text->rows_line = raw.rows_line;
  return absl::OkStatus();
}

}  // namespace libmpi
