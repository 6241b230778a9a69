// SPDX-License-Identifier: Apache-2.0
// Bytes in a Japanese character set to UTF-8.
#ifndef LIBMPI_TEXT_CHARSET_H_
#define LIBMPI_TEXT_CHARSET_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace libmpi {

enum class Charset { kUtf8, kCp932, kEucJp, kIso2022Jp };

// "UTF-8", "CP932", "EUC-JP", "ISO-2022-JP".
std::string_view CharsetName(Charset charset);

// Accepts the names above and the usual aliases (utf8, utf-8-sig, shift_jis,
// sjis, windows-31j, ms932, eucjp, jis, iso2022jp, ...), any case.
// kInvalidArgument lists what is accepted.
absl::StatusOr<Charset> ParseCharset(std::string_view name);

// Guesses from a sample of bytes (the start of a file; may end within a
// character): BOM or valid UTF-8 first, ISO-2022-JP by its escape sequences,
// then EUC-JP against CP932 by validity and plausibility (half-width kana
// runs, common kana and kanji). Pure ASCII is UTF-8. Never fails. O(size).
Charset DetectCharset(std::string_view sample);

// The decoded text and how many byte sequences could not be read; each such
// sequence became one U+FFFD and never swallowed an ASCII byte after it, so
// that line ends and delimiters survive damage.
struct DecodedText {
  std::string utf8;
  size_t malformed = 0;
};

// Decodes a whole buffer. A UTF-8 BOM is dropped. The characters on which
// Japanese charsets disagree (wave dash, minus, double vertical line, cent,
// pound, not sign ...) come out in one form (data/charset_unify.tsv), also from
// UTF-8 input. Linear.
// Valid UTF-8 is the fast path: at least 1 GB/s (checked 8+ bytes at a time).
DecodedText DecodeText(std::string_view bytes, Charset charset);

}  // namespace libmpi

#endif  // LIBMPI_TEXT_CHARSET_H_
