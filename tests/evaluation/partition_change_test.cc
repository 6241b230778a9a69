// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/partition_change.h"

#include <set>

#include "gtest/gtest.h"
#include "libmpi/evaluation/random.h"

namespace libmpi {
namespace {

using Labels = std::vector<uint32_t>;

TEST(PartitionChangeTest, ByHand) {
  const struct {
    const char* note;
    Labels before, now;
    std::array<uint64_t, 4> clusters;
    uint64_t linked, parted;
  } kCases[] = {
      {"the same under other labels", {0, 0, 1}, {5, 5, 2}, {2, 0, 0, 0}, 0, 0},
      {"two become one", {0, 0, 1, 2}, {7, 7, 7, 1}, {1, 2, 0, 0}, 2, 0},
      {"one becomes two", {0, 0, 0, 2}, {7, 7, 8, 1}, {1, 0, 1, 0}, 0, 2},
      {"one record moves over", {0, 0, 0, 1, 1}, {0, 0, 1, 1, 1}, {0, 1, 0, 1}, 2, 2},
      {"two exchange halves", {0, 0, 1, 1}, {0, 1, 0, 1}, {0, 0, 0, 2}, 2, 2},
      {"nothing", {}, {}, {0, 0, 0, 0}, 0, 0}};
  for (const auto& c : kCases) {
    const PartitionChange change = ComparePartitions(c.before, c.now);
    EXPECT_EQ(change.clusters, c.clusters) << c.note;
    EXPECT_EQ(change.pairs_linked, c.linked) << c.note;
    EXPECT_EQ(change.pairs_parted, c.parted) << c.note;
    EXPECT_EQ(change.records, c.before.size()) << c.note;
  }
  EXPECT_EQ(ComparePartitions(Labels{0, 0, 1}, Labels{0, 0, 0}).change,
            (std::vector<ClusterChange>{ClusterChange::kMerged, ClusterChange::kMerged}));
}

// Word by word, with sets.
ClusterChange Slow(const Labels& before, const Labels& now, uint32_t label) {
  std::set<size_t> mine, reached;
  std::set<uint32_t> labels_now;
  for (size_t i = 0; i < before.size(); ++i)
    if (before[i] == label) mine.insert(i), labels_now.insert(now[i]);
  for (size_t i = 0; i < now.size(); ++i)
    if (labels_now.contains(now[i])) reached.insert(i);
  if (labels_now.size() == 1) return reached == mine ? ClusterChange::kUnchanged : ClusterChange::kMerged;
  return reached == mine ? ClusterChange::kPartitioned : ClusterChange::kOverlapping;
}

TEST(PartitionChangeTest, AgreesWithSets) {
  Random random(4);
  for (int round = 0; round < 200; ++round) {
    Labels before(1 + random.Below(25)), now(before.size());
    for (uint32_t& b : before) b = static_cast<uint32_t>(random.Below(8));
    for (size_t i = 0; i < now.size(); ++i)
      now[i] = random.Chance(0.8) ? before[i] : static_cast<uint32_t>(random.Below(12));
    const PartitionChange change = ComparePartitions(before, now);
    for (uint32_t label : before) EXPECT_EQ(change.change[label], Slow(before, now, label));
    uint64_t linked = 0, parted = 0;
    for (size_t i = 0; i < now.size(); ++i)
      for (size_t j = i + 1; j < now.size(); ++j) {
        linked += now[i] == now[j] && before[i] != before[j];
        parted += now[i] != now[j] && before[i] == before[j];
      }
    EXPECT_EQ(change.pairs_linked, linked);
    EXPECT_EQ(change.pairs_parted, parted);
  }
}

}  // namespace
}  // namespace libmpi
