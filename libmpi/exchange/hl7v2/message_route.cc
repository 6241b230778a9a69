// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/message_route.h"

#include "libmpi/exchange/hl7v2/control_id.h"
#include "libmpi/exchange/hl7v2/identifier_field.h"
#include "libmpi/exchange/hl7v2/message_head.h"
#include "libmpi/exchange/hl7v2/message_time.h"

namespace libmpi::hl7v2 {

void SetKind(const MessageKind& kind, const NewMessage& message, SegmentBuilder* msh) {
  msh->Set(7, MessageTime(message.now));
  msh->Set(9, 1, kind.code).Set(9, 2, kind.trigger).Set(9, 3, kind.structure);
  msh->Set(10, message.control_id.empty() ? NewControlId() : message.control_id);
  const bool has_profiles = ParseVersion(kind.version).value_or(kVersion25) >= kVersion25;
  if (has_profiles && !kind.profile.empty()) msh->Set(21, 1, kind.profile).Set(21, 2, "IHE");
}

MessageBuilder BeginMessage(const MessageRoute& route, const MessageKind& kind, const NewMessage& message) {
  MessageBuilder builder;
  SegmentBuilder& msh = builder.msh();
  SetHd(route.application, 3, &msh);
  SetHd(route.facility, 4, &msh);
  SetHd(route.to_application, 5, &msh);
  SetHd(route.to_facility, 6, &msh);
  SetKind(kind, message, &msh);
  msh.Set(11, "P").Set(12, kind.version);
  return builder;
}

}  // namespace libmpi::hl7v2
