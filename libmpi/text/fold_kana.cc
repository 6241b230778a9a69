// SPDX-License-Identifier: Apache-2.0
// Kana keys.
#include "libmpi/text/fold.h"
#include "libmpi/text/fold_internal.h"
#include "libmpi/text/fold_quick.h"

namespace libmpi {
namespace {

constexpr char32_t kLong = 0x30FC;  // ー
constexpr char32_t kMiddleDot = 0x30FB;

// Small kana to large, and letters that sound the same to one of them.
char32_t PlainKana(char32_t c) {
  switch (c) {
    case U'ァ': return U'ア';
    case U'ィ': return U'イ';
    case U'ゥ': return U'ウ';
    case U'ェ': return U'エ';
    case U'ォ': return U'オ';
    case U'ッ': return U'ツ';
    case U'ャ': return U'ヤ';
    case U'ュ': return U'ユ';
    case U'ョ': return U'ヨ';
    case U'ヮ': return U'ワ';
    case U'ヵ': return U'カ';
    case U'ヶ': return U'ケ';
    case U'ヅ': return U'ズ';
    case U'ヂ': return U'ジ';
    case U'ヲ': return U'オ';
    case U'ヰ': return U'イ';
    case U'ヱ': return U'エ';
    default: return c;
  }
}

// ヴァ ヴィ ヴ ヴェ ヴォ to the b row; `next` is the letter after ヴ. 0: ヴ stands alone.
char32_t BRowFor(char32_t next) {
  switch (next) {
    case U'ァ': case U'ア': return U'バ';
    case U'ィ': case U'イ': return U'ビ';
    case U'ェ': case U'エ': return U'ベ';
    case U'ォ': case U'オ': return U'ボ';
    default: return 0;
  }
}

char32_t ToKatakana(char32_t c) {
  return IsHiragana(c) || c == 0x309D || c == 0x309E ? c + 0x60 : c;
}

// The vowel of a katakana: 0..4 for アイウエオ, -1 for none (ン, ー, other).
int VowelOf(char32_t c) {
  constexpr std::u32string_view kRows[5] = {
      U"アカガサザタダナハバパマヤラワ", U"イキギシジチヂニヒビピミリ", U"ウクグスズツヅヌフブプムユルヴ",
      U"エケゲセゼテデネヘベペメレ", U"オコゴソゾトドノホボポモヨロ"};
  for (int v = 0; v < 5; ++v)
    if (kRows[v].find(c) != std::u32string_view::npos) return v;
  return -1;
}

// Whether `c` after a letter of vowel `v` only lengthens it.
bool Lengthens(int v, char32_t c) {
  switch (v) {
    case 0: return c == U'ア';
    case 1: return c == U'イ';
    case 2: return c == U'ウ';
    case 3: return c == U'イ' || c == U'エ';
    case 4: return c == U'ウ' || c == U'オ';
    default: return false;
  }
}

char32_t VoicedForm(char32_t c) {
  const bool ka_to_chi = c >= 0x30AB && c <= 0x30C1 && (c - 0x30AB) % 2 == 0;
  const bool tsu_to_to = c == 0x30C4 || c == 0x30C6 || c == 0x30C8;
  const bool ha_row = c >= 0x30CF && c <= 0x30DB && (c - 0x30CF) % 3 == 0;
  return ka_to_chi || tsu_to_to || ha_row ? c + 1 : c;
}

}  // namespace

void FoldKanaInto(std::u32string_view folded, std::u32string* out) {
  for (size_t i = 0; i < folded.size(); ++i) {
    char32_t c = ToKatakana(folded[i]);
    if (c == ' ' || c == kMiddleDot) continue;
    if (c == U'ヽ' || c == U'ヾ') {  // iteration: the letter before, plain or voiced
      if (!out->empty()) out->push_back(c == U'ヾ' ? PlainKana(VoicedForm(out->back())) : out->back());
      continue;
    }
    if (c == U'ヴ') {
      const char32_t b = i + 1 < folded.size() ? BRowFor(ToKatakana(folded[i + 1])) : 0;
      out->push_back(b ? b : U'ブ');
      i += b != 0;
      continue;
    }
    if (IsHyphenLike(c) && !out->empty() && IsKatakana(out->back())) c = kLong;
    if (c >= 'a' && c <= 'z') c -= 32;
    out->push_back(IsUnknownGlyph(c) ? kUnknownGlyphChar : PlainKana(c));
  }
  UnifyHyphens(out);  // spaces are gone: digits may have met
}

std::string FoldKanaGeneral(std::string_view text) {
  std::u32string folded, out;
  FoldWidthInto(text, &folded);
  FoldKanaInto(folded, &out);
  return ToUtf8(out);
}

std::string FoldKana(std::string_view text) {
  std::string folded;
  return QuickFoldKana(text, &folded) ? folded : FoldKanaGeneral(text);
}

std::string LooseKana(std::string_view kana_key) {
  std::string out;
  out.reserve(kana_key.size());
  int vowel = -1;
  for (size_t pos = 0; pos < kana_key.size();) {
    const char32_t c = NextCodePoint(kana_key, &pos);
    if (c == kLong || Lengthens(vowel, c)) continue;  // the vowel goes on
    AppendUtf8(c, &out);
    vowel = VowelOf(c);
  }
  return out;
}

}  // namespace libmpi
