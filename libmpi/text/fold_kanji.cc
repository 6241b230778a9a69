// SPDX-License-Identifier: Apache-2.0
// Kanji keys, Latin keys, digits.
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/text/ascii.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/fold_internal.h"
#include "libmpi/text/fold_quick.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

constexpr char32_t kIteration = 0x3005, kVerticalIteration = 0x303B;

// Variants of the BMP by code point; the few others in a map.
struct VariantTable {
  std::vector<char32_t> bmp = std::vector<char32_t>(0x10000, 0);
  absl::flat_hash_map<char32_t, char32_t> others;

  VariantTable() {
    for (const auto& row : ParseTsv(EmbeddedTable("kanji_variants.tsv"))) {
      if (row.size() < 2 || row[0].empty() || row[1].empty()) continue;
      size_t pos = 0;
      const char32_t from = NextCodePoint(row[0], &pos);
      pos = 0;
      const char32_t to = NextCodePoint(row[1], &pos);
      if (from < 0x10000) bmp[from] = to;
      else others[from] = to;
    }
  }
  char32_t Of(char32_t c) const {
    if (c < 0x10000) return bmp[c] ? bmp[c] : c;
    const auto it = others.find(c);
    return it == others.end() ? c : it->second;
  }
};

const VariantTable& Variants() {
  static const VariantTable* const table = new VariantTable();
  return *table;
}

// 0..9 for 〇一二三四五六七八九, 10/100/1000 for 十百千, -1 otherwise.
int KanjiNumeral(char32_t c) {
  switch (c) {
    case U'〇': case U'零': return 0;
    case U'一': case U'壱': return 1;
    case U'二': case U'弐': return 2;
    case U'三': case U'参': return 3;
    case U'四': return 4;
    case U'五': return 5;
    case U'六': return 6;
    case U'七': return 7;
    case U'八': return 8;
    case U'九': return 9;
    case U'十': return 10;
    case U'百': return 100;
    case U'千': return 1000;
    default: return -1;
  }
}

// Reads the kanji numeral that starts at text[i]: digit by digit (一九八〇) or
// with units (二十三). Returns its digits and moves *i past it.
std::u32string ReadNumeral(std::u32string_view text, size_t* i) {
  long total = 0, digit = -1;
  bool units = false;
  std::u32string digits;
  for (; *i < text.size() && digits.size() < 12; ++*i) {
    const int n = KanjiNumeral(text[*i]);
    if (n < 0) break;
    if (n >= 10) {
      units = true;
      total += (digit < 0 ? 1 : digit) * n;
      digit = -1;
    } else {
      digits.push_back(U'0' + n);
      digit = n;
    }
  }
  if (!units) return digits;
  if (digit > 0) total += digit;
  std::u32string out;
  for (char c : std::to_string(total)) out.push_back(static_cast<char32_t>(c));
  return out;
}

// Base letters of Latin letters with marks, U+00C0..U+017F; 0: none.
void AppendLatin(char32_t c, std::string* out) {
  if (c >= 'a' && c <= 'z') c -= 32;
  if ((c >= 'A' && c <= 'Z') || IsDigit(c)) {
    out->push_back(static_cast<char>(c));
    return;
  }
  if (c == '\'' || c == 0x2019 || c == 0x2BC) return;
  if (IsUnknownGlyph(c)) {
    out->append(kUnknownGlyph);
    return;
  }
  switch (c) {
    case 0xDF: out->append("SS"); return;
    case 0xC6: case 0xE6: out->append("AE"); return;
    case 0x152: case 0x153: out->append("OE"); return;
    case 0xDE: case 0xFE: out->append("TH"); return;
    case 0xD0: case 0xF0: case 0x110: case 0x111: out->push_back('D'); return;
    case 0xD8: case 0xF8: out->push_back('O'); return;
    case 0x141: case 0x142: out->push_back('L'); return;
    case 0x131: out->push_back('I'); return;
  }
  static constexpr char kLatin1[] =
      "AAAAAAACEEEEIIIIDNOOOOO*OUUUUYTSAAAAAAACEEEEIIIIDNOOOOO*OUUUUYTY";
  static constexpr char kExtended[] =
      "AAAAAACCCCCCCCDDDDEEEEEEEEEEGGGGGGGGHHHHIIIIIIIIIIIIJJKKKLLLLLLLLLLNNNNNNNNNOOOOOOOORRRRRR"
      "SSSSSSSSTTTTTTUUUUUUUUUUUUWWYYYZZZZZZS";
  if (c >= 0xC0 && c <= 0xFF && c != 0xD7 && c != 0xF7) out->push_back(kLatin1[c - 0xC0]);
  else if (c >= 0x100 && c <= 0x17F) out->push_back(kExtended[c - 0x100]);
  else if (c < 0x80 && !out->empty() && out->back() != ' ') out->push_back(' ');
}

}  // namespace

