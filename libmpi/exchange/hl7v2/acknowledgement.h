// SPDX-License-Identifier: Apache-2.0
// Which acknowledgement a feed gets, by what it asks for.
#ifndef LIBMPI_EXCHANGE_HL7V2_ACKNOWLEDGEMENT_H_
#define LIBMPI_EXCHANGE_HL7V2_ACKNOWLEDGEMENT_H_

#include <string_view>

#include "libmpi/exchange/hl7v2/fault_error.h"
#include "libmpi/exchange/hl7v2/message_head.h"

namespace libmpi::hl7v2 {

// MSA-1 of the one answer that goes back over the connection; "": none is wanted.
//
// In original mode AA, AE, AR. In enhanced mode (MSH-15 or MSH-16 says anything) as well, where MSH-16 wants an
// application acknowledgement of such an outcome (AL or empty: of any, SU: of a success, ER: of a failure, NE: of
// none); it is given after the change is durable, and says all that an accept acknowledgement would. Where it is not
// wanted, CA, CE or CR, if MSH-15 wants that.
std::string_view AcknowledgementCode(const MessageHead& head, Verdict verdict);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_ACKNOWLEDGEMENT_H_
