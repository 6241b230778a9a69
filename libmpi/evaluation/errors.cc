// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/errors.h"

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

constexpr std::u32string_view kVoicePairs = U"カガキギクグケゲコゴサザシジスズセゼソゾタダテデトドハバヒビフブヘベホボ";
constexpr std::u32string_view kShapePairs = U"シツソンクワアマヌスチテコユウワナメミシノソロコ";
constexpr std::u32string_view kAnyKana = U"アイウエオカキクケコサシスセソタチツテトナニノハヒフマミムメモヤユヨラリルレロワン";

bool ReplaceByPair(std::u32string_view pairs, char32_t* c) {
  for (size_t i = 0; i < pairs.size(); ++i)
    if (pairs[i] == *c) {
      *c = pairs[i ^ 1];
      return true;
    }
  return false;
}

int DaysIn(int month) { return month == 2 ? 28 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31; }

}  // namespace

std::string SlipKana(std::string_view kana, Random* random) {
  std::u32string letters = Letters(kana);
  if (letters.size() < 2) return std::string(kana);
  const size_t at = random->Below(letters.size());
  switch (random->Below(6)) {
    case 0:
    case 1:
      if (ReplaceByPair(kVoicePairs, &letters[at])) break;
      [[fallthrough]];
    case 2:
      if (ReplaceByPair(kShapePairs, &letters[at])) break;
      [[fallthrough]];
    case 3: letters[at] = kAnyKana[random->Below(kAnyKana.size())]; break;
    case 4: letters.erase(at, 1); break;
    default: letters.insert(at, 1, U'ウ');
  }
  return Text(letters);
}

std::string SlipDigits(std::string_view digits, Random* random) {
  std::string out(digits);
  std::vector<size_t> at;
  for (size_t i = 0; i < out.size(); ++i)
    if (out[i] >= '0' && out[i] <= '9') at.push_back(i);
  if (at.empty()) return out;
  const size_t i = random->Below(at.size());
  if (random->Chance(0.3) && i + 1 < at.size()) std::swap(out[at[i]], out[at[i + 1]]);
  else out[at[i]] = static_cast<char>('0' + (out[at[i]] - '0' + 1 + random->Below(9)) % 10);
  return out;
}

CivilDate SlipDate(const CivilDate& date, Random* random) {
  CivilDate out = date;
  switch (random->Below(8)) {
    case 0:
      if (date.day <= 12 && date.day != date.month) {
        out.month = date.day;
        out.day = date.month;
        break;
      }
      [[fallthrough]];
    case 1:
    case 2:
      out.day = static_cast<uint8_t>(1 + (date.day + random->Below(26)) % DaysIn(date.month));
      break;
    case 3: out.day = static_cast<uint8_t>(date.day > 10 ? date.day - 10 : date.day + 10); break;
    case 4: out.year = static_cast<int16_t>(date.year + (random->Chance(0.5) ? 1 : -1)); break;
    case 5: out.year = static_cast<int16_t>(date.year - 10); break;
    case 6: {
      constexpr int kShifts[] = {63, -63, 14, -14, 30, -30};
      const int year = date.year + kShifts[random->Below(6)];
      if (year > 1905 && year < 2026) out.year = static_cast<int16_t>(year);
      else out.month = static_cast<uint8_t>(date.month % 12 + 1);
      break;
    }
    default: out.month = static_cast<uint8_t>(date.month > 10 ? date.month - 10 : date.month % 9 + 1);
  }
  if (out.day > DaysIn(out.month)) out.day = static_cast<uint8_t>(DaysIn(out.month));
  return out;
}

std::string LoseGlyph(std::string_view kanji, Random* random) {
  std::u32string letters = Letters(kanji);
  if (letters.empty()) return std::string(kanji);
  letters[random->Below(letters.size())] = 0x25A0;
  return Text(letters);
}

}  // namespace libmpi
