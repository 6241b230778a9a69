// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include "libmpi/base/hash.h"
#include "libmpi/record/birth_date.h"
#include "libmpi/record/date_slip.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/latin_text.h"
#include "libmpi/text/near_text.h"

namespace libmpi::table {
namespace {

// Latin letters as FoldLatin has them; other scripts are kept, in their common forms.
std::string FoldAny(std::string_view text) {
  const Script script = ScriptOf(text);
  if (script == Script::kLatin || script == Script::kNone) return FoldLatin(text);
  return script == Script::kKana ? FoldKana(text) : FoldKanji(text);
}

std::string FoldCode(std::string_view text) {
  std::string code;
  for (char c : FoldLatin(text))
    if (c != ' ') code.push_back(c);
  return code;
}

bool ReadNumber(std::string_view text, double* number) {
  const std::string folded = FoldWidth(text);
  const char* end = folded.data() + folded.size();
  const auto [at, error] = std::from_chars(folded.data(), end, *number);
  return error == std::errc() && at == end && std::isfinite(*number);
}

// What no date holds, and ten times of which is still a number.
constexpr int kBeyondDates = 100000000;

// Groups of digits of a date's text, in their order.
std::vector<int> DigitGroups(std::string_view text) {
  std::vector<int> groups;
  bool in_group = false;
  for (char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && !in_group) groups.push_back(0);
    if (digit) groups.back() = std::min(groups.back() * 10 + (c - '0'), kBeyondDates);
    in_group = digit;
  }
  return groups;
}

// Three numbers as a date, 0 for what is not known. False where they can be none.
bool MakeDate(double year, double month, double day, CivilDate* date) {
  // What is no date may be a slip away from one: it is kept as it stands, and never agrees.
  if (!(year >= 0 && year < 10000 && month >= 0 && month < 100 && day >= 0 && day < 100)) return false;
  date->year = static_cast<int16_t>(year);
  date->month = static_cast<uint8_t>(month);
  date->day = static_cast<uint8_t>(day);
  return true;
}

bool ReadDate(const Field& field, const std::vector<std::string_view>& cells, CivilDate* date) {
  if (cells.size() == 3) {
    double part[3] = {0, 0, 0};
    for (int i = 0; i < 3; ++i)
      if (!cells[i].empty() && !ReadNumber(cells[i], &part[i])) return false;
    return MakeDate(part[0], part[1], part[2], date);
  }
  const std::vector<int> g = DigitGroups(FoldWidth(cells[0]));
  if (field.date_order != DateOrder::kYmd) {
    if (g.size() < 3) return false;
    return field.date_order == DateOrder::kDmy ? MakeDate(g[2], g[1], g[0], date) : MakeDate(g[2], g[0], g[1], date);
  }
  if (g.size() >= 3 && g[0] > 31) return MakeDate(g[0], g[1], g[2], date);
  if (g.size() == 1 && cells[0].size() == 8) return MakeDate(g[0] / 10000, g[0] / 100 % 100, g[0] % 100, date);
  std::vector<Finding> findings;
  return ParseBirthDate(cells[0], CivilDate{}, date, &findings);
}

bool ReadPoint(const std::vector<std::string_view>& cells, Value* value) {
  std::string_view latitude = cells[0], longitude = cells.size() > 1 ? cells[1] : "";
  if (cells.size() == 1) {
    const size_t comma = latitude.find_first_of(",; ");
    if (comma == std::string_view::npos) return false;
    longitude = latitude.substr(comma + 1);
    latitude = latitude.substr(0, comma);
  }
  return ReadNumber(latitude, &value->x) && ReadNumber(longitude, &value->y) && std::abs(value->x) <= 90 &&
         std::abs(value->y) <= 180;
}

void ReadList(const Field& field, std::string_view cell, Value* value) {
  for (size_t at = 0; at <= cell.size();) {
    const size_t end = field.separator.empty() ? cell.size() : std::min(cell.find(field.separator, at), cell.size());
    if (std::string item = FoldAny(cell.substr(at, end - at)); !item.empty()) value->items.push_back(std::move(item));
    at = end + std::max<size_t>(field.separator.size(), 1);
  }
  std::sort(value->items.begin(), value->items.end());
  value->items.erase(std::unique(value->items.begin(), value->items.end()), value->items.end());
}

}  // namespace

