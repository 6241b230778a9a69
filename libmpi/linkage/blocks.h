// SPDX-License-Identifier: Apache-2.0
// Records that share a blocking key, and the stream of their pairs.
#ifndef LIBMPI_LINKAGE_BLOCKS_H_
#define LIBMPI_LINKAGE_BLOCKS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "libmpi/base/parallel.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/linker.h"

namespace libmpi {

// The blocks of a set of records. A key that more than kMostCommonKey records
// share is sharpened by further values, step by step; what stays too common
// after the last step is left out and counted as unreached. Depends on the set of records
// only. Immutable after construction.
class Blocks {
 public:
  // C of design "Deciding" 4: the largest block whose pairs are all compared. Small blocks
  // cost recall nothing that the other rules do not give back, and keep hopeless pairs out of
  // the mixture (bench/README.md, "Blocking").
  static constexpr size_t kMostCommonKey = 30;
  // Same after the last refinement: records that agree on so much are mostly one person's.
  static constexpr size_t kMostCommonRefinedKey = 500;

  // Takes the keys out of `records`. O(keys log keys).
  Blocks(EncodedRecords* records, int threads);

  // Calls visit(worker, a, b), a < b, once for each pair of records that share
  // a block, however many they share. Blocks are visited in parallel, each by one
  // worker; the pairs of a chunk of blocks come in a fixed order.
  template <typename Visit>
  void ForEachPair(int threads, const Visit& visit) const {
    ParallelChunks(block_begin_.size() - 1, kBlocksAChunk, threads,
                   [&](size_t begin, size_t end, int worker) {
                     for (size_t block = begin; block < end; ++block)
                       VisitBlock(static_cast<uint32_t>(block), worker, visit);
                   });
  }

  // Same for those blocks alone that keep(members) takes, a function of their records. Every pair
  // belongs to one block, so a sample of blocks is one of pairs.
  template <typename Keep, typename Visit>
  void ForEachPairOfSample(int threads, const Keep& keep, const Visit& visit) const {
    ParallelChunks(block_begin_.size() - 1, kBlocksAChunk, threads,
                   [&](size_t begin, size_t end, int worker) {
                     for (size_t block = begin; block < end; ++block)
                       if (keep(worker, Members(block)))
                         VisitBlock(static_cast<uint32_t>(block), worker, visit);
                   });
  }

  // Same with a chunk number, ascending with the blocks, for results kept by chunk.
  template <typename Visit>
  void ForEachPairByChunk(int threads, const Visit& visit) const {
    ParallelChunks(block_begin_.size() - 1, kBlocksAChunk, threads,
                   [&](size_t begin, size_t end, int worker) {
                     for (size_t block = begin; block < end; ++block)
                       VisitBlock(static_cast<uint32_t>(block), worker,
                                  [&](int w, uint32_t a, uint32_t b) {
                                    visit(w, begin / kBlocksAChunk, a, b);
                                  });
                   });
  }
  size_t chunk_count() const { return (block_begin_.size() - 1 + kBlocksAChunk - 1) / kBlocksAChunk; }

  // Whether the two share a block, so that the pair is a candidate. O(blocks of a and b).
  bool Meet(uint32_t a, uint32_t b) const;

  // Pairs before repeats are suppressed.
  uint64_t raw_pairs() const;
  // One row a rule.
  const std::vector<BlockingRuleReport>& report() const { return report_; }

 private:
  static constexpr size_t kBlocksAChunk = 4096;
  std::span<const uint32_t> Members(size_t block) const {
    return {members_.data() + block_begin_[block], block_begin_[block + 1] - block_begin_[block]};
  }
  struct Entry {
    uint64_t key;
    uint32_t record;
  };

  void AddBlock(const std::vector<Entry>& entries, size_t begin, size_t end, bool refined);
  // The `count` entries that for_each(take) gives, every time it is called, by key and record.
  template <typename ForEach>
  static std::vector<Entry> Sorted(size_t count, const ForEach& for_each, int threads);
  // Blocks of entries that were refined `step` times; what is too common is refined again.
  void TakeSorted(std::vector<Entry>&& entries, const EncodedRecords& records, int step,
                  int threads);
  void IndexByRecord(size_t records);

  // A pair is visited in its first common block only.
  bool IsFirstCommonBlock(uint32_t block, uint32_t a, uint32_t b) const {
    const uint32_t* i = &blocks_of_[blocks_begin_[a]];
    const uint32_t* j = &blocks_of_[blocks_begin_[b]];
    while (*i != *j) {
      if (*i < *j) ++i;
      else ++j;
    }
    return *i == block;
  }

  template <typename Visit>
  void VisitBlock(uint32_t block, int worker, const Visit& visit) const {
    const uint32_t* members = &members_[block_begin_[block]];
    const size_t size = block_begin_[block + 1] - block_begin_[block];
    for (size_t i = 0; i + 1 < size; ++i)
      for (size_t j = i + 1; j < size; ++j)
        if (IsFirstCommonBlock(block, members[i], members[j]))
          visit(worker, members[i], members[j]);
  }

  std::vector<uint64_t> block_begin_;  // into members_, one more than blocks
  std::vector<uint32_t> members_;      // ascending within a block
  std::vector<uint64_t> blocks_begin_; // into blocks_of_, by record
  std::vector<uint32_t> blocks_of_;    // ascending within a record
  std::vector<BlockingRuleReport> report_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_BLOCKS_H_
