// SPDX-License-Identifier: Apache-2.0
// Blocking rules over a table, and the stream of candidate pairs.
#ifndef LIBMPI_TABLE_TABLE_BLOCKS_H_
#define LIBMPI_TABLE_TABLE_BLOCKS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "libmpi/base/parallel.h"
#include "libmpi/table/table.h"

namespace libmpi::table {

// What each blocking term makes of every value of a table, computed once.
class TermKeys {
 public:
  TermKeys(const Schema& schema, const Table& table, std::span<const BlockingRule> rules);
  // The key of a record by a rule; 0: a term has nothing to meet by.
  uint64_t KeyOf(const BlockingRule& rule, uint32_t record) const;

 private:
  const Table* table_;
  std::vector<std::vector<std::vector<uint64_t>>> keys_;  // by field, transform, value
};

// The blocks of one rule.
struct RuleBlocks {
  std::vector<uint64_t> begin;      // into members, one more than blocks
  std::vector<uint32_t> members;    // ascending within a block
  uint64_t pairs = 0;               // of these blocks, across lists only where there are two
  uint64_t unreached_pairs = 0;     // of keys that more than the largest block share
};

// Groups records by a rule's key; keys that more than `largest` records share are left out. O(n log n).
RuleBlocks BlockBy(const BlockingRule& rule, const TermKeys& keys, const Table& table, uint32_t largest);

// The blocks of all rules; a pair that meets in several is visited once. Immutable.
class TableBlocks {
 public:
  TableBlocks(const Schema& schema, const Table& table, std::span<const BlockingRule> rules, int threads);

  // Calls visit(worker, chunk, a, b), a < b, once for each candidate pair; the pairs of a chunk in a fixed order.
  template <typename Visit>
  void ForEachPair(int threads, const Visit& visit) const {
    ParallelChunks(blocks_.size(), kChunk, threads, [&](size_t begin, size_t end, int worker) {
      for (size_t i = begin; i < end; ++i) VisitBlock(i, begin / kChunk, worker, visit);
    });
  }
  size_t chunk_count() const { return (blocks_.size() + kChunk - 1) / kChunk; }

  bool Meet(uint32_t a, uint32_t b) const { return MeetBefore(rules_.size(), a, b); }
  // By rule, and last the repeats: each with the first record that says the same.
  const std::vector<RuleBlocks>& rules() const { return rules_; }
  uint64_t raw_pairs() const;

 private:
  static constexpr size_t kChunk = 1024;
  struct Block {
    uint32_t rule, number;
  };

  bool MeetBefore(size_t rule, uint32_t a, uint32_t b) const {
    for (size_t r = 0; r < rule; ++r)
      if (block_of_[r][a] != 0 && block_of_[r][a] == block_of_[r][b]) return true;
    return false;
  }

  template <typename Visit>
  void VisitBlock(size_t i, size_t chunk, int worker, const Visit& visit) const {
    const auto [rule, number] = blocks_[i];
    const RuleBlocks& of_rule = rules_[rule];
    const uint32_t* begin = of_rule.members.data() + of_rule.begin[number];
    const uint32_t* end = of_rule.members.data() + of_rule.begin[number + 1];
    for (const uint32_t* a = begin; a != end; ++a)
      for (const uint32_t* b = a + 1; b != end; ++b)
        if (table_->Pairs(*a, *b) && !MeetBefore(rule, *a, *b)) visit(worker, chunk, *a, *b);
  }

  const Table* table_;
  std::vector<RuleBlocks> rules_;
  std::vector<std::vector<uint32_t>> block_of_;  // by rule and record, from 1; 0: none
  std::vector<Block> blocks_;
};

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_TABLE_BLOCKS_H_
