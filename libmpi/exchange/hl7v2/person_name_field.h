// SPDX-License-Identifier: Apache-2.0
// HL7's XPN: a patient's names, in the scripts of Japan.
#ifndef LIBMPI_EXCHANGE_HL7V2_PERSON_NAME_FIELD_H_
#define LIBMPI_EXCHANGE_HL7V2_PERSON_NAME_FIELD_H_

#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/message_builder.h"
#include "libmpi/record/record.h"

namespace libmpi::hl7v2 {

// Adds what PID-5 says (or PID-9, aliases). A repetition is kanji (component 8: I), kana (P) or Latin (A), as it says
// or, where it says nothing, as its letters are. The nth repetitions of each script that are of one type (component 7)
// are one name. Maiden and birth names (M, B) are former names; nicknames, partners' names and names that stand for
// nobody (N, P, S) are left out. Senders that write both codes one component too early (^^^^L^I) are met.
void ReadNames(const Field& field, Record* record);

// As PID-5: repetitions ^^^^^^L^I, ^P and ^A of the present names, then former names as ^^^^^^M. `kanji_only`: of each
// name one repetition alone, the first of these. Names that were said in one piece are parted at their space, and stand
// whole in the family name's component where they have none.
void SetNames(const Record& record, bool kanji_only, size_t field, SegmentBuilder* pid);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_PERSON_NAME_FIELD_H_
