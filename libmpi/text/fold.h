// SPDX-License-Identifier: Apache-2.0
// Folding: forms of a text for comparison only; the original is kept elsewhere.
// All functions take any bytes (malformed UTF-8 is read as U+FFFD), return valid UTF-8,
// are linear, deterministic, thread-safe, and table-driven (no ICU calls on the hot path;
// ICU is the reference twin in tests).
#ifndef LIBMPI_TEXT_FOLD_H_
#define LIBMPI_TEXT_FOLD_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace libmpi {

// Version of the folding tables, to be stored beside whatever is derived from
// them: a hash of the tables' bytes, 16 hex digits.
std::string_view FoldTablesVersion();

// What stands for a glyph that nobody knows, in every folded form: a wildcard, no letter. As a
// code point and in UTF-8.
inline constexpr char32_t kUnknownGlyphChar = U'\u25A0';
inline constexpr std::string_view kUnknownGlyph = "\u25A0";

// The marks that systems write for one: ■ □ 〓 ● ○ ? and U+FFFD. The keys below turn each into
// kUnknownGlyph.
inline bool IsUnknownGlyph(char32_t c) {
  return c == kUnknownGlyphChar || c == 0x25A1 || c == 0x3013 || c == 0x25CF || c == 0x25CB ||
         c == '?' || c == 0xFFFD;
}

// Width folding: full-width ASCII to ASCII, half-width katakana (with voiced
// marks joined) to full-width, every kind of space to ' ', every hyphen-like
// character between digits to '-', runs of spaces to one, ends trimmed,
// control characters and variation selectors dropped, NFKC for the rest.
// Does not touch hiragana, small kana, kanji variants.
std::string FoldWidth(std::string_view text);

// Kana key, level 1 (nearly lossless): FoldWidth, hiragana to katakana, small
// kana to large, ヅ→ズ ヂ→ジ ヲ→オ ヰ→イ ヱ→エ ヴァ→バ ..., iteration marks
// (ヽ ヾ ゝ ゞ) written out, hyphen-like characters after kana to ー,
// middle dots and spaces dropped, unknown glyphs kept as their mark. Non-kana characters are
// kept upper-cased.
std::string FoldKana(std::string_view text);

// Kana key, level 2 (loose), from a level 1 key: long vowels dropped in all
// their spellings (ー; オウ/オオ → オ, ウウ → ウ, エイ/エエ → エ, アア → ア, イイ → イ).
// "オオノ" and "オノ" meet here, so this is "near", never "equal".
std::string LooseKana(std::string_view kana_key);

// Kanji key: FoldWidth, old and variant kanji to the common form
// (data/kanji_variants.tsv: 髙→高 﨑→崎 邊邉→辺 齋→斎 德→徳 濵濱→浜 栁→柳 𠮷→吉 ...; 斎 and 斉 stay
// apart), 々 and 〻 written out, variation selectors dropped, spaces dropped,
// ヶ/ケ/ヵ between kanji to ケ. Kana inside is left as FoldKana does it, but
// only if the text has kanji as well; unknown glyphs become their mark.
std::string FoldKanji(std::string_view text);

// Latin key: FoldWidth, diacritics off (é→E, ß→SS, ø→O), upper case A-Z, digits kept, unknown
// glyphs as their mark, apostrophes dropped, other punctuation and spaces to one ' '. Other
// scripts are dropped.
std::string FoldLatin(std::string_view text);

// Digits only, from any width and from kanji digits (〇一二三四五六七八九; 十 百 as
// positional numerals: 二十三 → 23), other characters dropped.
std::string DigitsOnly(std::string_view text);

// Rewrites every kanji numeral that stands for a number ("二丁目" → "2丁目", "元年" → "1年",
// "十二" → "12"); other text unchanged.
std::string FoldKanjiNumerals(std::string_view text);

// What a text is written in, judged by its letters only.
enum class Script : uint8_t { kNone, kKanji, kKana, kLatin, kMixed };
// kKanji: at least one kanji (kana may be there as well: 佐々木, みどり川), or nothing but unknown
// glyphs; kKana: kana only; kLatin: Latin letters only; kMixed: Latin with kana or kanji. Unknown
// glyphs among letters are of their script.
Script ScriptOf(std::string_view text);
Script ScriptOfFolded(std::string_view folded);  // of a text that is width-folded already

bool IsKanji(char32_t c);      // CJK ideographs incl. extensions and compatibility, 々 〆 ヶ
bool IsKatakana(char32_t c);   // full-width katakana letters and ー
bool IsHiragana(char32_t c);

// Reads the code point at text[*pos] and moves *pos past it; malformed bytes
// give U+FFFD and move by at least one. REQUIRES: *pos < text.size().
inline char32_t NextCodePoint(std::string_view text, size_t* pos);
void AppendUtf8(char32_t c, std::string* out);

// NextCodePoint for any bytes.
char32_t NextRareCodePoint(std::string_view text, size_t* pos);

inline char32_t NextCodePoint(std::string_view text, size_t* pos) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[*pos + i]); };
  const char32_t lead = byte(0);
  if (lead < 0x80) {
    ++*pos;
    return lead;
  }
  // U+1000 to U+CFFF, where kana and kanji stand, takes no further checks.
  if (lead > 0xE0 && lead < 0xED && text.size() - *pos >= 3 && (byte(1) & 0xC0) == 0x80 &&
      (byte(2) & 0xC0) == 0x80) {
    const char32_t c = (lead & 0x0F) << 12 | char32_t(byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    *pos += 3;
    return c;
  }
  return NextRareCodePoint(text, pos);
}

}  // namespace libmpi

#endif  // LIBMPI_TEXT_FOLD_H_
