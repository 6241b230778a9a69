// SPDX-License-Identifier: Apache-2.0
// ISO-2022-JP as it is met: of Windows, of old systems, with the sets of JIS X 0212 and 0213.
#ifndef LIBMPI_TEXT_ISO2022JP_H_
#define LIBMPI_TEXT_ISO2022JP_H_

#include <string_view>

#include "libmpi/text/charset.h"

namespace libmpi {

struct Iso2022JpOptions {
  // JIS X 0201's Roman set (ESC ( J) is read as ASCII: \ and ~ where it has ¥ and ‾. Many systems end kanji with it and
  // mean ASCII; a format that has these two as delimiters loses them otherwise.
  bool roman_is_ascii = false;
  // Bytes 0xA1 to 0xDF are half-width kana (JIS X 0201 in the right half), not malformed.
  bool kana_in_right_half = false;
};

// As DecodeText. ASCII, JIS X 0201 (ESC ( J, ESC ( I), 0208 (ESC $ @, ESC $ B; with NEC's and IBM's characters as
// Windows has them), 0212 (ESC $ ( D) and 0213 (ESC $ ( O, ESC $ ( Q, ESC $ ( P). CR and LF return to ASCII, whatever
// was before: no character has these bytes in it. Every other escape sequence is malformed. Linear. Thread-safe.
DecodedText DecodeIso2022Jp(std::string_view bytes, const Iso2022JpOptions& options = {});

// Whether there is an escape sequence of ISO 2022 (ESC $ or ESC ( ) in the bytes. No character of UTF-8, CP932, EUC-JP
// or ISO-2022-JP has ESC in it. Linear.
bool HasIso2022Escapes(std::string_view bytes);

// Whether there is one of ISO-2022-JP-2 for another language's set (GB 2312, KS X 1001, ISO 8859-1 and -7). Linear.
bool HasForeignIso2022Escapes(std::string_view bytes);

// Whether there is one of JIS X 0213, and nothing here that can read it: the system's iconv does not know the set.
// Linear.
bool HasUnreadableJis0213(std::string_view bytes);

}  // namespace libmpi

#endif  // LIBMPI_TEXT_ISO2022JP_H_
