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

// Parts that a run by a schema shows alike.
// Of counts by falling size: how much of all each shown rank (1, 2, 5, 10, ...) has, and all up to it.
nlohmann::ordered_json ReportRanks(const std::vector<uint32_t>& counts, uint64_t all);
// [weight, count] of each bin that holds any.
nlohmann::ordered_json ReportHistogram(const libmpi::WeightHistogram& histogram);
// [size, clusters] by size.
nlohmann::ordered_json ReportClusterSizes(const std::vector<uint32_t>& cluster);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_REPORT_DATA_H_
