// SPDX-License-Identifier: Apache-2.0
// What a run says of its pairs: links, and what a person should look at first.
#ifndef LIBMPI_LINKAGE_REVIEW_H_
#define LIBMPI_LINKAGE_REVIEW_H_

#include <span>
#include <vector>

#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/thresholds.h"

namespace libmpi {

// Links at or above the review threshold, by (a, b); the clusters decide which
// are matches.
std::vector<Link> DecideLinks(std::span<const Edge> edges, const std::vector<uint32_t>& cluster,
                              FixedWeight review_threshold);

// The review list, most valuable first: one row for each two clusters that
// may be one person (its strongest pair), since one answer settles all their pairs. Priority: match probability times
// the number of record pairs that the answer would join.
std::vector<ReviewItem> MakeReviewList(std::span<const Link> links,
                                       const std::vector<uint32_t>& cluster,
                                       FixedWeight match_threshold);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_REVIEW_H_
