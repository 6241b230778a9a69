// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/comma_line.h"

#include <algorithm>
#include <utility>

#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/record/birth_date.h"
#include "libmpi/record/coverage.h"
#include "libmpi/record/iso_date.h"
#include "libmpi/record/sex.h"

namespace libmpi {
namespace {

constexpr std::string_view kWideSpace = "\u3000";

std::string Joined(std::string_view first, std::string_view second) {
  std::string text(first);
  if (!first.empty() && !second.empty()) text += kWideSpace;
  return text.append(second);
}

}  // namespace

std::string CarriedText(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ',') plain += "\uFF0C";
    else if (c == '"') plain += "\uFF02";
    else plain += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  const std::string carried = DecodeText(EncodeText(plain, Charset::kCp932).bytes, Charset::kCp932).utf8;
  return std::string(WithoutBlanks(carried));
}

std::string CarriedBirth(std::string_view text) {
  CivilDate date;
  std::vector<Finding> findings;
  if (ParseBirthDate(text, {}, &date, &findings) && date.IsFull()) return PlainDateText(date);
  return CarriedText(text);
}

std::string CarriedSex(std::string_view text) {
  std::vector<Finding> findings;
  switch (ParseSex(text, &findings)) {
    case Sex::kMale: return "1";
    case Sex::kFemale: return "2";
    default: return CarriedText(text);
  }
}

std::string CarriedName(const StatedName& name) {
  for (const std::string& text : {name.full, Joined(name.family, name.given), name.latin, name.full_kana,
                                  Joined(name.family_kana, name.given_kana)})
    if (std::string carried = CarriedText(text); !carried.empty()) return carried;
  return {};
}

std::vector<std::string> CarriedTexts(const std::vector<std::string>& texts, std::string (*carry)(std::string_view)) {
  std::vector<std::string> carried;
  for (const std::string& text : texts)
    if (std::string one = carry(text); !one.empty()) carried.push_back(std::move(one));
  std::ranges::sort(carried);
  carried.erase(std::ranges::unique(carried).begin(), carried.end());
  return carried;
}

Record CarriedPatient(const Record& record, std::string (*kana)(const StatedName&)) {
  Record carried;
  carried.key = {record.key.source, CarriedText(record.key.record_id)};
  for (const StatedName& name : record.names) {
    StatedName one{.full = CarriedName(name), .full_kana = kana(name)};
    if (one != StatedName()) carried.names.push_back(std::move(one));
  }
  carried.births = CarriedTexts(record.births, CarriedBirth);
  carried.sexes = CarriedTexts(record.sexes, CarriedSex);
  return carried;
}

CoveragesByKind ByKind(const std::vector<StatedCoverage>& coverages) {
  CoveragesByKind kinds;
  for (const StatedCoverage& coverage : coverages) {
    std::vector<Finding> findings;
    const bool is_public = coverage.symbol.empty() && coverage.branch.empty() &&
                           ParseCoverage(coverage, &findings).kind == CoverageKind::kPublic;
    (is_public ? kinds.public_expenses : kinds.insurances).push_back(coverage);
  }
  return kinds;
}

void AppendCommaLine(std::span<const std::string_view> fields, std::string* out) {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out->push_back(',');
    out->append(fields[i]);
  }
  out->append("\r\n");
}

absl::StatusOr<Charset> CommaCharset(const FeedWriterOptions& options) {
  if (options.encoding.empty()) return Charset::kCp932;
  const auto charset = ParseCharset(options.encoding);
  if (charset.ok() && *charset != Charset::kCp932 && *charset != Charset::kUtf8)
    return absl::InvalidArgumentError("such files are written in CP932 or UTF-8");
  return charset;
}

std::string InCharset(std::string text, Charset charset) {
  return charset == Charset::kUtf8 ? std::move(text) : EncodeText(text, charset).bytes;
}

absl::StatusOr<InstitutionParts> PartsOfInstitution(std::string_view institution) {
  if (institution.size() != 10 || !AreDigits(institution))
    return absl::InvalidArgumentError("an institution's code has ten digits: prefecture, fee table, seven of its own");
  return InstitutionParts{institution.substr(0, 2), institution.substr(2, 1), institution.substr(3)};
}

}  // namespace libmpi
