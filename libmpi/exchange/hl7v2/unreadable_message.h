// SPDX-License-Identifier: Apache-2.0
// Answers to what is no message, but begins as one. Internal to libmpi/exchange/hl7v2.
#ifndef LIBMPI_EXCHANGE_HL7V2_UNREADABLE_MESSAGE_H_
#define LIBMPI_EXCHANGE_HL7V2_UNREADABLE_MESSAGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace libmpi::hl7v2 {

struct UnreadableAnswer {
  std::string bytes;
  std::string type, control_id;  // of the request, as far as its MSH can be read
};

// An ACK with AR, and what `why` says in ERR: 207 for what is too large, 100 for the rest. Of its first line it takes
// what can be read with everything but ASCII left out; where nothing can, the answer is of HL7 2.5 and without MSA-2.
// Nothing: it does not even begin with MSH, and is not answered.
std::optional<UnreadableAnswer> AnswerUnreadable(std::string_view payload, const absl::Status& why,
                                                 std::string_view application, std::string_view facility, int64_t now);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_UNREADABLE_MESSAGE_H_
