// SPDX-License-Identifier: Apache-2.0
// How two spellings of one name part relate. An unknown glyph agrees with any letter.
#ifndef LIBMPI_TEXT_NEAR_TEXT_H_
#define LIBMPI_TEXT_NEAR_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace libmpi {

std::u32string CodePointsOf(std::string_view utf8);

// One letter wrong, one too many, or two neighbours exchanged, in texts of three letters and
// more; shorter ones are other names. Equal texts are not apart. Linear.
bool IsOneEditApart(std::u32string_view a, std::u32string_view b);

// Of two FoldKanji keys, most alike first.
enum class KanjiRelation : uint8_t {
  kEqual,
  kNear,       // letter by letter equal, near (AreNearKanji) or unknown
  kShared,     // a kanji in common, or a letter at the same place
  kDifferent,
};
KanjiRelation RelateKanji(std::u32string_view a, std::u32string_view b);

// Of two FoldKana level 1 keys, most alike first.
enum class KanaRelation : uint8_t {
  kEqual,
  kLoose,      // but for the length of vowels
  kNear,       // IsOneEditApart
  kDifferent,
};
KanaRelation RelateKana(std::string_view a, std::string_view b);

}  // namespace libmpi

#endif  // LIBMPI_TEXT_NEAR_TEXT_H_
