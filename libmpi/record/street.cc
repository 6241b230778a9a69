// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/street.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "libmpi/record/folded_text.h"

namespace libmpi {
namespace {

constexpr int kMostNumbers = 4;

// The three bytes at text[i], a kana or a kanji where a letter begins there, as one number; 0 where fewer are left.
// Cheaper to compare than texts.
constexpr uint32_t ThreeBytes(std::string_view text, size_t i = 0) {
  if (text.size() < i + 3) return 0;
  const auto byte = [&](size_t k) { return uint32_t{static_cast<unsigned char>(text[i + k])}; };
  return byte(0) << 16 | byte(1) << 8 | byte(2);
}

bool IsNumeral(uint32_t letter) {
  switch (letter) {
    case ThreeBytes("〇"): case ThreeBytes("一"): case ThreeBytes("二"): case ThreeBytes("三"):
    case ThreeBytes("四"): case ThreeBytes("五"): case ThreeBytes("六"): case ThreeBytes("七"):
    case ThreeBytes("八"): case ThreeBytes("九"): case ThreeBytes("十"): case ThreeBytes("百"):
      return true;
  }
  return false;
}

// Length of the kanji numeral at text[i]; 0: none.
size_t NumeralLength(std::string_view text, size_t i) {
  size_t end = i;
  while (IsNumeral(ThreeBytes(text, end))) end += 3;
  return end - i;
}

bool NumberFollows(std::string_view text) {
  return !text.empty() && (IsAsciiDigit(text[0]) || NumeralLength(text, 0) > 0);
}

// Whether a number before `after` is part of the town's name and written in kanji: 三番町.
bool NamesTownInKanji(std::string_view after) {
  return StartsWith(after, "番町") || StartsWith(after, "番丁");
}

// Whether it is part of the town's name in either way: 北1条西, 7線.
bool NamesTown(std::string_view after) {
  for (std::string_view mark : {"条", "線", "区"})
    if (StartsWith(after, mark)) return true;
  return NamesTownInKanji(after);
}

// Whether a kanji numeral before `after` is a number, not part of a name like 三宅 or 八丁堀.
bool NumeralCounts(std::string_view before, std::string_view after) {
  const bool joined = EndsWith(before, "-") || EndsWith(before, "ノ") || EndsWith(before, "ー") ||
                      EndsWith(before, "番") || EndsWith(before, "番地") || EndsWith(before, "丁目");
  if (NamesTownInKanji(after)) return false;
  if (after.empty() || after[0] == '/') return !before.empty();
  if (joined || NamesTown(after)) return true;
  for (std::string_view mark : {"丁目", "番", "号"})
    if (StartsWith(after, mark)) return true;
  for (std::string_view mark : {"丁", "-", "ー", "ノ"})
    if (StartsWith(after, mark) && NumberFollows(after.substr(mark.size()))) return true;
  return false;
}

size_t DigitsLength(std::string_view text) {
  size_t n = 0;
  while (n < text.size() && IsAsciiDigit(text[n])) ++n;
  return n;
}

// One digit as a kanji numeral; longer numbers stay.
std::string KanjiNumeral(std::string_view digits) {
  constexpr std::string_view kNumerals = "〇一二三四五六七八九";
  if (digits.size() != 1) return std::string(digits);
  return std::string(kNumerals.substr(3 * static_cast<size_t>(digits[0] - '0'), 3));
}

// Whether there is anything for NumberBlocks() to change: most write digits, and few towns are numbered.
bool HasNumerals(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '\xE3' || text[i] > '\xE7') continue;  // no numeral and no 番 begins so
    const uint32_t letter = ThreeBytes(text, i);
    if (IsNumeral(letter) || (letter == ThreeBytes("番") && NamesTownInKanji(text.substr(i)))) return true;
  }
  return false;
}

// Numerals that number something become digits, those in names kanji: 二丁目 and 2丁目, 3番町
// and 三番町 are one.
std::string NumberBlocks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  size_t taken = 0;
  for (size_t i = 0; i < text.size();) {
    const size_t kanji = NumeralLength(text, i), digits = kanji > 0 ? 0 : DigitsLength(text.substr(i));
    if (kanji + digits == 0) {
      ++i;
      continue;
    }
    out.append(text, taken, i - taken);
    const std::string_view number = text.substr(i, kanji + digits);
    taken = i += number.size();
    const std::string_view after = text.substr(i);
    if (kanji > 0 && NumeralCounts(out, after)) out += FoldKanjiNumerals(number);
    else if (digits > 0 && NamesTownInKanji(after)) out += KanjiNumeral(number);
    else out += number;
  }
  return out.append(text, taken);
}

bool Take(std::string_view mark, std::string_view* text) {
  if (!StartsWith(*text, mark)) return false;
  text->remove_prefix(mark.size());
  return true;
}

