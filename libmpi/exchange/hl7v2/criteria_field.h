// SPDX-License-Identifier: Apache-2.0
// QPD-3 of ITI-21: by what patients are looked for. Internal to libmpi/exchange/hl7v2.
#ifndef LIBMPI_EXCHANGE_HL7V2_CRITERIA_FIELD_H_
#define LIBMPI_EXCHANGE_HL7V2_CRITERIA_FIELD_H_

#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/query_message.h"

namespace libmpi::hl7v2 {

// Fills the question's criteria and identifiers, their places, and what is wrong with them.
void ReadCriteria(const Field& field, DemographicsQuery* query);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_CRITERIA_FIELD_H_
