// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/column_roles.h"

#include <algorithm>
#include <array>
#include <set>

#include "libmpi/text/fold.h"

namespace libmpi::table {
namespace {

// Lower-case words of a column's name: "firstName" and "first_name" alike.
std::vector<std::string> WordsOfName(std::string_view column) {
  std::vector<std::string> words(1);
  bool was_lower = false;
  for (char c : column) {
    const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
    if ((upper && was_lower) || (!upper && !lower)) words.emplace_back();
    if (upper || lower) words.back().push_back(upper ? static_cast<char>(c - 'A' + 'a') : c);
    was_lower = lower;
  }
  std::erase(words, "");
  return words;
}

struct NamedRole {
  std::string_view words;  // all of them must stand in the name; '|' between alternatives of a word
  Role role;
};

// The first that fits counts.
constexpr NamedRole kNamedRoles[] = {
    {"cluster|label|truth|answer|match|duplicate", Role::kAnswer},
    {"person|entity|true|simulant id", Role::kAnswer},
    {"household id", Role::kAnswer},
    {"record|rec|unique|row|line id|no|number|key", Role::kRecordId},
    {"source|dataset|facility", Role::kSource},
    {"birth year|yr", Role::kBirthYear},
    {"birth month", Role::kBirthMonth},
    {"birth day", Role::kBirthDay},
    {"by|yob|byear", Role::kBirthYear},
    {"bm|mob|bmonth", Role::kBirthMonth},
    {"bd|bday", Role::kBirthDay},
    {"birth place|town|city|country", Role::kPlace},
    {"birthplace", Role::kPlace},
    {"dob|birthdate|birthday|birth", Role::kBirthDate},
    {"born", Role::kBirthDate},
    {"sex|gender", Role::kSex},
    {"middle", Role::kMiddleName},
    {"first|given|fore and surname|last|family", Role::kFullName},
    {"first|given|fore name", Role::kGivenName},
    {"fname|firstname|givenname|forename|given|first|forenames", Role::kGivenName},
    {"last|family|sur|maiden name", Role::kFamilyName},
    {"lname|surname|lastname|familyname|last|family", Role::kFamilyName},
    {"full|whole|complete name", Role::kFullName},
    {"email|mail", Role::kEmail},
    {"phone|telephone|tel|mobile|cell|fax", Role::kPhone},
    {"house|street|building no|number|num", Role::kHouseNumber},
    {"unit|apartment|apt|flat|suite", Role::kUnit},
    {"postcode|zip|zipcode|postal|plz", Role::kPostcode},
    {"street|address|addr|road", Role::kStreet},
    {"suburb|city|town|village|municipality|locality", Role::kTown},
    {"state|province|prefecture|county|region|country", Role::kRegion},
    {"ssn|nhs|nino|passport|licence|license|insurance|tax", Role::kIdentifier},
    {"soc|social sec|security", Role::kIdentifier},
    {"occupation|profession|job|title", Role::kOccupation},
    {"name", Role::kFullName},
    {"id", Role::kRecordId},
};

bool HasWord(const std::vector<std::string>& words, std::string_view alternatives) {
  for (size_t at = 0; at <= alternatives.size();) {
    const size_t end = std::min(alternatives.find('|', at), alternatives.size());
    if (std::find(words.begin(), words.end(), alternatives.substr(at, end - at)) != words.end()) return true;
    at = end + 1;
  }
  return false;
}

bool HasAll(const std::vector<std::string>& words, std::string_view wanted) {
  for (size_t at = 0; at <= wanted.size();) {
    const size_t end = std::min(wanted.find(' ', at), wanted.size());
    if (!HasWord(words, wanted.substr(at, end - at))) return false;
    at = end + 1;
  }
  return true;
}

// Groups of digits and what stands between them.
struct DateShape {
  std::vector<int> groups;
  bool other = false;
};

DateShape ShapeOf(std::string_view cell) {
  DateShape shape;
  bool in_group = false;
  for (char c : cell) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && !in_group) shape.groups.push_back(0);
    if (digit) shape.groups.back() = std::min(shape.groups.back() * 10 + (c - '0'), 100000000);
    if (!digit && c != '-' && c != '/' && c != '.' && c != ' ' && c != ':' && c != 'T') shape.other = true;
    in_group = digit;
  }
  return shape;
}

