// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/message_hash.h"

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "libmpi/base/sha256.h"

namespace libmpi::hl7v2 {

absl::StatusOr<std::string> MessageHash(const Message& message) {
  Sha256 sha;
  // No part has a CR in it: parts of other messages can't run together into the same bytes.
  const auto add = [&](std::string_view part) {
    sha.Add(part);
    sha.Add("\r");
  };
  const Segment& msh = message.msh();
  for (size_t field = 1; field <= msh.fields(); ++field)
    if (field != 7) add(msh.field(field).raw());
  for (size_t i = 1; i < message.segments().size(); ++i) add(message.segments()[i].raw());
  const std::optional<Sha256Hash> hash = sha.Finish();
  if (!hash) return absl::InternalError("SHA-256 can't be computed");
  return std::string(BytesOf(*hash));
}

}  // namespace libmpi::hl7v2
