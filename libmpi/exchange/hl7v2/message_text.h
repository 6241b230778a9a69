// SPDX-License-Identifier: Apache-2.0
// The bytes of a whole message to its text. Internal to hl7v2.
#ifndef LIBMPI_EXCHANGE_HL7V2_MESSAGE_TEXT_H_
#define LIBMPI_EXCHANGE_HL7V2_MESSAGE_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libmpi/exchange/hl7v2/character_set.h"

namespace libmpi::hl7v2 {

// Whether a set has ASCII alone: none in MSH-18, or one of which only that is read here (ISO 8859-1).
bool IsAsciiAlone(const CharacterSet& set);

std::string_view WithoutByteOrderMark(std::string_view bytes);

// Up to the end of the first line that is not empty; CR and LF are no part of a character in any set that is read here.
std::string_view FirstLine(std::string_view bytes);

// "segment 3, field 5": counted from 1 as Message does (empty lines not, MSH-1 as field 1), field 0 is the name. Of a
// place in a message's text. Linear.
std::string PlaceOf(std::string_view text, size_t offset);

// To UTF-8, as it stands there. kInvalidArgument: escape sequences of ISO 2022 in another set, a set of JIS X 0213 that
// the system can't read, malformed characters (where, never what).
absl::StatusOr<std::string> DecodeMessage(std::string_view bytes, const CharacterSet& set);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_MESSAGE_TEXT_H_
