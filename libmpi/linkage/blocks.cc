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
  std::vector<Entry> entries = Sorted(
      records->keys.size(),
      [records](const auto& take) {
        for (uint32_t i = 0; i < records->records.size(); ++i)
          for (uint64_t k = records->key_begin[i]; k < records->key_begin[i + 1]; ++k)
            take({records->keys[k], i});
      },
      threads);
  std::vector<uint64_t>().swap(records->keys);
  std::vector<uint64_t>().swap(records->key_begin);
  TakeSorted(std::move(entries), *records, 0, threads);
  IndexByRecord(records->records.size());
}

// Partitions by the keys' high bits, then sorts each part: a radix step whose parts fit the cache.
template <typename ForEach>
std::vector<Blocks::Entry> Blocks::Sorted(size_t count, const ForEach& for_each, int threads) {
  std::vector<uint64_t> begin(kPartitions + 1, 0);
  for_each([&](const Entry& e) { ++begin[(e.key >> kPartitionShift) + 1]; });
  for (size_t p = 0; p < kPartitions; ++p) begin[p + 1] += begin[p];
  std::vector<Entry> sorted(count);
  std::vector<uint64_t> next(begin.begin(), begin.end() - 1);
  for_each([&](const Entry& e) { sorted[next[e.key >> kPartitionShift]++] = e; });
  ParallelChunks(kPartitions, 1, threads, [&](size_t p, size_t, int) {
    std::sort(sorted.begin() + begin[p], sorted.begin() + begin[p + 1],
              [](const Entry& x, const Entry& y) {
                return x.key != y.key ? x.key < y.key : x.record < y.record;
              });
  });
  return sorted;
}

void Blocks::AddBlock(const std::vector<Entry>& entries, size_t begin, size_t end, bool refined) {
  BlockingRuleReport& rule = report_[static_cast<int>(RuleOfKey(entries[begin].key))];
  const uint64_t size = end - begin;
  ++rule.keys;
  rule.pairs += size * (size - 1) / 2;
  if (refined) rule.refined_apart -= size * (size - 1) / 2;
  for (size_t i = begin; i < end; ++i) members_.push_back(entries[i].record);
  block_begin_.push_back(members_.size());
}

void Blocks::TakeSorted(std::vector<Entry>&& entries, const EncodedRecords& records, int step,
                        int threads) {
  std::vector<Entry> too_common;
  for (size_t begin = 0, end; begin < entries.size(); begin = end) {
    end = begin + 1;
    while (end < entries.size() && entries[end].key == entries[begin].key) ++end;
    const uint64_t size = end - begin;
    if (size < 2) continue;
    if (size <= (step < kRefinements ? kMostCommonKey : kMostCommonRefinedKey)) {
      AddBlock(entries, begin, end, step > 0);
      continue;
    }
    BlockingRuleReport& rule = report_[static_cast<int>(RuleOfKey(entries[begin].key))];
    if (step < kRefinements) {
      if (step == 0) {
        ++rule.refined_keys;
        rule.refined_apart += size * (size - 1) / 2;
      }
      too_common.insert(too_common.end(), entries.begin() + begin, entries.begin() + end);
    } else {
      rule.unreached_pairs += size * (size - 1) / 2;
      rule.refined_apart -= size * (size - 1) / 2;
    }
  }
  std::vector<Entry>().swap(entries);
  if (too_common.empty()) return;
  ParallelChunks(too_common.size(), 4096, threads, [&](size_t begin, size_t end, int) {
    for (size_t i = begin; i < end; ++i)
      too_common[i].key = RefinedKey(too_common[i].key, records.records[too_common[i].record],
                                     records.texts, step);
  });
  entries = Sorted(
      too_common.size(),
      [&](const auto& take) {
        for (const Entry& entry : too_common) take(entry);
      },
      threads);
  std::vector<Entry>().swap(too_common);
  TakeSorted(std::move(entries), records, step + 1, threads);
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

bool Blocks::Meet(uint32_t a, uint32_t b) const {
  const uint32_t* i = &blocks_of_[blocks_begin_[a]];
  const uint32_t* j = &blocks_of_[blocks_begin_[b]];
  const uint32_t* const i_end = &blocks_of_[0] + blocks_begin_[a + 1];
  const uint32_t* const j_end = &blocks_of_[0] + blocks_begin_[b + 1];
  while (i != i_end && j != j_end) {
    if (*i == *j) return true;
    if (*i < *j) ++i;
    else ++j;
  }
  return false;
}

uint64_t Blocks::raw_pairs() const {
  uint64_t pairs = 0;
  for (const BlockingRuleReport& rule : report_) pairs += rule.pairs;
  return pairs;
}

}  // namespace libmpi
