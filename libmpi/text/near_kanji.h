// SPDX-License-Identifier: Apache-2.0
// Different kanji that are taken for one another.
#ifndef LIBMPI_TEXT_NEAR_KANJI_H_
#define LIBMPI_TEXT_NEAR_KANJI_H_

#include <span>

namespace libmpi {

// True if two kanji (FoldKanji) are listed in data/kanji_near.tsv, which says by what rule: 斎 and
// 斉 are near, 沢 and 澤 are one character, 太 and 次 tell brothers apart. Symmetric; false for
// equal ones. Thread-safe, O(1).
bool AreNearKanji(char32_t a, char32_t b);

// All that are near to a kanji; few have any. Thread-safe, O(1).
std::span<const char32_t> NearKanjiOf(char32_t kanji);

}  // namespace libmpi

#endif  // LIBMPI_TEXT_NEAR_KANJI_H_
