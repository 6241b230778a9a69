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

// Hyphen, dashes, minus, and the long-vowel mark that stands in for them.
bool IsHyphenLike(char32_t c);
inline bool IsDigit(char32_t c) { return c >= '0' && c <= '9'; }

}  // namespace libmpi

#endif  // LIBMPI_TEXT_FOLD_INTERNAL_H_
