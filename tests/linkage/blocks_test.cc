// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/blocks.h"

#include <algorithm>
#include <mutex>
#include <random>
#include <set>

#include "gtest/gtest.h"
#include "libmpi/base/hash.h"

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

}  // namespace
}  // namespace libmpi
