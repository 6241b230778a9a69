// SPDX-License-Identifier: Apache-2.0
// Bytes in a Japanese character set to UTF-8, and back.
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
  size_t first_malformed = std::string::npos;  // where in utf8 the first of those marks stands
};

// Decodes a whole buffer. A UTF-8 BOM is dropped. The characters on which
// Japanese charsets disagree (wave dash, minus, double vertical line, cent,
// pound, not sign ...) come out in one form (data/charset_unify.tsv), also from
// UTF-8 input. Linear.
// Valid UTF-8 is the fast path: at least 1 GB/s (checked 8+ bytes at a time).
DecodedText DecodeText(std::string_view bytes, Charset charset);

struct EncodeOptions {
  // What may be written in ISO-2022-JP beside ASCII and JIS X 0208. Other charsets have what they have.
  bool half_width_kana = false;  // JIS X 0201, ESC ( I
  bool jis_x_0212 = false;       // ESC $ ( D
  // What the set does not have is written in its usual form, where the set has that: 髙 as 高, ① as 1, ㈱ as （株）.
  // Of ASCII only letters, digits and spaces are written so: no delimiter comes about. Variation selectors are left
  // out.
  bool variants = false;
};

// The bytes, and how many characters the set does not have. Each of those was written as something else: half-width
// kana as full-width ones, where the set has these; by `variants` in its usual form; all others, and what is not valid
// UTF-8, as 〓. Whoever must not send that looks at `unencodable`.
struct EncodedText {
  std::string bytes;
  size_t unencodable = 0;
  size_t first_unencodable = std::string::npos;  // where in the UTF-8 text the first of those stands
};

// Encodes a whole text: the inverse of DecodeText. Every character of JIS X 0208 comes back as the bytes that it was
// decoded from. Where a set has a character more than once (NEC's and IBM's in CP932), the bytes are those that Windows
// writes: JIS X 0208, else NEC row 13, else IBM's extension (0xFAxx-0xFCxx). Characters of one form in DecodeText have
// the bytes of that form: U+301C and U+FF5E are both 0x8160 in CP932; in UTF-8 they are what the text has. ISO-2022-JP
// is in ASCII wherever an ASCII character stands, and at the end; an escape character in the text is refused there.
// Linear.
EncodedText EncodeText(std::string_view utf8, Charset charset, const EncodeOptions& options = {});

}  // namespace libmpi

#endif  // LIBMPI_TEXT_CHARSET_H_
