// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/replay.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <tuple>

#include "evaluation/region_records.h"
#include "gtest/gtest.h"

namespace libmpi {
namespace {

// Records of a region in key order, of several rows of one record the first.
RegionRecords RecordsOfRegion(const RegionOptions& options) {
  const RegionRecords rows = MakeRegionRecords(options);
  std::map<RecordKey, size_t> row_of;
  for (size_t i = 0; i < rows.records.size(); ++i) row_of.try_emplace(rows.records[i].key, i);
  RegionRecords out;
  for (const auto& [key, row] : row_of) {
    out.records.push_back(rows.records[row]);
    out.records.back().Normalize();
    out.person.push_back(rows.person[row]);
  }
  return out;
}

struct Fixture {
  RegionRecords region = RecordsOfRegion({3000, 77, 1});
  LinkResult result;
  std::unique_ptr<Replay> replay;

  Fixture() {
    result = *Dedupe(region.records, {});
    LinkOptions options;
    options.model = &result.model;
    replay = *Replay::Create(
        region.records.size(), [this](size_t i, RecordView* out) { out->Assign(region.records[i]); }, options, std::nullopt);
  }
};

TEST(ReplayTest, GivesEveryLinkItsWeight) {
  Fixture f;
  ASSERT_GT(f.result.links.size(), 1000u);
  const LargeArray<Edge> edges = f.replay->Edges(ToFixedWeight(f.result.review_threshold));
  ASSERT_EQ(edges.size(), f.result.links.size());
  std::set<std::tuple<uint32_t, uint32_t, FixedWeight, bool>> again;
  for (const Edge& e : edges) again.insert({e.a, e.b, e.weight, e.held});
  for (const Link& link : f.result.links) {
    EXPECT_TRUE(again.contains({link.a, link.b, link.weight, link.held}));
    EXPECT_TRUE(f.replay->IsCandidate(link.a, link.b));
    EXPECT_EQ(f.replay->Score(link.a, link.b).weight, link.weight);
  }
}

TEST(ReplayTest, CandidatesAreThosePairsThatItVisits) {
  Fixture f;
  std::mutex mutex;
  std::set<std::pair<uint32_t, uint32_t>> visited;
  f.replay->ForEachCandidate([&](int, std::span<const uint32_t> a, std::span<const uint32_t> b, const PairScore&) {
    const std::lock_guard<std::mutex> lock(mutex);
    for (uint32_t x : a)
      for (uint32_t y : b)
        if (x != y) visited.insert(std::minmax(x, y));
  });
  EXPECT_EQ(visited.size(), f.replay->CandidatePairs());
  EXPECT_GE(visited.size(), f.result.candidate_pairs);
  const FixedWeight even = 0, highest = ToFixedWeight(900);
  EXPECT_EQ(f.replay->CandidatePairsBelow(highest), visited.size());
  EXPECT_EQ(f.replay->CandidatePairsBelow(even), visited.size() - f.replay->Edges(even).size());  // no thirty repeats here
  const uint32_t n = 600;
  for (uint32_t a = 0; a < n; ++a)
    for (uint32_t b = a + 1; b < n; ++b)
      EXPECT_EQ(f.replay->IsCandidate(a, b), visited.contains({a, b})) << a << ' ' << b;
}

TEST(ReplayTest, OfTwoListsOnlyPairsAcrossAreCandidates) {
  const RegionRecords region = RecordsOfRegion({800, 78, 1});
  const size_t n = region.records.size(), new_count = n / 3;
  // Every third record is new; keys ascend within each list.
  std::vector<Record> records;
  for (int of_list : {0, 1})
    for (size_t i = 0; i < 3 * new_count; ++i)
      if ((i % 3 == 0) == (of_list == 0)) records.push_back(region.records[i]);
  LinkOptions options;
  options.model = &Model::Default();
  const auto replay = Replay::Create(
      records.size(), [&](size_t i, RecordView* out) { out->Assign(records[i]); }, options, new_count);
  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_EQ((*replay)->AllPairs(), double(new_count) * double(records.size() - new_count));
  EXPECT_GT((*replay)->CandidatePairs(), 0u);
  for (const Edge& e : (*replay)->Edges(0)) {
    EXPECT_LT(e.a, new_count);
    EXPECT_GE(e.b, new_count);
  }
  EXPECT_FALSE((*replay)->IsCandidate(0, 0));
}

TEST(ReplayTest, NeedsAModel) {
  EXPECT_EQ(Replay::Create(0, [](size_t, RecordView*) {}, {}, std::nullopt).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace libmpi
