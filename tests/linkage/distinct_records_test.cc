// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/distinct_records.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/linkage/record_edges.h"

namespace libmpi {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

// Records that differ by birth year and, where it is over 10, by a second birth date.
EncodedRecords RecordsOf(const std::vector<int>& content) {
  EncodedRecords all;
  all.more.emplace_back();
  all.key_begin.push_back(0);
  for (int c : content) {
    EncodedRecord r;
    r.birth = EncodeDate({static_cast<int16_t>(1950 + c % 10), 1, 1});
    r.content_hash = static_cast<uint64_t>(c % 3);  // accidents of the hash, on purpose
    if (c > 10) {
      r.more = static_cast<uint32_t>(all.more.size());
      all.more.emplace_back().births.push_back(EncodeDate({static_cast<int16_t>(1900 + c), 1, 1}));
    }
    all.records.push_back(r);
    all.keys.push_back(static_cast<uint64_t>(c) * 16);
    all.key_begin.push_back(all.keys.size());
  }
  return all;
}

std::vector<uint32_t> Members(const DistinctRecords& distinct, uint32_t d) {
  const auto records = distinct.RecordsOf(d);
  return {records.begin(), records.end()};
}

TEST(DistinctRecordsTest, KeepsOneOfEachInTheOrderOfBirthDates) {
  EncodedRecords all = RecordsOf({4, 13, 4, 5, 13, 4});
  const DistinctRecords distinct(&all, 0);
  ASSERT_EQ(distinct.size(), 3);
  EXPECT_THAT(Members(distinct, 0), ElementsAre(1, 4));
  EXPECT_THAT(Members(distinct, 1), ElementsAre(0, 2, 5));
  EXPECT_THAT(Members(distinct, 2), ElementsAre(3));
  EXPECT_THAT(all.keys, ElementsAre(208, 64, 80));
  EXPECT_THAT(all.key_begin, ElementsAre(0, 1, 2, 3));
  ASSERT_EQ(all.records.size(), 3);
  EXPECT_EQ(all.more[all.records[0].more].births.size(), 1);
}

// Keys and records go where their numbers say, whatever is left out and however they stood.
TEST(DistinctRecordsTest, ArrangesRecordsAndTheirKeys) {
  std::mt19937 random(6);
  for (int round = 0; round < 50; ++round) {
    EncodedRecords all;
    all.more.emplace_back();
    all.key_begin.push_back(0);
    const size_t n = 1 + random() % 300;
    for (size_t i = 0; i < n; ++i) {
      EncodedRecord r;
      r.content_hash = random() % 200;
      r.birth = r.content_hash % 7 == 0 ? 0 : EncodeDate({static_cast<int16_t>(1870 + r.content_hash % 150), 2, 3});
      all.records.push_back(r);
      for (uint64_t k = 0; k < r.content_hash % 4; ++k) all.keys.push_back(r.content_hash * 16 + k);
      all.key_begin.push_back(all.keys.size());
    }
    const LargeArray<EncodedRecord> before = all.records;
    const size_t boundary = random() % n;
    const DistinctRecords distinct(&all, boundary, 2);
    ASSERT_EQ(all.records.size(), distinct.size());
    EncodedDate last = 0;
    for (uint32_t d = 0; d < distinct.size(); ++d) {
      if (d == distinct.boundary()) last = 0;
      EXPECT_EQ(distinct.FirstOf(d) < boundary, d < distinct.boundary());
      EXPECT_EQ(all.records[d], before[distinct.FirstOf(d)]);
      EXPECT_GE(all.records[d].birth < EncodeDate({1880, 1, 1}) ? 0 : all.records[d].birth, last);
      last = all.records[d].birth < EncodeDate({1880, 1, 1}) ? 0 : all.records[d].birth;
      ASSERT_EQ(all.key_begin[d + 1] - all.key_begin[d], all.records[d].content_hash % 4);
      for (uint64_t k = all.key_begin[d]; k < all.key_begin[d + 1]; ++k)
        EXPECT_EQ(all.keys[k] / 16, all.records[d].content_hash);
    }
  }
}

TEST(DistinctRecordsTest, TwoListsKeepTheirOwn) {
  EncodedRecords all = RecordsOf({4, 4, 4, 4, 5});
  const DistinctRecords distinct(&all, 2);
  EXPECT_EQ(distinct.boundary(), 1);
  EXPECT_THAT(Members(distinct, 0), ElementsAre(0, 1));
  EXPECT_THAT(Members(distinct, 1), ElementsAre(2, 3));
}

TEST(DistinctRecordsTest, AgreesWithComparingAllPairs) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<int> content(random() % 30);
    for (int& c : content) c = static_cast<int>(random() % 20);
    EncodedRecords all = RecordsOf(content);
    const DistinctRecords distinct(&all, 0);
    for (uint32_t i = 0; i < content.size(); ++i)
      for (uint32_t j = 0; j < content.size(); ++j)
        EXPECT_EQ(distinct.NumberOf(i) == distinct.NumberOf(j), content[i] == content[j]);
  }
}

