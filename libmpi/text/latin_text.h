// SPDX-License-Identifier: Apache-2.0
// How texts in Latin letters relate: edits, sound, nicknames. All take FoldLatin keys, are
// symmetric, deterministic and thread-safe.
#ifndef LIBMPI_TEXT_LATIN_TEXT_H_
#define LIBMPI_TEXT_LATIN_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

namespace libmpi {

// Letters to insert, remove, replace, or neighbours to exchange (optimal string alignment), counted
// up to `most`: most + 1 stands for more. O(most * size).
int EditDistance(std::string_view a, std::string_view b, int most);

// Winkler's (1990) variant of Jaro's (1989) similarity, in [0, 1]: 1 for equal texts. O(size^2) at
// worst. Texts beyond 64 bytes are compared by their first 64.
double JaroWinkler(std::string_view a, std::string_view b);

// What a word sounds like to English ears, roughly, as letters: consonants by their sound, the first
// letter's kind of vowel kept. "" for a text without letters. Coarser than a spelling, so for
// blocking and near agreement only.
std::string SoundKey(std::string_view folded);

// Whether one given name is a short form of the other, or both are of a third: ROBERT, BOB, BOBBY.
bool AreNicknames(std::string_view a, std::string_view b);

// The words of a folded text.
std::vector<std::string_view> WordsOf(std::string_view folded);

}  // namespace libmpi

#endif  // LIBMPI_TEXT_LATIN_TEXT_H_
