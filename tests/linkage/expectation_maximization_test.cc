// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/expectation_maximization.h"

#include <cmath>
#include <random>

#include "gtest/gtest.h"
#include "libmpi/linkage/starting_tables.h"

namespace libmpi {
namespace {

// Draws patterns from a mixture: each comparison picks a group, then a level of it.
std::vector<PatternCount> Draw(const std::vector<PairClass>& classes, int pairs, uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  PatternCounter counter;
  for (int i = 0; i < pairs; ++i) {
    double u = uniform(random);
    size_t c = 0;
    while (c + 1 < classes.size() && (u -= classes[c].share) > 0) ++c;
    AgreementPattern pattern;
    for (int k = 0; k < kComparisons; ++k) {
      const int group = static_cast<int>(random() % GroupCount(k));
      if (group == 0) continue;
      double v = uniform(random);
      int chosen = 0;
      for (size_t l = 1; l < Levels(k).size(); ++l) {
        if (Levels(k)[l].group != group) continue;
        chosen = static_cast<int>(l);
        if ((v -= classes[c].probability[k][l]) <= 0) break;
      }
      pattern.Set(static_cast<Comparison>(k), chosen);
    }
    counter.Add(pattern);
  }
  return counter.Sorted();
}

// The slow and obvious twin of one round: E and M step straight from the definition.
std::vector<PairClass> ReferenceRound(const std::vector<PatternCount>& counts,
                                      const std::vector<PairClass>& now,
                                      const std::vector<PairClass>& start, const EmOptions& o) {
  std::vector<PairClass> next = now;
  std::vector<std::vector<double>> posterior;
  double total = 0;
  for (const PatternCount& row : counts) {
    std::vector<double> p;
    double sum = 0;
    for (const PairClass& c : now) {
      double likelihood = c.share;
      for (int k = 0; k < kComparisons; ++k)
        if (row.pattern.Get(k) != 0) likelihood *= c.probability[k][row.pattern.Get(k)];
      p.push_back(likelihood);
      sum += likelihood;
    }
    for (double& x : p) x = x / sum * static_cast<double>(row.count);
    posterior.push_back(p);
    total += static_cast<double>(row.count);
  }
  for (size_t c = 0; c < now.size(); ++c) {
    double mass = 0;
    for (const auto& p : posterior) mass += p[c];
    next[c].share = (mass + 1) / (total + static_cast<double>(now.size()));
    // Classes of matches that start with one table keep one.
    const auto shares_table = [&](size_t other, int k) {
      return now[other].is_match && start[other].probability[k] == start[0].probability[k];
    };
    for (int k = 0; k < kComparisons; ++k)
      for (size_t l = 1; l < Levels(k).size(); ++l) {
        double at = 0, group = 0;
        for (size_t r = 0; r < counts.size(); ++r) {
          const int level = counts[r].pattern.Get(k);
          for (size_t o_class = 0; o_class < now.size(); ++o_class) {
            if (o_class != c && !(shares_table(c, k) && shares_table(o_class, k))) continue;
            if (level == static_cast<int>(l)) at += posterior[r][o_class];
            if (level != 0 && Levels(k)[level].group == Levels(k)[l].group) group += posterior[r][o_class];
          }
        }
        double held = o.pseudo_share;
        if (!shares_table(c, k) && k <= static_cast<int>(Comparison::kBirthDate)) held = o.firm_share;
        if (!shares_table(c, k) && k == static_cast<int>(Comparison::kBirthDate)) held = o.birth_share;
        if (!shares_table(c, k) && k == static_cast<int>(Comparison::kCoverage)) held = o.firm_share / 2;
        if (c == o.free_class) held = 0;
        const double prior = o.pseudo_counts + held * group;
        next[c].probability[k][l] =
            (at + prior * start[c].probability[k][l]) / (group + prior);
      }
    // Levels that start below 5 % stay within four times their start; the others of the group share
    // what is left.
    for (int k = 0; k < kComparisons; ++k)
      for (int g = 1; g < GroupCount(k) && c != o.free_class && !shares_table(c, k); ++g) {
        double rare = 0, others = 0;
        for (size_t l = 1; l < Levels(k).size(); ++l) {
          if (Levels(k)[l].group != g) continue;
          double& p = next[c].probability[k][l];
          const double first = start[c].probability[k][l];
          if (first < 0.05) rare += p = std::min(p, 4 * first);
          else others += p;
        }
        for (size_t l = 1; l < Levels(k).size(); ++l)
          if (Levels(k)[l].group == g && start[c].probability[k][l] >= 0.05)
            next[c].probability[k][l] *= (1 - rare) / others;
      }
  }
  return next;
}

TEST(ExpectationMaximizationTest, OneRoundEqualsTheReference) {
  const std::vector<PairClass> start = StartingClasses();
  const auto counts = Draw(start, 20000, 5);
  EmOptions options;
  options.max_rounds = 2;
  options.tolerance = 0;
  options.free_class = kUnrelatedClass;
  const EmResult fast = MaximizeExpectation(counts, start, options);
  const auto slow = ReferenceRound(counts, ReferenceRound(counts, start, start, options), start,
                                   options);
  for (size_t c = 0; c < slow.size(); ++c) {
    EXPECT_NEAR(fast.classes[c].share, slow[c].share, 1e-9);
    for (int k = 0; k < kComparisons; ++k)
      for (size_t l = 1; l < Levels(k).size(); ++l)
        EXPECT_NEAR(fast.classes[c].probability[k][l], slow[c].probability[k][l], 1e-9);
  }
}

TEST(ExpectationMaximizationTest, RecoversKnownProbabilities) {
  std::vector<PairClass> truth = StartingClasses();
  // Move the truth away from the start in a place that matters.
  auto& address = truth[0].probability[static_cast<int>(Comparison::kAddress)];
  address[kAddressSame] = 0.4;
  address[kAddressNear] = 0.1;
  address[kAddressTown] = 0.1;
  address[kAddressCity] = 0.1;
  address[kAddressDifferent] = 0.3;
  const auto counts = Draw(truth, 300000, 17);
  const EmResult result = MaximizeExpectation(counts, StartingClasses(), {});
  const auto& learned = result.classes[0].probability[static_cast<int>(Comparison::kAddress)];
  EXPECT_NEAR(learned[kAddressSame], 0.4, 0.02);
  EXPECT_NEAR(learned[kAddressDifferent], 0.3, 0.03);
  EXPECT_NEAR(result.classes[0].share, truth[0].share, 0.01);
}

// Persons of whom all but names and birth date changed look like a class whose given names agree by
// chance: it must not become theirs.
TEST(ExpectationMaximizationTest, ChanceDoesNotBecomeLikely) {
  std::vector<PairClass> truth = StartingClasses();
  const int given = static_cast<int>(Comparison::kGivenName);
  for (PairClass& c : truth)
    if (c.name == "same_family_and_birthday") c.probability[given] = truth[0].probability[given];
  const auto counts = Draw(truth, 200000, 3);
  EmOptions options;
  options.free_class = kUnrelatedClass;
  const EmResult result = MaximizeExpectation(counts, StartingClasses(), options);
  for (size_t c = 0; c < result.classes.size(); ++c)
    if (result.classes[c].name == "same_family_and_birthday") {
      EXPECT_LE(result.classes[c].probability[given][kBothEqual],
                4.0001 * StartingClasses()[c].probability[given][kBothEqual]);
    }
}

TEST(ExpectationMaximizationTest, PairsOutsideTheBlocksAreOfNoBlockedClass) {
  const std::vector<PairClass> start = StartingClasses();
  auto counts = Draw({start[0]}, 1000, 5);  // they look like matches
  for (PatternCount& row : counts) row.blocked = false;
  EmOptions options;
  options.blocked_only = AlwaysBlocked(start);
  const EmResult held = MaximizeExpectation(counts, start, options);
  EXPECT_LT(held.classes[0].share, 0.01);
  options.blocked_only.clear();
  EXPECT_GT(MaximizeExpectation(counts, start, options).classes[0].share, 0.9) << "the control";
}

TEST(ExpectationMaximizationTest, ThreadsDoNotChangeABit) {
  const auto counts = Draw(StartingClasses(), 50000, 9);
  EmOptions one, two;
  two.threads = 2;
  const EmResult a = MaximizeExpectation(counts, StartingClasses(), one);
  const EmResult b = MaximizeExpectation(counts, StartingClasses(), two);
  ASSERT_EQ(a.rounds, b.rounds);
  for (size_t c = 0; c < a.classes.size(); ++c) {
    EXPECT_EQ(a.classes[c].share, b.classes[c].share);
    EXPECT_EQ(a.classes[c].probability, b.classes[c].probability);
  }
}

TEST(ExpectationMaximizationTest, NothingToLearnFromKeepsTheStart) {
  const EmResult result = MaximizeExpectation({}, StartingClasses(), {});
  EXPECT_EQ(result.classes[0].probability, StartingClasses()[0].probability);
}

TEST(StartingTablesTest, GroupsSumToOne) {
  for (const PairClass& c : StartingClasses())
    for (int k = 0; k < kComparisons; ++k) {
      ASSERT_EQ(c.probability[k].size(), Levels(k).size()) << c.name << " " << k;
      std::vector<double> sum(GroupCount(k), 0);
      for (size_t l = 0; l < Levels(k).size(); ++l) sum[Levels(k)[l].group] += c.probability[k][l];
      for (double s : sum) EXPECT_NEAR(s, 1, 1e-12) << c.name << " " << k;
    }
}

}  // namespace
}  // namespace libmpi
