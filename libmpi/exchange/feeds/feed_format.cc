// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/feed_format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "libmpi/exchange/column_map.h"
#include "libmpi/exchange/column_mapping.h"
#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/feeds/comma_fields.h"
#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/exchange/feeds/ss_mix2_name.h"
#include "libmpi/text/charset.h"

namespace libmpi {
namespace {

constexpr std::array kFormats = {FeedFormat::kCsv,         FeedFormat::kUke,   FeedFormat::kNsips, FeedFormat::kHl7v2,
                                 FeedFormat::kSsMix2,      FeedFormat::kDicom, FeedFormat::kOrca,  FeedFormat::kCheckup,
                                 FeedFormat::kEligibility, FeedFormat::kFhir};
constexpr std::array<std::string_view, kFormats.size()> kNames = {"csv",   "uke",  "nsips",   "hl7",         "ss-mix2",
                                                                  "dicom", "orca", "checkup", "eligibility", "fhir"};

bool Has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool IsSsMix2Name(std::string_view path) {
  return ParseSsMix2Name(path.substr(path.find_last_of('/') + 1)).has_value();
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The two letters of a record that may come first, and the code of a payer (審査支払機関) or the number of a receipt.
bool IsUke(std::string_view text) {
  constexpr std::array<std::string_view, 5> kFirst = {"UK,", "IR,", "YK,", "HM,", "RE,"};
  std::string line(text.substr(0, 16));
  std::erase(line, '"');
  return line.size() > 3 && IsDigit(line[3]) &&
         std::ranges::any_of(kFirst, [&](std::string_view id) { return line.starts_with(id); });
}

bool IsNsipsHeader(std::string_view text) {
  if (text.starts_with('"')) text.remove_prefix(1);
  return (text.starts_with("VER") || text.starts_with("ver")) && text.size() > 4 && IsDigit(text[3]) &&
         IsDigit(text[4]);
}

// What some pharmacies' systems write: records without a header. A patient (1) and a prescription (2), whose fourth
// and seventh column are days.
bool IsBareNsips(std::string_view text) {
  constexpr size_t kMostLines = 50;
  bool has_patient = false, has_prescription = false;
  const auto is_day = [](std::string_view field) {
    return field.size() == 8 && std::ranges::all_of(field, IsDigit) && (field[0] == '1' || field[0] == '2');
  };
  for (size_t i = 0; i < kMostLines && !text.empty(); ++i) {
    const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
    if (line.size() < 2 || line[0] < '1' || line[0] > '9' || line[1] != ',') return false;
    const CommaFields fields(line, 8);
    has_patient = has_patient || line[0] == '1';
    has_prescription = has_prescription || (line[0] == '2' && is_day(fields[4]) && is_day(fields[7]));
    text.remove_prefix(line.size());
    text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  }
  return has_patient && has_prescription;
}

bool IsHl7(std::string_view text) {
  constexpr std::array<std::string_view, 3> kFirst = {"MSH", "FHS", "BHS"};
  return text.size() > 4 && std::ranges::any_of(kFirst, [&](std::string_view id) { return text.starts_with(id); }) &&
         static_cast<unsigned char>(text[3]) < 0x80 && std::isalnum(static_cast<unsigned char>(text[3])) == 0;
}

// With the preamble of part 10, or bare: an element of group 8, or of 2 before
// it, in either byte order.
bool IsDicom(std::string_view bytes) {
  if (bytes.size() >= 132 && bytes.substr(128, 4) == "DICM") return true;
  if (bytes.size() < 8) return false;
  const auto is_group = [](char c) { return c == '\x08' || c == '\x02'; };
  return (is_group(bytes[0]) && bytes[1] == '\0' && bytes[3] == '\0') ||
         (bytes[0] == '\0' && is_group(bytes[1]) && bytes[2] == '\0');
}

// XML may be in UTF-16: with its mark, or beginning with a tag.
bool IsUtf16(std::string_view bytes) {
  return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF") ||
         bytes.starts_with(std::string_view("<\0", 2)) || bytes.starts_with(std::string_view("\0<", 2));
}

// The ASCII characters of it: no name of a tag has others.
std::string AsciiOfUtf16(std::string_view bytes) {
  std::string out;
  for (const char c : bytes)
    if (c != '\0' && static_cast<unsigned char>(c) < 0x80) out += c;
  return out;
}

std::optional<FeedFormat> FormatOfXml(std::string_view text) {
  if (Has(text, "ClinicalDocument")) return FeedFormat::kCheckup;
  if (Has(text, "<XmlMsg") || Has(text, "QualificationConfirmation")) return FeedFormat::kEligibility;
  if (Has(text, "<xmlio2") || Has(text, "<Mml") || Has(text, "patientinfores") || Has(text, "patientlst") ||
      Has(text, "MML/ContentModule"))
    return FeedFormat::kOrca;
  return std::nullopt;
}

std::optional<FeedFormat> FormatOfJson(std::string_view text) {
  if (Has(text, "\"resourceType\"")) return FeedFormat::kFhir;
  if (Has(text, "Patient_Information") || Has(text, "patientinfores") || Has(text, "patientlst"))
    return FeedFormat::kOrca;
  return std::nullopt;
}

bool HasPatientListHeader(std::string_view begin) {
  const std::string_view first = begin.substr(0, begin.find_first_of("\r\n"));
  const std::string header = DecodeText(first, DetectCharset(begin)).utf8;
  std::vector<std::string_view> fields;
  std::vector<std::string> scratch;
  if (SplitCsvRow(header, DetectDelimiter(header), &fields, &scratch) != CsvDefect::kNone) return false;
  if (std::ranges::any_of(fields, [](std::string_view field) { return IsRecordIdHeader(WithoutBlanks(field)); })) return true;
  std::vector<std::string> cells;
  for (const std::string_view field : fields) cells.emplace_back(WithoutBlanks(field));
  return !BundledColumnMappingOf(cells).empty();
}

}  // namespace

std::span<const FeedFormat> FeedFormats() { return kFormats; }

std::string_view FeedFormatName(FeedFormat format) { return kNames[static_cast<size_t>(format)]; }

std::optional<FeedFormat> FeedFormatOf(std::string_view name) {
  const auto* const found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return kFormats[static_cast<size_t>(found - kNames.begin())];
}

std::optional<FeedFormat> DetectFeedFormat(std::string_view path, std::string_view begin) {
  if (IsDicom(begin)) return FeedFormat::kDicom;
  if (IsUtf16(begin)) return FormatOfXml(AsciiOfUtf16(begin));
  std::string_view text = begin;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const size_t first = text.find_first_not_of(" \t\r\n\v");
  text.remove_prefix(std::min(first, text.size()));
  if (text.empty()) return std::nullopt;
  if (IsUke(text)) return FeedFormat::kUke;
  if (IsNsipsHeader(text) || IsBareNsips(text)) return FeedFormat::kNsips;
  if (IsHl7(text)) return IsSsMix2Name(path) ? FeedFormat::kSsMix2 : FeedFormat::kHl7v2;
  if (text[0] == '<') return FormatOfXml(text);
  if (text[0] == '{' || text[0] == '[') return FormatOfJson(text);
  return HasPatientListHeader(text) ? std::optional(FeedFormat::kCsv) : std::nullopt;
}

}  // namespace libmpi