bool IsYear(int n) { return n >= 1000 && n <= 2100; }

void CountDate(std::string_view cell, ColumnProfile* profile) {
  const DateShape shape = ShapeOf(cell);
  if (shape.other || shape.groups.empty()) return;
  const std::vector<int>& g = shape.groups;
  if (g.size() == 1) {
    const int n = g[0];
    profile->dates += cell.size() == 8 && IsYear(n / 10000) && n / 100 % 100 <= 12 && n % 100 <= 31;
    return;
  }
  if (g.size() < 3) return;
  if (IsYear(g[0]) && g[1] <= 12 && g[2] <= 31) ++profile->dates;
  else if (IsYear(g[2]) && g[0] <= 31 && g[1] <= 31 && std::min(g[0], g[1]) <= 12) {
    ++profile->dates;
    profile->day_first += g[0] > 12;
    profile->month_first += g[1] > 12;
  }
}

bool IsNumber(std::string_view cell) {
  bool digit = false;
  for (size_t i = 0; i < cell.size(); ++i) {
    const char c = cell[i];
    digit = digit || (c >= '0' && c <= '9');
    if (!(c >= '0' && c <= '9') && c != '.' && !(i == 0 && c == '-')) return false;
  }
  return digit;
}

bool IsPoint(std::string_view cell) {
  const size_t comma = cell.find(',');
  return comma != cell.npos && cell.find('.') != cell.npos && IsNumber(cell.substr(0, comma)) &&
         IsNumber(cell.substr(cell.find_first_not_of(' ', comma + 1) == cell.npos ? cell.size()
                                                                                   : cell.find_first_not_of(' ', comma + 1)));
}

}  // namespace

bool SaysNothing(std::string_view cell) {
  constexpr std::array<std::string_view, 12> kNothing = {"NA", "N/A", "n/a", "NULL", "null", "None", "none", "nan",
                                                         "NaN", "unknown", "UNKNOWN", "Unknown"};
  return std::find(kNothing.begin(), kNothing.end(), cell) != kNothing.end();
}

Role RoleOfName(std::string_view column) {
  const std::vector<std::string> words = WordsOfName(column);
  for (const NamedRole& named : kNamedRoles)
    if (HasAll(words, named.words)) return named.role;
  return Role::kOther;
}

ColumnProfile ProfileColumn(const std::vector<std::vector<std::string>>& rows, size_t column) {
  ColumnProfile profile;
  std::map<std::string_view, size_t> counts;
  double filled = 0;
  for (const std::vector<std::string>& row : rows) {
    const std::string_view cell = row[column];
    if (SaysNothing(cell)) {
      ++profile.na;
      continue;
    }
    if (cell.find_first_not_of(" \t") == cell.npos) continue;
    ++filled;
    ++counts[cell];
    profile.mean_length += static_cast<double>(cell.size());
    CountDate(cell, &profile);
    profile.numbers += IsNumber(cell);
    profile.points += IsPoint(cell);
    const auto digits = std::count_if(cell.begin(), cell.end(), [](char c) { return c >= '0' && c <= '9'; });
    profile.digits += 2 * digits >= static_cast<long>(cell.size());
    const Script script = ScriptOf(cell);
    profile.japanese += script == Script::kKanji || script == Script::kKana;
    profile.several_words += cell.find(' ') != cell.npos;
    profile.lists += cell.find(';') != cell.npos || cell.find('|') != cell.npos;
  }
  size_t most = 0;
  for (const auto& [cell, count] : counts) most = std::max(most, count);
  profile.distinct = static_cast<double>(counts.size());
  profile.most_common = filled > 0 ? static_cast<double>(most) / filled : 0;
  profile.na /= std::max<double>(1, static_cast<double>(rows.size()));
  for (double* share : {&profile.dates, &profile.numbers, &profile.points, &profile.digits, &profile.japanese,
                        &profile.several_words, &profile.lists, &profile.day_first, &profile.month_first,
                        &profile.mean_length})
    if (filled > 0) *share /= filled;
  profile.filled = rows.empty() ? 0 : filled / static_cast<double>(rows.size());
  return profile;
}

}  // namespace libmpi::table
