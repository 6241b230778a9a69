// SPDX-License-Identifier: Apache-2.0
// The monthly report and the advice on thresholds as JSON: counts, shares and names, nothing that a record says.
#ifndef LIBMPI_NETWORK_REPORT_JSON_H_
#define LIBMPI_NETWORK_REPORT_JSON_H_

#include "libmpi/network/monthly_report.h"
#include "libmpi/network/threshold_advice.h"
#include "nlohmann/json.hpp"

namespace libmpi {

nlohmann::ordered_json MonthlyReportJson(const MonthlyReport& report);
nlohmann::ordered_json ThresholdAdviceJson(const ThresholdAdvice& advice);

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_REPORT_JSON_H_
