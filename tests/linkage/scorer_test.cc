// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/scorer.h"

#include <cmath>
#include <set>

#include "gtest/gtest.h"
#include "libmpi/linkage/calibration.h"
#include "libmpi/linkage/starting_tables.h"

namespace libmpi {
namespace {

// The weight before caps, every class by its full sum.
double PlainWeight(const Model& model, const ClassScores& scores) {
  float top[2] = {-1e30f, -1e30f}, sum[2] = {0, 0};
  for (size_t c = 0; c < model.classes.size(); ++c)
    top[model.classes[c].is_match] = std::max(top[model.classes[c].is_match], scores.log2_mass[c]);
  for (size_t c = 0; c < model.classes.size(); ++c)
    sum[model.classes[c].is_match] += std::exp2(scores.log2_mass[c] - top[model.classes[c].is_match]);
  return top[1] - top[0] + std::log2(sum[1] / sum[0]);
}

// Every pattern of a thinned grid, with and without names that agree, twice: new and known.
TEST(ScorerTest, ScoresAsThePlainSumsDo) {
  Model model;
  model.classes = StartingClasses();
  model.frequency_strength = 0.5;
  EncodedRecords records;
  records.more.emplace_back();
  EncodedRecord record;
  record.name = {records.texts.Intern("佐藤"), records.texts.Intern("恵子"), records.texts.Intern("サトウ"),
                 records.texts.Intern("ケイコ"), records.texts.Intern("satou"), records.texts.Intern("keiko")};
  records.records.push_back(record);
  records.texts.Freeze();
  const NameShares shares(model, records, 1);
  for (bool calibrated : {false, true}) {
    if (calibrated) model.calibration = Calibration{.intercept = 1.5, .slope = 0.7, .low = -20, .high = 20};
    Scorer scorer(&model, &shares, 10e6);
    std::set<FixedWeight> weights;
    uint64_t held = 0;
    for (int round = 0; round < 2; ++round)
      for (int family = 0; family < kNameLevels; family += 2)
        for (int given = 0; given < kNameLevels; ++given)
          for (int rest = 0; rest < 8 * 3 * 14 * 4 * 8 * 7; rest += 37) {
            ComparedPair pair;
            pair.name_a = pair.name_b = record.name;
            pair.pattern.Set(Comparison::kFamilyName, family);
            pair.pattern.Set(Comparison::kGivenName, given);
            pair.pattern.Set(Comparison::kBirthDate, rest % 7);
            pair.pattern.Set(Comparison::kSex, rest % 3);
            pair.pattern.Set(Comparison::kCoverage, rest / 3 % 14);
            pair.pattern.Set(Comparison::kCareInsurance, rest / 42 % 4);
            pair.pattern.Set(Comparison::kAddress, rest / 168 % 8);
            pair.pattern.Set(Comparison::kPhone, rest / 1344 % 7);
            const PairScore score = scorer.Score(pair);
            double bits = PlainWeight(model, scorer.ScoreClasses(pair));
            if (calibrated) bits = Calibrated(*model.calibration, bits);
            const FixedWeight weight = ToFixedWeight(bits);
            ASSERT_EQ(score.weight, score.capped ? std::min(weight, score.weight) : weight);
            if (score.common_name) {
              ASSERT_GE(scorer.ExpectedOthers(pair), kCommonNameExpected);
              ASSERT_TRUE(score.held);
            }
            weights.insert(score.weight);
            held += score.held;
          }
    EXPECT_GT(weights.size(), 1000u);
    EXPECT_GT(held, 100u);
  }
}

}  // namespace
}  // namespace libmpi
