// SPDX-License-Identifier: Apache-2.0
// What the manager tells others by itself: ITI-10 to consumers, ITI-64 to document registries, and how they answer.
#ifndef LIBMPI_EXCHANGE_HL7V2_UPDATE_MESSAGE_H_
#define LIBMPI_EXCHANGE_HL7V2_UPDATE_MESSAGE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/message_builder.h"
#include "libmpi/exchange/hl7v2/message_route.h"
#include "libmpi/exchange/hl7v2/wire_error.h"
#include "libmpi/pix/manager.h"

namespace libmpi::hl7v2 {

// ITI-10: ADT^A31^ADT_A05 of HL7 2.5. PID-3 is all that the update has, with all parts of their authorities; PID-5 is
// one space, PV1-2 is N.
MessageBuilder MakeUpdateMessage(const pix::Update& update, const MessageRoute& route, const NewMessage& message);

// ITI-64: of a patient whose affinity-domain identifier changed, or whose local one was merged.
struct LinkChange {
  pix::Identifier affinity, local;            // as they are now
  pix::Identifier previous_affinity;          // equal to affinity where a local merge alone happened
  std::optional<pix::Identifier> subsumed;    // the local identifier that was merged into `local`
};
// ADT^A43^ADT_A43 of HL7 2.5. The route's application is to be the manager's OID. kInvalidArgument: an identifier
// without a value, or without the universal ID and type of its authority, which ITI-64 wants.
absl::StatusOr<MessageBuilder> MakeLinkChangeMessage(const LinkChange& change, const MessageRoute& route,
                                                     const NewMessage& message);

// What an ACK says.
struct Acknowledged {
  std::string code;        // MSA-1: "AA", "AE", "AR", "CA", "CE", "CR"
  std::string control_id;  // MSA-2
  std::vector<WireError> errors;
  bool accepted() const { return code == "AA" || code == "CA"; }
  // Refused for good: the same message will not be taken later either.
  bool refused() const { return code == "AE" || code == "CE"; }
};
// kInvalidArgument: there is no MSA, or a code that is none.
absl::StatusOr<Acknowledged> ReadAcknowledgement(const Message& message);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_UPDATE_MESSAGE_H_
