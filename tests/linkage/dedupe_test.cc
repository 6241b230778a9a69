// SPDX-License-Identifier: Apache-2.0
// The engine as a whole, on small generated regions.
#include <algorithm>
#include <map>
#include <numeric>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/evaluation/metrics.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/linkage/linker.h"
#include "testing/records.h"

namespace libmpi {
namespace {

struct Region {
  std::vector<Record> records;
  std::vector<uint32_t> person;
};

// Records in key order, as Dedupe wants them.
Region MakeRegion(uint64_t persons, uint64_t seed, double dirt = 1) {
  std::map<RecordKey, std::pair<Record, uint32_t>> by_key;
  GenerateRegion({persons, seed, dirt}, [&](const RegionRow& row) {
    const RecordKey key{row.source, row.record_id, 0};
    auto& [record, person] = by_key[key];
    record.key = key;
    person = static_cast<uint32_t>(row.person);
    StatedName name;
    name.full = row.name;
    name.full_kana = row.kana;
    record.names.push_back(name);
    if (!row.birth.empty()) record.births.push_back(row.birth);
    if (!row.sex.empty()) record.sexes.push_back(row.sex);
    if (!row.number.empty())
      record.coverages.push_back({row.insurer, row.symbol, row.number, row.branch});
    if (!row.care_number.empty()) record.care.push_back({row.care_insurer, row.care_number});
    if (!row.street.empty() || !row.city.empty())
      record.addresses.push_back({row.postal_code, row.prefecture, row.city, row.street, ""});
    if (!row.phone.empty()) record.phones.push_back(row.phone);
    record.Normalize();
  });
  Region region;
  for (auto& [key, value] : by_key) {
    region.records.push_back(value.first);
    region.person.push_back(value.second);
  }
  return region;
}

const Region& SharedRegion() {
  static const Region* const region = new Region(MakeRegion(6000, 41));
  return *region;
}

TEST(DedupeTest, FindsThePersonsOfARegion) {
  const Region& region = SharedRegion();
  const auto result = Dedupe(region.records, {});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->model_learned);
  const ClusterEvaluation e = EvaluateClusters(result->cluster, region.person);
  RecordProperty("f1", std::to_string(e.pairs.f1));
  EXPECT_GT(e.pairs.f1, 0.98) << "P " << e.pairs.precision << " R " << e.pairs.recall;
}

TEST(DedupeTest, SafeLinksAreSafe) {
  const Region& region = SharedRegion();
  LinkOptions options;
  options.preset = Preset::kSafe;
  const auto result = Dedupe(region.records, options);
  ASSERT_TRUE(result.ok());
  const ClusterEvaluation e = EvaluateClusters(result->cluster, region.person);
  EXPECT_GE(e.pairs.precision, 0.998);
  EXPECT_GE(e.pairs.recall, 0.94);
}

TEST(DedupeTest, OneOrTwoThreadsGiveTheSame) {
  const Region& region = SharedRegion();
  LinkOptions one, two;
  one.threads = 1;
  two.threads = 2;
  const auto a = Dedupe(region.records, one), b = Dedupe(region.records, two);
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(a->cluster, b->cluster);
  EXPECT_EQ(a->model.ToJson(), b->model.ToJson());
  ASSERT_EQ(a->links.size(), b->links.size());
  for (size_t i = 0; i < a->links.size(); ++i) EXPECT_EQ(a->links[i].weight, b->links[i].weight);
  EXPECT_EQ(a->pair_weights.counts, b->pair_weights.counts);
  EXPECT_EQ(a->self_weights.counts, b->self_weights.counts);
}

uint64_t Sum(std::span<const uint64_t> counts) { return std::accumulate(counts.begin(), counts.end(), uint64_t{0}); }

TEST(WeightHistogramTest, BinsAreHalfOpenAndTheOuterOnesHoldTheRest) {
  const std::vector<std::pair<double, size_t>> cases = {{-1000, 0}, {-40, 0}, {-39.5, 0}, {-39, 1}, {-0.001, 39},
                                                        {0, 40}, {0.999, 40}, {79.5, 119}, {1000, 119}};
  for (const auto& [bits, bin] : cases) {
    WeightHistogram histogram;
    histogram.Add(ToFixedWeight(bits), 3);
    EXPECT_EQ(histogram.counts[bin], 3) << bits;
    EXPECT_EQ(Sum(histogram.counts), 3);
  }
}

TEST(DedupeTest, HistogramsHoldEveryPairAndEveryRecord) {
  const Region& region = SharedRegion();
  const auto result = Dedupe(region.records, {});
  ASSERT_TRUE(result.ok());
  EXPECT_GE(Sum(result->pair_weights.counts), result->candidate_pairs);
  EXPECT_EQ(Sum(result->self_weights.counts), region.records.size());
  const std::span<const uint64_t> all(result->pair_weights.counts);
  const auto at_least_zero = all.subspan(-WeightHistogram::kLowest);
  const auto links = std::count_if(result->links.begin(), result->links.end(), [](const Link& l) { return l.weight >= 0; });
  EXPECT_EQ(Sum(at_least_zero), links);
}

TEST(DedupeTest, OtherKeysGiveTheSamePartition) {
  // The order of records is the order of their keys: new keys are a new order.
  const Region& region = SharedRegion();
  const size_t n = region.records.size();
  std::vector<uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  for (size_t i = n - 1; i > 0; --i) std::swap(order[i], order[(i * 7919 + 13) % (i + 1)]);
  std::vector<Record> shuffled;
  for (uint32_t i : order) {
    shuffled.push_back(region.records[i]);
    shuffled.back().key = {"S", std::to_string(1000000 + shuffled.size()), 0};
  }
  const auto a = Dedupe(region.records, {}), b = Dedupe(shuffled, {});
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(a->clusters, b->clusters);
  std::map<uint32_t, uint32_t> to;
  for (size_t i = 0; i < n; ++i) {
    const auto [it, fresh] = to.emplace(b->cluster[i], a->cluster[order[i]]);
    ASSERT_EQ(it->second, a->cluster[order[i]]) << i;
  }
}

TEST(DedupeTest, AModelGivesTheSameRunAgain) {
  const Region& region = SharedRegion();
  const auto first = Dedupe(region.records, {});
  ASSERT_TRUE(first.ok());
  const auto model = Model::FromJson(first->model.ToJson());
  ASSERT_TRUE(model.ok()) << model.status();
  LinkOptions options;
  options.model = &*model;
  const auto again = Dedupe(region.records, options);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->cluster, first->cluster);
}

