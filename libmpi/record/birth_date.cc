// SPDX-License-Identifier: Apache-2.0
// Birth dates in the notations that facilities use (facts: formats.md 8g).
#include <array>
#include <string>

#include "libmpi/record/standardize.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

constexpr int kOldestAge = 125;

struct Era {
  std::string_view kanji;
  char letter;
  int base;  // year 1 of the era is base + 1
};
// By era code, 1 to 5.
constexpr Era kEras[] = {
    {"明治", 'M', 1867}, {"大正", 'T', 1911}, {"昭和", 'S', 1925}, {"平成", 'H', 1988}, {"令和", 'R', 2018}};
constexpr std::string_view kShortEras[] = {"明", "大", "昭", "平", "令"};

int DaysIn(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// Numbers in order of appearance, and the era before them if any.
struct DateParts {
  int era = -1;
  std::vector<std::string> numbers;
};

DateParts Dissect(std::string_view text) {
  DateParts parts;
  for (int e = 0; e < 5 && parts.era < 0; ++e) {
    if (text.substr(0, kEras[e].kanji.size()) == kEras[e].kanji) {
      parts.era = e;
      text.remove_prefix(kEras[e].kanji.size());
    } else if (text.substr(0, 3) == kShortEras[e]) {
      parts.era = e;
      text.remove_prefix(3);
    } else if (text.size() > 1 && (text[0] | 0x20) == (kEras[e].letter | 0x20) &&
               ((text[1] >= '0' && text[1] <= '9') || text[1] == '.' || text[1] == ' ' ||
                text[1] == '-')) {
      parts.era = e;
      text.remove_prefix(1);
    }
  }
  // A time of day after the date says nothing.
  const size_t time = text.find_first_of("T:");
  if (time != std::string_view::npos) text = text.substr(0, text[time] == 'T' ? time : text.rfind(' ', time));
  bool in_number = false;
  for (char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && !in_number) parts.numbers.emplace_back();
    if (digit) parts.numbers.back() += c;
    in_number = digit;
  }
  return parts;
}

int ToInt(std::string_view digits) {
  int n = 0;
  for (char c : digits.substr(0, 9)) n = n * 10 + (c - '0');
  return n;
}

struct RawDate {
  int year = 0, month = 0, day = 0;
  bool read = false;
};

RawDate Compact(int era, const std::string& n) {
  const int base = era >= 0 ? kEras[era].base : 0;
  if (era >= 0) {
    if (n.size() == 6) return {base + ToInt(n.substr(0, 2)), ToInt(n.substr(2, 2)), ToInt(n.substr(4)), true};
    if (n.size() <= 2) return {base + ToInt(n), 0, 0, true};
    return {};
  }
  switch (n.size()) {
    case 14:
    case 12: return {ToInt(n.substr(0, 4)), ToInt(n.substr(4, 2)), ToInt(n.substr(6, 2)), true};
    case 8: return {ToInt(n.substr(0, 4)), ToInt(n.substr(4, 2)), ToInt(n.substr(6)), true};
    case 7:  // era code, year, month, day (claims before 2020)
      if (n[0] < '1' || n[0] > '5') return {};
      return {kEras[n[0] - '1'].base + ToInt(n.substr(1, 2)), ToInt(n.substr(3, 2)),
              ToInt(n.substr(5)), true};
    case 6: return {ToInt(n.substr(0, 4)), ToInt(n.substr(4)), 0, true};
    case 4: return {ToInt(n), 0, 0, true};
    default: return {};
  }
}

RawDate Assemble(const DateParts& parts) {
  const std::vector<std::string>& n = parts.numbers;
  if (n.empty()) return {};
  if (n.size() == 1) return Compact(parts.era, n[0]);
  // The era as its code number: 3-55-01-02.
  if (parts.era < 0 && n.size() == 4 && n[0].size() == 1 && n[0][0] >= '1' && n[0][0] <= '5')
    return {kEras[n[0][0] - '1'].base + ToInt(n[1]), ToInt(n[2]), ToInt(n[3]), true};
  if (n.size() > 3 && n[0].size() != 4 && parts.era < 0) return {};
  if (n[0].size() > 4 || n[1].size() > 2 || (n.size() > 2 && n[2].size() > 2)) return {};
  // Day or month first, or two-digit years without an era, are guesses: not read.
  if (parts.era < 0 && n[0].size() != 4) return {};
  const int base = parts.era >= 0 && n[0].size() <= 2 ? kEras[parts.era].base : 0;
  return {base + ToInt(n[0]), ToInt(n[1]), n.size() > 2 ? ToInt(n[2]) : 0, true};
}

bool IsDefault(const RawDate& d) {
  const bool first = d.month <= 1 && d.day <= 1;
  return d.year == 0 || d.year == 9999 || d.year == 1111 || (d.year <= 1900 && first);
}

}  // namespace

bool ParseBirthDate(std::string_view text, const CivilDate& today, CivilDate* date,
                    std::vector<Finding>* findings) {
  const auto refuse = [&](FindingCode code) {
    findings->push_back({code, "birth"});
    return false;
  };
  if (text.empty()) return false;
  const RawDate d = Assemble(Dissect(FoldKanjiNumerals(FoldWidth(text))));
  if (!d.read) return refuse(FindingCode::kUnreadableDate);
  if (IsDefault(d)) return refuse(FindingCode::kDefaultDate);
  if (d.month > 12 || (d.month == 0 && d.day != 0) || d.year < 1 || d.year > 9999)
    return refuse(FindingCode::kImpossibleDate);
  if (d.month > 0 && d.day > DaysIn(d.year, d.month)) return refuse(FindingCode::kImpossibleDate);
  const CivilDate read{static_cast<int16_t>(d.year), static_cast<uint8_t>(d.month),
                       static_cast<uint8_t>(d.day)};
  const CivilDate latest_fit{read.year, static_cast<uint8_t>(read.month ? read.month : 1),
                             static_cast<uint8_t>(read.day ? read.day : 1)};
  if (latest_fit > today) return refuse(FindingCode::kFutureBirth);
  if (read.year < today.year - kOldestAge) return refuse(FindingCode::kImpossibleDate);
  if (!read.IsFull()) findings->push_back({FindingCode::kPartialDate, "birth"});
  *date = read;
  return true;
}

}  // namespace libmpi
