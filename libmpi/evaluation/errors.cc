// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/errors.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "libmpi/text/fold.h"

namespace libmpi {
namespace {


std::u32string Letters(std::string_view text) {
  std::u32string out;
  for (size_t pos = 0; pos < text.size();) out.push_back(NextCodePoint(text, &pos));
  return out;
}

std::string Text(const std::u32string& letters) {
  std::string out;
  for (char32_t c : letters) AppendUtf8(c, &out);
  return out;
}

// Neighbours in the string are taken for each other.
constexpr std::u32string_view kVoicePairs =
    U"カガキギクグケゲコゴサザシジスズセゼソゾタダテデトドハバヒビフブヘベホボ";
constexpr std::u32string_view kShapePairs =
    U"シツソンクワアマヌスチテコユウワナメミシノソロコレルセヤケテニコ";
constexpr std::u32string_view kAnyKana =
    U"アイウエオカキクケコサシスセソタチツテトナニノハヒフマミムメモヤユヨラリルレロワン";

bool ReplaceByPair(std::u32string_view pairs, char32_t* c) {
  for (size_t i = 0; i < pairs.size(); ++i)
    if (pairs[i] == *c) {
      *c = pairs[i ^ 1];
      return true;
    }
  return false;
}

struct Spelling {
  std::string_view one, other;
};
constexpr Spelling kSpellings[] = {
    {"オオ", "オー"}, {"オオ", "オウ"}, {"オウ", "オオ"}, {"コウ", "コー"}, {"ユウ", "ユー"},
    {"ヨウ", "ヨー"}, {"ロウ", "ロー"}, {"ショウ", "シヨウ"}, {"キョウ", "キヨウ"}, {"ズ", "ヅ"},
    {"イイ", "イー"}, {"シュン", "シユン"}, {"ジュン", "ジユン"}, {"ツキ", "ヅキ"}, {"タロウ", "タロ"},
    {"ユウ", "ユ"},   {"エイ", "エー"}, {"ッ", "ツ"},     {"ヒロ", "ヒロウ"}};

int DaysIn(int year, int month) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

CivilDate Valid(int year, int month, int day) {
  month = std::clamp(month, 1, 12);
  day = std::clamp(day, 1, DaysIn(year, month));
  return {static_cast<int16_t>(year), static_cast<uint8_t>(month), static_cast<uint8_t>(day)};
}

CivilDate SlipOnce(const CivilDate& d, Random* random) {
  constexpr int kEraShifts[] = {63, -63, 14, -14, 30, -30};
  switch (random->Below(10)) {
    case 0: return d.day <= 12 ? Valid(d.year, d.day, d.month) : Valid(d.year, d.month, d.day - 10);
    case 1:
    case 2: return Valid(d.year, d.month, d.day + random->Between(-3, 3));
    case 3: return Valid(d.year, d.month, d.day > 10 ? d.day - 10 : d.day + 10);
    case 4: return Valid(d.year, d.month, d.day % 10 * 10 + d.day / 10);  // 12 and 21
    case 5: return Valid(d.year + (random->Chance(0.5) ? 1 : -1), d.month, d.day);
    case 6: return Valid(d.year + (random->Chance(0.5) ? 10 : -10), d.month, d.day);
    case 7: return Valid(d.year + kEraShifts[random->Below(std::size(kEraShifts))], d.month, d.day);
    case 8: return Valid(d.year, d.month + (random->Chance(0.5) ? 1 : -1), d.day);
    default: return Valid(d.year / 100 * 100 + d.year % 10 * 10 + d.year / 10 % 10, d.month, d.day);
  }
}

}  // namespace

std::string SlipKana(std::string_view kana, Random* random) {
  std::u32string letters = Letters(kana);
  if (letters.size() < 2) return std::string(kana);
  const size_t at = random->Below(letters.size());
  switch (random->Below(8)) {
    case 0:
    case 1:
    case 2:
      if (ReplaceByPair(kVoicePairs, &letters[at])) break;
      [[fallthrough]];
    case 3:
    case 4:
      if (ReplaceByPair(kShapePairs, &letters[at])) break;
      [[fallthrough]];
    case 5: {
      const char32_t before = letters[at];
      while (letters[at] == before) letters[at] = kAnyKana[random->Below(kAnyKana.size())];
      break;
    }
    case 6: letters.erase(at, 1); break;
    default: letters.insert(at, 1, kAnyKana[random->Below(kAnyKana.size())]);
  }
  return Text(letters);
}

std::string SpellKanaOtherwise(std::string_view kana, Random* random) {
  const size_t start = random->Below(std::size(kSpellings));
  for (size_t i = 0; i < std::size(kSpellings); ++i) {
    const Spelling& s = kSpellings[(start + i) % std::size(kSpellings)];
    const size_t at = kana.find(s.one);
    if (at == kana.npos) continue;
    std::string out(kana);
    return out.replace(at, s.one.size(), s.other);
  }
  return std::string(kana);
}

std::string SlipDigits(std::string_view digits, Random* random) {
  std::string out(digits);
  std::vector<size_t> at;
  for (size_t i = 0; i < out.size(); ++i)
    if (out[i] >= '0' && out[i] <= '9') at.push_back(i);
  if (at.empty()) return out;
  const size_t i = random->Below(at.size());
  if (random->Chance(0.3) && i + 1 < at.size() && out[at[i]] != out[at[i + 1]]) {
    std::swap(out[at[i]], out[at[i + 1]]);
  } else {
    out[at[i]] = static_cast<char>('0' + (out[at[i]] - '0' + 1 + random->Below(9)) % 10);
  }
  return out;
}

CivilDate SlipDate(const CivilDate& date, Random* random) {
  for (;;) {
    const CivilDate slipped = SlipOnce(date, random);
    if (slipped != date && slipped.year >= 1905 && slipped.year <= 2026) return slipped;
  }
}

CivilDate ImpossibleDate(const CivilDate& date, Random* random) {
  CivilDate out = date;
  out.month = random->Chance(0.5) ? 2 : 4;
  out.day = out.month == 2 ? 30 : 31;
  return out;
}

std::string LoseGlyph(std::string_view kanji, Random* random) {
  std::u32string letters = Letters(kanji);
  if (letters.empty()) return std::string(kanji);
  letters[random->Below(letters.size())] = kUnknownGlyphChar;
  return Text(letters);
}

}  // namespace libmpi
