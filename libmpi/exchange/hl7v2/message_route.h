// SPDX-License-Identifier: Apache-2.0
// Messages that begin here: from whom, to whom, of what kind.
#ifndef LIBMPI_EXCHANGE_HL7V2_MESSAGE_ROUTE_H_
#define LIBMPI_EXCHANGE_HL7V2_MESSAGE_ROUTE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "libmpi/exchange/hl7v2/message_builder.h"
#include "libmpi/pix/identifier.h"

namespace libmpi::hl7v2 {

// MSH-3 to MSH-6, each an HD.
struct MessageRoute {
  pix::Authority application, facility;
  pix::Authority to_application, to_facility;
};

// MSH-9, 12 and 21.
struct MessageKind {
  std::string_view code, trigger, structure;
  std::string_view version = "2.5";
  std::string_view profile = "";  // "ITI-9": from 2.5 on, as ITI-9^IHE
};

struct NewMessage {
  std::string control_id;  // MSH-10; empty: NewControlId()
  int64_t now = 0;         // MSH-7, milliseconds since 1970
};

// With its MSH filled.
MessageBuilder BeginMessage(const MessageRoute& route, const MessageKind& kind, const NewMessage& message);

// MSH-7, 9, 10 and 21 of a message; the others are the caller's.
void SetKind(const MessageKind& kind, const NewMessage& message, SegmentBuilder* msh);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_MESSAGE_ROUTE_H_