TEST(DedupeTest, ExplanationsRepeatTheRun) {
  const Region& region = SharedRegion();
  const auto result = Dedupe(region.records, {});
  ASSERT_TRUE(result.ok());
  const auto explainer = PairExplainer::Create(result->model, LinkOptions());
  ASSERT_TRUE(explainer.ok()) << explainer.status();
  for (size_t i = 0; i < result->links.size(); i += result->links.size() / 200 + 1) {
    const Link& link = result->links[i];
    const Explanation e = explainer->Explain(region.records[link.a], region.records[link.b]);
    EXPECT_EQ(e.weight, link.weight) << e.ToText();
  }
}

TEST(DedupeTest, TwoSparseNamesakesStayApart) {
  const std::vector<Record> records = {ParseRecord("1|佐藤 恵子|サトウ ケイコ|1956-05-12|F"),
                                       ParseRecord("2|佐藤 恵子|サトウ ケイコ|1956-05-12|F")};
  const auto result = Dedupe(records, {});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->clusters, 2);
  ASSERT_EQ(result->review.size(), 1);
  EXPECT_EQ(result->review[0].reason, ReviewReason::kCommonName);
  EXPECT_FALSE(result->self_check.confident);
  EXPECT_EQ(result->unlinkable, 2);  // what they say is not enough for anyone
}

std::vector<uint32_t> ClustersOf(const std::vector<Record>& records, const LinkOptions& options = {}) {
  LinkOptions with_model = options;
  with_model.model = &Model::Default();
  const auto result = Dedupe(records, with_model);
  EXPECT_TRUE(result.ok()) << result.status();
  return result->cluster;
}

TEST(DedupeTest, AThousandRepeatsAreOnePerson) {
  std::vector<Record> records;
  for (int i = 0; i < 1200; ++i)
    records.push_back(ParseRecord(std::to_string(10000 + i) +
                                  "|黒田 征太郎|クロダ セイタロウ|1951-03-04|M|06132013/12/3456/01|"
                                  "宮城県/仙台市青葉区/本町1-2-3|022-222-3333"));
  EXPECT_EQ(ClustersOf(records), std::vector<uint32_t>(1200, 0));
}

