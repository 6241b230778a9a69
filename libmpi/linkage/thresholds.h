// SPDX-License-Identifier: Apache-2.0
// Where links begin and where the review list begins.
#ifndef LIBMPI_LINKAGE_THRESHOLDS_H_
#define LIBMPI_LINKAGE_THRESHOLDS_H_

#include <span>

#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/linker.h"

namespace libmpi {

struct Thresholds {
  FixedWeight match = 0;
  FixedWeight review = 0;
};

// Edges below this are never kept.
inline constexpr FixedWeight kLowestReview = -5 * 1024;

// Thresholds of a preset for the edges of a run, each overridden by what the
// options give. kSafe: the lowest threshold, at least 6 bits, at which the mean of
// 1 - match probability over the links is at most 1 in 10,000.
Thresholds ChooseThresholds(const LinkOptions& options, std::span<const Edge> edges);

// The model's own estimate of the share of wrong ones among edges at or above a threshold.
double ExpectedWrongShare(std::span<const Edge> edges, FixedWeight threshold);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_THRESHOLDS_H_
