// SPDX-License-Identifier: Apache-2.0
// Records that no region has: the work is bounded by counts, and what a bound cuts is said.
#include <algorithm>
#include <random>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/edge_store.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/review.h"
#include "testing/records.h"

namespace libmpi {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

std::string Id(int i) { return std::to_string(100000 + i); }

LinkResult Deduped(const std::vector<Record>& records) {
  auto result = Dedupe(records, {});
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : LinkResult();
}

struct File {
  const char* note;
  int records;
  Record (*make)(int i);
  uint64_t most_pairs;    // candidates
  uint64_t most_links;
  uint64_t most_review;   // items
  const char* warning;    // part of one; empty: any or none
};

Record Line(int i, const std::string& rest) { return ParseRecord(Id(i) + "|" + rest); }

const File kFiles[] = {
    {"one name, birth date and sex", 3000, [](int i) { return Line(i, "佐藤 恵子|サトウ ケイコ|1950-01-02|F"); }, 0,
     3000 + 435, 3000 + 435, "1 group of more than 1000 records say the same word for word (the largest of 3000)"},
    {"nothing", 3000, [](int i) { return Line(i, "||"); }, 0, 0, 0, "of 3000, which say nothing that can be compared"},
    {"one full record", 3000,
     [](int i) {
       return Line(i, "佐藤 恵子|サトウ ケイコ|1950-01-02|F|06134522/12/3456789/01|宮城県/仙台市青葉区/八木山本町1-2-3|090-1234-5678");
     },
     0, 3000 + 435, 1, "the largest cluster has 3000 records"},
    {"test patients", 3000, [](int i) { return Line(i, "テスト 太郎|テスト タロウ|19" + std::to_string(30 + i % 60) + "-01-02|F"); },
     500 * 3000, 100 * 3000, 100 * 3000, ""},
    {"one household", 3000,
     [](int i) {
       static const char* const kGiven[] = {"一郎|サトウ イチロウ", "花子|サトウ ハナコ", "健|サトウ ケン", "美咲|サトウ ミサキ", "翔|サトウ ショウ"};
       return Line(i, "佐藤 " + std::string(kGiven[i % 5]) + "|19" + std::to_string(30 + i % 60) + "-0" + std::to_string(1 + i % 9) +
                          "-" + std::to_string(10 + i % 18) + "|" + "MF"[i % 2] +
                          "|06134522/12/3456789|宮城県/仙台市青葉区/八木山本町1-2-3|090-1234-5678");
     },
     290 * 3000, 100 * 3000, 100 * 3000, ""},
};

TEST(PathologicalTest, WorkIsBoundedByTheRecords) {
  for (const File& file : kFiles) {
    SCOPED_TRACE(file.note);
    std::vector<Record> records;
    for (int i = 0; i < file.records; ++i) records.push_back(file.make(i));
    const LinkResult result = Deduped(records);
    EXPECT_EQ(result.cluster.size(), records.size());
    EXPECT_LE(result.candidate_pairs, file.most_pairs);
    EXPECT_LE(result.links.size(), file.most_links);
    EXPECT_LE(result.review.size(), file.most_review);
    if (*file.warning != '\0') {
      EXPECT_THAT(result.self_check.warnings, Contains(HasSubstr(file.warning)));
    }
  }
}

TEST(PathologicalTest, NamesakesAloneNeverLink) {
  std::vector<Record> records;
  for (int i = 0; i < 2000; ++i) records.push_back(kFiles[0].make(i));
  EXPECT_EQ(Deduped(records).clusters, 2000);
}

TEST(PathologicalTest, PartsOfOneIdAreAsManyAsRecords) {
  std::vector<Record> records;
  for (int id = 0; id < 20; ++id)
    for (uint16_t part = 1; part <= 100; ++part) {
      records.push_back(Line(id, "佐藤 恵子|サトウ ケイコ|1950-01-02|F|06134522/12/3456789/01|宮城県/仙台市青葉区/八木山本町1-2-3|090-1234-5678"));
      records.back().key.part = part;
    }
  EncodedRecords encoded;
  const Standardizer standardizer;
  const ReadingModel readings;
  const RecordReader reader = [&](size_t i, RecordView* out) { out->Assign(records[i]); };
  ASSERT_TRUE(EncodeRecords(records.size(), 0, reader, standardizer, readings, 1, nullptr, &encoded).ok());
  EXPECT_EQ(encoded.parts_of_one_id.size(), records.size());
  EXPECT_THAT(encoded.parts_of_one_id, Contains(Pair(150, 100)));
  // 2,000 records of which those of one id are decided to be different.
  const LinkResult result = Deduped(records);
  std::vector<int> seen(result.cluster.size(), -1);  // by cluster: the id that stands in it last
  for (size_t i = 0; i < records.size(); ++i) {
    EXPECT_NE(seen[result.cluster[i]], static_cast<int>(i / 100));
    seen[result.cluster[i]] = static_cast<int>(i / 100);
  }
}

// Components of `size` records that are all alike.
std::vector<Edge> Crowds(uint32_t count, uint32_t size) {
  std::vector<Edge> edges;
  for (uint32_t c = 0; c < count; ++c)
    for (uint32_t i = 1; i < size; ++i) edges.push_back({c * size + i - 1, c * size + i, 3 * 1024});
  return edges;
}

TEST(PathologicalTest, PairsOfLargeComponentsAreBounded) {
  constexpr uint32_t kCount = 10, kSize = 400;
  const std::vector<Edge> edges = Crowds(kCount, kSize);
  for (const uint64_t most : {uint64_t{1} << 40, uint64_t{1}}) {
    uint64_t weighed = 0;
    ClusteringOptions options;
    options.most_pairs = most;
    const Clustering got = ClusterRecords(kCount * kSize, edges, [&](int, uint32_t, uint32_t) {
      ++weighed;
      return 20 * 1024;
    }, options);
    const bool whole = most > 1;
    if (whole) {
      EXPECT_EQ(weighed, kCount * kSize * (kSize - 1) / 2);
    } else {
      EXPECT_LE(weighed, kMostPairsARecord * kCount * kSize);
    }
    EXPECT_EQ(got.cut.count, whole ? 0 : kCount);
    EXPECT_EQ(got.cut.left_apart, 0);
  }
}

TEST(PathologicalTest, WhatNoThresholdTellsApartIsCounted) {
  std::vector<Edge> edges = Crowds(1, 50);
  for (Edge& e : edges) e.weight = 70 * 1024;
  ClusteringOptions options;
  options.largest_component = 20;
  const Clustering got =
      ClusterRecords(50, edges, [](int, uint32_t, uint32_t) { return 70 * 1024; }, options);
  EXPECT_EQ(got.cut.count, 1);
  EXPECT_EQ(got.cut.left_apart, 50);
  EXPECT_THAT(CutWarning(got.cut), HasSubstr("50 different records hang together at any threshold"));
}

TEST(EdgeStoreTest, KeepsTheSameStrongestInWhateverOrderChunksCome) {
  constexpr uint64_t kMost = 1000;
  std::mt19937 random(3);
  std::vector<std::vector<Edge>> chunks(40);
  std::vector<Edge> all;
  for (uint32_t c = 0; c < chunks.size(); ++c)
    for (uint32_t i = 0; i < 100; ++i) {
      chunks[c].push_back({c, 1000 + i, static_cast<FixedWeight>(random() % 4) - 2, random() % 4 == 0});
      all.push_back(chunks[c].back());
    }
  const auto kept = [&](bool backwards) {
    EdgeStore store(2, kMost, 1);
    for (size_t k = 0; k < chunks.size(); ++k) {
      const size_t c = backwards ? chunks.size() - 1 - k : k;
      for (const Edge& e : chunks[c]) store.Add(static_cast<int>(c % 2), c, e);
    }
    uint64_t left_out = 0;
    LargeArray<Edge> edges = store.Take(nullptr, &left_out);
    EXPECT_EQ(left_out + edges.size(), all.size());
    return edges;
  };
  const LargeArray<Edge> forwards = kept(false), backwards = kept(true);
  ASSERT_EQ(forwards.size(), kMost);
  ASSERT_EQ(backwards.size(), kMost);
  for (size_t i = 0; i < kMost; ++i) {
    EXPECT_EQ(PairKey(forwards[i].a, forwards[i].b), PairKey(backwards[i].a, backwards[i].b));
    if (i > 0) {
      EXPECT_LE(forwards[i - 1].a, forwards[i].a);  // in the order of the chunks
    }
  }
  const auto linking = [](const Edge& e) { return e.Joins(1); };
  EXPECT_EQ(std::ranges::count_if(forwards, linking), std::min<int64_t>(kMost, std::ranges::count_if(all, linking)));
}

TEST(ReviewListTest, ListsTheMostValuableCasesAndCountsTheOthers) {
  // Record i with i + 100, of rising weight.
  std::vector<uint32_t> cluster(200);
  for (uint32_t i = 0; i < 200; ++i) cluster[i] = i;
  std::vector<Link> links;
  for (uint32_t i = 0; i < 100; ++i) links.push_back({i, i + 100, static_cast<FixedWeight>(10 * i) - 2000, LinkDecision::kReview});
  LeftOut left_out;
  EXPECT_EQ(MakeReviewList(links, cluster, {}, {}, 0, 100, &left_out).size(), 100);
  EXPECT_EQ(left_out.review_links, 0);
  const std::vector<ReviewItem> few = MakeReviewList(links, cluster, {}, {}, 0, 10, &left_out);
  ASSERT_EQ(few.size(), 10);
  EXPECT_EQ(few.front().a, 99);
  EXPECT_EQ(few.back().a, 90);
  EXPECT_EQ(left_out.review_links, 90);
  EXPECT_EQ(left_out.review_cases, 10);
  EXPECT_THAT(LeftOutWarnings(left_out), Contains(HasSubstr("the 10 most valuable cases; 90 more pairs")));
}

}  // namespace
}  // namespace libmpi
