// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/column_map.h"

#include <algorithm>
#include <array>

#include "absl/container/flat_hash_map.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

constexpr std::array<std::string_view, kFields> kFieldNames = {
    "record_id", "source",  "name",   "family",   "given",       "kana",        "family_kana",
    "given_kana", "latin",  "former_name", "birth", "sex",       "insurer",     "symbol",
    "number",    "branch",  "care_insurer", "care_number", "postal_code", "prefecture", "city",
    "street",    "address", "phone",  "phone2"};

// Width, case, spaces and punctuation do not tell headers apart.
std::string PlainHeader(std::string_view header) {
  const std::string folded = FoldWidth(header);
  std::string out;
  for (size_t pos = 0; pos < folded.size();) {
    const char32_t c = NextCodePoint(folded, &pos);
    if (c == ' ' || c == '_' || c == '-' || c == '.' || c == '(' || c == ')' || c == 0x30FB ||
        c == '/' || c == ':' || c == '"')
      continue;
    AppendUtf8(c >= 'A' && c <= 'Z' ? c + 32 : c, &out);
  }
  return out;
}

const absl::flat_hash_map<std::string, int>& Aliases() {
  static const auto* const aliases = [] {
    auto* out = new absl::flat_hash_map<std::string, int>();
    for (const auto& row : ParseTsv(EmbeddedTable("column_aliases.tsv"))) {
      const auto field = std::find(kFieldNames.begin(), kFieldNames.end(), row[0]);
      if (field == kFieldNames.end()) continue;
      for (std::string_view alias : row)
        out->try_emplace(PlainHeader(alias), static_cast<int>(field - kFieldNames.begin()));
    }
    return out;
  }();
  return *aliases;
}

// Headers are no demographic values; still, a file without a header has a
// patient in its first line, so only a little is shown.
std::string Shown(const std::vector<std::string>& header, const ColumnMap& map) {
  std::string text;
  for (size_t c = 0; c < header.size() && c < 20; ++c) {
    if (!text.empty()) text += ", ";
    text += map.field_of_column[c] == Field::kNone ? "column " + std::to_string(c + 1) + " (unknown)"
                                                   : header[c].substr(0, 40);
  }
  return text;
}

}  // namespace

std::span<const std::string_view> CanonicalFields() { return kFieldNames; }

std::string_view CanonicalFieldOf(std::string_view header) {
  const auto it = Aliases().find(PlainHeader(header));
  return it == Aliases().end() ? std::string_view{} : kFieldNames[it->second];
}

bool ColumnMap::Has(Field field) const {
  return std::find(field_of_column.begin(), field_of_column.end(), field) != field_of_column.end();
}

absl::StatusOr<ColumnMap> MapColumns(const std::vector<std::string>& header,
                                     const std::map<std::string, std::string>& renamed,
                                     const std::string& file) {
  ColumnMap map;
  std::array<int, kFields> column_of;
  column_of.fill(-1);
  for (size_t c = 0; c < header.size(); ++c) {
    std::string_view name;
    const auto told = renamed.find(header[c]);
    if (told != renamed.end()) {
      name = told->second;
      if (name.empty()) {
        map.field_of_column.push_back(Field::kNone);
        continue;
      }
    } else {
      name = CanonicalFieldOf(header[c]);
    }
    const auto field = std::find(kFieldNames.begin(), kFieldNames.end(), name);
    if (field == kFieldNames.end()) {
      if (told != renamed.end())
        return absl::InvalidArgumentError("--columns: '" + std::string(name) +
                                          "' is no field; see nayose dedupe --help for the fields");
      map.field_of_column.push_back(Field::kNone);
      map.unknown_columns.push_back(header[c]);
      continue;
    }
    const int f = static_cast<int>(field - kFieldNames.begin());
    if (column_of[f] >= 0)
      return absl::InvalidArgumentError(
          file + ": columns " + std::to_string(column_of[f] + 1) + " and " + std::to_string(c + 1) +
          " both mean " + std::string(name) + "; say which with --columns map.json");
    column_of[f] = static_cast<int>(c);
    map.field_of_column.push_back(static_cast<Field>(f));
  }
  if (!map.Has(Field::kRecordId))
    return absl::InvalidArgumentError(file + ": no column for record_id in the header (" +
                                      Shown(header, map) +
                                      "); name it with --columns map.json, e.g. {\"my id\": \"record_id\"}");
  return map;
}

}  // namespace libmpi
