// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/blocks.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <set>

#include "gtest/gtest.h"
#include "libmpi/base/hash.h"
#include "libmpi/linkage/blocking_keys.h"

namespace libmpi {
namespace {

using Pairs = std::multiset<std::pair<uint32_t, uint32_t>>;

// Records with random keys of one rule each; 200 records share one common key.
EncodedRecords RandomRecords(uint32_t seed, size_t n) {
  std::mt19937 random(seed);
  EncodedRecords records;
  records.more.emplace_back();
  records.records.resize(n);
  records.key_begin.push_back(0);
  for (size_t i = 0; i < n; ++i) {
    records.records[i].birth = EncodeDate({static_cast<int16_t>(1950 + random() % 40), 1, 1});
    std::vector<uint64_t> keys;
    for (int k = 0; k < 4; ++k) keys.push_back(MixBits(random() % (n / 3)) & ~uint64_t{15});
    if (i < 200) keys.push_back(MixBits(999999999) & ~uint64_t{15});
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    records.keys.insert(records.keys.end(), keys.begin(), keys.end());
    records.key_begin.push_back(records.keys.size());
  }
  records.texts.Freeze();
  return records;
}

Pairs Visited(const Blocks& blocks, int threads) {
  Pairs pairs;
  std::mutex mutex;
  blocks.ForEachPair(threads, [&](int, uint32_t a, uint32_t b) {
    std::lock_guard<std::mutex> lock(mutex);
    pairs.emplace(a, b);
  });
  return pairs;
}

TEST(BlocksTest, VisitsEachPairThatSharesAKeyOnce) {
  EncodedRecords records = RandomRecords(1, 600);
  std::set<std::pair<uint32_t, uint32_t>> want;
  for (uint32_t a = 0; a < 600; ++a)
    for (uint32_t b = a + 1; b < 600; ++b)
      for (uint64_t i = records.key_begin[a]; i < records.key_begin[a + 1]; ++i)
        for (uint64_t j = records.key_begin[b]; j < records.key_begin[b + 1]; ++j) {
          if (records.keys[i] != records.keys[j]) continue;
          // The common key is sharpened by the birth year.
          const bool common = a < 200 && b < 200 && records.keys[i] == (MixBits(999999999) & ~uint64_t{15});
          if (!common || records.records[a].birth == records.records[b].birth) want.emplace(a, b);
        }
  const Blocks blocks(&records, 1);
  const Pairs got = Visited(blocks, 1);
  EXPECT_EQ(Pairs(want.begin(), want.end()), got);
  EXPECT_EQ(got, Visited(blocks, 2));
}

TEST(BlocksTest, LeavesOutTheLargestOfTheLastBlocksBeyondABound) {
  // 40 and 60 records that no refinement tells apart.
  const auto make = [] {
    EncodedRecords records;
    records.more.emplace_back();
    records.records.resize(100);
    records.key_begin.push_back(0);
    for (size_t i = 0; i < 100; ++i) {
      records.keys.push_back(i < 40 ? 16 : 32);
      records.key_begin.push_back(i + 1);
    }
    records.texts.Freeze();
    return records;
  };
  struct Case {
    uint64_t most, visited, unreached;
  };
  for (const Case& c : {Case{780 + 1770, 780 + 1770, 0}, Case{780 + 1769, 780, 1770}, Case{779, 0, 780 + 1770}}) {
    EncodedRecords records = make();
    const Blocks blocks(&records, 1, c.most);
    EXPECT_EQ(Visited(blocks, 1).size(), c.visited);
    EXPECT_EQ(blocks.report()[0].pairs, c.visited);
    EXPECT_EQ(blocks.report()[0].unreached_pairs, c.unreached);
    EXPECT_EQ(blocks.report()[0].refined_apart, 0);
  }
}

TEST(BlocksTest, ReportsWhatStayedTooCommon) {
  EncodedRecords records;
  records.more.emplace_back();
  const size_t n = Blocks::kMostCommonRefinedKey + 1;
  records.records.resize(n);
  records.keys.assign(n, 16);
  for (size_t i = 0; i <= n; ++i) records.key_begin.push_back(i);
  records.texts.Freeze();
  const Blocks blocks(&records, 1);
  EXPECT_TRUE(Visited(blocks, 1).empty());
  EXPECT_EQ(blocks.report()[0].refined_keys, 1);
  EXPECT_EQ(blocks.report()[0].unreached_pairs, n * (n - 1) / 2);
}

// What Blocks does, as simply as it can be said: blocks in the order of their keys, refined ones last; a
// pair belongs to the first it stands in.
struct PlainBlocks {
  std::vector<std::vector<uint32_t>> blocks;
  std::map<std::pair<uint32_t, uint32_t>, size_t> owner;
  std::vector<BlockingRuleReport> report = std::vector<BlockingRuleReport>(kBlockingRules);

