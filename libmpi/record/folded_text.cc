// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/folded_text.h"

#include <algorithm>

namespace libmpi {

std::string_view Capped(std::string_view text) {
  if (text.size() <= kLongestField) return text;
  size_t end = kLongestField;
  while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsAsciiDigit);
}

bool AllSame(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return c == text[0]; });
}

size_t CountLetters(std::string_view text) {
  size_t n = 0;
  for (char c : text) n += (c & 0xC0) != 0x80;
  return n;
}

bool AllUnknown(std::string_view key) {
  for (; StartsWith(key, kUnknownGlyph); key.remove_prefix(kUnknownGlyph.size())) {}
  return key.empty();
}

void Trim(std::string* text) {
  const size_t first = text->find_first_not_of(' ');
  if (first == std::string::npos) {
    text->clear();
    return;
  }
  text->resize(text->find_last_not_of(' ') + 1);
  text->erase(0, first);
}

void EraseAll(std::string_view word, std::string* text) { ReplaceAll(word, "", text); }

void ReplaceAll(std::string_view from, std::string_view to, std::string* text) {
  for (size_t at = 0; (at = text->find(from, at)) != std::string::npos; at += to.size())
    text->replace(at, from.size(), to);
}

bool SaysUnknown(std::string_view text) {
  if (text.size() > 40) return false;
  const std::string folded = FoldKana(text);
  if (folded.empty()) return true;
  for (std::string_view word :
       {"不明", "不詳", "未詳", "ナシ", "無シ", "無", "未登録", "未入力", "未設定", "未回答", "ー", "-", "--",
        "---", "*", "**", "X", "N/A", "NA", "NULL", "NONE", "NIL", "UNKNOWN", "UNK", "."})
    if (folded == word) return true;
  return false;
}

}  // namespace libmpi
