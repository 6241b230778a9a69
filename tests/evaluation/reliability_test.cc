// SPDX-License-Identifier: Apache-2.0
// Reliability and blocking recall of a small region.
#include "libmpi/evaluation/reliability.h"

#include <map>

#include "evaluation/region_records.h"
#include "gtest/gtest.h"
#include "libmpi/evaluation/blocking_recall.h"
#include "testing/records.h"

namespace libmpi {
namespace {

struct Judged {
  std::vector<Record> records;
  std::vector<uint32_t> person;
  std::unique_ptr<Replay> replay;
};

Judged MakeJudged(const RegionOptions& region, int threads) {
  Judged out;
  std::map<RecordKey, std::pair<Record, uint32_t>> by_key;
  const RegionRecords rows = MakeRegionRecords(region);
  for (size_t i = 0; i < rows.records.size(); ++i)
    by_key.try_emplace(rows.records[i].key, rows.records[i], rows.person[i]);
  for (auto& [key, row] : by_key) {
    out.records.push_back(row.first);
    out.records.back().Normalize();
    out.person.push_back(row.second);
  }
  LinkOptions options;
  options.model = &Model::Default();
  options.threads = threads;
  out.replay = *Replay::Create(
      out.records.size(), [&](size_t i, RecordView* record) { record->Assign(out.records[i]); }, options, std::nullopt);
  return out;
}

TEST(ReliabilityTest, BinsHoldAllPairsAndRepeatForAnyThreads) {
  Judged one = MakeJudged({2000, 91, 1}, 1), three = MakeJudged({2000, 91, 1}, 3);
  const ReliabilityEvaluation a = EvaluateReliability(one.replay.get(), one.person);
  const ReliabilityEvaluation b = EvaluateReliability(three.replay.get(), three.person);
  ASSERT_GT(a.all.bins.size(), 5u);
  ASSERT_LE(a.all.bins.size(), size_t{kReliabilityBins});
  uint64_t pairs = 0, true_pairs = 0;
  double last = kReliabilityFrom, error = 0;
  for (const ReliabilityBin& bin : a.all.bins) {
    EXPECT_GE(bin.lowest_weight, last);
    EXPECT_LE(bin.lowest_weight, bin.highest_weight);
    EXPECT_GE(bin.predicted, 0);
    EXPECT_LE(bin.predicted, 1);
    last = bin.highest_weight;
    pairs += bin.pairs;
    true_pairs += bin.true_pairs;
    error += std::abs(bin.predicted - bin.observed) * double(bin.pairs) / double(a.all.pairs);
  }
  EXPECT_LE(last, kReliabilityTo);
  EXPECT_EQ(pairs, a.all.pairs);
  EXPECT_EQ(true_pairs, a.all.true_pairs);
  EXPECT_NEAR(error, a.all.expected_calibration_error, 1e-12);
  EXPECT_LE(a.not_held.pairs, a.all.pairs);
  EXPECT_EQ(a.all.expected_calibration_error, b.all.expected_calibration_error);
  EXPECT_EQ(a.safe_links, b.safe_links);
  EXPECT_EQ(a.predicted_wrong_share, b.predicted_wrong_share);
  EXPECT_GE(a.observed_wrong_share.value, a.observed_wrong_share.interval.low);
  EXPECT_LE(a.predicted_wrong_share, 1e-4);
}

TEST(ReliabilityTest, RecordsWithoutAPersonAreLeftOut) {
  Judged judged = MakeJudged({500, 92, 1}, 1);
  std::fill(judged.person.begin(), judged.person.end(), kUnknownPerson);
  const ReliabilityEvaluation e = EvaluateReliability(judged.replay.get(), judged.person);
  EXPECT_EQ(e.all.pairs, 0u);
  EXPECT_TRUE(e.all.bins.empty());
  EXPECT_EQ(e.safe_links, 0u);
}

// Repeats are counted by person: thousands of one record are millions of pairs.
TEST(ReliabilityTest, ManyRepeatsOfOneRecord) {
  constexpr size_t kRepeats = 60000;
  Judged judged;
  for (size_t i = 0; i < kRepeats; ++i) {
    judged.records.push_back(ParseRecord("1|佐藤 恵子|サトウ ケイコ|1956-05-12|F"));
    judged.records.back().key.record_id = std::to_string(100000 + i);
    judged.person.push_back(i % 3 == 0 ? 1 : 2);
  }
  judged.person[0] = kUnknownPerson;
  LinkOptions options;
  options.model = &Model::Default();
  judged.replay = *Replay::Create(
      kRepeats, [&](size_t i, RecordView* record) { record->Assign(judged.records[i]); }, options, std::nullopt);
  const ReliabilityEvaluation e = EvaluateReliability(judged.replay.get(), judged.person);
  const auto pairs = [](uint64_t n) { return n * (n - 1) / 2; };
  EXPECT_EQ(e.all.pairs, pairs(kRepeats - 1));
  EXPECT_EQ(e.all.true_pairs, pairs(kRepeats / 3 - 1) + pairs(kRepeats - kRepeats / 3));
}

TEST(BlockingRecallTest, AgreesWithAskingPairByPair) {
  const Judged judged = MakeJudged({1500, 93, 2}, 1);
  const BlockingEvaluation e = EvaluateBlocking(*judged.replay, judged.person);
  uint64_t truth = 0, met = 0;
  const uint32_t n = static_cast<uint32_t>(judged.records.size());
  for (uint32_t i = 0; i < n; ++i)
    for (uint32_t j = i + 1; j < n; ++j) {
      if (judged.person[i] != judged.person[j]) continue;
      ++truth;
      met += judged.replay->IsCandidate(i, j);
    }
  EXPECT_EQ(e.true_pairs, truth);
  EXPECT_EQ(e.met_pairs, met);
  EXPECT_DOUBLE_EQ(e.recall.value, double(met) / double(truth));
  EXPECT_GE(e.connected_recall.value, e.recall.value);
  EXPECT_LE(e.recall.interval.low, e.recall.value);
  EXPECT_GT(e.reduction_ratio, 0.9);
  EXPECT_DOUBLE_EQ(e.reduction_ratio, 1 - double(e.candidate_pairs) / (double(n) * (n - 1) / 2));
}

}  // namespace
}  // namespace libmpi