Reading ReadValue(const Field& field, const std::vector<std::string_view>& raw, Value* value) {
  std::vector<std::string_view> cells = raw;
  bool any = false;
  std::string joined;
  for (std::string_view& cell : cells) {
    if (std::find(field.missing.begin(), field.missing.end(), cell) != field.missing.end()) cell = "";
    any = any || cell.find_first_not_of(" \t\r\n") != std::string_view::npos;
    if (!cell.empty()) joined += (joined.empty() ? "" : " ") + std::string(cell);
  }
  if (!any) return Reading::kMissing;
  bool read = true;
  switch (field.kind) {
    case Kind::kName:
    case Kind::kText:
    case Kind::kCategory: value->text = FoldAny(joined); break;
    case Kind::kJapaneseName:
      value->text = ScriptOf(joined) == Script::kKanji ? FoldKanji(joined) : FoldKana(joined);
      break;
    case Kind::kCode: value->text = FoldCode(joined); break;
    case Kind::kDate:
      read = ReadDate(field, cells, &value->date) && (value->date.year || value->date.month || value->date.day);
      break;
    case Kind::kNumber: read = ReadNumber(joined, &value->x); break;
    case Kind::kPoint: read = ReadPoint(cells, value); break;
    case Kind::kList: ReadList(field, joined, value); break;
    case Kind::kJoint: return Reading::kMissing;
  }
  if (!read) return Reading::kUnreadable;
  const bool textual = field.kind != Kind::kDate && field.kind != Kind::kNumber && field.kind != Kind::kPoint;
  return textual && value->text.empty() && value->items.empty() ? Reading::kMissing : Reading::kRead;
}

