// SPDX-License-Identifier: Apache-2.0
// The characters of a message: MSH-18 and MSH-20 to what they mean, bytes to UTF-8 and back.
#ifndef LIBMPI_EXCHANGE_HL7V2_CHARACTER_SET_H_
#define LIBMPI_EXCHANGE_HL7V2_CHARACTER_SET_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/text/charset.h"

namespace libmpi::hl7v2 {

// How a message is written, and what its MSH says of that.
struct CharacterSet {
  Charset charset = Charset::kUtf8;
  // MSH-18's repetitions as they are to be sent, each as HL7 table 0211 has it ("ISO IR87", "UNICODE UTF-8"); empty:
  // ASCII alone, and MSH-18 is left out.
  std::vector<std::string> msh18;
  std::string msh20;  // "ISO 2022-1994" where charset is ISO-2022-JP
  bool operator==(const CharacterSet&) const = default;
};

// By the names a configuration has: those of ParseCharset(). "ASCII": no MSH-18.
absl::StatusOr<CharacterSet> CharacterSetOfName(std::string_view name);

// By MSH-18's repetitions and MSH-20 of a message: table 0211's names in any of the ways that are met ("ISO IR87",
// "ISO-IR87", "ISO IR 87", "UNICODE UTF-8", "UTF-8", "8859/1"...), ISO IR6/13/14/87/159 and JIS X 0213 by ISO 2022
// escapes. "~ISO IR87" (an empty first repetition: ASCII) is the usual Japanese one. kInvalidArgument: a set that
// nobody here reads.
absl::StatusOr<CharacterSet> CharacterSetOfMsh(const std::vector<std::string>& msh18, std::string_view msh20);

// Whether the first bytes of a message, up to the end of its MSH, say by themselves what they are: reads MSH-18 and
// MSH-20 there bytewise, which is safe as MSH-1 to MSH-20 have no kanji in front of MSH-18 where MSH-3 to MSH-6 are
// ASCII, and splits by decoding first where they are not. Where MSH-18 is empty: ISO-2022-JP if the message has escape
// sequences of it, UTF-8 if it begins with a BOM, else `otherwise`. kInvalidArgument: no MSH, a set that nobody here
// reads, and ASCII or ISO 8859 where the message has more than ASCII. Linear in all the bytes.
absl::StatusOr<CharacterSet> CharacterSetOfMessage(std::string_view bytes, const CharacterSet& otherwise);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_CHARACTER_SET_H_
