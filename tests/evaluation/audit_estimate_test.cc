// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/audit_estimate.h"

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/evaluation/random.h"

namespace libmpi {
namespace {

TEST(WilsonInterval, IsTheKnownOne) {
  // 7 of 10 from a large population: by the formula, 0.3968 to 0.8922.
  const Interval i = WilsonInterval(7, 10, 1000000000);
  EXPECT_NEAR(i.low, 0.3968, 1e-4);
  EXPECT_NEAR(i.high, 0.8922, 1e-4);
}

TEST(WilsonInterval, EdgesOfNothingAndOfEverything) {
  EXPECT_EQ(WilsonInterval(0, 0, 50).low, 0);
  EXPECT_EQ(WilsonInterval(0, 0, 50).high, 1);
  EXPECT_EQ(WilsonInterval(3, 12, 12).low, 0.25);  // all were asked
  EXPECT_EQ(WilsonInterval(3, 12, 12).high, 0.25);
  EXPECT_EQ(WilsonInterval(0, 20, 1000).low, 0);
  EXPECT_GT(WilsonInterval(0, 20, 1000).high, 0.1);
  EXPECT_EQ(WilsonInterval(20, 20, 1000).high, 1);
  // A finite population is known better.
  EXPECT_LT(WilsonInterval(0, 20, 25).high, WilsonInterval(0, 20, 1000).high);
}

TEST(EstimateAudit, WeighsStrataByTheirPairs) {
  const std::vector<AuditStratum> strata = {{"found_sure", true, 9000, 100, 100},
                                            {"found_low", true, 1000, 50, 40},
                                            {"apart", false, 500, 50, 10}};
  const AuditEstimate e = EstimateAudit(strata, {});
  EXPECT_NEAR(e.precision, 0.9 + 0.1 * 0.8, 1e-12);
  EXPECT_NEAR(e.recall, 9800.0 / 9900, 1e-9);
  EXPECT_LT(e.precision_interval.low, e.precision);
  EXPECT_GT(e.precision_interval.high, e.precision);
  EXPECT_LT(e.recall_interval.low, e.recall);
  EXPECT_GT(e.recall_interval.high, e.recall);
  EXPECT_TRUE(e.unanswered.empty());
  const AuditEstimate unseen = EstimateAudit(strata, {100, {0, 300}});
  EXPECT_NEAR(unseen.recall, 9800.0 / 10000, 1e-9);
  EXPECT_NEAR(unseen.recall_of_seen, e.recall, 1e-9);
  EXPECT_LT(unseen.recall_interval.low, e.recall_interval.low - 0.02);
  EXPECT_NEAR(unseen.recall_interval.high, e.recall_interval.high, 1e-9);
}

TEST(EstimateAudit, AllAnsweredIsExact) {
  const AuditEstimate e = EstimateAudit(std::vector<AuditStratum>{{"f", true, 20, 20, 18}, {"a", false, 10, 10, 2}}, {});
  EXPECT_NEAR(e.precision_interval.low, 0.9, 1e-12);
  EXPECT_NEAR(e.precision_interval.high, 0.9, 1e-12);
  EXPECT_NEAR(e.recall_interval.low, 0.9, 1e-9);
}

TEST(EstimateAudit, SaysWhatItDoesNotKnow) {
  const AuditEstimate none = EstimateAudit(std::vector<AuditStratum>{{"f", true, 20, 0, 0}}, {});
  EXPECT_THAT(none.unanswered, testing::ElementsAre("f"));
  EXPECT_EQ(none.precision_interval.low, 0);
  EXPECT_EQ(none.precision_interval.high, 1);
  EXPECT_TRUE(std::isnan(EstimateAudit({}, {}).precision));
}

TEST(EstimateAudit, StrataWithoutAnAnswerMayLieAnywhere) {
  // Ten such strata do not make each other narrower.
  std::vector<AuditStratum> strata = {{"answered", true, 100, 100, 100}};
  for (int i = 0; i < 10; ++i) strata.push_back({"open" + std::to_string(i), true, 100, 0, 0});
  const AuditEstimate e = EstimateAudit(strata, {});
  EXPECT_NEAR(e.precision_interval.low, 100.0 / 1100, 1e-9);
  EXPECT_NEAR(e.precision_interval.high, 1, 1e-9);
  strata[0].answered = strata[0].same = 0;
  EXPECT_TRUE(std::isnan(EstimateAudit(strata, {}).precision));
}

TEST(EstimateAudit, IntervalsHoldTheTruth) {
  // True shares of strata like those of a run; the sure ones nearly without errors.
  struct Stratum { uint64_t pairs, asked; double share; bool found; };
  const Stratum kStrata[] = {{20000, 150, 0.9998, true}, {4000, 60, 0.998, true}, {600, 60, 0.93, true},
                             {200, 30, 0.6, true},       {300, 60, 0.25, false},  {1500, 40, 0.01, false}};
  Random random(7);
  int precision_held = 0, recall_held = 0;
  constexpr int kAudits = 400;
  for (int audit = 0; audit < kAudits; ++audit) {
    std::vector<AuditStratum> strata;
    double found = 0, correct = 0, missed = 0;
    for (const Stratum& s : kStrata) {
      AuditStratum told{"", s.found, s.pairs, s.asked, 0};
      std::vector<uint8_t> pairs(s.pairs, 0);
      const auto same = static_cast<size_t>(std::lround(s.share * static_cast<double>(s.pairs)));
      for (uint64_t i = 0; i < s.asked; ++i)  // without replacement
        told.same += random.Below(s.pairs - i) < same - told.same;
      strata.push_back(told);
      (s.found ? correct : missed) += static_cast<double>(same);
      if (s.found) found += static_cast<double>(s.pairs);
    }
    const AuditEstimate e = EstimateAudit(strata, {});
    const double precision = correct / found, recall = correct / (correct + missed);
    precision_held += e.precision_interval.low <= precision && precision <= e.precision_interval.high;
    recall_held += e.recall_interval.low <= recall && recall <= e.recall_interval.high;
  }
  EXPECT_GE(precision_held, 0.93 * kAudits);
  EXPECT_GE(recall_held, 0.93 * kAudits);
}

TEST(EstimateUncaught, FromWhatWasCaughtOnceAndTwice) {
  EXPECT_EQ(EstimateUncaught(0, 0, 10).estimate, 0);
  EXPECT_GT(EstimateUncaught(0, 0, 10).interval.high, 0);  // nothing seen is not nothing there
  // Independent catches, 10 occasions of 0.2 each, 1,000 items: 0.8^10 = 107 uncaught, 268 once, 302 twice.
  const UnseenPairs u = EstimateUncaught(268, 302, 1);
  EXPECT_NEAR(u.estimate, 268.0 * 267 / (2 * 303), 1e-9);
  EXPECT_LT(u.interval.low, 107);
  EXPECT_GT(u.interval.high, 107 * 1.2);
  EXPECT_NEAR(EstimateUncaught(268, 302, 3).estimate, 3 * u.estimate, 1e-9);
}

}  // namespace
}  // namespace libmpi