char32_t CommonKanji(char32_t c) { return Variants().Of(c); }

std::string FoldKanjiGeneral(std::string_view text) {
  std::u32string folded;
  FoldWidthInto(text, &folded);
  bool has_kanji = false;
  for (char32_t c : folded) has_kanji = has_kanji || IsKanji(c) || IsUnknownGlyph(c);
  std::u32string out;
  const VariantTable& variants = Variants();
  for (char32_t c : folded) {
    if (c == ' ') continue;
    if ((c == kIteration || c == kVerticalIteration) && !out.empty()) c = out.back();
    else if (IsUnknownGlyph(c)) c = kUnknownGlyphChar;
    else if (c == U'ヶ' || c == U'ヵ') c = U'ケ';
    else c = variants.Of(c);
    out.push_back(c);
  }
  UnifyHyphens(&out);  // spaces are gone: digits may have met
  if (!has_kanji) return ToUtf8(out);
  std::u32string with_kana;
  for (size_t i = 0; i < out.size();) {  // kana runs inside fold as kana do
    size_t end = i;
    while (end < out.size() && (IsHiragana(out[end]) || IsKatakana(out[end]) || out[end] == 0x309D ||
                                out[end] == 0x309E || out[end] == 0x30FD || out[end] == 0x30FE))
      ++end;
    if (end > i) {
      FoldKanaInto(std::u32string_view(out).substr(i, end - i), &with_kana);
      i = end;
    } else {
      with_kana.push_back(out[i++]);
    }
  }
  return ToUtf8(with_kana);
}

std::string FoldKanji(std::string_view text) {
  std::string folded;
  return QuickFoldKanji(text, &folded) ? folded : FoldKanjiGeneral(text);
}

std::string FoldLatin(std::string_view text) {
  std::u32string folded;
  FoldWidthInto(text, &folded);
  std::string out;
  for (char32_t c : folded) AppendLatin(c, &out);
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string FoldKanjiNumerals(std::string_view text) {
  if (IsAscii(text)) return std::string(text);
  std::u32string in, out;
  for (size_t pos = 0; pos < text.size();) in.push_back(NextCodePoint(text, &pos));
  for (size_t i = 0; i < in.size();) {
    if (in[i] == U'元' && i + 1 < in.size() && in[i + 1] == U'年') {
      out.push_back('1');
      ++i;
    } else if (KanjiNumeral(in[i]) >= 0) {
      out += ReadNumeral(in, &i);
    } else {
      out.push_back(in[i++]);
    }
  }
  return ToUtf8(out);
}

std::string DigitsOnly(std::string_view text) {
  std::string out;
  if (IsAscii(text)) {
    for (char c : text)
      if (c >= '0' && c <= '9') out.push_back(c);
    return out;
  }
  std::u32string folded;
  FoldWidthInto(text, &folded);
  for (size_t i = 0; i < folded.size();) {
    if (KanjiNumeral(folded[i]) >= 0) {
      for (char32_t c : ReadNumeral(folded, &i)) out.push_back(static_cast<char>(c));
      continue;
    }
    if (IsDigit(folded[i])) out.push_back(static_cast<char>(folded[i]));
    ++i;
  }
  return out;
}

}  // namespace libmpi