TEST(RecordEdgesTest, RepeatsHaveTheirFirstsEdges) {
  EncodedRecords all = RecordsOf({4, 5, 4});
  const DistinctRecords distinct(&all, 0);
  const std::vector<Edge> pairs = {{0, 1, 3000}}, repeats = {{0, 0, 9000}};
  std::vector<std::pair<uint32_t, uint32_t>> got;
  uint64_t left_out;
  for (const Edge& e : RecordEdges(distinct, pairs, repeats, false, 1000, &left_out)) got.emplace_back(e.a, e.b);
  EXPECT_THAT(got, ElementsAre(Pair(0, 1), Pair(1, 2), Pair(0, 2)));
}

TEST(RecordEdgesTest, AThousandRepeatsAreNoMillionEdges) {
  EncodedRecords all = RecordsOf(std::vector<int>(1000, 4));
  const DistinctRecords distinct(&all, 0);
  const std::vector<Edge> repeats = {{0, 0, 9000}};
  uint64_t left_out;
  EXPECT_EQ(RecordEdges(distinct, {}, repeats, false, 1000, &left_out).size(), 30 * 29 / 2 + 970);
  EXPECT_EQ(left_out, 0);
}

TEST(RecordEdgesTest, RepeatsOfManyPairsAreBounded) {
  std::vector<int> content;
  for (int i = 0; i < 200; ++i) content.push_back(i % 10);
  EncodedRecords all = RecordsOf(content);
  const DistinctRecords distinct(&all, 0);
  std::vector<Edge> pairs;
  for (uint32_t a = 0; a < 10; ++a)
    for (uint32_t b = a + 1; b < 10; ++b) pairs.push_back({a, b, 3000});
  struct Case {
    uint64_t most, edges;
  };
  for (const Case& c : {Case{45 * 400, 45 * 400}, Case{45 * 30, 45 * 25}, Case{1, 45}}) {
    uint64_t left_out;
    EXPECT_EQ(RecordEdges(distinct, pairs, {}, false, c.most, &left_out).size(), c.edges);
    EXPECT_EQ(left_out, 45 * 400 - c.edges);
  }
}

TEST(ClusterNodesTest, RepeatsAreOneNodeOnlyWhereTheirWeightLinksThem) {
  EncodedRecords all = RecordsOf({4, 5, 4, 5});
  const DistinctRecords distinct(&all, 0);
  const std::vector<Edge> pairs = {{0, 1, 3000}};
  const std::vector<Edge> repeats = {{0, 0, 9000}, {1, 1, 9000, true}};  // the second is held
  const ClusterNodes nodes = MakeClusterNodes(distinct, pairs, repeats, 0, {}, {}, {});
  EXPECT_THAT(nodes.first_record, ElementsAre(0, 1, 3));
  EXPECT_THAT(nodes.count, ElementsAre(2, 1, 1));
  EXPECT_EQ(nodes.edges.size(), 2);
  const std::vector<uint32_t> node_cluster = {0, 1, 0};
  EXPECT_THAT(RecordClusters(distinct, nodes, node_cluster, 4), ElementsAre(0, 1, 0, 0));
}

TEST(ClusterNodesTest, ADecisionTellsRepeatsApart) {
  EncodedRecords all = RecordsOf({4, 4, 4});
  const DistinctRecords distinct(&all, 0);
  const std::vector<Edge> repeats = {{0, 0, 9000}};
  const ClusterNodes nodes = MakeClusterNodes(distinct, {}, repeats, 0, {}, {{0, 2}}, {});
  EXPECT_THAT(nodes.first_record, ElementsAre(0, 1, 2));
  EXPECT_EQ(nodes.edges.size(), 3);
  EXPECT_THAT(nodes.cannot_links, ElementsAre(Pair(0, 2)));
}

TEST(ClusterNodesTest, RepeatsOfOneGroupAreTheirOwnNodes) {
  EncodedRecords all = RecordsOf({4, 4, 5, 5});
  const DistinctRecords distinct(&all, 0);
  const std::vector<Edge> repeats = {{0, 0, 9000}, {1, 1, 9000}};
  const ClusterNodes nodes = MakeClusterNodes(distinct, {}, repeats, 0, {}, {}, {{0, 9}, {1, 9}, {2, 8}, {3, 9}});
  EXPECT_THAT(nodes.first_record, ElementsAre(0, 1, 2));
  EXPECT_THAT(nodes.apart, ElementsAre(Pair(0, 9), Pair(1, 9), Pair(2, 8), Pair(2, 9)));
}

}  // namespace
}  // namespace libmpi
