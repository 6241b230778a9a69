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

// A pair to be explained, with what is known of it already.
struct ReportPair {
  uint32_t a = 0, b = 0;
  nlohmann::ordered_json about;
};
// The strongest link, those on both sides of the threshold, and where clustering had the last word.
std::vector<ReportPair> ChoosePairs(const std::vector<libmpi::Link>& links, double match_threshold);
// The first pair of each of the first cases, with how many pairs the case has.
std::vector<ReportPair> ReviewPairs(const std::vector<libmpi::ReviewItem>& review);
// The pair as the page takes it.
nlohmann::ordered_json ExplainedPair(ReportPair&& pair, const libmpi::RecordKey& a, const libmpi::RecordKey& b,
                                     const libmpi::Explanation& why, bool with_values);

// {"chosen": pairs, each with the role it was chosen for; "review": the first pair of each case shown}.
// About a millisecond a pair.
absl::StatusOr<nlohmann::ordered_json> ReportPairs(const RunFacts& facts, const libmpi::CivilDate& today,
                                                   bool with_values);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_REPORT_PAIRS_H_
