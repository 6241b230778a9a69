// SPDX-License-Identifier: Apache-2.0
// Records in a caller's order, decided in the order of their keys.
#ifndef LIBMPI_LINKAGE_KEY_ORDER_H_
#define LIBMPI_LINKAGE_KEY_ORDER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "libmpi/linkage/linker.h"

namespace libmpi {

// order[i]: which of the records has the i-th smallest key. Keys that stand twice are next to each
// other. O(n log n).
std::vector<uint32_t> KeyOrder(std::span<const Record> records);

// Decisions of records in the caller's order, by key order. Indices of no record stay what they are.
std::vector<Decision> DecisionsByKeyOrder(std::span<const uint32_t> order,
                                          std::span<const Decision> decisions);

std::vector<LabelledPair> LabelsByKeyOrder(std::span<const uint32_t> order,
                                           std::span<const LabelledPair> labels);

// Turns indices by key order into the caller's, and sorts lists by them again. A cluster is still
// named by its record of the smallest key.
void ToCallersOrder(std::span<const uint32_t> order, LinkResult* result);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_KEY_ORDER_H_
