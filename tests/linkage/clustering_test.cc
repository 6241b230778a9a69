// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/clustering.h"

#include <algorithm>
#include <map>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace libmpi {
namespace {

using ::testing::ElementsAre;

constexpr FixedWeight kBit = 1024;

// Weights given by a table; pairs not in it weigh -8 bits.
class Weights {
 public:
  void Set(uint32_t a, uint32_t b, int bits) { bits_[{std::min(a, b), std::max(a, b)}] = bits; }
  FixedWeight Get(uint32_t a, uint32_t b) const {
    const auto it = bits_.find({std::min(a, b), std::max(a, b)});
    return (it == bits_.end() ? -8 : it->second) * kBit;
  }
  std::vector<Edge> Edges() const {
    std::vector<Edge> edges;
    for (const auto& [pair, bits] : bits_) edges.push_back({pair.first, pair.second, bits * kBit});
    return edges;
  }

 private:
  std::map<std::pair<uint32_t, uint32_t>, int> bits_;
};

std::vector<uint32_t> Cluster(size_t n, const Weights& weights, ClusteringOptions options = {}) {
  return ClusterRecords(
             n, weights.Edges(),
             [&](int, uint32_t a, uint32_t b) { return weights.Get(a, b); }, options)
      .cluster;
}

TEST(ClusteringTest, LinksAPairAtTheThreshold) {
  Weights w;
  w.Set(0, 1, 0);
  w.Set(2, 3, -1);
  EXPECT_THAT(Cluster(4, w), ElementsAre(0, 0, 2, 3));
}

TEST(ClusteringTest, AChainDoesNotJoinWhatDisagrees) {
  // 0-1 and 2-3 are sure, 1-2 is weak, the rest speak against it.
  Weights w;
  w.Set(0, 1, 12);
  w.Set(2, 3, 12);
  w.Set(1, 2, 2);
  EXPECT_THAT(Cluster(4, w), ElementsAre(0, 0, 2, 2));
}

TEST(ClusteringTest, MissedPairsAreScoredOnDemand) {
  Weights w;
  w.Set(0, 1, 5);
  w.Set(1, 2, 5);
  std::vector<Edge> edges = w.Edges();
  w.Set(0, 2, 5);  // blocking missed this one
  const auto cluster = ClusterRecords(
      3, edges, [&](int, uint32_t a, uint32_t b) { return w.Get(a, b); }, {});
  EXPECT_THAT(cluster.cluster, ElementsAre(0, 0, 0));
}

TEST(ClusteringTest, HonoursDecisions) {
  Weights w;
  w.Set(0, 1, 10);
  w.Set(1, 2, 10);
  w.Set(0, 2, 10);
  ClusteringOptions options;
  options.cannot_links = {{0, 2}};
  EXPECT_THAT(Cluster(3, w, options), ElementsAre(0, 0, 2));
  options.cannot_links.clear();
  options.must_links = {{3, 4}};
  EXPECT_THAT(Cluster(5, w, options), ElementsAre(0, 0, 0, 3, 3));
}

TEST(ClusteringTest, CutsComponentsThatAreTooLarge) {
  // A long chain of weak edges between tight pairs.
  Weights w;
  for (uint32_t i = 0; i + 1 < 40; ++i) w.Set(i, i + 1, i % 2 == 0 ? 14 : 1);
  ClusteringOptions options;
  options.largest_component = 10;
  const auto result = ClusterRecords(
      40, w.Edges(), [&](int, uint32_t a, uint32_t b) { return w.Get(a, b); }, options);
  EXPECT_EQ(result.cut.count, 1);
  for (uint32_t i = 0; i < 40; ++i) EXPECT_EQ(result.cluster[i], i - i % 2);
}

// The slow and obvious twin: averages recomputed from all pairs each time.
std::vector<uint32_t> ReferenceLinkage(const std::vector<std::vector<int64_t>>& s,
                                       int64_t threshold) {
  std::vector<std::vector<uint32_t>> clusters;
  for (uint32_t i = 0; i < s.size(); ++i) clusters.push_back({i});
  for (;;) {
    double best = -1e300;
    size_t best_a = 0, best_b = 0;
    for (size_t a = 0; a < clusters.size(); ++a)
      for (size_t b = a + 1; b < clusters.size(); ++b) {
        int64_t sum = 0;
        for (uint32_t i : clusters[a])
          for (uint32_t j : clusters[b]) sum += s[i][j];
        const double average =
            static_cast<double>(sum) / static_cast<double>(clusters[a].size() * clusters[b].size());
        if (average > best + 1e-9) {
          best = average;
          best_a = a;
          best_b = b;
        }
      }
    if (clusters.size() < 2 || best < static_cast<double>(threshold)) break;
    clusters[best_a].insert(clusters[best_a].end(), clusters[best_b].begin(),
                            clusters[best_b].end());
    clusters.erase(clusters.begin() + static_cast<long>(best_b));
  }
  std::vector<uint32_t> label(s.size());
  for (auto& cluster : clusters)
    for (uint32_t i : cluster) label[i] = *std::min_element(cluster.begin(), cluster.end());
  return label;
}

TEST(ClusteringTest, AgreesWithReferenceOnRandomWeights) {
  std::mt19937 random(11);
  for (int round = 0; round < 400; ++round) {
    const size_t n = 2 + random() % 12;
    std::vector<std::vector<int64_t>> s(n, std::vector<int64_t>(n, 0));
    for (size_t i = 0; i < n; ++i)
      for (size_t j = i + 1; j < n; ++j)
        s[i][j] = s[j][i] = static_cast<int64_t>(random() % 20001) - 10000;
    EXPECT_EQ(AverageLinkage(n, {}, [&](size_t i, size_t j) { return s[i][j]; }, 0),
              ReferenceLinkage(s, 0))
        << "round " << round;
  }
}

TEST(ClusteringTest, AgreesWithReferenceWhereWeightsTie) {
  std::mt19937 random(12);
  for (int round = 0; round < 600; ++round) {
    const size_t n = 2 + random() % 14;
    const uint32_t values = 1 + random() % 4;
    std::vector<std::vector<int64_t>> s(n, std::vector<int64_t>(n, 0));
    for (size_t i = 0; i < n; ++i)
      for (size_t j = i + 1; j < n; ++j) s[i][j] = s[j][i] = static_cast<int64_t>(random() % values) * 100 - 100;
    EXPECT_EQ(AverageLinkage(n, {}, [&](size_t i, size_t j) { return s[i][j]; }, -50), ReferenceLinkage(s, -50))
        << "round " << round;
  }
}

TEST(ClusteringTest, GroupsStayApart) {
  Weights w;
  w.Set(0, 1, 10);
  w.Set(1, 2, 10);
  w.Set(0, 2, 10);
  ClusteringOptions options;
  options.apart = {{2, 7}, {0, 7}, {1, 8}};
  EXPECT_THAT(Cluster(3, w, options), ElementsAre(0, 0, 2));
  options.apart = {{2, 7}, {0, 5}, {1, 8}};
  EXPECT_THAT(Cluster(3, w, options), ElementsAre(0, 0, 0));
}

// Of 0 and 1, who never meet, 2 may be either's.
TEST(ClusteringTest, WhoMayBeEithersIsNeithers) {
  const struct {
    const char* note;
    int to_0, to_1;
    std::vector<uint32_t> clusters;
  } kCases[] = {
      {"as likely one's as the other's", 12, 12, {0, 1, 2}},
      {"not sure enough", 17, 12, {0, 1, 2}},
      {"one's for sure, beyond the limit of weights", 24, 18, {0, 1, 0}},
      {"the other's for sure", 18, 24, {0, 1, 1}},
      {"one's, and near the other's", 8, 3, {0, 1, 0}},
      {"one's alone", 8, -3, {0, 1, 0}},
      {"nobody's", 3, 2, {0, 1, 2}},
  };
  for (const auto& c : kCases) {
    Weights w;
    w.Set(0, 2, c.to_0);
    w.Set(1, 2, c.to_1);
    ClusteringOptions options;
    options.threshold = 6 * kBit;
    const auto weight = [&](int, uint32_t a, uint32_t b) {
      return std::pair(a, b) == std::pair(0u, 1u) ? kNeverTogether : w.Get(a, b);
    };
    EXPECT_EQ(ClusterRecords(3, w.Edges(), weight, options).cluster, c.clusters) << c.note;
  }
}

TEST(ClusteringTest, WhomDecisionsMakeOneNothingElseParts) {
  // 0 and 2 are held for twins; 3 matches 2.
  Weights w;
  w.Set(0, 1, -20);
  w.Set(1, 2, -20);
  w.Set(2, 3, 10);
  const auto cluster = [&](const ClusteringOptions& options) {
    const auto weight = [&](int, uint32_t a, uint32_t b) { return a + b == 2 && a != b ? kNeverTogether : w.Get(a, b); };
    return ClusterRecords(4, w.Edges(), weight, options).cluster;
  };
  ClusteringOptions options;
  options.must_links = {{0, 1}};
  EXPECT_THAT(cluster(options), ElementsAre(0, 0, 2, 2));
  options.must_links = {{0, 1}, {1, 2}};
  EXPECT_THAT(cluster(options), ElementsAre(0, 0, 0, 3));
  // Of a large person, too, and against all odds.
  for (uint32_t i = 4; i < 40; ++i) w.Set(2, i, 30);
  ClusteringOptions many;
  for (uint32_t i = 4; i < 40; ++i) many.must_links.emplace_back(i - 1, i);
  const std::vector<uint32_t> label =
      ClusterRecords(40, w.Edges(), [&](int, uint32_t a, uint32_t b) { return w.Get(a, b) - 100 * kBit; }, many).cluster;
  for (uint32_t i = 3; i < 40; ++i) EXPECT_EQ(label[i], label[3]) << i;
}

TEST(ClusteringTest, ThreadsDoNotMatter) {
  std::mt19937 random(3);
  Weights w;
  for (int i = 0; i < 3000; ++i) {
    const uint32_t a = random() % 1000;
    w.Set(a, (a + 1 + random() % 8) % 1000, static_cast<int>(random() % 24) - 12);
  }
  ClusteringOptions one, two;
  two.threads = 2;
  EXPECT_EQ(Cluster(1000, w, one), Cluster(1000, w, two));
}

}  // namespace
}  // namespace libmpi
