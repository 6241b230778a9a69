// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/metrics.h"

#include <random>

#include "gtest/gtest.h"

namespace libmpi {
namespace {

TEST(MetricsTest, ByHand) {
  // Persons {0,1,2} {3,4}; clusters {0,1} {2,3,4}.
  const std::vector<uint32_t> person = {7, 7, 7, 8, 8}, cluster = {1, 1, 2, 2, 2};
  const ClusterEvaluation e = EvaluateClusters(cluster, person);
  EXPECT_EQ(e.true_pairs, 4);
  EXPECT_EQ(e.found_pairs, 4);
  EXPECT_EQ(e.correct_pairs, 2);
  EXPECT_DOUBLE_EQ(e.pairs.precision, 0.5);
  EXPECT_DOUBLE_EQ(e.pairs.recall, 0.5);
  EXPECT_NEAR(e.b_cubed.precision, (1 + 1 + 1. / 3 + 2. / 3 + 2. / 3) / 5, 1e-12);
  EXPECT_NEAR(e.b_cubed.recall, (2. / 3 + 2. / 3 + 1. / 3 + 1 + 1) / 5, 1e-12);
  EXPECT_EQ(e.exact_clusters, 0);
}

TEST(MetricsTest, PerfectAndEmpty) {
  const std::vector<uint32_t> labels = {1, 1, 2, 3};
  const ClusterEvaluation e = EvaluateClusters(labels, labels);
  EXPECT_DOUBLE_EQ(e.pairs.f1, 1);
  EXPECT_DOUBLE_EQ(e.exact_clusters, 1);
  EXPECT_EQ(EvaluateClusters({}, {}).records, 0);
}

TEST(MetricsTest, AgreesWithAllPairs) {
  std::mt19937 random(2);
  for (int round = 0; round < 200; ++round) {
    const size_t n = 1 + random() % 30;
    std::vector<uint32_t> person(n), cluster(n);
    for (uint32_t& p : person) p = random() % 10;
    for (uint32_t& c : cluster) c = random() % 10;
    uint64_t truth = 0, found = 0, correct = 0;
    for (size_t i = 0; i < n; ++i)
      for (size_t j = i + 1; j < n; ++j) {
        truth += person[i] == person[j];
        found += cluster[i] == cluster[j];
        correct += person[i] == person[j] && cluster[i] == cluster[j];
      }
    const ClusterEvaluation e = EvaluateClusters(cluster, person);
    EXPECT_EQ(e.true_pairs, truth);
    EXPECT_EQ(e.found_pairs, found);
    EXPECT_EQ(e.correct_pairs, correct);
    EXPECT_LE(e.pairs.f1_interval.low, e.pairs.f1_interval.high);
  }
}

TEST(MetricsTest, ThresholdsCountLinks) {
  const std::vector<ScoredPair> links = {{0, 1, 5}, {0, 2, 1}, {2, 3, -1}};
  const std::vector<uint32_t> person = {1, 1, 2, 2};
  const std::vector<double> thresholds = {-2, 0, 3};
  const auto points = EvaluateThresholds(links, person, thresholds);
  EXPECT_EQ(points[0].correct, 2);
  EXPECT_EQ(points[1].pairs, 2);
  EXPECT_DOUBLE_EQ(points[2].precision, 1);
  EXPECT_DOUBLE_EQ(points[2].recall, 0.5);
}

}  // namespace
}  // namespace libmpi
