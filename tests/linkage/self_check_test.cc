// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/self_check.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/linkage/starting_tables.h"

namespace libmpi {
namespace {

using ::testing::HasSubstr;

PairClass& ClassNamed(std::vector<PairClass>* classes, const std::string& name) {
  for (PairClass& c : *classes)
    if (c.name == name) return c;
  ADD_FAILURE() << name;
  return classes->front();
}

TEST(MeaningDriftTest, NoneInTheStart) {
  const std::vector<PairClass> start = StartingClasses();
  EXPECT_EQ(FindMeaningDrift(start, start), "");
}

TEST(MeaningDriftTest, SeesWhatMovedAway) {
  struct Case {
    const char* name;
    const char* like;  // takes this class's table
    Comparison comparison;
  };
  const Case cases[] = {
      {"twins", "unrelated", Comparison::kBirthDate},
      {"twins", "same_family_and_birthday", Comparison::kCoverage},
      {"household", "unrelated", Comparison::kCoverage},
      {"household", "match", Comparison::kBirthDate},
      {"same_birthday", "match", Comparison::kGivenName},
  };
  const std::vector<PairClass> start = StartingClasses();
  for (const Case& c : cases) {
    std::vector<PairClass> learned = start;
    const int k = static_cast<int>(c.comparison);
    ClassNamed(&learned, c.name).probability[k] = ClassNamed(&learned, c.like).probability[k];
    EXPECT_THAT(FindMeaningDrift(learned, start), HasSubstr(c.name)) << c.like;
  }
}

LinkResult ResultWith(std::vector<uint32_t> cluster) {
  LinkResult result;
  result.cluster = std::move(cluster);
  result.model.classes = StartingClasses();
  result.model.records = result.cluster.size();
  return result;
}

std::vector<uint32_t> PairsOfTwo(uint32_t pairs) {
  std::vector<uint32_t> cluster;
  for (uint32_t i = 0; i < pairs; ++i) cluster.insert(cluster.end(), 2, 2 * i);
  return cluster;
}

TEST(CheckRunTest, ConfidentWhereTheClustersAreWhatTheModelExpects) {
  SelfCheck check;
  CheckRun(ResultWith(PairsOfTwo(200)), 400, 200, 200, &check);
  EXPECT_TRUE(check.confident);
  EXPECT_TRUE(check.warnings.empty());
}

TEST(CheckRunTest, SaysUnderAndOverMerging) {
  SelfCheck under, over;
  CheckRun(ResultWith(PairsOfTwo(200)), 400, 1000, 200, &under);
  EXPECT_FALSE(under.confident);
  ASSERT_FALSE(under.warnings.empty());
  EXPECT_THAT(under.warnings.front(), HasSubstr("under-merging"));
  CheckRun(ResultWith(PairsOfTwo(400)), 800, 100, 400, &over);
  EXPECT_FALSE(over.confident);
  ASSERT_FALSE(over.warnings.empty());
  EXPECT_THAT(over.warnings.front(), HasSubstr("over-merging"));
}

TEST(CheckRunTest, SaysWhereTheModelItselfDoubtsTheLinks) {
  LinkResult result = ResultWith(PairsOfTwo(200));
  result.expected_wrong_links = 0.05;
  SelfCheck check;
  CheckRun(result, 400, 200, 200, &check);
  EXPECT_FALSE(check.confident);
  ASSERT_FALSE(check.warnings.empty());
  EXPECT_THAT(check.warnings.front(), HasSubstr("5.0 %"));
}

TEST(CheckRunTest, SaysWhatBlockingCouldNotReach) {
  LinkResult result = ResultWith(PairsOfTwo(200));
  result.candidate_pairs = 1000;
  result.blocking.push_back({.rule = "phone", .unreached_pairs = 1000});
  SelfCheck check;
  CheckRun(result, 400, 200, 200, &check);
  EXPECT_FALSE(check.confident);
  ASSERT_FALSE(check.warnings.empty());
  EXPECT_THAT(check.warnings.front(), HasSubstr("phone"));
}

TEST(CheckRunTest, SaysWhereAWeightIsNotMonotone) {
  LinkResult result = ResultWith(PairsOfTwo(200));
  auto& table = ClassNamed(&result.model.classes, "match").probability[static_cast<int>(Comparison::kSex)];
  std::swap(table[kSexAgree], table[kSexDiffer]);
  SelfCheck check;
  CheckRun(result, 400, 200, 200, &check);
  EXPECT_FALSE(check.confident);
  ASSERT_FALSE(check.warnings.empty());
  EXPECT_THAT(check.warnings.front(), HasSubstr("sex"));
}

}  // namespace
}  // namespace libmpi
