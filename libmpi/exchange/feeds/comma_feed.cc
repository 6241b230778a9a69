// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/comma_feed.h"

#include <algorithm>

namespace libmpi {
namespace {

constexpr char kEndOfFile = '\x1a';

std::string Padded(std::string_view digits, size_t size) {
  return std::string(size - std::min(size, digits.size()), '0') + std::string(digits);
}

}  // namespace

CommaFeedParser::CommaFeedParser(const FeedOptions& options, FeedSink* sink, std::string_view format)
    : options_(options),
      sink_(*sink),
      format_(format),
      lines_(options.max_line_bytes),
      text_(options, FeedText::Among::kUtf8AndCp932) {
  const auto told = ParseCharset(options.encoding);
  if (told.ok() && *told == Charset::kIso2022Jp)
    status_ = absl::InvalidArgumentError(format_ + " files are CP932 or UTF-8; ISO-2022-JP has commas in its kanji");
}

absl::Status CommaFeedParser::Take(std::string_view bytes) {
  if (status_.ok()) text_.Take(bytes, [this](std::string_view part) { TakeLines(part); });
  return status_;
}

absl::Status CommaFeedParser::End() {
  if (!status_.ok()) return status_;
  text_.End([this](std::string_view part) { TakeLines(part); });
  lines_.End([this](uint64_t number, std::string_view line) { TakeCleanLine(number, line); });
  Finish();
  if (!recognized_) status_ = absl::InvalidArgumentError("no line of it is one of a " + format_ + " file");
  return status_;
}

void CommaFeedParser::TakeLines(std::string_view bytes) {
  lines_.Take(
      bytes, [this](uint64_t number, std::string_view line) { TakeCleanLine(number, line); },
      [this](uint64_t number) {
        PassLine();
        sink_.Refuse({number, "", "the line is longer than a line may be"});
      });
}

void CommaFeedParser::TakeCleanLine(uint64_t number, std::string_view line) {
  if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  // Also in front: files that were put together have one in their middle.
  while (line.starts_with(kEndOfFile)) line.remove_prefix(1);
  while (line.ends_with(kEndOfFile)) line.remove_suffix(1);
  TakeLine(number, line);
}

std::string CommaFeedParser::SourceOr(const std::string& institution) const {
  if (!options_.source.empty()) return options_.source;
  return institution.empty() ? FileStem(options_.path) : institution;
}

std::string InstitutionCode(std::string_view prefecture, std::string_view table, std::string_view code) {
  if (code.empty() || code.size() > 7 || !AreDigits(code)) return std::string(code);
  if (prefecture.empty() || prefecture.size() > 2 || !AreDigits(prefecture)) return Padded(code, 7);
  return Padded(prefecture, 2) + std::string(table.substr(0, 1)) + Padded(code, 7);
}

}  // namespace libmpi
