// SPDX-License-Identifier: Apache-2.0
// Disjoint sets of numbered items.
#ifndef LIBMPI_BASE_UNION_FIND_H_
#define LIBMPI_BASE_UNION_FIND_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "libmpi/base/array_space.h"

namespace libmpi {

// Sets under joining, each named by its smallest item. Nearly constant time a call (path halving).
// Not thread-safe.
class UnionFind {
 public:
  explicit UnionFind(size_t items) : parent_(items) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }
  uint32_t Find(uint32_t x) {
    while (parent_[x] != x) x = parent_[x] = parent_[parent_[x]];
    return x;
  }
  void Join(uint32_t a, uint32_t b) {
    a = Find(a);
    b = Find(b);
    if (a != b) parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  LargeArray<uint32_t> parent_;
};

}  // namespace libmpi

#endif  // LIBMPI_BASE_UNION_FIND_H_