  explicit PlainBlocks(const EncodedRecords& all) {
    std::map<uint64_t, std::vector<uint32_t>> by_key;
    for (uint32_t i = 0; i < all.records.size(); ++i)
      for (uint64_t k = all.key_begin[i]; k < all.key_begin[i + 1]; ++k) by_key[all.keys[k]].push_back(i);
    for (int step = 0; !by_key.empty(); ++step) {
      std::map<uint64_t, std::vector<uint32_t>> refined;
      for (const auto& [key, members] : by_key) Take(all, key, members, step, &refined);
      by_key = std::move(refined);
    }
    for (size_t b = 0; b < blocks.size(); ++b)
      for (uint32_t x : blocks[b])
        for (uint32_t y : blocks[b])
          if (x < y) owner.try_emplace({x, y}, b);
  }

  void Take(const EncodedRecords& all, uint64_t key, const std::vector<uint32_t>& members, int step,
            std::map<uint64_t, std::vector<uint32_t>>* refined) {
    if (members.size() < 2) return;
    BlockingRuleReport& rule = report[static_cast<int>(RuleOfKey(key))];
    const uint64_t pairs = members.size() * (members.size() - 1) / 2;
    const bool last = step == kRefinements;
    if (members.size() <= (last ? Blocks::kMostCommonRefinedKey : Blocks::MostCommonKey(RuleOfKey(key)))) {
      blocks.push_back(members);
      ++rule.keys;
      rule.pairs += pairs;
      if (step > 0) rule.refined_apart -= pairs;
    } else if (last) {
      rule.unreached_pairs += pairs;
      rule.refined_apart -= pairs;
    } else {
      if (step == 0) {
        ++rule.refined_keys;
        rule.refined_apart += pairs;
      }
      for (uint32_t i : members) (*refined)[RefinedKey(key, all.records[i], all.texts, step)].push_back(i);
    }
  }
};

// Keys of all rules, some with one hash under two rules, some so common that all refinements are needed.
EncodedRecords CommonKeys(uint32_t seed, size_t n) {
  std::mt19937 random(seed);
  EncodedRecords all;
  all.more.emplace_back();
  all.key_begin.push_back(0);
  for (size_t i = 0; i < n; ++i) {
    EncodedRecord record;
    if (random() % 8 != 0)
      record.birth = EncodeDate({static_cast<int16_t>(1950 + random() % 3), 1, static_cast<uint8_t>(1 + random() % 9)});
    record.sex = static_cast<Sex>(random() % 3);
    record.given_initial = static_cast<uint8_t>(random() % 4);
    all.records.push_back(record);
    std::vector<uint64_t> keys;
    for (uint64_t rule = 0; rule < kBlockingRules; ++rule) {
      const uint64_t range = rule == 0 ? 1 : rule == 1 ? 3 : rule < 5 ? n / 40 : n / 3;
      const uint64_t hash = MixBits(random() % range) & ~uint64_t{15};
      if (random() % 5 != 0) keys.push_back(hash | rule);
      if (random() % 5 == 0) keys.push_back(hash | (rule + 1) % kBlockingRules);
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    all.keys.insert(all.keys.end(), keys.begin(), keys.end());
    all.key_begin.push_back(all.keys.size());
  }
  all.texts.Freeze();
  return all;
}

TEST(BlocksTest, DoesAsThePlainOnesDo) {
  for (uint32_t seed = 1; seed < 5; ++seed) {
    EncodedRecords records = CommonKeys(seed, 1000 * seed);
    const PlainBlocks plain(records);
    const Blocks blocks(&records, static_cast<int>(seed));
    Pairs want, sampled_want, sampled;
    const auto keep = [](std::span<const uint32_t> members) { return (members.front() + members.size()) % 3 == 0; };
    for (const auto& [pair, owner] : plain.owner) {
      want.insert(pair);
      if (keep(plain.blocks[owner])) sampled_want.insert(pair);
    }
    EXPECT_EQ(Visited(blocks, 2), want);
    std::mutex mutex;
    blocks.ForEachPairOfSample(
        2, [&](int, std::span<const uint32_t> members) { return keep(members); },
        [&](int, uint32_t a, uint32_t b) {
          std::lock_guard<std::mutex> lock(mutex);
          sampled.emplace(a, b);
        },
        [](uint32_t) {}, Blocks::FetchNothing());
    EXPECT_EQ(sampled, sampled_want);
    for (int r = 0; r < kBlockingRules; ++r) {
      EXPECT_EQ(blocks.report()[r].keys, plain.report[r].keys);
      EXPECT_EQ(blocks.report()[r].pairs, plain.report[r].pairs);
      EXPECT_EQ(blocks.report()[r].refined_keys, plain.report[r].refined_keys);
      EXPECT_EQ(blocks.report()[r].refined_apart, plain.report[r].refined_apart);
      EXPECT_EQ(blocks.report()[r].unreached_pairs, plain.report[r].unreached_pairs);
    }
    for (uint32_t a = 0; a < 200; ++a)
      for (uint32_t b = a + 1; b < 200; ++b) EXPECT_EQ(blocks.Meet(a, b), plain.owner.contains({a, b}));
  }
}

}  // namespace
}  // namespace libmpi
