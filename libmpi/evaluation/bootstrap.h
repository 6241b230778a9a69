// SPDX-License-Identifier: Apache-2.0
// 95 % intervals by drawing independent units again and again.
#ifndef LIBMPI_EVALUATION_BOOTSTRAP_H_
#define LIBMPI_EVALUATION_BOOTSTRAP_H_

#include <cstdint>
#include <span>
#include <vector>

#include "libmpi/evaluation/metrics.h"

namespace libmpi {

inline constexpr int kBootstrapRounds = 200;

// Of more units, each so-many-th goes into one: sums of independent units are independent as well, and
// as many of them tell the spread just as well.
inline constexpr size_t kMostBootstrapUnits = 20000;

// How often a unit stands in a round (1 .. kBootstrapRounds): a Poisson(1) draw from a hash, the same
// on every machine. Units are drawn each by itself, so no round need know how many there are.
int TimesDrawn(uint64_t round, uint64_t unit);

// The middle 95 % of one figure's values, one a round. REQUIRES: kBootstrapRounds values.
Interval MiddleOfRounds(std::vector<double> values);

// A unit's share of a ratio.
struct RatioPart {
  double part = 0;
  double whole = 0;
};
// Sum of parts over sum of wholes, `if_nothing` where that is 0, with its interval. O(units).
EstimatedFigure EstimateRatio(std::span<const RatioPart> units, double if_nothing);

// The exact 95 % interval of the mean of a Poisson distribution of which `count` were seen (Garwood,
// Biometrika 28, 1936).
Interval PoissonInterval(uint64_t count);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_BOOTSTRAP_H_