namespace {

bool SameButForSpaces(std::string_view a, std::string_view b) {
  size_t i = 0, j = 0;
  for (;;) {
    while (i < a.size() && a[i] == ' ') ++i;
    while (j < b.size() && b[j] == ' ') ++j;
    if (i == a.size() || j == b.size()) return i == a.size() && j == b.size();
    if (a[i++] != b[j++]) return false;
  }
}

// Words in common, and the words of either.
struct WordOverlap {
  size_t shared = 0, least = 0, all = 0;
};

WordOverlap OverlapOf(std::string_view a, std::string_view b) {
  std::vector<std::string_view> x = WordsOf(a), y = WordsOf(b);
  WordOverlap overlap;
  overlap.least = std::min(x.size(), y.size());
  const size_t words = x.size() + y.size();
  for (std::string_view word : x) {
    const auto found = std::find(y.begin(), y.end(), word);
    if (found == y.end()) continue;
    ++overlap.shared;
    *found = std::string_view();
  }
  overlap.all = words - overlap.shared;
  return overlap;
}

// TIFF and TIFFANY: one begins the other.
bool IsShortForm(std::string_view a, std::string_view b) {
  const size_t shortest = std::min(a.size(), b.size());
  return shortest >= 3 && std::max(a.size(), b.size()) >= shortest + 2 && a.substr(0, shortest) == b.substr(0, shortest);
}

uint8_t CompareNames(std::string_view a, std::string_view b) {
  if (a.size() == 1 || b.size() == 1) return a[0] == b[0] ? level::kInitialAgrees : level::kInitialDiffers;
  if (a == b) return level::kEqual;
  if (SameButForSpaces(a, b) || IsShortForm(a, b) || AreNicknames(a, b)) return level::kNameAlike;
  const bool several = a.find(' ') != std::string_view::npos || b.find(' ') != std::string_view::npos;
  if (several)
    if (const WordOverlap o = OverlapOf(a, b); o.shared > 0 && o.shared == o.least) return level::kNameAlike;
  const size_t shortest = std::min(a.size(), b.size());
  const int edits = EditDistance(a, b, 2);
  if (edits == 1 && shortest >= 3) return level::kNameNear;
  if ((edits == 2 && shortest >= 6) || JaroWinkler(a, b) >= 0.9) return level::kNameClose;
  if (shortest >= 3 && SoundKey(a) == SoundKey(b)) return level::kNameClose;
  return level::kNameDifferent;
}

uint8_t CompareJapanese(std::string_view a, std::string_view b) {
  if (a == b) return level::kEqual;
  if (ScriptOfFolded(a) == Script::kKana && ScriptOfFolded(b) == Script::kKana) {
    switch (RelateKana(a, b)) {
      case KanaRelation::kEqual: return level::kEqual;
      case KanaRelation::kLoose: return level::kJapaneseLoose;
      case KanaRelation::kNear: return level::kJapaneseNear;
      case KanaRelation::kDifferent: return level::kJapaneseDifferent;
    }
  }
  switch (RelateKanji(CodePointsOf(a), CodePointsOf(b))) {
    case KanjiRelation::kEqual: return level::kEqual;
    case KanjiRelation::kNear: return level::kJapaneseNear;
    case KanjiRelation::kShared: return level::kJapaneseShared;
    case KanjiRelation::kDifferent: break;
  }
  return level::kJapaneseDifferent;
}

uint8_t CompareTexts(std::string_view a, std::string_view b) {
  if (a == b) return level::kEqual;
  if (SameButForSpaces(a, b)) return level::kTextNear;
  const size_t shortest = std::min(a.size(), b.size());
  const int near = shortest < 8 ? 1 : 2;
  const int edits = EditDistance(a, b, 4);
  if (edits <= near && shortest >= 3) return level::kTextNear;
  const WordOverlap o = OverlapOf(a, b);
  if ((edits <= 4 && shortest >= 12) || 3 * o.shared >= 2 * o.all || (o.shared == o.least && o.least >= 2))
    return level::kTextClose;
  return o.shared > 0 ? level::kTextOverlap : level::kTextDifferent;
}

bool IsPossible(const CivilDate& d) {
  return d.year >= 1000 && d.year < 2200 && d.month <= 12 && d.day <= (d.month == 2 ? 29 : 31);
}

uint8_t CompareDates(const CivilDate& a, const CivilDate& b) {
  if (!a.IsFull() || !b.IsFull()) {
    const auto agree = [](int x, int y) { return x == 0 || y == 0 || x == y; };
    const bool told = (a.year && b.year) || (a.month && b.month) || (a.day && b.day);
    if (!told) return level::kMissing;
    return agree(a.year, b.year) && agree(a.month, b.month) && agree(a.day, b.day) ? level::kPartialAgrees
                                                                                    : level::kPartialDiffers;
  }
  const bool possible = IsPossible(a) && IsPossible(b);
  switch (RelateDates(a, b)) {
    case DateRelation::kEqual: return possible ? level::kEqual : level::kMissing;
    case DateRelation::kSlip: return level::kDateSlip;
    case DateRelation::kClose: return level::kDateClose;
    case DateRelation::kDifferent: break;
  }
  if (!possible) return level::kMissing;
  return a.year == b.year ? level::kDateYear : level::kDateDifferent;
}

uint8_t CompareCodes(std::string_view a, std::string_view b) {
  if (a == b) return level::kEqual;
  const size_t shortest = std::min(a.size(), b.size()), longest = std::max(a.size(), b.size());
  if (shortest >= 3 && EditDistance(a, b, 1) <= 1) return level::kCodeSlip;
  size_t prefix = 0;
  while (prefix < shortest && a[prefix] == b[prefix]) ++prefix;
  return 2 * prefix >= longest ? level::kCodePrefix : level::kCodeDifferent;
}

double KilometresBetween(const Value& a, const Value& b) {
  constexpr double kRadians = std::numbers::pi / 180, kEarthRadius = 6371;
  const double dx = std::sin((b.x - a.x) * kRadians / 2), dy = std::sin((b.y - a.y) * kRadians / 2);
  const double h = dx * dx + std::cos(a.x * kRadians) * std::cos(b.x * kRadians) * dy * dy;
  return 2 * kEarthRadius * std::asin(std::min(1.0, std::sqrt(h)));
}

uint8_t ComparePoints(double tolerance, const Value& a, const Value& b) {
  const double unit = tolerance > 0 ? tolerance : 0.1;
  const double distance = KilometresBetween(a, b);
  if (distance <= unit) return level::kEqual;
  if (distance <= 10 * unit) return level::kPointNear;
  return distance <= 100 * unit ? level::kPointRegion : level::kPointFar;
}

uint8_t CompareLists(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (*x == *y) return level::kEqual;
    ++(*x < *y ? x : y);
  }
  constexpr size_t kMostCompared = 20;  // of either, for edits
  for (size_t i = 0; i < std::min(a.size(), kMostCompared); ++i)
    for (size_t j = 0; j < std::min(b.size(), kMostCompared); ++j)
      if (std::min(a[i].size(), b[j].size()) >= 4 && EditDistance(a[i], b[j], 1) <= 1) return level::kListNear;
  return level::kListDifferent;
}

}  // namespace

