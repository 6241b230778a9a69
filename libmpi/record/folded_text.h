// SPDX-License-Identifier: Apache-2.0
// Small questions that the parsers ask of a field's text. Internal to libmpi/record.
#ifndef LIBMPI_RECORD_FOLDED_TEXT_H_
#define LIBMPI_RECORD_FOLDED_TEXT_H_

#include <string>
#include <string_view>

#include "libmpi/record/features.h"
#include "libmpi/text/ascii.h"
#include "libmpi/text/fold.h"

namespace libmpi {

// No field of a patient is longer; what lies behind is not read.
inline constexpr size_t kLongestField = 1000;  // bytes

// At most kLongestField bytes of a text, cut between letters.
std::string_view Capped(std::string_view text);

inline bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}
inline bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}
inline bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}
inline bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

bool AllDigits(std::string_view text);        // and not empty
bool AllSame(std::string_view text);          // one byte repeated; true for none
size_t CountLetters(std::string_view text);   // code points

bool AllUnknown(std::string_view key);        // no letter but unknown glyphs; true for none

void Trim(std::string* text);                 // spaces off both ends
void EraseAll(std::string_view word, std::string* text);
void ReplaceAll(std::string_view from, std::string_view to, std::string* text);

// "不明", "なし", "-", "unknown", spaces: said, but nothing said.
bool SaysUnknown(std::string_view text);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_FOLDED_TEXT_H_
