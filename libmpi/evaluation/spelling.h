// SPDX-License-Identifier: Apache-2.0
// The many ways in which one name, date, number or address gets onto paper.
#ifndef LIBMPI_EVALUATION_SPELLING_H_
#define LIBMPI_EVALUATION_SPELLING_H_

#include <span>
#include <string>
#include <string_view>

#include "libmpi/record/features.h"

namespace libmpi {

// Small ャュョッ put back into a kana key that has them large (シユウヘイ -> シュウヘイ), where they
// can hardly be anything else (チヨコ and ミヨ stay).
std::string WithSmallKana(std::string_view kana_key);
// Full-width katakana with every small letter large, as old claims machines print it.
std::string WithLargeKana(std::string_view kana);
// Half width, voiced marks as letters of their own.
std::string HalfWidthKana(std::string_view kana);
std::string ToHiragana(std::string_view kana);
// Printable ASCII to full width; the rest unchanged.
std::string FullWidth(std::string_view text);

// 髙 for 高 and the like.
struct KanjiVariant {
  std::string_view usual;
  std::string_view variant;
  int per_thousand;       // of those who bear the usual kanji in a family name
  bool in_jis_x_0208;     // old machines can write it
};
std::span<const KanjiVariant> KanjiVariants();

enum class RomajiStyle { kHepburn, kPassportOh, kLongVowels, kKunrei };
// One part of a name in Latin capitals, from katakana.
std::string ToRomaji(std::string_view kana, RomajiStyle style);
// "SUZUKI" -> "Suzuki".
std::string Capitalized(std::string_view capitals);

enum class DateStyle {
  kIso, kSlash, kSlashPadded, kCompact, kEraLetter, kEraLetterPadded, kEraKanji, kEraCode,
};
inline constexpr int kDateStyles = 8;
std::string WriteDate(const CivilDate& date, DateStyle style);

// 丁目 in kanji numerals, 1 to 9.
std::string_view KanjiDigit(int n);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_SPELLING_H_
