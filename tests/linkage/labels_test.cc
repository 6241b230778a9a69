// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/labels.h"

#include <algorithm>
#include <vector>

#include "gtest/gtest.h"
#include "libmpi/linkage/expectation_maximization.h"
#include "libmpi/linkage/starting_tables.h"

namespace libmpi {
namespace {

AgreementPattern Names(int family, int given) {
  AgreementPattern pattern;
  pattern.Set(Comparison::kFamilyName, family);
  pattern.Set(Comparison::kGivenName, given);
  return pattern;
}

double Sum(const std::vector<PatternCount>& rows, PairLabel label) {
  double sum = 0;
  for (const PatternCount& row : rows) sum += row.label == label ? row.count : 0;
  return sum;
}

TEST(WithLabels, SpeakForTheirOwnPatternOnly) {
  const AgreementPattern asked = Names(kBothEqual, kBothKanaNear), other = Names(kBothEqual, kBothEqual);
  const std::vector<PatternCount> counts = {{other, 1000}, {asked, 80}, {asked, 5000, false}};
  std::vector<LabelledPattern> labels(15, {asked, true});
  labels.insert(labels.end(), 5, {asked, false});
  labels.push_back({Names(kKanaEqual, kKanaEqual), true});  // of no row
  const auto rows = WithLabels(counts, labels);
  EXPECT_DOUBLE_EQ(Sum(rows, PairLabel::kMatch), 80 * 0.5 * 0.75);  // 20 labels against an opinion of 20
  EXPECT_DOUBLE_EQ(Sum(rows, PairLabel::kNonMatch), 80 * 0.5 * 0.25);
  double total = 0;
  for (const PatternCount& row : rows) {
    total += row.count;
    EXPECT_TRUE(row.label == PairLabel::kUnknown || (row.pattern.bits() == asked.bits() && row.blocked));
  }
  EXPECT_DOUBLE_EQ(total, 6080);  // how common patterns are is not changed by asking
}

TEST(WithLabels, NeverForMorePairsThanThereAreAndAtLeastForThemselves) {
  const AgreementPattern asked = Names(kBothEqual, kBothKanaNear);
  for (const auto& [count, labels, known] : {std::tuple{4.0, 3, 3.0}, {2.0, 3, 2.0}, {1e6, 20, 5e5}}) {
    const auto rows = WithLabels(std::vector<PatternCount>{{asked, count}},
                                 std::vector<LabelledPattern>(static_cast<size_t>(labels), {asked, true, 7}));
    EXPECT_DOUBLE_EQ(Sum(rows, PairLabel::kMatch), known);
    EXPECT_DOUBLE_EQ(Sum(rows, PairLabel::kUnknown), count - known);
    EXPECT_DOUBLE_EQ(Sum(rows, PairLabel::kNonMatch), 0);
  }
}

TEST(WithLabels, WeighsAnswersByThePairsTheyStandFor) {
  const AgreementPattern asked = Names(kBothEqual, kBothKanaNear);
  const auto rows = WithLabels(std::vector<PatternCount>{{asked, 2}},
                               std::vector<LabelledPattern>{{asked, true, 3}, {asked, false, 1}});
  EXPECT_DOUBLE_EQ(Sum(rows, PairLabel::kMatch), 1.5);
  EXPECT_DOUBLE_EQ(Sum(rows, PairLabel::kNonMatch), 0.5);
}

TEST(WithLabels, EmKeepsToThem) {
  const std::vector<PairClass> start = StartingClasses();
  AgreementPattern twins;
  for (const auto& [comparison, level] : {std::pair{Comparison::kFamilyName, int{kBothEqual}},
                                          {Comparison::kGivenName, int{kBothKanaNear}},
                                          {Comparison::kBirthDate, int{kBirthEqual}}})
    twins.Set(comparison, level);
  EmOptions one_round;
  one_round.max_rounds = 1;
  const auto share_of_matches = [&](std::vector<LabelledPattern> labels) {
    const auto result = MaximizeExpectation(WithLabels(std::vector<PatternCount>{{twins, 1000}}, labels), start, one_round);
    double share = 0;
    for (const PairClass& c : result.classes) share += c.is_match ? c.share : 0;
    return share;
  };
  const double unknown = share_of_matches({});
  EXPECT_GT(share_of_matches(std::vector<LabelledPattern>(180, {twins, true})), 0.9 - 1e-2);
  EXPECT_LT(share_of_matches(std::vector<LabelledPattern>(180, {twins, false})), unknown);
}

}  // namespace
}  // namespace libmpi
