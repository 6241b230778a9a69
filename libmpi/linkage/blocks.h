// SPDX-License-Identifier: Apache-2.0
// Records that share a blocking key, and the stream of their pairs.
#ifndef LIBMPI_LINKAGE_BLOCKS_H_
#define LIBMPI_LINKAGE_BLOCKS_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "libmpi/base/parallel.h"
#include "libmpi/linkage/blocking_keys.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/met_before.h"

namespace libmpi {

// The blocks of a set of records. A key that more than MostCommonKey records
// share is sharpened by further values, step by step; what stays too common
// after the last step is left out and counted as unreached. Depends on the set of records
// only. Immutable after construction.
//
// Blocks stand in the order of their first members' birth dates: most rules hold the birth date, and
// what one record's blocks need is in the cache while they are looked at.
class Blocks {
 public:
  // C of design "Deciding" 4: the largest block whose pairs are all compared. Small blocks
  // cost recall nothing that the other rules do not give back, and keep hopeless pairs out of
  // the mixture (bench/README.md, "Blocking").
  static constexpr size_t kMostCommonKey = 30;
  // The same for the rules whose keys say least of a person but the birth date: in millions of records
  // strangers fill these blocks (of ten million records, 11.6 candidate pairs a record instead of 17.6, at the same F1).
  static constexpr size_t kMostCommonBroadKey = 12;
  static constexpr size_t MostCommonKey(BlockingRule rule) {
    const bool broad = rule == BlockingRule::kBirthSexInitial || rule == BlockingRule::kBirthCity;
    return broad ? kMostCommonBroadKey : kMostCommonKey;
  }
  // Same after the last refinement: records that agree on so much are mostly one person's.
  static constexpr size_t kMostCommonRefinedKey = 500;

  // How many records may share a key that was refined `step` times and be a block.
  static constexpr size_t MostMembers(BlockingRule rule, int step) {
    return step < kRefinements ? MostCommonKey(rule) : kMostCommonRefinedKey;
  }

  // Takes the keys out of `records`. O(keys), besides them some 110 bytes a record. Of blocks beyond kMostCommonKey
  // at the last refinement the largest are left out, as unreached, where all of them had more pairs than
  // MostRefinedPairs (run_bounds.h), or than told. Calls keys_read() before it takes the keys away, for whom that borrows
  // them meanwhile.
  Blocks(EncodedRecords* records, int threads, const std::function<void()>& keys_read = [] {});
  Blocks(EncodedRecords* records, int threads, uint64_t most_refined_pairs,
         const std::function<void()>& keys_read = [] {});

  // For whom nothing is to be fetched from memory ahead of a pair's turn.
  struct FetchNothing {
    void Upcoming(uint32_t) const {}
    void UpcomingNames(uint32_t) const {}
  };

  // Calls visit(worker, a, b), a < b, once for each pair of records that share
  // a block, however many they share. Blocks are visited in parallel, each by one
  // worker; the pairs of a chunk of blocks come in a fixed order.
  template <typename Visit>
  void ForEachPair(int threads, const Visit& visit) const {
    ForEachPairByChunk(threads, [&](int worker, size_t, uint32_t a, uint32_t b) { visit(worker, a, b); });
  }

  // Same with a chunk number, ascending with the blocks, for results kept by chunk.
  template <typename Visit>
  void ForEachPairByChunk(int threads, const Visit& visit) const {
    ForEachPairByChunk(threads, visit, FetchNothing());
  }

  // Same; calls fetch.Upcoming(i), and some pairs later fetch.UpcomingNames(i), for the records of a pair well ahead of its
  // turn, as a Comparator wants them.
  template <typename Visit, typename Fetch>
  void ForEachPairByChunk(int threads, const Visit& visit, const Fetch& fetch) const {
    ForEachChunk(threads, [&](size_t chunk, int worker, MetBefore* met) {
      PairQueue queue;
      const auto visit_pair = [&](uint32_t a, uint32_t b) { visit(worker, chunk, a, b); };
      ForEachBlock(chunk, [](uint32_t) {}, [&](uint32_t block, std::span<const uint32_t> members) {
        // A pair is visited in the first of its common blocks.
        VisitPairs(members, met, [block](uint32_t other) { return other < block; },
                   [&](uint32_t a, uint32_t b) { queue.Add(a, b, visit_pair, fetch); });
      });
      queue.Empty(visit_pair, fetch);
    });
  }
  size_t chunk_count() const { return chunk_begin_.size(); }

