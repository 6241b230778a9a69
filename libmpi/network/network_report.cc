// SPDX-License-Identifier: Apache-2.0
// The monthly report, as somebody who may be told counts.
#include "libmpi/network/call.h"
#include "libmpi/network/monthly_report.h"

namespace libmpi {

absl::StatusOr<libmpi::MonthlyReport> Network::MonthlyReport(const std::string& month, const Requester& by) {
  Call call(this, by, Operation::kReport, "monthly_report");
  return call.Answer([&]() -> absl::StatusOr<libmpi::MonthlyReport> {
    LIBMPI_RETURN_IF_ERROR(call.RequireAll());
    auto report = MakeMonthlyReport(registry_, {month, true, facilities(), nullptr});
    if (report.ok()) call.entry().detail = month;
    return report;
  });
}

}  // namespace libmpi
