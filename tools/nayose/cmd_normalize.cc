// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/column_map.h"
#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/input_bytes.h"
#include "libmpi/exchange/row_record.h"
#include "libmpi/record/standardize.h"
#include "libmpi/text/charset.h"
#include "tools/nayose/command.h"
#include "tools/nayose/common_options.h"

namespace nayose {
namespace {

void Print(const libmpi::Standardizer& standardizer, const libmpi::Record& record, uint64_t line) {
  std::printf("line %llu\n", static_cast<unsigned long long>(line));
  for (const auto& step : standardizer.Explain(record))
    std::printf("  %-12s %-20s %s%s%s\n", step.field.c_str(), step.step.c_str(), step.before.c_str(),
                step.before.empty() ? "" : " -> ", step.after.c_str());
}

absl::StatusOr<std::string> ReadText(const std::string& path, const std::string& encoding) {
  std::string bytes;
  LIBMPI_ASSIGN_OR_RETURN(bytes, libmpi::ReadInputBytes(path));
  if (bytes.substr(0, 2) == "\xFF\xFE" || bytes.substr(0, 2) == "\xFE\xFF")
    return absl::InvalidArgumentError(path + ": is UTF-16; save it as UTF-8 or CP932 and try again");
  libmpi::Charset charset = libmpi::DetectCharset(bytes);
  if (!encoding.empty()) {
    LIBMPI_ASSIGN_OR_RETURN(charset, libmpi::ParseCharset(encoding));
  }
  return libmpi::DecodeText(bytes, charset).utf8;
}

// Shows the rows of a text: a table by its header, or one name a line.
class RowShower {
 public:
  RowShower(const std::string& text, const libmpi::Standardizer& standardizer)
      : text_(text), standardizer_(standardizer),
        delimiter_(libmpi::DetectDelimiter(std::string_view(text).substr(0, text.find('\n')))) {}

  int Run() {
    libmpi::CsvRows rows(text_, delimiter_, kMostRowBytes);
    for (libmpi::CsvRow row; rows.Next(&row); first_ = false) {
      const std::string_view line = std::string_view(text_).substr(row.begin, row.end - row.begin);
      if (libmpi::SplitCsvRow(line, delimiter_, &fields_, &scratch_) != libmpi::CsvDefect::kNone)
        Refuse(row.line, "the quotes do not match");
      else if (!first_ || !TakeHeader(rows))
        Show(row.line);
    }
    return rejected_ > 0 ? kNeedsALook : kDone;
  }

 private:
  static constexpr size_t kMostRowBytes = size_t{1} << 20;

  // A first row of known headers, if there are rows after it: alone, a name may be a header's word.
  bool TakeHeader(libmpi::CsvRows after) {
    libmpi::CsvRow next;
    if (fields_.size() == 1 && !after.Next(&next)) return false;
    if (std::all_of(fields_.begin(), fields_.end(),
                    [](std::string_view field) { return libmpi::CanonicalFieldOf(field).empty(); }))
      return false;
    const auto all = libmpi::CanonicalFields();
    for (std::string_view field : fields_) {
      const auto at = std::find(all.begin(), all.end(), libmpi::CanonicalFieldOf(field));
      columns_.field_of_column.push_back(at == all.end() ? libmpi::Field::kNone
                                                         : static_cast<libmpi::Field>(at - all.begin()));
    }
    if (fields_.size() == 1)
      std::fprintf(stderr, "nayose: line 1 is taken for a header, %s\n",
                   std::string(libmpi::CanonicalFieldOf(fields_[0])).c_str());
    return true;
  }

  void Show(uint64_t line) {
    const size_t width = columns_.field_of_column.size();
    libmpi::Record record;
    if (width == 0 && fields_.size() == 1) {
      record.names.emplace_back().full = libmpi::TrimSpaces(fields_[0]);
    } else if (width == 0) {
      return Refuse(line, "has several columns and no header says what they are; add one, or quote a name "
                          "with a comma");
    } else if (fields_.size() != width) {
      return Refuse(line, "has another number of columns than the header");
    } else {
      libmpi::AddRow(fields_, columns_, &record);
    }
    Print(standardizer_, record, line);
  }

  void Refuse(uint64_t line, const char* why) {
    std::fprintf(stderr, "nayose: line %llu: %s\n", static_cast<unsigned long long>(line), why);
    ++rejected_;
  }

  const std::string& text_;
  const libmpi::Standardizer& standardizer_;
  char delimiter_;
  libmpi::ColumnMap columns_;  // empty: one name a line
  std::vector<std::string_view> fields_;
  std::vector<std::string> scratch_;
  bool first_ = true;
  uint64_t rejected_ = 0;
};

int RunNormalize(const std::string& path, const std::string& encoding, const std::string& today_text) {
  const auto today = ParseToday(today_text);
  if (!today.ok()) return FailUsage(std::string(today.status().message()));
  if (!encoding.empty())
    if (const auto told = libmpi::ParseCharset(encoding); !told.ok())
      return FailUsage(std::string(told.status().message()));
  const auto text = ReadText(path, encoding);
  if (!text.ok()) return Fail(text.status());
  return RowShower(*text, libmpi::Standardizer(libmpi::StandardizeOptions{*today})).Run();
}

}  // namespace

void AddNormalize(CLI::App* app, Run* run) {
  struct Arguments {
    std::string path = "-", encoding, today;
  };
  CLI::App* command = app->add_subcommand("normalize", "Each standardizing step of names or rows, visible");
  auto args = std::make_shared<Arguments>();
  command->add_option("file", args->path, "A list of names, one a line, or a CSV with a known header (default: standard input)");
  command->add_option("--encoding", args->encoding, "UTF-8, CP932, EUC-JP or ISO-2022-JP (default: detected)");
  command->add_option("--today", args->today, "YYYY-MM-DD (default: the clock)");
  command->footer("Without a header (fields' names in the first row, rows after it) each line is one name, quoted or\n"
                  "not. "
                  "Lines that cannot be split are named on standard error, and the exit code is then 1.\n\n"
                  "Examples:\n  echo '渡邊　太郎' | nayose normalize\n  nayose normalize < names.csv");
  command->callback([args, run] { *run = [args] { return RunNormalize(args->path, args->encoding, args->today); }; });
}

}  // namespace nayose
