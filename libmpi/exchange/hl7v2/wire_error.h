// SPDX-License-Identifier: Apache-2.0
// What is wrong with a message, as ERR says it.
#ifndef LIBMPI_EXCHANGE_HL7V2_WIRE_ERROR_H_
#define LIBMPI_EXCHANGE_HL7V2_WIRE_ERROR_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/message_builder.h"
#include "libmpi/exchange/hl7v2/message_head.h"

namespace libmpi::hl7v2 {

// Where in a message something stands (HL7's ERL); numbers from 1, 0: not said.
struct Location {
  std::string segment;
  size_t sequence = 1;  // which of the segments of that name
  size_t field = 0, repetition = 0, component = 0, subcomponent = 0;
  bool operator==(const Location&) const = default;
};

// HL7 table 0357.
enum ErrorCode : int {
  kMessageAccepted = 0,
  kSegmentSequence = 100,
  kRequiredFieldMissing = 101,
  kDataType = 102,
  kTableValueNotFound = 103,
  kUnsupportedMessageType = 200,
  kUnsupportedTrigger = 201,
  kUnsupportedProcessingId = 202,
  kUnsupportedVersion = 203,
  kUnknownKey = 204,
  kDuplicateKey = 205,
  kInternalError = 207,
};
// "Unknown key identifier" ...
std::string_view ErrorCodeText(int code);

// HL7 table 0516. A warning or an information is of a message that was accepted.
enum class Severity : char { kError = 'E', kWarning = 'W', kInformation = 'I' };

struct WireError {
  Location at;  // without a segment: of no part of it
  int code = kInternalError;
  std::string text = {};  // for people, without values
  Severity severity = Severity::kError;
  bool operator==(const WireError&) const = default;
};

// Of their codes, each once, as names: "unknown_key_identifier,data_type_error". For the audit trail.
std::string ErrorNames(std::span<const WireError> errors);

// One ERR each from 2.5 on (ERR-2, 3, 4, 8); before, one ERR with a repetition of ERR-1 each, without severity or text.
void AddErrors(std::span<const WireError> errors, const Version& version, MessageBuilder* out);

// Of both forms.
std::vector<WireError> ReadErrors(const Message& message);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_WIRE_ERROR_H_
