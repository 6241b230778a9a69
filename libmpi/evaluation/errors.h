// SPDX-License-Identifier: Apache-2.0
// How people who write others down go wrong.
#ifndef LIBMPI_EVALUATION_ERRORS_H_
#define LIBMPI_EVALUATION_ERRORS_H_

#include <string>
#include <string_view>

#include "libmpi/evaluation/random.h"
#include "libmpi/record/features.h"

namespace libmpi {

// One kana mistaken, left out, doubled or without its voiced mark. Katakana of two letters or more.
std::string SlipKana(std::string_view kana, Random* random);
// The same sounds written another way (オオ ー オウ, ズ ヅ, ヘ エ, キヨ キョ); unchanged where there is none.
std::string SpellKanaOtherwise(std::string_view kana, Random* random);
// One digit mistaken, or two neighbours exchanged; other characters stay. Never the same digits,
// except where there are none.
std::string SlipDigits(std::string_view digits, Random* random);
// A digit wrong, two exchanged, day and month exchanged, one era taken for another, the year off
// by one. A real date, another one, not after 2026.
CivilDate SlipDate(const CivilDate& date, Random* random);
// A day that its month does not have. REQUIRES: a full date.
CivilDate ImpossibleDate(const CivilDate& date, Random* random);
// One kanji lost to the machine: ■.
std::string LoseGlyph(std::string_view kanji, Random* random);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_ERRORS_H_
