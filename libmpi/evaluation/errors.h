// SPDX-License-Identifier: Apache-2.0
// How people who write others down go wrong.
#ifndef LIBMPI_EVALUATION_ERRORS_H_
#define LIBMPI_EVALUATION_ERRORS_H_

#include <string>
#include <string_view>

#include "libmpi/evaluation/random.h"
#include "libmpi/record/features.h"

namespace libmpi {

// One kana mistaken, left out, unvoiced or lengthened.
std::string SlipKana(std::string_view kana, Random* random);
// One digit mistaken or two neighbours exchanged; other characters stay.
std::string SlipDigits(std::string_view digits, Random* random);
// A digit, the day against the month, the era or the year.
CivilDate SlipDate(const CivilDate& date, Random* random);
// One kanji lost to the machine: ■.
std::string LoseGlyph(std::string_view kanji, Random* random);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_ERRORS_H_
