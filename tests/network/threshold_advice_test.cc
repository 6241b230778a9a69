// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/threshold_advice.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/network/takeover.h"
#include "tests/evaluation/region_records.h"
#include "tests/registry/registry_folder.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

using Verdict = ThresholdAdvice::Verdict;
using testing::IsEmpty;
using testing::SizeIs;

double MatchShare(double weight) { return 1 / (1 + std::exp2(-weight)); }

// Decisions of weights spread evenly over [low, high), right by the model whose weights are `shift` bits too low.
std::vector<DecidedPair> Draw(size_t count, double shift, uint64_t seed, double low = -1, double high = 6) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> weight(low, high), share(0, 1);
  std::vector<DecidedPair> pairs;
  for (size_t i = 0; i < count; ++i) {
    const double w = weight(random);
    const double drawn = share(random);
    pairs.push_back({w, drawn < MatchShare(w + shift)});
  }
  return pairs;
}

// Of pairs of such weights, from a weight up to another one.
double TrueWrongShare(double from, double to, double shift) {
  constexpr int kPoints = 2000;
  double wrong = 0;
  for (int i = 0; i < kPoints; ++i) wrong += 1 - MatchShare(from + (to - from) * (i + 0.5) / kPoints + shift);
  return wrong / kPoints;
}

ThresholdOptions With(double wrong_links) {
  ThresholdOptions options;
  options.wrong_links = wrong_links;
  return options;
}

TEST(ThresholdAdviceTest, BoundsAreThoseOfClopperAndPearson) {
  EXPECT_NEAR(UpperBoundOfShare(0, 100, 0.05), 0.029513, 1e-6);  // 1 - 0.05^(1/100)
  EXPECT_NEAR(UpperBoundOfShare(1, 10, 0.05), 0.394163, 1e-6);
  EXPECT_NEAR(UpperBoundOfShare(5, 50, 0.025), 0.218135, 1e-5);
  EXPECT_NEAR(UpperBoundOfShare(0, 1'000'000, 0.05), 2.9957e-6, 1e-9);
  EXPECT_EQ(UpperBoundOfShare(0, 0, 0.05), 1);
  EXPECT_EQ(UpperBoundOfShare(7, 7, 0.05), 1);
}

