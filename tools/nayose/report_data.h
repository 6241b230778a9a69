// SPDX-License-Identifier: Apache-2.0
// What report.html shows of a run, as JSON: figures summed over records, and a few pairs.
#ifndef LIBMPI_TOOLS_NAYOSE_REPORT_DATA_H_
#define LIBMPI_TOOLS_NAYOSE_REPORT_DATA_H_

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/run_evaluation.h"
#include "tools/nayose/run_summary.h"

namespace nayose {

// `evaluation` may be null. Without `with_values` the data hold record keys, names of files and sources,
// and nothing that a record says of its patient. The same for the same run, whatever it took: times are
// left out. About a second for a million records on two cores.
absl::StatusOr<nlohmann::ordered_json> ReportData(const RunFacts& facts, const libmpi::CivilDate& today,
                                                  const RunEvaluation* evaluation, bool with_values);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_REPORT_DATA_H_
