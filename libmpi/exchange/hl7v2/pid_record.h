// SPDX-License-Identifier: Apache-2.0
// What PID and IN1 say of a patient, as a record and back.
#ifndef LIBMPI_EXCHANGE_HL7V2_PID_RECORD_H_
#define LIBMPI_EXCHANGE_HL7V2_PID_RECORD_H_

#include <string>
#include <string_view>
#include <vector>

#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/message_builder.h"
#include "libmpi/exchange/hl7v2/message_head.h"
#include "libmpi/pix/identifier.h"
#include "libmpi/record/record.h"

namespace libmpi::hl7v2 {

// Every repetition of a field of type CX; those that say nothing stay, so that each keeps its number.
std::vector<pix::Identifier> ReadIdentifiers(const Field& field);

// "19600401093000" to "19600401", "196004" to "1960-04"; whatever else stays as it was said.
std::string BirthOf(std::string_view text);
// However a birth date was said, "19600401", "196004" or "1960"; empty: it is no date.
std::string Hl7DateOf(std::string_view birth);
// However a sex was said, as HL7's table 0001: M, F, O or U.
std::string_view Hl7SexOf(std::string_view sex);

// PID-5, 7, 8, 9, 11, 13 and 14. What is `""`, to be deleted, says nothing; so does the rest: the mother's maiden name
// (PID-6) is not the patient's, an account (PID-18) is none of a person.
void ReadPid(const Segment& pid, Record* record);

// A card: IN1-3 insurer; IN1-10 symbol~number~branch, or the number alone (SS-MIX2), else IN1-36. Care insurance (IN1-2
// says 介護) is a care card. What names neither insurer nor number says nothing.
void ReadIn1(const Segment& in1, Record* record);

// PID-5, 7, 8, 11 and 13 of a golden record. The birth date is YYYYMMDD, YYYYMM or YYYY however it was said.
void SetPid(const Record& record, bool kanji_names_only, const Version& version, SegmentBuilder* pid);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_PID_RECORD_H_
