// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/update_message.h"

#include <utility>

#include "absl/status/status.h"
#include "libmpi/exchange/hl7v2/identifier_field.h"
#include "libmpi/exchange/hl7v2/message_time.h"

namespace libmpi::hl7v2 {
namespace {

// MSH, EVN and PID. A name is required; there is none to be told.
MessageBuilder BeginChange(const MessageKind& kind, const MessageRoute& route, const NewMessage& message,
                           const std::vector<pix::Identifier>& identifiers) {
  MessageBuilder builder = BeginMessage(route, kind, message);
  builder.Add("EVN").Set(2, MessageTime(message.now));
  SegmentBuilder& pid = builder.Add("PID");
  SetIdentifiers(identifiers, 3, &pid);
  pid.Set(5, " ");
  return builder;
}

bool IsWhole(const pix::Identifier& identifier) {
  return !identifier.value.empty() && !identifier.authority.universal_id.empty() &&
         !identifier.authority.universal_id_type.empty();
}

}  // namespace

MessageBuilder MakeUpdateMessage(const pix::Update& update, const MessageRoute& route, const NewMessage& message) {
  MessageBuilder builder =
      BeginChange({"ADT", "A31", "ADT_A05", "2.5", "ITI-10"}, route, message, update.identifiers);
  builder.Add("PV1").Set(2, "N");
  return builder;
}

absl::StatusOr<MessageBuilder> MakeLinkChangeMessage(const LinkChange& change, const MessageRoute& route,
                                                     const NewMessage& message) {
  if (!IsWhole(change.affinity) || !IsWhole(change.local) || !IsWhole(change.previous_affinity) ||
      (change.subsumed && !IsWhole(*change.subsumed)))
    return absl::InvalidArgumentError("an identifier of a link change needs its authority's universal ID and type");
  MessageBuilder builder =
      BeginChange({"ADT", "A43", "ADT_A43", "2.5", "ITI-64"}, route, message, {change.affinity, change.local});
  SegmentBuilder& mrg = builder.Add("MRG");
  SetIdentifier(change.previous_affinity, 1, 1, &mrg);
  if (change.subsumed) SetIdentifier(*change.subsumed, 1, 2, &mrg);
  return builder;
}

absl::StatusOr<Acknowledged> ReadAcknowledgement(const Message& message) {
  const Segment* const msa = message.Find("MSA");
  if (msa == nullptr) return absl::InvalidArgumentError("an acknowledgement without MSA");
  Acknowledged said{msa->Text(1), msa->field(2).Text(), ReadErrors(message)};
  for (const char* code : {"AA", "AE", "AR", "CA", "CE", "CR"})
    if (said.code == code) return said;
  return absl::InvalidArgumentError("an acknowledgement whose code (MSA-1) is none");
}

}  // namespace libmpi::hl7v2
