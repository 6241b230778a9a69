// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/table_blocks.h"

#include <algorithm>

#include "libmpi/base/hash.h"

namespace libmpi::table {

TermKeys::TermKeys(const Schema& schema, const Table& table, std::span<const BlockingRule> rules)
    : table_(&table), keys_(schema.fields.size(), std::vector<std::vector<uint64_t>>(kTransforms)) {
  for (const BlockingRule& rule : rules)
    for (const BlockingTerm& term : rule) {
      std::vector<uint64_t>& keys = keys_[term.field][static_cast<int>(term.transform)];
      if (!keys.empty()) continue;
      const std::vector<Value>& values = table.column(term.field).values;
      keys.reserve(values.size());
      keys.push_back(0);
      for (size_t id = 1; id < values.size(); ++id)
        keys.push_back(BlockingKey(schema.fields[term.field], values[id], term.transform));
    }
}

uint64_t TermKeys::KeyOf(const BlockingRule& rule, uint32_t record) const {
  uint64_t key = 0;
  for (const BlockingTerm& term : rule) {
    const uint64_t part = keys_[term.field][static_cast<int>(term.transform)][table_->column(term.field).id[record]];
    if (part == 0) return 0;
    key = HashCombine(key, part);
  }
  return key | 1;
}

namespace {

// Pairs of a block: all, or those across two lists.
uint64_t PairsOf(const Table& table, std::span<const uint32_t> members) {
  const uint64_t n = members.size();
  if (table.second_list() == table.size()) return n * (n - 1) / 2;
  const uint64_t first = std::lower_bound(members.begin(), members.end(), table.second_list()) - members.begin();
  return first * (n - first);
}

}  // namespace

RuleBlocks BlockBy(const BlockingRule& rule, const TermKeys& keys, const Table& table, uint32_t largest) {
  struct Entry {
    uint64_t key;
    uint32_t record;
  };
  std::vector<Entry> entries;
  entries.reserve(table.size());
  // Repeats of one list meet their first record alone: many of them are no reason to drop a block.
  const bool one_list = table.second_list() == table.size();
  for (uint32_t i = 0; i < table.size(); ++i) {
    if (one_list && table.FirstAlike(i) != i) continue;
    if (const uint64_t key = keys.KeyOf(rule, i); key != 0) entries.push_back({key, i});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& x, const Entry& y) { return x.key != y.key ? x.key < y.key : x.record < y.record; });
  RuleBlocks blocks;
  blocks.begin.push_back(0);
  std::vector<uint32_t> left_out;
  for (size_t begin = 0, end; begin < entries.size(); begin = end) {
    end = begin + 1;
    while (end < entries.size() && entries[end].key == entries[begin].key) ++end;
    const size_t size = end - begin;
    if (size < 2) continue;
    if (size > largest) {
      left_out.clear();
      for (size_t i = begin; i < end; ++i) left_out.push_back(entries[i].record);
      blocks.unreached_pairs += PairsOf(table, left_out);
      continue;
    }
    const size_t first = blocks.members.size();
    for (size_t i = begin; i < end; ++i) blocks.members.push_back(entries[i].record);
    blocks.pairs += PairsOf(table, std::span(blocks.members).subspan(first));
    blocks.begin.push_back(blocks.members.size());
  }
  return blocks;
}

// Every repeat with the first record that says the same, as blocks of two.
RuleBlocks RepeatBlocks(const Table& table) {
  RuleBlocks blocks;
  blocks.begin.push_back(0);
  if (table.second_list() < table.size()) return blocks;
  for (uint32_t i = 0; i < table.size(); ++i) {
    if (table.FirstAlike(i) == i) continue;
    blocks.members.insert(blocks.members.end(), {table.FirstAlike(i), i});
    blocks.begin.push_back(blocks.members.size());
    ++blocks.pairs;
  }
  return blocks;
}

TableBlocks::TableBlocks(const Schema& schema, const Table& table, std::span<const BlockingRule> rules, int threads)
    : table_(&table), rules_(rules.size() + 1), block_of_(rules.size() + 1) {
  const TermKeys keys(schema, table, rules);
  rules_.back() = RepeatBlocks(table);
  // Who meets as a repeat meets nowhere else, and may meet several: nobody asks for its block.
  block_of_.back().assign(table.size(), 0);
  ParallelChunks(rules.size(), 1, threads, [&](size_t r, size_t, int) {
    rules_[r] = BlockBy(rules[r], keys, table, schema.blocking.largest_block);
    block_of_[r].assign(table.size(), 0);
    for (uint32_t block = 0; block + 1 < rules_[r].begin.size(); ++block)
      for (uint64_t m = rules_[r].begin[block]; m < rules_[r].begin[block + 1]; ++m)
        block_of_[r][rules_[r].members[m]] = block + 1;
  });
  for (uint32_t r = 0; r < rules_.size(); ++r)
    for (uint32_t block = 0; block + 1 < rules_[r].begin.size(); ++block) blocks_.push_back({r, block});
}

uint64_t TableBlocks::raw_pairs() const {
  uint64_t pairs = 0;
  for (const RuleBlocks& rule : rules_) pairs += rule.pairs;
  return pairs;
}

}  // namespace libmpi::table
