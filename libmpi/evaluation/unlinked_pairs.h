// SPDX-License-Identifier: Apache-2.0
// The pairs of one cluster that no link ties, without listing them.
#ifndef LIBMPI_EVALUATION_UNLINKED_PAIRS_H_
#define LIBMPI_EVALUATION_UNLINKED_PAIRS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace libmpi {

// Numbers the pairs of records that share a cluster and are not linked: a cluster of n records has n (n - 1) / 2 pairs less
// its links, far too many to hold where n is thousands. Memory O(records + links). Immutable after construction.
class UnlinkedPairs {
 public:
  static constexpr uint32_t kLeftOut = UINT32_MAX;
  using Pair = std::pair<uint32_t, uint32_t>;  // first < second

  UnlinkedPairs() = default;
  // `cluster`: by record, below the number of records, or kLeftOut: of no pair. `links`: each once; those that are not of one
  // cluster have no effect. O((records + links) log).
  UnlinkedPairs(std::span<const uint32_t> cluster, std::span<const Pair> links);

  uint64_t size() const { return begin_.empty() ? 0 : begin_.back(); }
  // The pair of a number below size(). O(log).
  Pair Get(uint64_t number) const;

  // Numbers of min(count, size()) pairs, a simple random sample without replacement that hashes of `seed` choose: a larger
  // sample begins with every smaller one. O(count), times log(count) where count is near size().
  std::vector<uint64_t> Draw(size_t count, uint64_t seed) const;

 private:
  struct Cluster {
    std::vector<uint32_t> records;  // ascending
    // Its links as numbers y (y - 1) / 2 + x of the pair of its x-th and y-th record, x < y; ascending.
    std::vector<uint64_t> links;
  };
  std::vector<Cluster> clusters_;  // that have unlinked pairs
  std::vector<uint64_t> begin_;    // by cluster, the number of its first unlinked pair, and the end
};

}  // namespace libmpi

#endif  // LIBMPI_EVALUATION_UNLINKED_PAIRS_H_
