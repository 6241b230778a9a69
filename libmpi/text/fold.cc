// SPDX-License-Identifier: Apache-2.0
#include "libmpi/text/fold.h"

#include <unicode/unorm2.h>

#include <cstdio>

#include "libmpi/base/hash.h"
#include "libmpi/text/fold_internal.h"
#include "libmpi/text/fold_quick.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool IsSpace(char32_t c) {
  return c == ' ' || c == 0x3000 || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
         c == 0x205F || c == 0x1680 || c == '\t' || c == '\n' || c == '\r' || c == '\v' ||
         c == '\f';
}

bool IsDropped(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0xFE00 && c <= 0xFE0F) ||
         (c >= 0xE0100 && c <= 0xE01EF) || (c >= 0x200B && c <= 0x200F) || c == 0x2060 ||
         c == 0xFEFF || c == 0xAD || (c >= 0x202A && c <= 0x202E) || (c >= 0x180B && c <= 0x180F);
}

// Half-width katakana U+FF61..FF9F to full width.
constexpr char32_t kHalfKana[] = {
    0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9,
    0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB,
    0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1,
    0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5,
    0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4, 0x30E6, 0x30E8, 0x30E9,
    0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3, 0x3099, 0x309A};

}  // namespace

char32_t WideKana(char32_t half) { return kHalfKana[half - 0xFF61]; }

char32_t Voiced(char32_t c, bool half) {
  const bool ha_row = (c >= 0x30CF && c <= 0x30DB && (c - 0x30CF) % 3 == 0) ||
                      (c >= 0x306F && c <= 0x307B && (c - 0x306F) % 3 == 0);
  if (half) return ha_row ? c + 2 : 0;
  if (ha_row) return c + 1;
  const char32_t k = c >= 0x30A1 ? c : c + 0x60;
  if ((k >= 0x30AB && k <= 0x30C1 && (k - 0x30AB) % 2 == 0) || k == 0x30C4 || k == 0x30C6 ||
      k == 0x30C8)
    return c + 1;
  if (k == 0x30A6) return c + 0x4E;
  return 0;
}

namespace {

bool IsPlain(char32_t c) {
  return (c >= 0x21 && c < 0x7F) || (c >= 0x3041 && c <= 0x3096) ||
         (c >= 0x30A1 && c <= 0x30FE) || (c >= 0x4E00 && c <= 0x9FFF) || c == 0x3005 ||
         (c >= 0x25A0 && c <= 0x25FF);
}

// NFKC of a single rare code point.
void AppendCompatibility(char32_t c, std::u32string* out) {
  UErrorCode status = U_ZERO_ERROR;
  static const UNormalizer2* const nfkc = unorm2_getNFKCInstance(&status);
  UChar decomposed[32];
  const int32_t n = nfkc == nullptr ? -1
                                    : unorm2_getDecomposition(nfkc, static_cast<UChar32>(c),
                                                              decomposed, 32, &status);
  if (n < 0 || U_FAILURE(status)) {
    out->push_back(c);
    return;
  }
  UChar composed[40];
  const int32_t m = unorm2_normalize(nfkc, decomposed, n, composed, 40, &status);
  for (int32_t i = 0; U_SUCCESS(status) && i < m;) {
    UChar32 d;
    U16_NEXT(composed, i, m, d);
    // "￣" is a space and a combining mark.
    if (d == ' ' && (out->empty() || out->back() == ' ')) continue;
    out->push_back(static_cast<char32_t>(d));
  }
}

}  // namespace

