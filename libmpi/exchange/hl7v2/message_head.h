// SPDX-License-Identifier: Apache-2.0
// What the MSH of a message says of it.
#ifndef LIBMPI_EXCHANGE_HL7V2_MESSAGE_HEAD_H_
#define LIBMPI_EXCHANGE_HL7V2_MESSAGE_HEAD_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libmpi/exchange/hl7v2/message.h"

namespace libmpi::hl7v2 {

// Of HL7, as 2.3.1.
struct Version {
  uint8_t first = 2, second = 5, third = 0;
  auto operator<=>(const Version&) const = default;
};
inline constexpr Version kOldestVersion = {2, 3, 1}, kVersion25 = {2, 5, 0}, kBeyondVersions = {2, 9, 0};

// Of "2.3.1", "2.5"; nothing: no version.
std::optional<Version> ParseVersion(std::string_view text);

struct MessageHead {
  std::string application, facility;                      // MSH-3, MSH-4, their first components
  std::string receiving_application, receiving_facility;  // MSH-5, MSH-6, the same
  std::string code, trigger, structure;                   // MSH-9
  std::string control_id;                                 // MSH-10
  std::string processing_id;                              // MSH-11
  std::optional<Version> version;                         // MSH-12; nothing: none, or one that is not spoken here
  bool has_version = false;                               // whether MSH-12 says anything
  std::string accept_when, application_when;              // MSH-15, MSH-16: "AL", "NE", "ER", "SU" or empty

  // The one in which it is answered.
  Version AnswerVersion() const { return version.value_or(kVersion25); }
  // Whether enhanced acknowledgement is asked for (HL7 2.5, 2.9.2).
  bool enhanced() const { return !accept_when.empty() || !application_when.empty(); }
  // "ADT^A08", for logs: letters and digits alone.
  std::string Type() const;
};

// A trigger that MSH-9 does not have is taken from EVN-1. Versions from 2.3.1 to 2.8 are spoken here.
MessageHead ReadHead(const Message& message);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_MESSAGE_HEAD_H_
