// SPDX-License-Identifier: Apache-2.0
// The edges of scored pairs, as many as a bound allows.
#ifndef LIBMPI_LINKAGE_EDGE_STORE_H_
#define LIBMPI_LINKAGE_EDGE_STORE_H_

#include <cstdint>
#include <mutex>
#include <vector>

#include "libmpi/base/array_space.h"
#include "libmpi/base/parallel.h"
#include "libmpi/linkage/clustering.h"

namespace libmpi {

// Takes edges chunk by chunk from several workers and gives them back in the order of the chunks. Of more edges
// than the bound those stay that may link by themselves, then those of higher weight, then those that a hash of the
// two records chooses: the same ones whatever the order in which chunks come. Holds twice the bound at most, and a
// part of a chunk for each worker.
class EdgeStore {
 public:
  // `linking`: edges that are not held link by themselves from this weight on.
  EdgeStore(int workers, uint64_t most, FixedWeight linking) : most_(most), linking_(linking), own_(workers) {}

  // Another edge of a chunk, of which one worker gives all. May be called by all workers at once.
  void Add(int worker, size_t chunk, const Edge& edge) {
    Part& own = own_[worker].part;
    if (!own.edges.empty() && (own.chunk != chunk || own.edges.size() == kPart)) Hand(&own);
    own.chunk = chunk;
    own.edges.push_back(edge);
  }

  // Ends it: the edges that stay, in `space` or memory; *left_out: how many do not.
  LargeArray<Edge> Take(ArraySpace* space, uint64_t* left_out);

 private:
  static constexpr size_t kPart = size_t{1} << 18;
  struct Part {
    size_t chunk = 0;
    std::vector<Edge> edges;
  };
  struct alignas(kOwnCacheLines) OwnPart {
    Part part;
  };
  void Hand(Part* own);
  // Larger ones stay.
  uint64_t RankOf(const Edge& e) const;
  void Cut();

  const uint64_t most_;
  const FixedWeight linking_;
  std::mutex mutex_;
  std::vector<OwnPart> own_;  // by worker
  std::vector<Part> parts_;   // those of one chunk in order
  uint64_t held_ = 0, left_out_ = 0;
  uint64_t lowest_ = 0;  // rank
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_EDGE_STORE_H_