  // Same for those blocks alone that keep(worker, members) takes, a function of their records. Every pair
  // belongs to one block, that of its smallest key, so a sample of blocks is one of pairs. Calls
  // member_ahead(record) some blocks ahead of keep() as well.
  template <typename Keep, typename Visit, typename MemberAhead, typename Fetch>
  void ForEachPairOfSample(int threads, const Keep& keep, const Visit& visit, const MemberAhead& member_ahead,
                           const Fetch& fetch) const {
    ForEachChunk(threads, [&](size_t chunk, int worker, MetBefore* met) {
      PairQueue queue;
      const auto visit_pair = [&](uint32_t a, uint32_t b) { visit(worker, a, b); };
      ForEachBlock(chunk, member_ahead, [&](uint32_t block, std::span<const uint32_t> members) {
        if (!keep(worker, members)) return;
        VisitPairs(members, met, [this, block](uint32_t other) { return rank_[other] < rank_[block]; },
                   [&](uint32_t a, uint32_t b) { queue.Add(a, b, visit_pair, fetch); });
      });
      queue.Empty(visit_pair, fetch);
    });
  }

  // Whether the two share a block, so that the pair is a candidate. O(blocks of a and b).
  bool Meet(uint32_t a, uint32_t b) const {
    return ShareBlock(BlocksOf(a), BlocksOf(b), [](uint32_t) { return true; });
  }
  // Fetch what Meet() reads of a record, the one well before the other.
  void UpcomingSoon(uint32_t record) const { __builtin_prefetch(&blocks_begin_[record]); }
  void Upcoming(uint32_t record) const { __builtin_prefetch(blocks_of_.data() + blocks_begin_[record]); }

  // Pairs before repeats are suppressed.
  uint64_t raw_pairs() const;
  // One row a rule.
  const std::vector<BlockingRuleReport>& report() const { return report_; }

 private:
  static constexpr size_t kBlocksAChunk = 4096;
  // How far ahead of their turn the blocks of members are fetched from memory.
  static constexpr size_t kMembersAhead = 12;

  void IndexByRecord(size_t records, int threads);
  std::span<const uint32_t> BlocksOf(uint32_t record) const {
    return {blocks_of_.data() + blocks_begin_[record], blocks_begin_[record + 1] - blocks_begin_[record]};
  }

  // Pairs that wait for their records: found first, visited later, the records fetched in between.
  class PairQueue {
   public:
    template <typename Visit, typename Fetch>
    void Add(uint32_t a, uint32_t b, const Visit& visit, const Fetch& fetch) {
      pairs_[size_++] = {a, b};
      if (size_ == kSize) Empty(visit, fetch);
    }
    template <typename Visit, typename Fetch>
    void Empty(const Visit& visit, const Fetch& fetch) {
      // Pairs of a block come one after the other: of most the first record is that of the pair before.
      const auto of_pair = [this](size_t i, const auto& fetch_one) {
        if (i >= size_) return;
        if (i == 0 || pairs_[i].first != pairs_[i - 1].first) fetch_one(pairs_[i].first);
        fetch_one(pairs_[i].second);
      };
      const auto record = [&fetch](uint32_t i) { fetch.Upcoming(i); };
      const auto names = [&fetch](uint32_t i) { fetch.UpcomingNames(i); };
      for (size_t i = 0; i < kRecordsAhead; ++i) of_pair(i, record);
      for (size_t i = 0; i < kNamesAhead; ++i) of_pair(i, names);
      for (size_t i = 0; i < size_; ++i) {
        of_pair(i + kRecordsAhead, record);
        of_pair(i + kNamesAhead, names);
        visit(pairs_[i].first, pairs_[i].second);
      }
      size_ = 0;
    }

