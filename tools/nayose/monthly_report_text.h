// SPDX-License-Identifier: Apache-2.0
// The monthly report for people: Markdown that also reads well as it is.
#ifndef LIBMPI_TOOLS_NAYOSE_MONTHLY_REPORT_TEXT_H_
#define LIBMPI_TOOLS_NAYOSE_MONTHLY_REPORT_TEXT_H_

#include <cstdint>
#include <string>

#include "libmpi/network/monthly_report.h"

namespace nayose {

// `population`: of the region; 0: not told.
std::string MonthlyReportText(const libmpi::MonthlyReport& report, uint64_t population);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_MONTHLY_REPORT_TEXT_H_