uint8_t CompareValues(const Field& field, const Value& a, const Value& b) {
  switch (field.kind) {
    case Kind::kName: return CompareNames(a.text, b.text);
    case Kind::kJapaneseName: return CompareJapanese(a.text, b.text);
    case Kind::kText: return CompareTexts(a.text, b.text);
    case Kind::kDate: return CompareDates(a.date, b.date);
    case Kind::kNumber: {
      if (a.x == b.x) return level::kEqual;
      return std::abs(a.x - b.x) <= field.tolerance ? level::kNumberNear : level::kNumberDifferent;
    }
    case Kind::kCode: return CompareCodes(a.text, b.text);
    case Kind::kCategory: return a.text == b.text ? level::kEqual : level::kCategoryDiffers;
    case Kind::kPoint: return ComparePoints(field.tolerance, a, b);
    case Kind::kList: return CompareLists(a.items, b.items);
    case Kind::kJoint: break;
  }
  return level::kMissing;
}

bool Applies(Transform transform, Kind kind) {
  const bool words = kind == Kind::kName || kind == Kind::kText;
  switch (transform) {
    case Transform::kExact: return kind != Kind::kPoint && kind != Kind::kList;
    case Transform::kPrefix3: return words || kind == Kind::kCode;
    case Transform::kPrefix5: return kind == Kind::kText || kind == Kind::kCode;
    case Transform::kSound: return words;
    case Transform::kYear:
    case Transform::kMonthDay: return kind == Kind::kDate;
    case Transform::kFirstWord: return words;
    case Transform::kLongestWord: return kind == Kind::kText;
  }
  return false;
}

namespace {

uint64_t TextKey(std::string_view text) { return text.empty() ? 0 : HashBytes(text) | 1; }

uint64_t ExactKey(Kind kind, const Value& value) {
  if (kind == Kind::kDate) {
    const CivilDate& d = value.date;
    return d.IsFull() ? HashCombine(uint64_t(d.year) << 16 | uint64_t(d.month) << 8 | d.day, 1) | 1 : 0;
  }
  if (kind == Kind::kNumber) return HashBytes({reinterpret_cast<const char*>(&value.x), sizeof value.x}) | 1;
  return TextKey(value.text);
}

}  // namespace

uint64_t BlockingKey(const Field& field, const Value& value, Transform transform) {
  const std::string_view text = value.text;
  switch (transform) {
    case Transform::kExact: return ExactKey(field.kind, value);
    case Transform::kPrefix3: return text.size() >= 3 ? TextKey(text.substr(0, 3)) : 0;
    case Transform::kPrefix5: return text.size() >= 5 ? TextKey(text.substr(0, 5)) : 0;
    case Transform::kSound: return TextKey(SoundKey(text));
    case Transform::kYear: return value.date.year ? HashCombine(value.date.year, 2) | 1 : 0;
    case Transform::kMonthDay:
      return value.date.month && value.date.day ? HashCombine(value.date.month * 32 + value.date.day, 3) | 1 : 0;
    case Transform::kFirstWord: return TextKey(text.substr(0, text.find(' ')));
    case Transform::kLongestWord: {
      std::string_view longest;
      for (std::string_view word : WordsOf(text))
        if (word.size() > longest.size()) longest = word;
      return TextKey(longest);
    }
  }
  return 0;
}

double Agreement(Kind kind, uint8_t l) {
  if (l == level::kEqual) return 1;
  switch (kind) {
    case Kind::kName: return l == level::kNameAlike || l == level::kNameNear ? 0.8 : l == level::kNameClose ? 0.5 : 0;
    case Kind::kText: return l == level::kTextNear ? 0.9 : l == level::kTextClose ? 0.7 : l == level::kTextOverlap ? 0.3 : 0;
    case Kind::kCode: return l == level::kCodeSlip ? 0.6 : l == level::kCodePrefix ? 0.3 : 0;
    case Kind::kDate: return l == level::kDateSlip ? 0.7 : l == level::kDateClose ? 0.3 : 0;
    case Kind::kJapaneseName: return l == level::kJapaneseLoose || l == level::kJapaneseNear ? 0.8 : 0;
    case Kind::kNumber: return l == level::kNumberNear ? 0.7 : 0;
    case Kind::kPoint: return l == level::kPointNear ? 0.7 : l == level::kPointRegion ? 0.3 : 0;
    case Kind::kList: return l == level::kListNear ? 0.7 : 0;
    default: return 0;
  }
}

}  // namespace libmpi::table
