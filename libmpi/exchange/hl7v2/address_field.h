// SPDX-License-Identifier: Apache-2.0
// HL7's XAD and XTN: where a patient lives and how to call them.
#ifndef LIBMPI_EXCHANGE_HL7V2_ADDRESS_FIELD_H_
#define LIBMPI_EXCHANGE_HL7V2_ADDRESS_FIELD_H_

#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/message_builder.h"
#include "libmpi/exchange/hl7v2/message_head.h"
#include "libmpi/record/record.h"

namespace libmpi::hl7v2 {

// Adds what PID-11 says of homes. A whole address stands in component 8 (SS-MIX2), or alone in component 1; else
// components 1 and 2, 3 and 4 are street, city and prefecture. Of a phonetic repetition (component 11: P) and of
// addresses that are no home (component 7: work, birth, bad ...) nothing is taken.
void ReadAddresses(const Field& field, Record* record);
void SetAddresses(const Record& record, size_t field, SegmentBuilder* pid);

// Adds the numbers of PID-13 or PID-14, of component 12, 1, 6 and 7, or 9. Mail addresses, pagers and fax machines are
// left out.
void ReadPhones(const Field& field, Record* record);
// As repetitions ^PRN^PH (^CP: mobile), with the number in component 1, and in 12 too from 2.5 on.
void SetPhones(const Record& record, const Version& version, size_t field, SegmentBuilder* pid);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_ADDRESS_FIELD_H_
