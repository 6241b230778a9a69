// SPDX-License-Identifier: Apache-2.0
// Average linkage of a few records, exactly.
#ifndef LIBMPI_LINKAGE_AVERAGE_LINKAGE_H_
#define LIBMPI_LINKAGE_AVERAGE_LINKAGE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace libmpi {

// Average linkage of one component by itself: members ascending; `similarity(i, j)` of
// member numbers, asked once for each i < j, member i counting counts[i] times (once where there are none). The two
// clusters of the highest average merge while that reaches the threshold; of equal averages those with the smaller
// first members. Returns a label per member: number of its cluster's first member. O(n^2) memory; O(n^2) time as a
// rule, ties among all included (a cluster's best partner is looked for again only when its turn comes, after
// Müllner, arXiv:1109.2378), O(n^3) at worst.
std::vector<uint32_t> AverageLinkage(size_t members, std::span<const uint32_t> counts,
                                     const std::function<int64_t(size_t, size_t)>& similarity,
                                     int64_t threshold);

// The similarity of a pair that must never share a cluster, not even through others.
inline constexpr int64_t kCannotLink = INT64_MIN;

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_AVERAGE_LINKAGE_H_
