// SPDX-License-Identifier: Apache-2.0
#include "libmpi/base/keyed_items.h"

#include <random>

#include "gtest/gtest.h"
#include "libmpi/base/hash.h"

namespace libmpi {
namespace {

std::vector<KeyedItem> StableSorted(std::vector<KeyedItem> items) {
  std::stable_sort(items.begin(), items.end(), [](const KeyedItem& x, const KeyedItem& y) { return x.key < y.key; });
  return items;
}

// Keys by kind: hashes, hashes many times each, small numbers, one key, two keys that differ in the last bit.
uint64_t KeyOf(int kind, uint64_t random) {
  switch (kind) {
    case 0: return MixBits(random);
    case 1: return MixBits(random % 50);
    case 2: return random % 1000;
    case 3: return 7;
    default: return ~uint64_t{0} - random % 2;
  }
}

TEST(KeyedItemsTest, SortsAsTheStandardLibraryDoes) {
  std::mt19937_64 random(5);
  for (int kind = 0; kind < 5; ++kind)
    for (size_t n : {0, 1, 2, 31, 32, 33, 1000, 70000}) {
      std::vector<KeyedItem> items(n), scratch;
      for (uint32_t i = 0; i < n; ++i) items[i] = {KeyOf(kind, random()), i};
      const std::vector<KeyedItem> want = StableSorted(items);
      for (int threads : {1, 3})
        EXPECT_TRUE(std::ranges::equal(SortedByKey(n, [&](size_t i) { return items[i].key; }, threads), want))
            << kind << ' ' << n;
      SortByKey(items, 0, &scratch);
      EXPECT_EQ(items, want) << kind << ' ' << n;
    }
}

TEST(KeyedItemsTest, GathersRangesOfPartitions) {
  std::vector<uint64_t> keys(100000);
  for (size_t i = 0; i < keys.size(); ++i) keys[i] = MixBits(i % 70000);
  const auto source = [&](size_t slice, const auto& take) {
    for (size_t i = slice * 6250; i < (slice + 1) * 6250; ++i) take(keys[i], static_cast<uint32_t>(i));
  };
  const KeyPartitions partitions(keys.size(), source, 2);
  std::vector<KeyedItem> all;
  LargeArray<KeyedItem> part;
  for (size_t first = 0; first < partitions.size(); first += 3) {
    partitions.Gather(first, std::min(first + 3, partitions.size()), source, 2, &part);
    for (size_t p = first, begin = 0; p < std::min(first + 3, partitions.size()); begin += partitions.CountOf(p++))
      for (size_t i = begin; i < begin + partitions.CountOf(p); ++i) EXPECT_EQ(partitions.PartitionOf(part[i].key), p);
    all.insert(all.end(), part.begin(), part.end());
  }
  std::vector<KeyedItem> want;
  for (uint32_t i = 0; i < keys.size(); ++i) want.push_back({keys[i], i});
  EXPECT_EQ(StableSorted(all), StableSorted(want));
}

}  // namespace
}  // namespace libmpi
