// SPDX-License-Identifier: Apache-2.0
// Data quality for report.html: what is filled by field and source, findings and rejects by kind.
#ifndef LIBMPI_TOOLS_NAYOSE_REPORT_QUALITY_H_
#define LIBMPI_TOOLS_NAYOSE_REPORT_QUALITY_H_

#include "nlohmann/json.hpp"
#include "tools/nayose/run_summary.h"

namespace nayose {

// By what was counted while the records were written; else reads every record once, on all cores.
nlohmann::ordered_json ReportQuality(const RunFacts& facts);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_REPORT_QUALITY_H_
