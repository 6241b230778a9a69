// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/metrics.h"

#include <cmath>
#include <map>
#include <set>

#include "gtest/gtest.h"
#include "libmpi/evaluation/bootstrap.h"
#include "libmpi/evaluation/random.h"

namespace libmpi {
namespace {

using Labels = std::vector<uint32_t>;

TEST(MetricsTest, ByHand) {
  const struct {
    const char* note;
    Labels person, cluster;
    uint64_t truth, found, correct;
    double b3_precision, b3_recall, exact;
  } kCases[] = {
      {"one record goes to the wrong person", {7, 7, 7, 8, 8}, {1, 1, 2, 2, 2}, 4, 4, 2,
       (1 + 1 + 1. / 3 + 2. / 3 + 2. / 3) / 5, (2. / 3 + 2. / 3 + 1. / 3 + 1 + 1) / 5, 0},
      {"perfect", {1, 1, 2, 3}, {9, 9, 5, 0}, 1, 1, 1, 1, 1, 1},
      {"all apart", {1, 1, 1}, {1, 2, 3}, 3, 0, 0, 1, 1. / 3, 0},
      {"all together", {1, 1, 2, 2}, {0, 0, 0, 0}, 2, 6, 2, 0.5, 1, 0},
      {"one of two found whole", {1, 1, 2, 2}, {0, 0, 1, 2}, 2, 1, 1, 1, 0.75, 0.5},
      {"largest labels", {~0u, ~0u, 0}, {0, 0, ~0u}, 1, 1, 1, 1, 1, 1},
      {"empty", {}, {}, 0, 0, 0, 1, 1, 1}};
  for (const auto& c : kCases) {
    const ClusterEvaluation e = EvaluateClusters(c.cluster, c.person);
    EXPECT_EQ(e.records, c.person.size()) << c.note;
    EXPECT_EQ(e.true_pairs, c.truth) << c.note;
    EXPECT_EQ(e.found_pairs, c.found) << c.note;
    EXPECT_EQ(e.correct_pairs, c.correct) << c.note;
    EXPECT_DOUBLE_EQ(e.pairs.precision, c.found ? double(c.correct) / double(c.found) : 1) << c.note;
    EXPECT_DOUBLE_EQ(e.pairs.recall, c.truth ? double(c.correct) / double(c.truth) : 1) << c.note;
    EXPECT_NEAR(e.b_cubed.precision, c.b3_precision, 1e-12) << c.note;
    EXPECT_NEAR(e.b_cubed.recall, c.b3_recall, 1e-12) << c.note;
    EXPECT_DOUBLE_EQ(e.exact_clusters, c.exact) << c.note;
  }
}

// The definitions, word by word, over all pairs.
struct Slow {
  uint64_t truth = 0, found = 0, correct = 0;
  double b3_precision = 0, b3_recall = 0, exact = 0;
};
Slow ByAllPairs(const Labels& cluster, const Labels& person) {
  Slow out;
  const size_t n = cluster.size();
  std::map<uint32_t, std::set<size_t>> of_cluster, of_person;
  for (size_t i = 0; i < n; ++i) {
    of_cluster[cluster[i]].insert(i);
    of_person[person[i]].insert(i);
    double same_cluster = 0, same_person = 0, both = 0;
    for (size_t j = 0; j < n; ++j) {
      const bool c = cluster[i] == cluster[j], p = person[i] == person[j];
      same_cluster += c;
      same_person += p;
      both += c && p;
      if (j <= i) continue;
      out.found += c;
      out.truth += p;
      out.correct += c && p;
    }
    out.b3_precision += both / same_cluster / static_cast<double>(n);
    out.b3_recall += both / same_person / static_cast<double>(n);
  }
  std::set<std::set<size_t>> found;
  for (const auto& [label, records] : of_cluster) found.insert(records);
  for (const auto& [label, records] : of_person)
    out.exact += static_cast<double>(found.count(records)) / static_cast<double>(of_person.size());
  return out;
}

TEST(MetricsTest, AgreesWithAllPairs) {
  Random random(2);
  for (int round = 0; round < 300; ++round) {
    const size_t n = 1 + random.Below(30), labels = 1 + random.Below(20);
    Labels person(n), cluster(n);
    for (uint32_t& p : person) p = static_cast<uint32_t>(random.Below(labels));
    for (size_t i = 0; i < n; ++i)
      cluster[i] = random.Chance(0.7) ? person[i] : static_cast<uint32_t>(random.Below(labels));
    const Slow want = ByAllPairs(cluster, person);
    const ClusterEvaluation e = EvaluateClusters(cluster, person);
    EXPECT_EQ(e.true_pairs, want.truth);
    EXPECT_EQ(e.found_pairs, want.found);
    EXPECT_EQ(e.correct_pairs, want.correct);
    EXPECT_NEAR(e.b_cubed.precision, want.b3_precision, 1e-9);
    EXPECT_NEAR(e.b_cubed.recall, want.b3_recall, 1e-9);
    EXPECT_NEAR(e.exact_clusters, want.exact, 1e-9);
  }
}

// Splits and merges at given rates among many persons of two records.
ClusterEvaluation Noisy(size_t persons, uint64_t seed) {
  Random random(seed);
  Labels person, cluster;
  uint32_t next = 0;
  for (uint32_t p = 0; p < persons; ++p) {
    const bool split = random.Chance(0.05), merged = next > 0 && random.Chance(0.02);
    const uint32_t label = merged ? next : ++next;
    person.insert(person.end(), {p, p});
    cluster.insert(cluster.end(), {label, split ? ++next : label});
  }
  return EvaluateClusters(cluster, person);
}

TEST(MetricsTest, IntervalsHoldTheFigureAndNarrow) {
  const ClusterEvaluation small = Noisy(300, 5), large = Noisy(30000, 5);
  for (const ClusterEvaluation& e : {small, large})
    for (const PrecisionRecall& f : {e.pairs, e.b_cubed}) {
      EXPECT_LE(f.precision_interval.low, f.precision);
      EXPECT_GE(f.precision_interval.high, f.precision);
      EXPECT_LE(f.recall_interval.low, f.recall);
      EXPECT_GE(f.recall_interval.high, f.recall);
      EXPECT_LE(f.f1_interval.low, f.f1);
      EXPECT_GE(f.f1_interval.high, f.f1);
    }
  const auto width = [](const Interval& i) { return i.high - i.low; };
  EXPECT_GT(width(small.pairs.recall_interval), 4 * width(large.pairs.recall_interval));
  // Ten thousand clusters: a standard error of about sqrt(0.05 * 0.95 / 30000).
  EXPECT_NEAR(width(large.pairs.recall_interval), 4 * 0.00126, 0.002);
}

TEST(MetricsTest, IntervalsRepeat) {
  const ClusterEvaluation a = Noisy(500, 6), b = Noisy(500, 6);
  EXPECT_EQ(a.pairs.f1_interval.low, b.pairs.f1_interval.low);
  EXPECT_EQ(a.pairs.f1_interval.high, b.pairs.f1_interval.high);
  EXPECT_EQ(a.b_cubed.f1_interval.low, b.b_cubed.f1_interval.low);
}

TEST(MetricsTest, ThresholdsCountLinks) {
  const std::vector<ScoredPair> links = {{0, 1, 5}, {0, 2, 1}, {2, 3, -1}};
  const Labels person = {1, 1, 2, 2};
  const std::vector<double> thresholds = {-2, 0, 3, 9};
  const auto points = EvaluateThresholds(links, person, thresholds);
  ASSERT_EQ(points.size(), 4u);
  EXPECT_EQ(points[0].pairs, 3u);
  EXPECT_EQ(points[0].correct, 2u);
  EXPECT_DOUBLE_EQ(points[0].recall, 1);
  EXPECT_EQ(points[1].pairs, 2u);
  EXPECT_DOUBLE_EQ(points[1].precision, 0.5);
  EXPECT_DOUBLE_EQ(points[2].precision, 1);
  EXPECT_DOUBLE_EQ(points[2].recall, 0.5);
  EXPECT_EQ(points[3].pairs, 0u);
  EXPECT_DOUBLE_EQ(points[3].f1, 0);
  EXPECT_TRUE(EvaluateThresholds({}, {}, {}).empty());
}

TEST(MetricsTest, ClusterFiguresByHand) {
  const struct {
    const char* note;
    Labels person, cluster;
    double exact_precision, exact_recall;
    uint64_t splits, merges;
    double normalised, merged_bits, split_bits;
  } kCases[] = {
      {"perfect", {1, 1, 2, 3}, {9, 9, 5, 0}, 1, 1, 0, 0, 0, 0, 0},
      {"nobody has two records, none found", {1, 2}, {1, 2}, 1, 1, 0, 0, 0, 0, 0},
      {"all apart", {1, 1, 1}, {1, 2, 3}, 0, 0, 0, 2, 1, 0, std::log2(3.)},
      {"all together", {1, 1, 2, 2}, {0, 0, 0, 0}, 0, 0, 1, 0, 0.2, 1, 0},
      {"one of two found whole", {1, 1, 2, 2}, {0, 0, 1, 2}, 1. / 3, 0.5, 0, 1, 1. / 3, 0, 0.5},
      // {1,1} {1,2,2}: split 1 off the second cluster, merge it with the first.
      {"one record goes to the wrong person", {7, 7, 7, 8, 8}, {1, 1, 2, 2, 2}, 0, 0, 1, 1, 2. / 6,
       (std::log2(3.) + 2 * std::log2(1.5)) / 5, (std::log2(3.) + 2 * std::log2(1.5)) / 5},
      {"empty", {}, {}, 1, 1, 0, 0, 0, 0, 0}};
  for (const auto& c : kCases) {
    const ClusterEvaluation e = EvaluateClusters(c.cluster, c.person);
    EXPECT_NEAR(e.exact.precision, c.exact_precision, 1e-12) << c.note;
    EXPECT_NEAR(e.exact.recall, c.exact_recall, 1e-12) << c.note;
    EXPECT_EQ(e.splits, c.splits) << c.note;
    EXPECT_EQ(e.merges, c.merges) << c.note;
    EXPECT_NEAR(e.merge_distance.value, double(c.splits + c.merges), 1e-9) << c.note;
    EXPECT_NEAR(e.normalised_merge_distance.value, c.normalised, 1e-12) << c.note;
    EXPECT_NEAR(e.merged_bits.value, c.merged_bits, 1e-12) << c.note;
    EXPECT_NEAR(e.split_bits.value, c.split_bits, 1e-12) << c.note;
    EXPECT_NEAR(e.variation_of_information.value, c.merged_bits + c.split_bits, 1e-12) << c.note;
  }
}

// Variation of information from entropies, 2 H(C, P) - H(C) - H(P).
double VariationByEntropies(const Labels& cluster, const Labels& person) {
  std::map<uint32_t, double> c, p;
  std::map<std::pair<uint32_t, uint32_t>, double> both;
  for (size_t i = 0; i < cluster.size(); ++i) ++c[cluster[i]], ++p[person[i]], ++both[{cluster[i], person[i]}];
  const auto entropy = [n = double(cluster.size())](const auto& counts) {
    double h = 0;
    for (const auto& [label, count] : counts) h -= count / n * std::log2(count / n);
    return h;
  };
  return 2 * entropy(both) - entropy(c) - entropy(p);
}

TEST(MetricsTest, VariationAgreesWithEntropies) {
  Random random(8);
  for (int round = 0; round < 100; ++round) {
    const size_t n = 1 + random.Below(40), labels = 1 + random.Below(12);
    Labels person(n), cluster(n);
    for (uint32_t& p : person) p = static_cast<uint32_t>(random.Below(labels));
    for (uint32_t& c : cluster) c = static_cast<uint32_t>(random.Below(labels));
    EXPECT_NEAR(EvaluateClusters(cluster, person).variation_of_information.value,
                VariationByEntropies(cluster, person), 1e-9);
  }
}

// Of many persons, a sample drawn with a chance in proportion to size, or evenly, tells what all tell.
TEST(MetricsTest, ASampleOfPersonsTellsOfAll) {
  Random random(9);
  Labels person, cluster;
  std::vector<std::vector<uint32_t>> records_of(20000);
  uint32_t next = 0;
  for (uint32_t p = 0; p < records_of.size(); ++p) {
    const bool merged = next > 0 && random.Chance(0.05);
    const uint32_t label = merged ? next : ++next;
    for (uint64_t r = 0, size = 1 + random.Below(5); r < size; ++r) {
      records_of[p].push_back(static_cast<uint32_t>(person.size()));
      person.push_back(p);
      cluster.push_back(random.Chance(0.04) ? ++next : label);
    }
  }
  const ClusterEvaluation all = EvaluateClusters(cluster, person);
  for (const bool by_size : {false, true}) {
    SampledTruth sample;
    for (uint32_t p = 0; p < records_of.size(); ++p) {
      const double size = static_cast<double>(records_of[p].size());
      if (!random.Chance(by_size ? 0.04 * size : 0.12)) continue;
      for (uint32_t record : records_of[p]) {
        sample.record.push_back(record);
        sample.person.push_back(p);
        sample.weight.push_back(by_size ? 1 / size : 1);
      }
    }
    const ClusterEvaluation e = EvaluateSample(cluster, sample);
    EXPECT_EQ(e.records, sample.record.size());
    const auto near = [by_size](double got, double want, double within) {
      EXPECT_NEAR(got, want, within) << "by size: " << by_size;
    };
    near(e.pairs.precision, all.pairs.precision, 0.02);
    near(e.pairs.recall, all.pairs.recall, 0.02);
    near(e.b_cubed.precision, all.b_cubed.precision, 0.01);
    near(e.b_cubed.recall, all.b_cubed.recall, 0.01);
    near(e.exact.precision, all.exact.precision, 0.02);
    near(e.exact.recall, all.exact.recall, 0.02);
    near(e.normalised_merge_distance.value, all.normalised_merge_distance.value, 0.01);
    near(e.variation_of_information.value, all.variation_of_information.value, 0.02);
    EXPECT_LT(e.pairs.recall_interval.low, all.pairs.recall);
    EXPECT_GT(e.pairs.recall_interval.high, all.pairs.recall);
  }
}

TEST(MetricsTest, ComponentsByThreshold) {
  const std::vector<ScoredPair> links = {{0, 1, 5}, {1, 2, 1}, {2, 3, 3}};
  const Labels person = {1, 1, 2, 2};
  const std::vector<double> thresholds = {9, 4, 2, 0};
  const auto points = EvaluateComponents(links, person, thresholds);
  ASSERT_EQ(points.size(), 4u);
  const struct { uint64_t clusters, found, correct; } kWant[] = {{4, 0, 0}, {3, 1, 1}, {2, 2, 2}, {1, 6, 2}};
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(points[i].threshold, thresholds[i]);
    EXPECT_EQ(points[i].clusters.clusters, kWant[i].clusters);
    EXPECT_EQ(points[i].clusters.found_pairs, kWant[i].found);
    EXPECT_EQ(points[i].clusters.correct_pairs, kWant[i].correct);
  }
}

TEST(MetricsTest, ThresholdsHaveIntervalsAsWideAsTheirDataAreFew) {
  // Every tenth person's link is wrong, a third of the persons have none.
  const auto widths = [](uint32_t persons) {
    std::vector<ScoredPair> links;
    Labels person;
    for (uint32_t p = 0; p < persons; ++p) {
      person.insert(person.end(), {p, p});
      if (p % 3 != 0) links.push_back({2 * p, 2 * p + 1, p % 2 ? 5.0 : 1.0});
      if (p % 10 == 9) links.push_back({2 * p - 1, 2 * p, 5});
    }
    const std::vector<double> thresholds = {0, 3};
    std::vector<double> out;
    for (const ThresholdPoint& point : EvaluateThresholds(links, person, thresholds)) {
      EXPECT_LT(point.precision_interval.low, point.precision);
      EXPECT_GT(point.precision_interval.high, point.precision);
      EXPECT_LT(point.recall_interval.low, point.recall);
      EXPECT_GT(point.recall_interval.high, point.recall);
      out.push_back(point.recall_interval.high - point.recall_interval.low);
    }
    return out;
  };
  const std::vector<double> few = widths(300), many = widths(7500);
  EXPECT_NEAR(few[0] / many[0], 5, 1.5);
  EXPECT_NEAR(few[1] / many[1], 5, 1.5);
  // Two thirds of the pairs: a standard error of about sqrt(2/9 / 7500).
  EXPECT_NEAR(many[0], 4 * 0.0054, 0.006);
}

// As every other interval: of many units several are drawn as one.
TEST(MetricsTest, ThresholdsOfManyPersonsAreDrawnFolded) {
  std::vector<ScoredPair> links;
  Labels person;
  std::vector<RatioPart> units;
  for (uint32_t p = 0; p < kMostBootstrapUnits + 7000; ++p) {
    person.insert(person.end(), {p, p});
    if (p % 3 != 0) links.push_back({2 * p, 2 * p + 1, 5});
    units.push_back({p % 3 != 0 ? 1.0 : 0.0, 1});
  }
  const std::vector<double> thresholds = {0};
  const ThresholdPoint point = EvaluateThresholds(links, person, thresholds)[0];
  const EstimatedFigure recall = EstimateRatio(units, 1);
  EXPECT_EQ(point.recall, recall.value);
  EXPECT_EQ(point.recall_interval.low, recall.interval.low);
  EXPECT_EQ(point.recall_interval.high, recall.interval.high);
}

TEST(MetricsTest, OfTwoListsOnlyPairsAcrossCount) {
  // Persons 1 1 | 1 2, clusters a b | a c: three of person 1, of whom one new record was linked.
  const std::vector<uint32_t> person = {1, 1, 1, 2}, cluster = {7, 8, 7, 9};
  const std::vector<uint8_t> list = {0, 0, 1, 1};
  const ClusterEvaluation e = EvaluateClusters(cluster, person, list);
  EXPECT_EQ(e.true_pairs, 2);
  EXPECT_EQ(e.found_pairs, 1);
  EXPECT_EQ(e.correct_pairs, 1);
  EXPECT_DOUBLE_EQ(e.pairs.recall, 0.5);
  const std::vector<ScoredPair> links = {{0, 2, 5}};
  const std::vector<double> thresholds = {0};
  EXPECT_DOUBLE_EQ(EvaluateThresholds(links, person, thresholds, list)[0].recall, 0.5);
}

}  // namespace
}  // namespace libmpi
