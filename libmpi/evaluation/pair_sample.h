// SPDX-License-Identifier: Apache-2.0
// Which pairs to ask a person about, and how many pairs each answer stands for.
#ifndef LIBMPI_EVALUATION_PAIR_SAMPLE_H_
#define LIBMPI_EVALUATION_PAIR_SAMPLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace libmpi {

struct SampledItem {
  size_t index = 0;
  double stands_for = 1;  // 1 over the probability with which the item was drawn
};

// Draws about in proportion to `sizes` (all above 0), without replacement and with a fixed number: sequential
// Poisson sampling (Ohlsson, Journal of Official Statistics 14, 1998). `random` is a random number
// an item, which it keeps: a larger sample holds every smaller one in the same order, so that a
// sample cut short is a sample, and one can go on where one left off. Gives min(n, items) items. Equal
// sizes: a simple random sample. O(items log items).
std::vector<SampledItem> DrawSample(std::span<const double> sizes, std::span<const uint64_t> random,
                                    size_t n);

// What pairs that are told by match probability and kind (agreement pattern) can teach, as sizes
// for DrawSample: most near even odds, less where there are many more of the kind, and never so
// little that a region of weights is never asked about. `stratum`: by pair, a region of weights; a fifth
// of the questions goes to all strata alike, whatever the pairs in them.
std::vector<double> TeachingSizes(std::span<const double> match_probability, std::span<const uint64_t> kind,
                                  std::span<const int> stratum);

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_PAIR_SAMPLE_H_