void FoldWidthInto(std::string_view text, std::u32string* out) {
  for (size_t pos = 0; pos < text.size();) {
    char32_t c = NextCodePoint(text, &pos);
    if (IsPlain(c)) {
      out->push_back(c);
    } else if (IsSpace(c)) {
      if (!out->empty() && out->back() != ' ') out->push_back(' ');
    } else if (c >= 0xFF01 && c <= 0xFF5E) {
      out->push_back(c - 0xFEE0);
    } else if (c >= 0xFF61 && c <= 0xFF9F) {
      c = WideKana(c);
      const bool mark = c == 0x3099 || c == 0x309A;
      const char32_t joined = mark && !out->empty() ? Voiced(out->back(), c == 0x309A) : 0;
      if (joined) out->back() = joined;
      else if (!mark) out->push_back(c);
    } else if (c == 0x3099 || c == 0x309A || c == 0x309B || c == 0x309C) {
      const char32_t joined =
          out->empty() ? 0 : Voiced(out->back(), c == 0x309A || c == 0x309C);
      if (joined) out->back() = joined;
    } else if (!IsDropped(c)) {
      AppendCompatibility(c, out);
    }
  }
  while (!out->empty() && out->back() == ' ') out->pop_back();
  if (!out->empty() && out->front() == ' ') out->erase(out->begin());
  UnifyHyphens(out);
}

void UnifyHyphens(std::u32string* text) {
  for (size_t i = 1; i + 1 < text->size(); ++i)
    if (IsHyphenLike((*text)[i]) && IsDigit((*text)[i - 1]) && IsDigit((*text)[i + 1]))
      (*text)[i] = '-';
}

std::string ToUtf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size() * 3);
  for (char32_t c : text) AppendUtf8(c, &out);
  return out;
}

bool IsHyphenLike(char32_t c) {
  return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x30FC || c == 0x2500 ||
         c == 0xFE63;
}

std::string_view FoldTablesVersion() {
  static const std::string* const version = [] {
    uint64_t h = 2;  // raise when the folding code changes what it gives
    for (std::string_view table : {"kanji_variants.tsv", "kanji_near.tsv", "charset_unify.tsv"})
      h = HashCombine(h, HashBytes(EmbeddedTable(table)));
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(h));
    return new std::string(text);
  }();
  return *version;
}

std::string FoldWidthGeneral(std::string_view text) {
  std::u32string folded;
  FoldWidthInto(text, &folded);
  return ToUtf8(folded);
}

std::string FoldWidth(std::string_view text) {
  std::string folded;
  return QuickFoldWidth(text, &folded) ? folded : FoldWidthGeneral(text);
}

char32_t NextRareCodePoint(std::string_view text, size_t* pos) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte((*pos)++);
  if (lead < 0x80) return lead;
  int more;
  char32_t c, least;
  if (lead >= 0xC2 && lead < 0xE0) more = 1, c = lead & 0x1F, least = 0x80;
  else if (lead >= 0xE0 && lead < 0xF0) more = 2, c = lead & 0x0F, least = 0x800;
  else if (lead >= 0xF0 && lead < 0xF5) more = 3, c = lead & 0x07, least = 0x10000;
  else return kReplacement;
  for (int i = 0; i < more; ++i) {
    if (*pos + i >= text.size() || (byte(*pos + i) & 0xC0) != 0x80) return kReplacement;
    c = c << 6 | (byte(*pos + i) & 0x3F);
  }
  if (c < least || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return kReplacement;
  *pos += more;
  return c;
}

void AppendUtf8(char32_t c, std::string* out) {
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = kReplacement;
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out->push_back(static_cast<char>(0xC0 | c >> 6));
    out->push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else if (c < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | c >> 12));
    out->push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xF0 | c >> 18));
    out->push_back(static_cast<char>(0x80 | (c >> 12 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (c & 0x3F)));
  }
}

bool IsKanji(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
         (c >= 0x20000 && c <= 0x3FFFF) || (c >= 0xF900 && c <= 0xFAFF) || c == 0x3005 ||
         c == 0x303B || c == 0x3006 || c == 0x30F6;
}
bool IsKatakana(char32_t c) { return (c >= 0x30A1 && c <= 0x30FA) || c == 0x30FC; }
bool IsHiragana(char32_t c) { return c >= 0x3041 && c <= 0x3096; }

Script ScriptOf(std::string_view text) { return ScriptOfFolded(FoldWidth(text)); }

Script ScriptOfFolded(std::string_view folded) {
  bool kanji = false, kana = false, latin = false, unknown = false;
  for (size_t pos = 0; pos < folded.size();) {
    const char32_t c = NextCodePoint(folded, &pos);
    if (c < 0x80) latin = latin || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    else if (IsUnknownGlyph(c)) unknown = true;
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

}  // namespace libmpi
