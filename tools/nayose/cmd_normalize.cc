// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <algorithm>

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

int RunNormalize(const std::string& path, const std::string& encoding, const std::string& today_text) {
  auto bytes = libmpi::ReadInputBytes(path);
  if (!bytes.ok()) return Fail(bytes.status());
  if (bytes->substr(0, 2) == "\xFF\xFE" || bytes->substr(0, 2) == "\xFE\xFF")
    return Fail(absl::InvalidArgumentError(path + ": is UTF-16; save it as UTF-8 or CP932 and try again"));
  libmpi::Charset charset = libmpi::DetectCharset(*bytes);
  if (!encoding.empty()) {
    const auto told = libmpi::ParseCharset(encoding);
    if (!told.ok()) return FailUsage(std::string(told.status().message()));
    charset = *told;
  }
  const auto today = ParseToday(today_text);
  if (!today.ok()) return FailUsage(std::string(today.status().message()));
  const libmpi::Standardizer standardizer(libmpi::StandardizeOptions{*today});
  const std::string text = libmpi::DecodeText(*bytes, charset).utf8;
  const char delimiter = libmpi::DetectDelimiter(std::string_view(text).substr(0, text.find('\n')));
  libmpi::CsvRows rows(text, delimiter, size_t{1} << 20);
  libmpi::CsvRow row;
  libmpi::ColumnMap columns;
  std::vector<std::string_view> fields;
  std::vector<std::string> scratch;
  bool first = true;
  uint64_t rejected = 0;
  while (rows.Next(&row)) {
    const std::string_view line = std::string_view(text).substr(row.begin, row.end - row.begin);
    const bool broken = libmpi::SplitCsvRow(line, delimiter, &fields, &scratch) != libmpi::CsvDefect::kNone;
    const size_t width = columns.field_of_column.size();
    if (broken || (width > 0 && fields.size() != width)) {
      std::fprintf(stderr, "nayose: line %llu: %s\n", static_cast<unsigned long long>(row.line),
                   broken ? "the quotes do not match" : "has another number of columns than the header");
      ++rejected;
      continue;
    }
    if (first) {
      first = false;
      bool header = false;
      for (std::string_view field : fields) header = header || !libmpi::CanonicalFieldOf(field).empty();
      if (header) {
        for (std::string_view field : fields) {
          const auto all = libmpi::CanonicalFields();
          const auto at = std::find(all.begin(), all.end(), libmpi::CanonicalFieldOf(field));
          columns.field_of_column.push_back(at == all.end() ? libmpi::Field::kNone
                                                            : static_cast<libmpi::Field>(at - all.begin()));
        }
        continue;
      }
    }
    libmpi::Record record;
    if (columns.field_of_column.empty()) {
      record.names.emplace_back();
      record.names.back().full = libmpi::TrimSpaces(line);
    } else {
      libmpi::AddRow(fields, columns, &record);
    }
    Print(standardizer, record, row.line);
  }
  return rejected > 0 ? kNeedsALook : kDone;
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
  command->footer("Examples:\n  echo '渡邊　太郎' | nayose normalize\n  nayose normalize < names.csv");
  command->callback([args, run] { *run = [args] { return RunNormalize(args->path, args->encoding, args->today); }; });
}

}  // namespace nayose
