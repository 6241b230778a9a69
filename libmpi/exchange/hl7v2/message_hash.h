// SPDX-License-Identifier: Apache-2.0
// By what a message that comes again is known to be the same.
#ifndef LIBMPI_EXCHANGE_HL7V2_MESSAGE_HASH_H_
#define LIBMPI_EXCHANGE_HL7V2_MESSAGE_HASH_H_

#include <string>

#include "absl/status/statusor.h"
#include "libmpi/exchange/hl7v2/message.h"

namespace libmpi::hl7v2 {

// SHA-256, 32 bytes, of all of its segments as text but for MSH-7: the time of sending may differ where a message is
// sent again. kInternal: OpenSSL can't.
absl::StatusOr<std::string> MessageHash(const Message& message);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_MESSAGE_HASH_H_
