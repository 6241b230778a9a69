// SPDX-License-Identifier: Apache-2.0
// Texts of ASCII, which need no folding and no decoding.
#ifndef LIBMPI_TEXT_ASCII_H_
#define LIBMPI_TEXT_ASCII_H_

#include <string_view>

namespace libmpi {

// Whether all bytes are ASCII; true for none. Looks at every byte, several at a time.
inline bool IsAscii(std::string_view text) {
  unsigned char seen = 0;
  for (char c : text) seen |= static_cast<unsigned char>(c);
  return seen < 0x80;
}

}  // namespace libmpi

#endif  // LIBMPI_TEXT_ASCII_H_