   private:
    static constexpr size_t kSize = 2048;
    static constexpr size_t kRecordsAhead = 12, kNamesAhead = 6;  // about a microsecond each
    std::array<std::pair<uint32_t, uint32_t>, kSize> pairs_;
    size_t size_ = 0;
  };

  // Calls visit(chunk, worker, scratch).
  template <typename Visit>
  void ForEachChunk(int threads, const Visit& visit) const {
    std::vector<MetBefore> met(std::max(threads, 1));
    ParallelChunks(chunk_count(), 1, threads,
                   [&](size_t chunk, size_t, int worker) { visit(chunk, worker, &met[worker]); });
  }

  // Calls visit(block, members) for the blocks of a chunk, and ahead(member) some members before.
  template <typename Ahead, typename Visit>
  void ForEachBlock(size_t chunk, const Ahead& ahead, const Visit& visit) const {
    const uint32_t* members = members_.data() + chunk_begin_[chunk];
    const uint32_t* next = members;
    const uint32_t* const last = members_.data() + members_.size();
    for (size_t i = 0; i < kMembersAhead && members + i < last; ++i) UpcomingSoon(members[i]);
    const size_t end = std::min(size_.size(), (chunk + 1) * kBlocksAChunk);
    for (size_t block = chunk * kBlocksAChunk; block < end; ++block) {
      const size_t size = size_[block];
      for (const uint32_t* const stop = last - members > static_cast<ptrdiff_t>(size + kMembersAhead)
                                            ? members + size + kMembersAhead : last;
           next < stop; ++next) {
        if (last - next > static_cast<ptrdiff_t>(kMembersAhead)) UpcomingSoon(next[kMembersAhead]);
        Upcoming(*next);
        ahead(*next);
      }
      visit(static_cast<uint32_t>(block), std::span(members, size));
      members += size;
    }
  }

  // Calls visit(a, b) for the pairs of members that share none of the blocks that counts(other).
  template <typename Counts, typename Visit>
  void VisitPairs(std::span<const uint32_t> members, MetBefore* met, const Counts& counts, const Visit& visit) const {
    if (members.size() <= 2 || members.size() > MetBefore::kMostMembers) {
      for (size_t i = 0; i + 1 < members.size(); ++i)
        for (size_t j = i + 1; j < members.size(); ++j)
          if (!ShareBlock(BlocksOf(members[i]), BlocksOf(members[j]), counts)) visit(members[i], members[j]);
      return;
    }
    met->Start(members.size());
    for (size_t i = members.size(); i-- > 0;)
      for (uint32_t other : BlocksOf(members[i]))
        if (counts(other)) met->Add(i, other);
    for (size_t i = 0; i + 1 < members.size(); ++i)
      met->ForEachStranger(i, [&](size_t j) { visit(members[i], members[j]); });
  }

  template <typename Counts>
  static bool ShareBlock(std::span<const uint32_t> a, std::span<const uint32_t> b, const Counts& counts) {
    const uint32_t *i = a.data(), *j = b.data();
    const uint32_t *const i_end = i + a.size(), *const j_end = j + b.size();
    while (i != i_end && j != j_end) {
      if (*i == *j && counts(*i)) return true;
      const uint32_t x = *i, y = *j;
      i += x <= y;
      j += y <= x;
    }
    return false;
  }

  LargeArray<uint32_t> members_;      // block after block, ascending within one
  LargeArray<uint16_t> size_;         // by block
  LargeArray<uint64_t> rank_;         // by block: smaller for a smaller key
  std::vector<uint64_t> chunk_begin_;  // into members_, of every kBlocksAChunk-th block
  LargeArray<uint64_t> blocks_begin_; // into blocks_of_, by record
  LargeArray<uint32_t> blocks_of_;    // ascending within a record
  std::vector<BlockingRuleReport> report_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_BLOCKS_H_
