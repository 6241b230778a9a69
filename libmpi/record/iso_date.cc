// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/iso_date.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace libmpi {
namespace {

// Of digits only; -1: others.
int NumberOf(std::string_view digits) {
  if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return -1;
  int number = 0;
  for (const char c : digits) number = 10 * number + (c - '0');
  return number;
}

}  // namespace

std::optional<CivilDate> ParseIsoDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = NumberOf(text.substr(0, 4)), month = NumberOf(text.substr(5, 2)), day = NumberOf(text.substr(8));
  if (year < 1900 || month < 1 || day < 1) return std::nullopt;
  if (!(std::chrono::year(year) / month / day).ok()) return std::nullopt;
  return CivilDate{static_cast<int16_t>(year), static_cast<uint8_t>(month), static_cast<uint8_t>(day)};
}

bool IsPartialDate(std::string_view text) {
  std::string digits(text);
  if (text.size() == 10 && text[7] == '-') digits.erase(7, 1);
  if ((text.size() == 7 || text.size() == 10) && text[4] == '-') digits.erase(4, 1);
  if (digits.size() != 4 && digits.size() != 6 && digits.size() != 8) return false;
  const std::string_view parts = digits;
  const int year = NumberOf(parts.substr(0, 4));
  const int month = parts.size() > 4 ? NumberOf(parts.substr(4, 2)) : 1;
  const int day = parts.size() > 6 ? NumberOf(parts.substr(6)) : 1;
  return year > 0 && month > 0 && day > 0 && (std::chrono::year(year) / month / day).ok();
}

std::string IsoDateText(const CivilDate& date) {
  char text[24];
  std::snprintf(text, sizeof(text), "%04d-%02d-%02d", date.year, date.month, date.day);
  return text;
}

std::string PlainDateText(const CivilDate& date) {
  char text[24];
  std::snprintf(text, sizeof(text), "%04d%02d%02d", date.year, date.month, date.day);
  return text;
}

std::string IsoMonthText(const CivilDate& date) { return IsoDateText(date).substr(0, sizeof("2026-04") - 1); }

}  // namespace libmpi
