// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/two_class_baseline.h"

#include "evaluation/region_records.h"
#include "gtest/gtest.h"
#include "libmpi/evaluation/metrics.h"

namespace libmpi {
namespace {

// If this fails because the recipe does better, the region has become too easy: make the region
// harder in the ways that the facts say, never the recipe worse.
TEST(TwoClassBaselineTest, DoesBadlyOnTheRegion) {
  for (uint64_t seed : {1, 2}) {
    const RegionRecords region = MakeRegionRecords({20000, seed, 1.0});
    const TwoClassResult result = LinkWithTwoClasses(region.records);
    const ClusterEvaluation e = EvaluateClusters(result.cluster, region.person);
    EXPECT_LE(e.pairs.f1, 0.55);
    // Not by finding nothing: it takes households for persons.
    EXPECT_GE(e.pairs.recall, 0.98);
    EXPECT_LE(e.pairs.precision, 0.4);
    // Nor for want of a good threshold alone.
    double best = 0;
    for (double threshold = -10; threshold <= 40; threshold += 2) {
      const auto cluster = ConnectedComponents(result.pairs, region.records.size(), threshold);
      best = std::max(best, EvaluateClusters(cluster, region.person).pairs.f1);
    }
    EXPECT_LE(best, 0.93);
  }
}

// Where there are no households the plain recipe is a good one: it is not crippled.
TEST(TwoClassBaselineTest, DoesWellWithoutHouseholds) {
  RegionRecords region = MakeRegionRecords({5000, 3, 1.0});
  // One person of each hundred ids or so remains of every family.
  RegionRecords apart;
  uint32_t last = 0;
  for (size_t i = 0; i < region.records.size(); ++i) {
    if (region.person[i] != last && region.person[i] % 4 != 0) continue;
    last = region.person[i];
    apart.records.push_back(region.records[i]);
    apart.person.push_back(region.person[i]);
  }
  const TwoClassResult result = LinkWithTwoClasses(apart.records);
  EXPECT_GE(EvaluateClusters(result.cluster, apart.person).pairs.f1, 0.9);
}

TEST(TwoClassBaselineTest, NothingAndLittle) {
  EXPECT_TRUE(LinkWithTwoClasses({}).cluster.empty());
  const std::vector<Record> one(1);
  EXPECT_EQ(LinkWithTwoClasses(one).cluster, std::vector<uint32_t>{0});
}

TEST(ConnectedComponentsTest, ByThreshold) {
  const std::vector<ScoredPair> pairs = {{0, 1, 5}, {1, 2, 1}, {3, 4, 9}};
  EXPECT_EQ(ConnectedComponents(pairs, 5, 0), (std::vector<uint32_t>{0, 0, 0, 3, 3}));
  EXPECT_EQ(ConnectedComponents(pairs, 5, 2), (std::vector<uint32_t>{0, 0, 2, 3, 3}));
  EXPECT_EQ(ConnectedComponents({}, 2, 0), (std::vector<uint32_t>{0, 1}));
}

}  // namespace
}  // namespace libmpi
