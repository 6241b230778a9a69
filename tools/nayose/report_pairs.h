// SPDX-License-Identifier: Apache-2.0
// Pairs that report.html explains: some chosen ones, and the head of the review list.
#ifndef LIBMPI_TOOLS_NAYOSE_REPORT_PAIRS_H_
#define LIBMPI_TOOLS_NAYOSE_REPORT_PAIRS_H_

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/run_summary.h"

namespace nayose {

// Cases of the review list that the page shows; review.csv has all.
inline constexpr size_t kReviewShown = 200;

// {"chosen": pairs, each with the role it was chosen for; "review": the first pair of each case shown}.
// About a millisecond a pair.
absl::StatusOr<nlohmann::ordered_json> ReportPairs(const RunFacts& facts, const libmpi::CivilDate& today,
                                                   bool with_values);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_REPORT_PAIRS_H_
