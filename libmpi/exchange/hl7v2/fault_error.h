// SPDX-License-Identifier: Apache-2.0
// What the manager refuses, as HL7 says it: where in the message, by which code, and in which kind of acknowledgement.
// The one place that knows.
#ifndef LIBMPI_EXCHANGE_HL7V2_FAULT_ERROR_H_
#define LIBMPI_EXCHANGE_HL7V2_FAULT_ERROR_H_

#include <cstdint>
#include <span>
#include <vector>

#include "libmpi/exchange/hl7v2/feed_message.h"
#include "libmpi/exchange/hl7v2/query_message.h"
#include "libmpi/exchange/hl7v2/wire_error.h"
#include "libmpi/pix/problem.h"

namespace libmpi::hl7v2 {

// AE: not to be sent again unchanged. AR: to be sent again later, unless the MSH is at fault (IHE ITI TF-2 C.2.3).
enum class Verdict : uint8_t { kAccepted, kError, kRejected };

// kRejected where one of them is of who asks, or of the manager; kAccepted where there are none.
Verdict VerdictOf(const pix::Problems& problems);

// Problem::which counts on through the identifiers, and then the subsumed ones.
std::vector<WireError> FeedErrors(const pix::Problems& problems, const FeedMessage& feed);
// ITI-9 names one thing that is wrong, the first one.
std::vector<WireError> CrossReferenceErrors(const pix::Problems& problems);
// ITI-21 names everything: of unknown domains of QPD-8 each one.
std::vector<WireError> DemographicsErrors(const pix::Problems& problems, const DemographicsQuery& query);
// That more fit than ITI-21's answer tells: a warning beside AA.
WireError MoreFitWarning();
// Of whoever speaks, before what they say is looked at.
WireError PartyError(pix::Fault fault);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_FAULT_ERROR_H_
