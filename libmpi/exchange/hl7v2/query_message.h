// SPDX-License-Identifier: Apache-2.0
// Queries: ITI-9 (QBP^Q23), ITI-21 (QBP^Q22) and its cancellation (QCN^J01), as questions to the manager.
#ifndef LIBMPI_EXCHANGE_HL7V2_QUERY_MESSAGE_H_
#define LIBMPI_EXCHANGE_HL7V2_QUERY_MESSAGE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/wire_error.h"
#include "libmpi/pix/question.h"

namespace libmpi::hl7v2 {

// What the query's name is (QPD-1) is not looked at: MSH-9 says it, and names are met that are not IHE's.
struct CrossReferenceQuery {
  pix::CrossReferenceQuestion question;
  std::vector<WireError> errors;  // the question is good where there are none
};
CrossReferenceQuery ReadCrossReferenceQuery(const Message& message);

struct PageSizes {
  size_t usual = 50, most = 500;
};

struct DemographicsQuery {
  pix::DemographicsQuestion question;
  std::string continuation;  // DSC-1; not empty: the next page of an answer is asked for
  // Where in QPD-3 each of the question's identifiers and their authorities stand.
  std::vector<Location> identifier_places, authority_places;
  std::vector<WireError> errors;
};
// Criteria are repetitions of QPD-3, @PID.n.m.k^value in any case, with or without the numbers of first components:
// PID.3 (1, 4, 5) and PID.18 identifiers, 5.1 and 5.2 names (5: a whole one), 7 birth (also a year, or a year and a
// month), 8 sex, 11.3 to 11.5 prefecture, city, postal code, 13 phone. A '*' or '%' at the end of a name: it begins so.
// A criterion without a value says nothing; what nobody here looks for is an error at its repetition, so that no answer
// is wider than what was asked.
DemographicsQuery ReadDemographicsQuery(const Message& message, const PageSizes& pages);

struct Cancellation {
  std::string tag;  // QID-1
  std::vector<WireError> errors;
};
Cancellation ReadCancellation(const Message& message);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_QUERY_MESSAGE_H_