TEST(ThresholdAdviceTest, TooFewDecisionsGiveNoAdvice) {
  for (const size_t count : {size_t{0}, size_t{1}, size_t{50}}) {
    std::vector<DecidedPair> pairs = Draw(count, 20, 1);  // all the same
    const ThresholdAdvice advice = AdviseThresholds(pairs, With(1e-4));
    EXPECT_EQ(advice.verdict, Verdict::kNotEnough) << count;
    EXPECT_EQ(advice.decided, count);
    EXPECT_NEAR(static_cast<double>(advice.needed), 63'000, 1000);
    EXPECT_EQ(advice.match, 6);
    EXPECT_EQ(advice.review, -1);
    EXPECT_FALSE(advice.surer_than_true);
  }
}

TEST(ThresholdAdviceTest, WhatIsNeededIsEnoughWhereNothingIsWrong) {
  const uint64_t needed = AdviseThresholds({}, With(0.01)).needed;
  std::vector<DecidedPair> pairs(needed - 1, {5.75, true});
  EXPECT_EQ(AdviseThresholds(pairs, With(0.01)).verdict, Verdict::kNotEnough);
  pairs.push_back({5.75, true});
  EXPECT_EQ(AdviseThresholds(pairs, With(0.01)).verdict, Verdict::kMove);
  EXPECT_EQ(AdviseThresholds(pairs, With(0.01)).match, 5.75);
}

TEST(ThresholdAdviceTest, GoesAsFarAsDecisionsSupportIt) {
  struct Case {
    const char* name;
    std::vector<DecidedPair> pairs;
    double wrong_links;
    Verdict verdict;
    double least_match, most_match, least_review, most_review;
    bool surer_than_true;
  };
  std::vector<DecidedPair> inverted;
  for (const DecidedPair& pair : Draw(20'000, 0, 5)) inverted.push_back({pair.weight, MatchShare(pair.weight) < 0.7});
  const Case cases[] = {
      // Of pairs of 4.5 to 5 bits 3.6 of 100 are wrong, of 4 to 4.5 bits 5.
      {"calibrated", Draw(20'000, 0, 2), 0.04, Verdict::kMove, 3.9, 5.1, -1, -1, false},
      {"too cautious by 3 bits", Draw(20'000, 3, 3), 0.025, Verdict::kMove, 1.2, 2.6, -1, -1, false},
      {"too sure by 3 bits", Draw(20'000, -3, 4), 0.025, Verdict::kKeep, 6, 6, -1, -1, true},
      {"inverted", inverted, 0.025, Verdict::kKeep, 6, 6, -1, -1, true},
      {"all the same", Draw(20'000, 40, 6), 0.001, Verdict::kMove, -1, -0.99, -1, -1, false},
      {"never the same", Draw(20'000, -40, 7), 0.025, Verdict::kMove, 6, 6, 5.9, 6, true},
      {"the lower ones never the same", Draw(20'000, -8, 8), 0.025, Verdict::kMove, 6, 6, 1, 2.6, true},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const ThresholdAdvice advice = AdviseThresholds(c.pairs, With(c.wrong_links));
    EXPECT_EQ(advice.verdict, c.verdict);
    EXPECT_GE(advice.match, c.least_match);
    EXPECT_LE(advice.match, c.most_match);
    EXPECT_GE(advice.review, c.least_review);
    EXPECT_LE(advice.review, c.most_review);
    EXPECT_EQ(advice.surer_than_true, c.surer_than_true);
    EXPECT_LE(advice.review, advice.match);
  }
}

TEST(ThresholdAdviceTest, ThresholdsMoveOnlyWithinWhatWasDecided) {
  // Nobody was asked about 2 to 5 bits, so nothing is known of below.
  std::vector<DecidedPair> pairs = Draw(5000, 40, 9, 5, 6);
  for (const DecidedPair& pair : Draw(5000, 40, 10, 0, 2)) pairs.push_back(pair);
  ThresholdAdvice advice = AdviseThresholds(pairs, With(0.01));
  EXPECT_GE(advice.match, 5);
  EXPECT_LT(advice.match, 5.01);
  // Within the last step no further than the lowest decision.
  advice = AdviseThresholds(Draw(5000, 40, 11, 4.3, 6), With(0.01));
  EXPECT_GE(advice.match, 4.3);
  EXPECT_LT(advice.match, 4.31);
  // And nothing where the step next to the threshold has none, either way.
  pairs = Draw(5000, 40, 12, 1, 5.4);
  for (const DecidedPair& pair : Draw(5000, -40, 13, 0, 0.9)) pairs.push_back(pair);
  advice = AdviseThresholds(pairs, With(0.01));
  EXPECT_EQ(advice.match, 6);
  EXPECT_EQ(advice.review, -1);
}

TEST(ThresholdAdviceTest, WhoWasNotAskedAndWhatIsHeldDoesNotCount) {
  std::vector<DecidedPair> pairs = Draw(4000, 40, 14, 5, 6);
  const ThresholdAdvice before = AdviseThresholds(pairs, With(0.01));
  for (int i = 0; i < 500; ++i) {
    pairs.push_back({7 + i * 0.001, false});        // links that somebody parted
    pairs.push_back({-3, true});                    // below review
    pairs.push_back({5.5, false, true});            // never links by itself
  }
  const ThresholdAdvice after = AdviseThresholds(pairs, With(0.01));
  EXPECT_EQ(after.verdict, Verdict::kMove);
  EXPECT_EQ(after.match, before.match);
  EXPECT_EQ(after.decided, 4000u);
  EXPECT_EQ(after.left_out_held, 500u);
  EXPECT_EQ(after.left_out_outside, 1000u);
  uint64_t shown = 0, asked = 0;
  for (const WeightBand& band : after.bands) {
    shown += band.decided;
    if (band.asked) asked += band.decided;
  }
  EXPECT_EQ(shown, 5000u);
  EXPECT_EQ(asked, 4000u);
}

TEST(ThresholdAdviceTest, OneBadStepIsNotHiddenByThoseAboveIt) {
  std::vector<DecidedPair> pairs(40'000, {5.75, true});
  for (int i = 0; i < 30; ++i) pairs.push_back({5.25, i % 3 != 0});  // a third of them wrong
  const ThresholdAdvice advice = AdviseThresholds(pairs, With(0.01));
  EXPECT_EQ(advice.match, 5.75);
  EXPECT_EQ(advice.would_link_wrong, 0u);
}

TEST(ThresholdAdviceTest, BandsSayWhatWasDecided) {
  const std::vector<DecidedPair> pairs = {{5.6, true}, {5.9, false},  {5.7, true},
                                          {5.7, true}, {-0.9, false}, {-1.1, true}};
  const ThresholdAdvice advice = AdviseThresholds(pairs, With(0.01));
  ASSERT_THAT(advice.bands, SizeIs(3));
  EXPECT_EQ(advice.bands[0].to, -1);
  EXPECT_FALSE(advice.bands[0].asked);
  EXPECT_EQ(advice.bands[1].from, -1);
  const WeightBand& last = advice.bands[2];
  EXPECT_EQ(last.from, 5.5);
  EXPECT_EQ(last.to, 6);
  EXPECT_EQ(last.decided, 4u);
  EXPECT_EQ(last.same, 3u);
  EXPECT_DOUBLE_EQ(last.share_same, 0.75);
  EXPECT_NEAR(last.low, 0.3006, 1e-4);  // Wilson
  EXPECT_NEAR(last.high, 0.9544, 1e-4);
  EXPECT_NEAR(last.expected, (MatchShare(5.6) + MatchShare(5.9) + 2 * MatchShare(5.7)) / 4, 1e-12);
}

TEST(ThresholdAdviceTest, AMoreGenerousShareGoesAsFarOrFurtherAndOrderDoesNotMatter) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<DecidedPair> pairs = Draw(8000, 1, seed);
    double before = 7;
    for (const double share : {1e-4, 1e-3, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.3}) {
      const ThresholdAdvice advice = AdviseThresholds(pairs, With(share));
      EXPECT_LE(advice.match, before) << share;
      before = advice.match;
    }
    std::mt19937_64 random(seed);
    std::shuffle(pairs.begin(), pairs.end(), random);
    EXPECT_EQ(AdviseThresholds(pairs, With(0.3)).match, before);
  }
}

TEST(ThresholdAdviceTest, TheTrueShareOfWrongLinksStaysUnderWhatWasAskedFor) {
  struct Case {
    size_t decided;
    double shift, share;
  };
  for (const Case c : {Case{8000, 0, 0.04}, Case{3000, 3, 0.02}, Case{1000, 1, 0.1}, Case{2000, -1, 0.15}}) {
    int beyond = 0, moved = 0;
    for (uint64_t seed = 0; seed < 1000; ++seed) {
      const ThresholdAdvice advice = AdviseThresholds(Draw(c.decided, c.shift, 1000 + seed), With(c.share));
      if (advice.match == 6) continue;
      ++moved;
      beyond += TrueWrongShare(advice.match, 6, c.shift) > c.share;
    }
    EXPECT_LE(beyond, 50) << c.decided << " " << c.shift;
    EXPECT_GT(moved, 500) << c.decided << " " << c.shift;
    std::printf("%zu decisions, weights %.0f bits too low, share %.2f: %d moved, %d beyond\n", c.decided, c.shift,
                c.share, moved, beyond);
  }
}

constexpr std::string_view kSparse = "1|佐藤 恵子|サトウ ケイコ|1965-03-03|女";
constexpr std::string_view kYamada =
    "1|山田 太郎|ヤマダ タロウ|1960-04-01|男|06270017/12-34/567/01|東京都/港区/芝1-2-3|03-1234-5678";
constexpr std::string_view kAnother =
    "1|山田 太郎|ヤマダ タロウ|1960-04-11|男||大阪府/大阪市北区/梅田1-1|06-1111-2222";

TEST(DecidedPairsTest, AreWhatStewardsSaidAndTheModelThinks) {
  RegistryFolder registry;
  ASSERT_TRUE(registry.Create(Model::Default(), FrozenOptions()));
  int number = 0;
  const auto put = [&](std::string_view line) {
    Record record = ParseRecord(line);
    record.key = {"A" + std::to_string(++number), "1", 0};
    EXPECT_TRUE(registry->Put(record, {"test", ""}).ok());
    return record.key;
  };
  const RecordKey a = put(kSparse), b = put(kSparse), c = put(kYamada), d = put(kAnother);
  const Attribution takeover = {TakeoverActor("OLD"), ""}, steward = {"steward1", ""};
  EXPECT_THAT(*DecidedPairs(*registry), IsEmpty());
  ASSERT_TRUE(registry->Decide(a, b, true, takeover).ok());
  ASSERT_TRUE(registry->Decide(c, d, false, steward).ok());
  auto pairs = DecidedPairs(*registry);
  ASSERT_TRUE(pairs.ok()) << pairs.status();
  ASSERT_THAT(*pairs, SizeIs(1));
  EXPECT_EQ((*pairs)[0].weight, WeightBits(registry->Explain(c, d)->weight));
  EXPECT_FALSE((*pairs)[0].same);
  EXPECT_FALSE((*pairs)[0].held);
  ASSERT_TRUE(registry->Decide(a, b, true, steward).ok());  // confirms
  pairs = DecidedPairs(*registry);
  ASSERT_THAT(*pairs, SizeIs(2));
  EXPECT_TRUE((*pairs)[0].same);
  EXPECT_TRUE((*pairs)[0].held);  // a common name, birth date and sex alone
  ASSERT_TRUE(registry->Undecide(c, d, steward).ok());
  EXPECT_THAT(*DecidedPairs(*registry), SizeIs(1));
}

TEST(PreviewTest, CountsQuestionsAsTheyAreAfterwards) {
  const RegionRecords region = MakeRegionRecords({1000, 7, 6});
  std::map<RecordKey, const Record*> records;
  for (const Record& record : region.records) records.try_emplace(record.key, &record);
  std::vector<const Record*> all;
  for (const auto& [key, record] : records) all.push_back(record);
  RegistryFolder registry;
  ASSERT_TRUE(registry.Create(Model::Default(), FrozenOptions()));
  const auto reader = [&](size_t i, RecordView* view) { view->Assign(*all[i]); };
  ASSERT_TRUE(registry->BulkLoad(all.size(), reader, {"test", ""}, 2, nullptr).ok());
  FrozenOptions lower = registry->model()->options();
  lower.match_threshold = 3;
  lower.review_threshold = 1;
  const auto relink = [&](bool dry_run) {
    auto answer = registry->Relink(registry->model()->model(), lower, dry_run, {"test", ""}, 2, nullptr);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *answer : Registry::RelinkAnswer();
  };
  const size_t before = registry->Review(SIZE_MAX)->size();
  const auto foreseen = relink(true);
  EXPECT_GT(foreseen.merged, 0u);
  EXPECT_EQ(foreseen.questions_before, before);
  EXPECT_EQ(registry->Review(SIZE_MAX)->size(), before);
  const auto done = relink(false);
  EXPECT_EQ(done.questions_after, foreseen.questions_after);
  EXPECT_EQ(registry->Review(SIZE_MAX)->size(), foreseen.questions_after);
  EXPECT_LT(foreseen.questions_after, before);
}

}  // namespace
}  // namespace libmpi
