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

// All fields, and the one that is refused.
constexpr std::array<std::string_view, kFields + 1> kFieldNames = {
    "record_id", "source",  "name",   "family",   "given",       "kana",        "family_kana",
    "given_kana", "latin",  "former_name", "birth", "sex",       "insurer",     "symbol",
    "number",    "branch",  "care_insurer", "care_number", "postal_code", "prefecture", "city",
    "street",    "address", "phone",  "phone2",   "my_number"};

// What a record can say several times: a further column is a further statement.
bool IsRepeatable(Field field) {
  switch (field) {
    case Field::kName:
    case Field::kKana:
    case Field::kLatin:
    case Field::kFormerName:
    case Field::kAddress:
    case Field::kPhone:
    case Field::kPhone2:
    case Field::kMyNumber: return true;
    default: return false;
  }
}

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

std::span<const std::string_view> CanonicalFields() { return std::span(kFieldNames).first<kFields>(); }

std::string_view FieldName(Field field) {
  return field == Field::kNone ? std::string_view() : kFieldNames[static_cast<size_t>(field)];
}

std::string_view CanonicalFieldOf(std::string_view header) {
  const auto it = Aliases().find(PlainHeader(header));
  return it == Aliases().end() ? std::string_view{} : kFieldNames[it->second];
}

namespace {

bool HasDigit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Digits stay in a plain header, so that no text with one is a header where no alias has any.
bool AnAliasHasDigits() {
  static const bool any = std::any_of(Aliases().begin(), Aliases().end(), [](const auto& alias) {
    return kFieldNames[alias.second] == "record_id" && HasDigit(alias.first);
  });
  return any;
}

}  // namespace

bool IsRecordIdHeader(std::string_view text) {
  if (HasDigit(text) && !AnAliasHasDigits()) return false;
  return CanonicalFieldOf(text) == "record_id";
}

bool ColumnMap::Has(Field field) const {
  return std::find(field_of_column.begin(), field_of_column.end(), field) != field_of_column.end();
}

bool ColumnMap::OneColumnAField() const {
  std::array<int, kFields> columns{};
  return std::all_of(field_of_column.begin(), field_of_column.end(), [&](Field field) {
    return field == Field::kNone || field == Field::kMyNumber || ++columns[static_cast<size_t>(field)] == 1;
  });
}

namespace {

// The field that column c means, kNone for none.
absl::StatusOr<Field> FieldOfColumn(const std::vector<std::string>& headers, size_t c,
                                    const std::map<std::string, std::string>& renamed, ColumnMap* map) {
  const std::string& header = headers[c];
  std::string_view name = CanonicalFieldOf(header);
  const auto told = renamed.find(header);
  if (told != renamed.end()) {
    map->told.insert(header);
    // Of two columns with one header, leaving it out keeps the first.
    const bool is_first = std::find(headers.begin(), headers.end(), header) == headers.begin() + static_cast<ptrdiff_t>(c);
    const bool twice = std::count(headers.begin(), headers.end(), header) > 1;
    if (told->second.empty() && !(is_first && twice)) return Field::kNone;
    if (!told->second.empty()) name = told->second;
  }
  const auto field = std::find(kFieldNames.begin(), kFieldNames.end(), name);
  if (field != kFieldNames.end()) return static_cast<Field>(field - kFieldNames.begin());
  if (told != renamed.end())
    return absl::InvalidArgumentError("--columns: '" + std::string(name) +
                                      "' is no field; see nayose dedupe --help for the fields");
  map->unknown_columns.push_back(header);
  return Field::kNone;
}

absl::Status TwoColumns(const std::string& file, size_t first, size_t second, Field field,
                        const std::string& header) {
  return absl::InvalidArgumentError(
      file + ": columns " + std::to_string(first + 1) + " and " + std::to_string(second + 1) + " both mean " +
      std::string(FieldName(field)) + ", which a row has once; keep one: --columns map.json with {\"" +
      header.substr(0, 40) + "\": \"\"} leaves the latter out");
}

}  // namespace

absl::StatusOr<ColumnMap> MapColumns(const std::vector<std::string>& header,
                                     const std::map<std::string, std::string>& renamed,
                                     const std::string& file) {
  ColumnMap map;
  for (size_t c = 0; c < header.size(); ++c) {
    Field field;
    LIBMPI_ASSIGN_OR_RETURN(field, FieldOfColumn(header, c, renamed, &map));
    const auto before = std::find(map.field_of_column.begin(), map.field_of_column.end(), field);
    if (field != Field::kNone && !IsRepeatable(field) && before != map.field_of_column.end())
      return TwoColumns(file, static_cast<size_t>(before - map.field_of_column.begin()), c, field, header[c]);
    map.field_of_column.push_back(field);
  }
  if (!map.Has(Field::kRecordId))
    return absl::InvalidArgumentError(file + ": no column for record_id in the header (" +
                                      Shown(header, map) +
                                      "); name it with --columns map.json, e.g. {\"my id\": \"record_id\"}");
  const auto tells = [](Field f) {
    return f != Field::kNone && f != Field::kRecordId && f != Field::kSource;
  };
  if (std::none_of(map.field_of_column.begin(), map.field_of_column.end(), tells))
    return absl::InvalidArgumentError(file + ": no column tells of a patient (" + Shown(header, map) +
                                      "); name some with --columns map.json, or give a truth file as --truth");
  return map;
}

}  // namespace libmpi
