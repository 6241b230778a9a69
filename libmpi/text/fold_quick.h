// SPDX-License-Identifier: Apache-2.0
// Folding everyday text in one pass over its bytes. Internal to libmpi/text.
#ifndef LIBMPI_TEXT_FOLD_QUICK_H_
#define LIBMPI_TEXT_FOLD_QUICK_H_

#include <string>
#include <string_view>

namespace libmpi {

// What FoldWidth, FoldKana and FoldKanji give, for texts of letters that fold one by one: kana of
// either width, the common kanji, ASCII of either width, spaces. False, with *out empty, where a
// letter must be seen with others or is none of these (iteration marks, ヴ, hyphens and long vowels
// between digits, combining marks, rare characters, malformed bytes, long texts): the general
// functions (fold_internal.h) are for those, and the reference in tests. Linear.
bool QuickFoldWidth(std::string_view text, std::string* out);
bool QuickFoldKana(std::string_view text, std::string* out);
bool QuickFoldKanji(std::string_view text, std::string* out);

}  // namespace libmpi

#endif  // LIBMPI_TEXT_FOLD_QUICK_H_
