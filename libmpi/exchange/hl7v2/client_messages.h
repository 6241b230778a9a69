// SPDX-License-Identifier: Apache-2.0
// The other side of ITI-9 and ITI-21: queries to be sent, and what their answers say.
#ifndef LIBMPI_EXCHANGE_HL7V2_CLIENT_MESSAGES_H_
#define LIBMPI_EXCHANGE_HL7V2_CLIENT_MESSAGES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/message_builder.h"
#include "libmpi/exchange/hl7v2/message_route.h"
#include "libmpi/exchange/hl7v2/wire_error.h"
#include "libmpi/pix/question.h"

namespace libmpi::hl7v2 {

// QBP^Q23^QBP_Q21 of HL7 2.5.
MessageBuilder MakeCrossReferenceQuery(const pix::CrossReferenceQuestion& question, const std::string& tag,
                                       const MessageRoute& route, const NewMessage& message);
// QBP^Q22^QBP_Q21 of HL7 2.5. Insurance cards are no criteria of ITI-21 and are left out; the question's page 0: no
// RCP-2. `continuation`: DSC-1 of the answer before, empty for the first page.
MessageBuilder MakeDemographicsQuery(const pix::DemographicsQuestion& question, const std::string& continuation,
                                     const MessageRoute& route, const NewMessage& message);
// QCN^J01 of ITI-21.
MessageBuilder MakeCancellation(const std::string& tag, const MessageRoute& route, const NewMessage& message);

// What an answer says.
struct QueryAnswer {
  std::string code;        // MSA-1
  std::string control_id;  // MSA-2
  std::string status;      // QAK-2: "OK", "NF", "AE", "AR"
  std::string tag;         // QAK-1
  std::vector<WireError> errors;
  std::vector<pix::MatchedPerson> persons;  // of ITI-9 at most one, without a record; weights are not told
  std::string continuation;                 // DSC-1
};
// kInvalidArgument: no answer to a query (no MSA).
absl::StatusOr<QueryAnswer> ReadQueryAnswer(const Message& message);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_CLIENT_MESSAGES_H_
