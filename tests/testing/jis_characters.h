// SPDX-License-Identifier: Apache-2.0
// Every character of JIS X 0208, as UTF-8 and as its bytes in each Japanese character set.
#ifndef LIBMPI_TESTS_TESTING_JIS_CHARACTERS_H_
#define LIBMPI_TESTS_TESTING_JIS_CHARACTERS_H_

#include <string>
#include <vector>

#include "libmpi/text/charset.h"

namespace libmpi::testing {

struct JisCharacter {
  std::string utf8;  // in the one form that DecodeText gives
  std::string jis;   // the two bytes between ESC $ B and ESC ( B

  std::string Bytes(Charset charset) const {
    const unsigned first = static_cast<unsigned char>(jis[0]), second = static_cast<unsigned char>(jis[1]);
    if (charset == Charset::kIso2022Jp) return "\x1B$B" + jis + "\x1B(B";
    if (charset == Charset::kEucJp) return {static_cast<char>(first | 0x80), static_cast<char>(second | 0x80)};
    if (charset == Charset::kUtf8) return utf8;
    const unsigned row = first - 0x21, column = second - 0x21;
    const unsigned lead = row / 2 + (row < 62 ? 0x81 : 0xC1);
    const unsigned trail = row % 2 == 1 ? column + 0x9F : column + (column < 63 ? 0x40 : 0x41);
    return {static_cast<char>(lead), static_cast<char>(trail)};
  }
};

// By decoding each cell of the 94x94 table; rows 9 to 15 and from 85 on are not of the standard.
inline const std::vector<JisCharacter>& JisX0208() {
  static const std::vector<JisCharacter>* const all = [] {
    auto* found = new std::vector<JisCharacter>();
    for (int row = 1; row <= 94; ++row)
      for (int column = 1; column <= 94; ++column) {
        if ((row > 8 && row < 16) || row > 84) continue;
        JisCharacter c{"", {static_cast<char>(0x20 + row), static_cast<char>(0x20 + column)}};
        const DecodedText text = DecodeText(c.Bytes(Charset::kIso2022Jp), Charset::kIso2022Jp);
        if (text.malformed > 0) continue;
        c.utf8 = text.utf8;
        found->push_back(c);
      }
    return found;
  }();
  return *all;
}

inline constexpr Charset kJapaneseCharsets[] = {Charset::kCp932, Charset::kEucJp, Charset::kIso2022Jp, Charset::kUtf8};

}  // namespace libmpi::testing

#endif  // LIBMPI_TESTS_TESTING_JIS_CHARACTERS_H_
