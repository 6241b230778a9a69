// SPDX-License-Identifier: Apache-2.0
// Where romaji in all its spellings and kana meet.
#ifndef LIBMPI_TEXT_ROMAJI_H_
#define LIBMPI_TEXT_ROMAJI_H_

#include <string>
#include <string_view>

namespace libmpi {

// Canonical romaji key of a FoldLatin text: Hepburn, passport (OH, dropped long
// vowels, M before B/M/P, TCH) and Kunrei/Nihon spellings of one name give one key
// ("OHNO" "ONO" "OONO" "ŌNO" → "ONO", "NAMBA" "NANBA" → "NANBA", "SITI" "SHICHI" → "SHICHI",
// "HATCHO" → "HACHO"). Non-Japanese names come
// out as some stable key and are never refused. Unknown glyphs are left out, so that a name with one
// is an edit away from the whole one. Linear.
std::string RomajiKey(std::string_view latin_key);

// The same key from a FoldKana level 1 text: RomajiKey(any romanisation of x) ==
// RomajiKeyOfKana(x) for x in the tables of tests. Linear.
std::string RomajiKeyOfKana(std::string_view kana_key);

// Keys for people who have typed but the beginning: as the two above, but a key begins as the key of what the name
// begins with, for doubled consonants are written out ("HATTORI", "HATSUTORI", ハツトリ → "HATSUTORI"; マツカワ →
// "MATSUKAWA", where RomajiKey has "MAKAWA"). But for an I that a glide may follow (シ of シヨウジ, "SHOJI"). Linear.
std::string TypedRomajiKey(std::string_view latin_key);
std::string TypedRomajiKeyOfKana(std::string_view kana_key);

}  // namespace libmpi

#endif  // LIBMPI_TEXT_ROMAJI_H_
