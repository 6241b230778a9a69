// SPDX-License-Identifier: Apache-2.0
// Folding on code points, shared by the folding sources.
#ifndef LIBMPI_TEXT_FOLD_INTERNAL_H_
#define LIBMPI_TEXT_FOLD_INTERNAL_H_

#include <string>
#include <string_view>

namespace libmpi {

// FoldWidth as code points.
void FoldWidthInto(std::string_view text, std::u32string* out);
// FoldKana of one already width-folded text; the kana part of FoldKanji.
void FoldKanaInto(std::u32string_view folded, std::u32string* out);
// Hyphens of every kind between digits become one.
void UnifyHyphens(std::u32string* text);
std::string ToUtf8(std::u32string_view text);

// The folds of fold.h for any text, letter by letter as code points: the reference of fold_quick.h.
std::string FoldWidthGeneral(std::string_view text);
std::string FoldKanaGeneral(std::string_view text);
std::string FoldKanjiGeneral(std::string_view text);

// Half-width katakana and its marks, U+FF61..FF9F, to full width (the marks to combining ones).
char32_t WideKana(char32_t half);
// A kana joined with a voiced or half-voiced mark; 0 if they do not join.
char32_t Voiced(char32_t c, bool half);
// The common form of a kanji (data/kanji_variants.tsv).
char32_t CommonKanji(char32_t c);

// Hyphen, dashes, minus, and the long-vowel mark that stands in for them.
bool IsHyphenLike(char32_t c);
inline bool IsDigit(char32_t c) { return c >= '0' && c <= '9'; }

}  // namespace libmpi

#endif  // LIBMPI_TEXT_FOLD_INTERNAL_H_
