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

bool IsAscii(std::string_view text) {
  unsigned char seen = 0;
  for (char c : text) seen |= static_cast<unsigned char>(c);
  return seen < 0x80;
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

Script ScriptOfFolded(std::string_view folded) {
  bool kanji = false, kana = false, latin = false, unknown = false;
  for (size_t pos = 0; pos < folded.size();) {
    const char32_t c = NextCodePoint(folded, &pos);
    if (c < 0x80) latin = latin || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    else if (c == 0x25A0) unknown = true;
    else if (IsKanji(c)) kanji = true;
    else if (IsKatakana(c) || IsHiragana(c)) kana = true;
    else if (c >= 0xC0 && c < 0x250) latin = true;
  }
  if (latin && (kanji || kana)) return Script::kMixed;
  if (kanji) return Script::kKanji;
  if (kana) return Script::kKana;
  if (latin) return Script::kLatin;
  return unknown ? Script::kKanji : Script::kNone;
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
