// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/blocks.h"

#include <algorithm>

#include "libmpi/linkage/blocking_keys.h"

namespace libmpi {
namespace {

constexpr size_t kPartitions = 1024;
constexpr int kPartitionShift = 54;

}  // namespace

Blocks::Blocks(EncodedRecords* records, int threads) {
  report_.resize(kBlockingRules);
  for (int r = 0; r < kBlockingRules; ++r)
    report_[r].rule = std::string(BlockingRuleName(static_cast<BlockingRule>(r)));
  block_begin_.push_back(0);
  // Partition by the keys' high bits, then sort each part: a radix step whose
  // parts fit the cache.
  std::vector<uint64_t> begin(kPartitions + 1, 0);
  for (uint64_t key : records->keys) ++begin[(key >> kPartitionShift) + 1];
  for (size_t p = 0; p < kPartitions; ++p) begin[p + 1] += begin[p];
  std::vector<Entry> entries(records->keys.size());
  std::vector<uint64_t> next(begin.begin(), begin.end() - 1);
  for (uint32_t i = 0; i < records->records.size(); ++i)
    for (uint64_t k = records->key_begin[i]; k < records->key_begin[i + 1]; ++k)
      entries[next[records->keys[k] >> kPartitionShift]++] = {records->keys[k], i};
  std::vector<uint64_t>().swap(records->keys);
  std::vector<uint64_t>().swap(records->key_begin);
  ParallelChunks(kPartitions, 1, threads, [&](size_t p, size_t, int) {
    std::sort(entries.begin() + begin[p], entries.begin() + begin[p + 1],
              [](const Entry& x, const Entry& y) {
                return x.key != y.key ? x.key < y.key : x.record < y.record;
              });
  });
  TakeSorted(std::move(entries), *records, 0);
  IndexByRecord(records->records.size());
}

void Blocks::AddBlock(const std::vector<Entry>& entries, size_t begin, size_t end) {
  BlockingRuleReport& rule = report_[static_cast<int>(RuleOfKey(entries[begin].key))];
  const uint64_t size = end - begin;
  ++rule.keys;
  rule.pairs += size * (size - 1) / 2;
  for (size_t i = begin; i < end; ++i) members_.push_back(entries[i].record);
  block_begin_.push_back(members_.size());
}

void Blocks::TakeSorted(std::vector<Entry>&& entries, const EncodedRecords& records, int step) {
  std::vector<Entry> too_common;
  for (size_t begin = 0, end; begin < entries.size(); begin = end) {
    end = begin + 1;
    while (end < entries.size() && entries[end].key == entries[begin].key) ++end;
    const uint64_t size = end - begin;
    if (size < 2) continue;
    if (size <= kMostCommonKey) {
      AddBlock(entries, begin, end);
      continue;
    }
    BlockingRuleReport& rule = report_[static_cast<int>(RuleOfKey(entries[begin].key))];
    if (step < kRefinements) {
      if (step == 0) ++rule.refined_keys;
      too_common.insert(too_common.end(), entries.begin() + begin, entries.begin() + end);
    } else {
      rule.unreached_pairs += size * (size - 1) / 2;
    }
  }
  entries = {};
  if (!too_common.empty()) Refine(std::move(too_common), records, step);
}

void Blocks::Refine(std::vector<Entry>&& too_common, const EncodedRecords& records, int step) {
  for (Entry& entry : too_common)
    entry.key = RefinedKey(entry.key, records.records[entry.record], records.texts, step);
  std::sort(too_common.begin(), too_common.end(), [](const Entry& x, const Entry& y) {
    return x.key != y.key ? x.key < y.key : x.record < y.record;
  });
  TakeSorted(std::move(too_common), records, step + 1);
}

void Blocks::IndexByRecord(size_t records) {
  blocks_begin_.assign(records + 1, 0);
  for (uint32_t record : members_) ++blocks_begin_[record + 1];
  for (size_t i = 0; i < records; ++i) blocks_begin_[i + 1] += blocks_begin_[i];
  blocks_of_.resize(members_.size());
  std::vector<uint64_t> next(blocks_begin_.begin(), blocks_begin_.end() - 1);
  for (size_t block = 0; block + 1 < block_begin_.size(); ++block)
    for (uint64_t m = block_begin_[block]; m < block_begin_[block + 1]; ++m)
      blocks_of_[next[members_[m]]++] = static_cast<uint32_t>(block);
}

uint64_t Blocks::raw_pairs() const {
  uint64_t pairs = 0;
  for (const BlockingRuleReport& rule : report_) pairs += rule.pairs;
  return pairs;
}

}  // namespace libmpi
