// SPDX-License-Identifier: Apache-2.0
// Birth dates in the notations that facilities use (facts: formats.md 8g).
#include "libmpi/record/birth_date.h"

#include <algorithm>
#include <array>
#include <string>

#include "libmpi/record/folded_text.h"
#include "libmpi/record/serial_date.h"

namespace libmpi {
namespace {

constexpr int kOldestAge = 125;
// Of births where no day is given as today: the first year of an era, and one beyond planning.
constexpr int kFirstYear = 1868, kLastYear = 2100;

struct Years {
  int first, last;
};
Years PlausibleYears(const CivilDate& today) {
  if (today.year == 0) return {kFirstYear, kLastYear};
  return {today.year - kOldestAge, today.year};
}

struct Era {
  std::string_view kanji;
  std::string_view short_kanji;
  char letter;
  int base;  // year 1 of the era is base + 1
};
// By era code, 1 to 5. Years run on past an era's end (昭和65年 is 1990): data have them.
constexpr Era kEras[] = {{"明治", "明", 'M', 1867},
                         {"大正", "大", 'T', 1911},
                         {"昭和", "昭", 'S', 1925},
                         {"平成", "平", 'H', 1988},
                         {"令和", "令", 'R', 2018}};

int DaysIn(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// Numbers in order of appearance, and the era before them if any.
struct DateParts {
  int era = -1;
  size_t count = 0;
  std::array<std::string_view, 4> numbers;
  bool words = false;  // Latin letters: a month by name, or no date at all
};

// Takes an era's name, letter or sign off the front; -1: there is none.
int TakeEra(std::string_view* text) {
  if (!text->empty() && IsAsciiDigit(text->front())) return -1;
  if (StartsWith(*text, "西暦")) text->remove_prefix(6);
  for (int e = 0; e < 5; ++e) {
    const Era& era = kEras[e];
    for (std::string_view name : {era.kanji, era.short_kanji})
      if (StartsWith(*text, name)) {
        text->remove_prefix(name.size());
        return e;
      }
    if (text->size() < 2 || ((*text)[0] & ~0x20) != era.letter) continue;
    const char next = (*text)[1];
    const bool ends = IsAsciiDigit(next) || next == '.' || next == ' ' || next == '-' ||
                      next == '/' || StartsWith(text->substr(1), "元");
    if (!ends) continue;
    text->remove_prefix(1);
    return e;
  }
  return -1;
}

// A time of day after the date says nothing.
std::string_view CutTime(std::string_view text) {
  for (size_t i = 1; i + 1 < text.size(); ++i)
    if (text[i] == 'T' && IsAsciiDigit(text[i - 1]) && IsAsciiDigit(text[i + 1]))
      return text.substr(0, i);
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return text;
  const size_t space = text.rfind(' ', colon);
  return text.substr(0, space == std::string_view::npos ? colon : space);
}

// "29222.5": the hours of a spreadsheet's day say nothing.
std::string_view CutHours(std::string_view text) {
  const bool has_hours = text.size() > 6 && text[5] == '.' && AllDigits(text.substr(0, 5)) &&
                         AllDigits(text.substr(6));
  return has_hours ? text.substr(0, 5) : text;
}

// "1980年(昭和55年)1月2日(水)": what stands in brackets repeats.
void DropBrackets(std::string* text) {
  for (size_t open; (open = text->find('(')) != std::string::npos && open > 0;) {
    const size_t close = text->find(')', open);
    text->erase(open, close == std::string::npos ? close : close + 1 - open);
  }
}

DateParts Dissect(std::string_view text) {
  DateParts parts;
  while (!text.empty() && text[0] == ' ') text.remove_prefix(1);
  parts.era = TakeEra(&text);
  text = CutHours(CutTime(text));
  if (parts.era >= 0) {  // 元年 without 年: "令和元.5.1"
    while (!text.empty() && (text[0] == '.' || text[0] == ' ')) text.remove_prefix(1);
    if (StartsWith(text, "元")) {
      parts.numbers[parts.count++] = "1";
      text.remove_prefix(3);
    }
  }
  for (size_t i = 0; i < text.size();) {
    const char letter = static_cast<char>(text[i] | 0x20);
    parts.words = parts.words || (letter >= 'a' && letter <= 'z');
    if (!IsAsciiDigit(text[i])) {
      ++i;
      continue;
    }
    const size_t begin = i;
    while (i < text.size() && IsAsciiDigit(text[i])) ++i;
    if (parts.count < parts.numbers.size()) parts.numbers[parts.count] = text.substr(begin, i - begin);
    ++parts.count;
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
  bool serial = false;  // a spreadsheet's day
};

// The years of an era; year 0 is none.
int EraYear(int era, std::string_view digits) {
  const int n = ToInt(digits);
  return n == 0 ? 0 : kEras[era].base + n;
}

// A day from 1927 on, as which five digits can be read. One that no patient can be born on is
// no spreadsheet's day either.
RawDate ReadSerial(int serial, const CivilDate& today) {
  const CivilDate date = DateOfSerialDay(serial);
  const Years years = PlausibleYears(today);
  if (date.year < years.first || date.year > years.last || (today.year != 0 && date > today)) return {};
  return {date.year, date.month, date.day, true, true};
}

// One run of digits.
RawDate ReadCompact(int era, std::string_view n, const CivilDate& today) {
  if (era >= 0) {
    if (n.size() == 6)
      return {EraYear(era, n.substr(0, 2)), ToInt(n.substr(2, 2)), ToInt(n.substr(4)), true};
    if (n.size() <= 2) return {EraYear(era, n), 0, 0, true};
    if (n.size() == 8 || n.size() == 4) era = -1;  // an era before a Gregorian year
    else return {};
  }
  switch (n.size()) {
    case 14:
    case 12:
    case 8:
      return {ToInt(n.substr(0, 4)), ToInt(n.substr(4, 2)), ToInt(n.substr(6, 2)), true};
    case 7:  // era code, year, month, day (claims before 2020)
      if (AllSame(n) && n[0] == '0') return {0, 0, 0, true};
      if (n[0] < '1' || n[0] > '5') return {};
      return {EraYear(n[0] - '1', n.substr(1, 2)), ToInt(n.substr(3, 2)), ToInt(n.substr(5)), true};
    case 6: {  // a year and a month; two-digit years without an era are guesses
      const int year = ToInt(n.substr(0, 4));
      const Years years = PlausibleYears(today);
      if (year != 0 && (year < years.first || year > years.last)) return {};
      return {year, ToInt(n.substr(4)), 0, true};
    }
    case 5: return n[0] == '0' ? RawDate() : ReadSerial(ToInt(n), today);
    case 4: return {ToInt(n), 0, 0, true};
    default: return {};
  }
}

RawDate Read(const DateParts& parts, const CivilDate& today) {
  const auto& n = parts.numbers;
  if (parts.count == 0 || parts.words) return {};
  if (parts.count == 1) return ReadCompact(parts.era, n[0], today);
  int era = parts.era;
  size_t first = 0;
  // The era as its code number: 3-55-01-02, 3 550102.
  if (era < 0 && n[0].size() == 1 && n[0][0] >= '1' && n[0][0] <= '5' &&
      (parts.count == 4 || (parts.count == 2 && n[1].size() == 6))) {
    era = n[0][0] - '1';
    first = 1;
    if (parts.count == 2) return ReadCompact(era, n[1], today);
  }
  const std::string_view year = n[first], month = n[first + 1];
  const std::string_view day = parts.count > first + 2 ? n[first + 2] : std::string_view();
  // Day or month first, or two-digit years without an era, are guesses: not read.
  if (year.size() != 4 && (era < 0 || year.size() > 2)) return {};
  const int y = year.size() == 4 ? ToInt(year) : EraYear(era, year);
  if (day.empty() && month.size() == 4)
    return {y, ToInt(month.substr(0, 2)), ToInt(month.substr(2)), true};
  if (month.size() > 2 || day.size() > 2) return {};
  return {y, ToInt(month), ToInt(day), true};
}

// What stands for "unknown" in somebody's system.
bool IsDefault(const RawDate& d) {
  if (d.year == 9999 || d.year == 1111 || d.year == 1) return true;
  if (d.year == 0 && d.month == 0 && d.day == 0) return true;
  if (d.year == 1900 && d.month <= 1 && d.day <= 1) return true;
  if (d.year == 1899 && d.month == 12 && d.day >= 30) return true;  // day 0 of spreadsheets
  return (d.year == 1753 || d.year == 1601) && d.month == 1 && d.day == 1;
}

// One digit over the whole length: 0000000, 99999999; and what a hand on the keyboard gives.
bool IsFilling(const DateParts& parts) {
  if (parts.era >= 0 || parts.count != 1) return false;
  const std::string_view n = parts.numbers[0];
  return n == "12345" || (n.size() >= 5 && AllSame(n));
}

}  // namespace

bool ParseBirthDate(std::string_view text, const CivilDate& today, CivilDate* date,
                    std::vector<Finding>* findings) {
  const auto refuse = [&](FindingCode code) {
    findings->push_back({code, "birth"});
    return false;
  };
  if (text.empty()) return false;
  if (text.size() > 200) return refuse(FindingCode::kUnreadableDate);
  std::string folded;
  if (!IsAscii(text)) folded = FoldKanjiNumerals(FoldWidth(text));
  else if (Contains(text, "(")) folded = text;
  if (Contains(folded, "(")) DropBrackets(&folded);
  const DateParts parts = Dissect(folded.empty() ? text : std::string_view(folded));
  if (IsFilling(parts)) return refuse(FindingCode::kDefaultDate);
  const RawDate d = Read(parts, today);
  if (!d.read) return refuse(FindingCode::kUnreadableDate);
  if (IsDefault(d)) return refuse(FindingCode::kDefaultDate);
  const Years years = PlausibleYears(today);
  if (d.year < years.first || (today.year == 0 && d.year > years.last) || d.month > 12 ||
      (d.month == 0 && d.day != 0) ||
      (d.month > 0 && d.day > DaysIn(d.year, d.month)))
    return refuse(FindingCode::kImpossibleDate);
  const CivilDate read{static_cast<int16_t>(d.year), static_cast<uint8_t>(d.month),
                       static_cast<uint8_t>(d.day)};
  const CivilDate earliest{read.year, std::max<uint8_t>(1, read.month), std::max<uint8_t>(1, read.day)};
  if (today.year != 0 && earliest > today) return refuse(FindingCode::kFutureBirth);
  if (d.serial) findings->push_back({FindingCode::kSerialDate, "birth"});
  if (!read.IsFull()) findings->push_back({FindingCode::kPartialDate, "birth"});
  *date = read;
  return true;
}

}  // namespace libmpi
