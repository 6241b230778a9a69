// SPDX-License-Identifier: Apache-2.0
#ifndef LIBMPI_RECORD_ISO_DATE_H_
#define LIBMPI_RECORD_ISO_DATE_H_

#include <optional>
#include <string>
#include <string_view>

#include "libmpi/record/civil_date.h"

namespace libmpi {

// Of "2026-04-01", from 1900 on; nothing where it is no day of the calendar. What patients write: birth_date.h.
std::optional<CivilDate> ParseIsoDate(std::string_view text);
// Whether it is "2026", "202604", "20260401", "2026-04" or "2026-04-01" of the calendar, of whatever year: partial dates
// of HL7 and FHIR.
bool IsPartialDate(std::string_view text);
// "2026-04-01"; unknown parts as zeros.
std::string IsoDateText(const CivilDate& date);
// "20260401", as HL7 and most Japanese formats have it; unknown parts as zeros.
std::string PlainDateText(const CivilDate& date);
// "2026-04"
std::string IsoMonthText(const CivilDate& date);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_ISO_DATE_H_
