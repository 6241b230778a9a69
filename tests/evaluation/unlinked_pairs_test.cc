// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/unlinked_pairs.h"

#include <set>

#include "gtest/gtest.h"
#include "libmpi/base/hash.h"

namespace libmpi {
namespace {

using Pair = UnlinkedPairs::Pair;

TEST(UnlinkedPairsTest, AreThePairsOfAClusterWithoutItsLinks) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    std::vector<uint32_t> cluster;
    for (uint32_t i = 0; i < 60; ++i)
      cluster.push_back(MixBits(seed * 100 + i) % 9 == 0 ? UnlinkedPairs::kLeftOut : MixBits(seed * 1000 + i) % 5);
    std::vector<Pair> links;
    std::set<Pair> want;
    for (uint32_t a = 0; a < cluster.size(); ++a)
      for (uint32_t b = a + 1; b < cluster.size(); ++b) {
        const bool linked = MixBits(seed * 10000 + a * 60 + b) % 3 < seed % 3;
        if (linked) links.push_back({a, b});
        else if (cluster[a] == cluster[b] && cluster[a] != UnlinkedPairs::kLeftOut) want.insert({a, b});
      }
    const UnlinkedPairs pairs(cluster, links);
    ASSERT_EQ(pairs.size(), want.size());
    std::set<Pair> got;
    for (uint64_t number = 0; number < pairs.size(); ++number) got.insert(pairs.Get(number));
    EXPECT_EQ(got, want);
  }
  EXPECT_EQ(UnlinkedPairs().size(), 0u);
  EXPECT_EQ(UnlinkedPairs({}, {}).size(), 0u);
}

TEST(UnlinkedPairsTest, DrawsFromAClusterOfManyRecords) {
  const UnlinkedPairs pairs(std::vector<uint32_t>(200000, 0), std::vector<Pair>{{0, 1}});
  EXPECT_EQ(pairs.size(), uint64_t{200000} * 199999 / 2 - 1);
  EXPECT_EQ(pairs.Get(pairs.size() - 1), (Pair{199998, 199999}));
  const std::vector<uint64_t> some = pairs.Draw(10, 7), more = pairs.Draw(100, 7);
  EXPECT_EQ(std::vector<uint64_t>(more.begin(), more.begin() + 10), some);
  EXPECT_EQ(std::set<uint64_t>(more.begin(), more.end()).size(), 100u);
  EXPECT_NE(pairs.Draw(10, 8), some);
  const UnlinkedPairs few(std::vector<uint32_t>(4, 1), std::vector<Pair>{{2, 3}});
  EXPECT_EQ(few.Draw(9, 1).size(), 5u);
}

}  // namespace
}  // namespace libmpi