TEST(DedupeTest, CommonNamesNeverLinkByThemselves) {
  const char* const kSecond[] = {
      "2|佐藤 恵子|サトウ ケイコ|1956-05-12|F", "2|SATO KEIKO||1956-05-12|F",
      "2|佐藤 恵子||1956-05-12|F|//12/",       "2|佐藤 恵子||1956-05-12|F|138057//8/",
      "2|佐藤 恵子||1956-05-12|F||//本町",     "2|佐藤 恵子||1956-05-12|F||広島県/府中市/本町1-2",
  };
  const char* const kFirst[] = {
      "1|佐藤 恵子|サトウ ケイコ|1956-05-12|F", "1|SATO KEIKO||1956-05-12|F",
      "1|佐藤 恵子||1956-05-12|F|//12/",       "1|佐藤 恵子||1956-05-12|F|138057//7/",
      "1|佐藤 恵子||1956-05-12|F||//本町",     "1|佐藤 恵子||1956-05-12|F||東京都/府中市/本町1-2",
  };
  LinkOptions low;
  low.match_threshold = -4;
  low.review_threshold = -4;
  for (const char* a : kFirst)
    for (const char* b : kSecond) {
      const std::vector<Record> records = {ParseRecord(a), ParseRecord(b)};
      EXPECT_EQ(ClustersOf(records)[1], 1) << a << "  " << b;
      EXPECT_EQ(ClustersOf(records, low)[1], 1) << "at -4 bits " << a << "  " << b;
    }
}

TEST(DedupeTest, PartsOfOneIdStayApartThroughOthers) {
  // One id of two persons in a source; another source's record fits both.
  std::vector<Record> records = {
      ParseRecord("1|佐藤 恵子|サトウ ケイコ|1956-05-12|F|01130012/12/345/|宮城県/仙台市青葉区/本町1-2-3|022-222-3333"),
      ParseRecord("11|佐藤 恵子|サトウ ケイコ|1956-05-12|F|01130012/12/345/|宮城県/仙台市青葉区/本町1-2-3|022-222-3333"),
      ParseRecord("2|佐藤 恵子|サトウ ケイコ|1956-05-12|F|01130012/12/345/|宮城県/仙台市青葉区/本町1-2-3|022-222-3333")};
  EXPECT_EQ(ClustersOf(records), std::vector<uint32_t>(3, 0)) << "the control";
  records[0].key.part = 1;
  records[1].key = {"T", "1", 2};
  records[1].phones = {"022-222-3334"};
  const std::vector<uint32_t> cluster = ClustersOf(records);
  EXPECT_NE(cluster[0], cluster[1]);
}

TEST(DedupeTest, DecisionsOutweighTheRecords) {
  const Region& region = SharedRegion();
  LinkOptions options;
  const auto before = Dedupe(region.records, options);
  ASSERT_TRUE(before.ok());
  // A linked pair is decided to be two persons, two persons to be one.
  const auto link = std::find_if(before->links.begin(), before->links.end(),
                                 [](const Link& l) { return l.decision == LinkDecision::kMatch; });
  const uint32_t other = before->cluster.back();
  options.decisions = {{link->a, link->b, false}, {0, other, true}};
  const auto after = Dedupe(region.records, options);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_NE(after->cluster[link->a], after->cluster[link->b]);
  EXPECT_EQ(after->cluster[0], after->cluster[other]);
  EXPECT_NE(before->cluster[0], before->cluster[other]) << "the control";
  for (const ReviewItem& item : after->review)
    EXPECT_FALSE(item.a == link->a && item.b == link->b) << "decided already";
  // Withdrawn, they leave nothing behind.
  EXPECT_EQ(Dedupe(region.records, {})->cluster, before->cluster);
}

