// SPDX-License-Identifier: Apache-2.0
// What a run says of its pairs: links, and what a person should look at first.
#ifndef LIBMPI_LINKAGE_REVIEW_H_
#define LIBMPI_LINKAGE_REVIEW_H_

#include <span>
#include <vector>

#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/run_bounds.h"
#include "libmpi/linkage/thresholds.h"

namespace libmpi {

// Links at or above the review threshold, by (a, b); the clusters decide which
// are matches.
std::vector<Link> DecideLinks(std::span<const Edge> edges, const std::vector<uint32_t>& cluster,
                              FixedWeight review_threshold);

// The review list, most valuable case first. A case is one question: two clusters that may be one
// person, with up to 30 of the pairs that say so, strongest first (one answer settles them all); the
// weakest pair of a doubtful cluster; the first two records of a suspiciously large one. What is
// decided already is left out. Priority: the expected number of record pairs that the answer sets right. Of links
// between more than `most_cases` two clusters those of the highest priorities are listed; *left_out says so.
std::vector<ReviewItem> MakeReviewList(std::span<const Link> links,
                                       const std::vector<uint32_t>& cluster,
                                       std::span<const Edge> doubtful_pairs,
                                       std::span<const Decision> decisions,
                                       FixedWeight match_threshold, uint64_t most_cases, LeftOut* left_out);

// Records of a cluster beyond which nobody's records are so many.
inline constexpr uint64_t kSuspiciousCluster = 60;

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_REVIEW_H_
