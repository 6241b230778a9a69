// SPDX-License-Identifier: Apache-2.0
// Which pairs meet, and which no longer do, once some nodes come and some go.
#ifndef LIBMPI_LINKAGE_KEY_CHANGES_H_
#define LIBMPI_LINKAGE_KEY_CHANGES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "libmpi/base/keyed_items.h"
#include "libmpi/linkage/linkage_index.h"

namespace libmpi {

// Nodes before and after: those below `first_added` were there and those from it on come; `before` and `after` tell
// by node whether a record says (said) it.
struct NodeChange {
  const GrownNodes* nodes;
  uint32_t first_added;
  const std::vector<bool>* before;
  const std::vector<bool>* after;

  bool WasThere(uint32_t n) const { return n < first_added && (*before)[n]; }
  bool IsThere(uint32_t n) const { return (*after)[n]; }
};

// Pairs of nodes as PairKey(), ascending, each once.
struct PairChanges {
  std::vector<uint64_t> gained;  // a key brings them together that did not before; perhaps another did
  std::vector<uint64_t> lost;    // both stay; a key brought them together that no longer does; perhaps another does
};

// What the blocks of all keys of nodes that come or go are after the change, against what they were: a key of one
// such node may cross the number beyond which it is sharpened (Blocks), and bring together or part others.
// Looks at each key of the index once, and at all nodes of the keys concerned.
PairChanges ChangesOfKeys(const NodeChange& change, const IndexView& index, int threads);

// Of pairs of nodes that are there after the change, those that share a block then. `pairs` as PairKey(), ascending.
std::vector<uint64_t> PairsThatMeet(std::span<const uint64_t> pairs, const NodeChange& change, const IndexView& index,
                                    int threads);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_KEY_CHANGES_H_