TEST(DedupeTest, RefusesDecisionsThatContradict) {
  const Region& region = SharedRegion();
  LinkOptions options;
  options.decisions = {{0, 1, true}, {1, 2, true}, {2, 0, false}};
  EXPECT_EQ(Dedupe(region.records, options).status().code(), absl::StatusCode::kInvalidArgument);
  options.decisions = {{0, 4000000, true}};
  EXPECT_EQ(Dedupe(region.records, options).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(DedupeTest, ARecordThatBridgesTwoPersonsGoesToReview) {
  const std::vector<Record> records = {
      ParseRecord("1|山田 健二|ヤマダ ケンジ|1950-01-02|M|01130012/12/345/01|宮城県/仙台市青葉区/本町1-2-3|022-222-3333"),
      ParseRecord("2|山田 健次|ヤマダ ケンジ|1980-11-23|M|01130012/12/345/02|宮城県/仙台市青葉区/本町1-2-3|022-222-3333"),
      ParseRecord("3||ヤマダ ケンジ|||01130012/12/345/|宮城県/仙台市青葉区/本町1-2-3|022-222-3333")};
  LinkOptions options;
  options.model = &Model::Default();
  const auto result = Dedupe(records, options);
  ASSERT_TRUE(result.ok());
  EXPECT_FALSE(result->review.empty());
}

TEST(DedupeTest, NothingAndOneAreFine) {
  const auto none = Dedupe(std::vector<Record>(), {});
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_TRUE(none->cluster.empty());
  const auto one = Dedupe(std::vector<Record>{ParseRecord("1|佐藤 恵子")}, {});
  ASSERT_TRUE(one.ok());
  EXPECT_EQ(one->clusters, 1);
}

TEST(DedupeTest, RefusesAKeyThatStandsTwiceAndReadersOutOfOrder) {
  const std::vector<Record> twice(2, ParseRecord("1|佐藤 恵子"));
  EXPECT_EQ(Dedupe(twice, {}).status().code(), absl::StatusCode::kInvalidArgument);
  const std::vector<Record> unsorted = {ParseRecord("2|佐藤 恵子"), ParseRecord("1|佐藤 恵子")};
  const RecordReader reader = [&](size_t i, RecordView* out) { out->Assign(unsorted[i]); };
  EXPECT_EQ(Dedupe(2, reader, {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(LinkToReference(1, 2, reader, {}, false).ok()) << "two lists have an order each";
}

TEST(DedupeTest, SpansMayStandInAnyOrder) {
  const Region& region = SharedRegion();
  const size_t n = region.records.size();
  std::vector<Record> reversed(region.records.rbegin(), region.records.rend());
  const auto a = Dedupe(region.records, {}), b = Dedupe(reversed, {});
  ASSERT_TRUE(a.ok() && b.ok());
  for (size_t i = 0; i < n; ++i) ASSERT_EQ(b->cluster[n - 1 - i], n - 1 - a->cluster[i]);
  ASSERT_EQ(a->links.size(), b->links.size());
  ASSERT_EQ(a->findings.size(), b->findings.size());
  std::map<std::pair<size_t, size_t>, FixedWeight> weights;
  for (const Link& link : a->links) weights[{link.a, link.b}] = link.weight;
  for (const Link& link : b->links) ASSERT_EQ((weights[{n - 1 - link.b, n - 1 - link.a}]), link.weight);
}

TEST(DedupeTest, StopsWhenTold) {
  LinkOptions options;
  options.progress = [](std::string_view, uint64_t, uint64_t) { return false; };
  EXPECT_EQ(Dedupe(SharedRegion().records, options).status().code(), absl::StatusCode::kCancelled);
}

// Records are encoded in chunks: the second list begins amid one, with keys below the first's.
TEST(LinkToReferenceTest, ListsOfManyRecordsHaveAnOrderEach) {
  constexpr size_t kNew = 5000, kAll = 5010;
  const RecordReader reader = [](size_t i, RecordView* out) {
    char id[16];
    std::snprintf(id, sizeof id, "%06zu", i);
    out->source = i < kNew ? "H" : "C";
    out->record_id = out->own_texts.emplace_back(id);
    out->births = {"1950-01-02"};
  };
  EXPECT_TRUE(LinkToReference(kNew, kAll, reader, {}, false).ok());
}

TEST(LinkToReferenceTest, GivesEachNewRecordOneReference) {
  const Region& region = SharedRegion();
  // The first record of each person is the reference, a second one is new.
  std::map<uint32_t, std::vector<size_t>> of_person;
  for (size_t i = 0; i < region.records.size(); ++i) of_person[region.person[i]].push_back(i);
  std::vector<Record> records;
  std::vector<uint32_t> person;
  for (const auto& [p, rows] : of_person)
    if (rows.size() > 1) {
      records.push_back(region.records[rows[1]]);
      person.push_back(p);
    }
  const size_t new_count = records.size();
  for (const auto& [p, rows] : of_person) {
    records.push_back(region.records[rows[0]]);
    person.push_back(p);
  }
  const std::span<const Record> all(records);
  const auto result = LinkToReference(all.first(new_count), all.subspan(new_count), {}, true);
  ASSERT_TRUE(result.ok()) << result.status();
  size_t found = 0, right = 0;
  std::map<uint32_t, int> used;
  for (const Link& link : result->links) {
    if (link.decision != LinkDecision::kMatch) continue;
    EXPECT_LT(link.a, new_count);
    EXPECT_GE(link.b, new_count);
    EXPECT_EQ(++used[link.b], 1);
    ++found;
    right += person[link.a] == person[link.b];
  }
  EXPECT_GT(static_cast<double>(right) / static_cast<double>(new_count), 0.96);
  EXPECT_GT(static_cast<double>(right) / static_cast<double>(found), 0.98);
}

}  // namespace
}  // namespace libmpi
