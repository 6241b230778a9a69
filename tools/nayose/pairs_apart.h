// SPDX-License-Identifier: Apache-2.0
// Pairs of records that one partition holds together and another does not.
#ifndef LIBMPI_TOOLS_NAYOSE_PAIRS_APART_H_
#define LIBMPI_TOOLS_NAYOSE_PAIRS_APART_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace nayose {

// Of more such pairs, this many are looked into, chosen by a hash of their numbers.
inline constexpr size_t kMostPairsLookedInto = 20000;
// Groups of more records are not searched for pairs.
inline constexpr size_t kMostRecordsSearched = 3000;

// Pairs of records, ascending, with one label in `together` and two in `apart`; of two lists
// (`list`, or empty) only those across.
std::vector<std::pair<uint32_t, uint32_t>> PairsApart(std::span<const uint32_t> together,
                                                      std::span<const uint32_t> apart,
                                                      std::span<const uint8_t> list);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_PAIRS_APART_H_