// A storey, a room or a wing.
bool IsInside(std::string_view after) {
  for (std::string_view mark : {"F", "階", "号室", "室", "棟", "号棟"})
    if (StartsWith(after, mark)) return true;
  return false;
}

// What joins one number of an address to the next.
enum class Join { kEnd, kClose, kSpaced };  // none; "-", の, 丁目; 丁目 and a space

// Takes a join off the front of `rest`; `*rest` then begins with the next number.
Join TakeJoin(std::string_view* rest) {
  const bool last = Take("号", rest);
  const bool mark = !last && (Take("丁目", rest) || Take("番地", rest) || Take("番", rest) ||
                              Take("丁", rest) || Take("地", rest));
  std::string_view next = *rest;
  const bool sign = Take("ノ", &next) || Take("-", &next) || Take("ー", &next) || Take("−", &next);
  const bool space = Take("/", &next);
  const bool number = !next.empty() && IsAsciiDigit(next[0]);
  const bool joins = number && (sign || (mark && !last));
  if (!joins) return Join::kEnd;
  *rest = next;
  return space && !sign ? Join::kSpaced : Join::kClose;
}

// Where the block numbers begin: at the first digits that are no part of the town's name.
size_t NumbersBegin(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    if (!IsAsciiDigit(text[i])) {
      ++i;
      continue;
    }
    const size_t digits = DigitsLength(text.substr(i));
    if (!NamesTown(text.substr(i + digits))) return i;
    i += digits;
  }
  return text.size();
}

// Takes "2丁目1番1号" off the front as "2-1-1"; what is left is the building.
std::string TakeNumbers(std::string_view* text) {
  std::string numbers;
  Join join = Join::kClose;
  for (int n = 0; n < kMostNumbers; ++n) {
    const size_t length = DigitsLength(*text);
    std::string_view digits = text->substr(0, length);
    std::string_view rest = text->substr(length);
    if (length == 0) break;
    // A fourth number of three digits, or any after a space, is a room.
    const bool room = length >= 3 && (n == kMostNumbers - 1 || join == Join::kSpaced);
    if (n > 0 && (room || IsInside(rest))) break;
    while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
    if (n > 0) numbers += '-';
    numbers += digits;
    join = TakeJoin(&rest);
    *text = rest;
    if (join == Join::kEnd) break;
  }
  return numbers;
}

void DropDistrictWords(std::string* town) {
  for (size_t at = 0; (at = town->find("字", at)) != std::string::npos;) {
    const std::string_view before = std::string_view(*town).substr(0, at);
    if (EndsWith(before, "文")) {  // 十文字
      at += 3;
      continue;
    }
    const bool sized = EndsWith(before, "大") || EndsWith(before, "小");
    const size_t begin = sized ? at - 3 : at;
    town->erase(begin, at + 3 - begin);
    at = begin;
  }
}

}  // namespace

std::string FoldStreet(std::string_view text) {
  text = Capped(text);
  const bool spaced = Contains(text, " ") || Contains(text, "\u3000") || Contains(text, "\t") ||
                      Contains(text, "\u00A0");
  if (!spaced) return FoldKanji(text);
  std::string folded = FoldWidth(text);
  for (size_t i = 1; i + 1 < folded.size(); ++i)
    if (folded[i] == ' ' && (IsAsciiDigit(folded[i - 1]) || IsAsciiDigit(folded[i + 1]) ||
                             EndsWith(std::string_view(folded).substr(0, i), "号") ||
                             EndsWith(std::string_view(folded).substr(0, i), "目")))
      folded[i] = '/';
  return FoldKanji(folded);
}

void SplitStreet(std::string_view street, AddressFeatures* out) {
  std::string numbered;
  if (HasNumerals(street)) street = numbered = NumberBlocks(street);
  const size_t begin = NumbersBegin(street);
  out->town = street.substr(0, begin);
  std::string_view rest = street.substr(begin);
  out->numbers = TakeNumbers(&rest);
  while (!rest.empty() && (rest[0] == '/' || rest[0] == '-')) rest.remove_prefix(1);
  out->building = rest;
  EraseAll("/", &out->building);
  EraseAll("/", &out->town);
  if (Contains(out->town, "字")) DropDistrictWords(&out->town);
  while (EndsWith(out->town, "-")) out->town.pop_back();
  if (out->town == "不明" || out->town == "住所不定" || out->town == "不定") out->town.clear();
}

void SplitLatinStreet(std::string_view street, AddressFeatures* out) {
  const std::string folded = FoldLatin(Capped(street));
  for (size_t pos = 0; pos < folded.size();) {
    const size_t end = std::min(folded.find(' ', pos), folded.size());
    const std::string_view word = std::string_view(folded).substr(pos, end - pos);
    pos = end + 1;
    if (word.empty()) continue;
    const bool number = IsAsciiDigit(word[0]);
    std::string* target = number ? &out->numbers : &out->town;
    if (!target->empty()) *target += number ? '-' : ' ';
    *target += word;
  }
}

}  // namespace libmpi
