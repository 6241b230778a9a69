// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/run_forecast.h"

#include <algorithm>
#include <cmath>

#include "evaluation/region_records.h"
#include "gtest/gtest.h"

namespace libmpi {
namespace {

RecordReader ReaderOf(const std::vector<Record>& records) {
  return [&records](size_t i, RecordView* out) { out->Assign(records[i]); };
}

std::vector<Record> SortedRegion(uint64_t persons, uint64_t seed) {
  std::vector<Record> records = MakeRegionRecords({.persons = persons, .seed = seed}).records;
  std::sort(records.begin(), records.end(), [](const Record& x, const Record& y) { return x.key < y.key; });
  records.erase(std::unique(records.begin(), records.end(),
                            [](const Record& x, const Record& y) { return x.key == y.key; }),
                records.end());
  return records;
}

TEST(RunForecastTest, ASampleOfAllCountsTheVeryPairs) {
  const std::vector<Record> records = SortedRegion(3000, 5);
  const auto sample = MeasureSample(records.size(), std::nullopt, ReaderOf(records), LinkOptions(), 10 * records.size());
  ASSERT_TRUE(sample.ok()) << sample.status();
  EXPECT_EQ(sample->records, records.size());
  EXPECT_EQ(sample->share, 1);
  EXPECT_GT(sample->keys_a_record, 8);
  EXPECT_GT(sample->standardize_seconds, 0);
  const auto result = Dedupe(records, LinkOptions());
  ASSERT_TRUE(result.ok()) << result.status();
  const RunForecast forecast = ForecastRun(records.size(), 1000, *sample, 1, false);
  EXPECT_NEAR(static_cast<double>(forecast.candidate_pairs) / static_cast<double>(result->candidate_pairs), 1, 0.01);
}

TEST(RunForecastTest, OfTwoListsThePairsAcross) {
  const std::vector<Record> all = SortedRegion(3000, 7);
  std::vector<Record> fresh, reference;
  for (size_t i = 0; i < all.size(); ++i) (i % 5 == 0 ? fresh : reference).push_back(all[i]);
  std::vector<Record> listed = fresh;
  listed.insert(listed.end(), reference.begin(), reference.end());
  const auto sample = MeasureSample(listed.size(), fresh.size(), ReaderOf(listed), LinkOptions(), 10 * listed.size());
  ASSERT_TRUE(sample.ok()) << sample.status();
  const auto result = LinkToReference(fresh, reference, LinkOptions(), false);
  ASSERT_TRUE(result.ok()) << result.status();
  const RunForecast forecast = ForecastRun(listed.size(), 1000, *sample, 1, false);
  EXPECT_NEAR(static_cast<double>(forecast.candidate_pairs) / static_cast<double>(result->candidate_pairs), 1, 0.01);
}

TEST(RunForecastTest, ASampleHasWholePersons) {
  const std::vector<Record> records = SortedRegion(20000, 6);
  const auto whole = MeasureSample(records.size(), std::nullopt, ReaderOf(records), LinkOptions(), 10 * records.size());
  const auto part = MeasureSample(records.size(), std::nullopt, ReaderOf(records), LinkOptions(), records.size() / 8);
  ASSERT_TRUE(whole.ok() && part.ok());
  EXPECT_NEAR(part->share, 1.0 / 8, 0.03);
  // A random eighth of the records would have an eighth of the pairs a record.
  EXPECT_GT(part->pairs_a_record, whole->pairs_a_record / 4);
  EXPECT_LT(part->pairs_a_record, whole->pairs_a_record);
}

TEST(RunForecastTest, OfNoRecordsNothing) {
  const auto sample = MeasureSample(0, std::nullopt, [](size_t, RecordView*) {}, LinkOptions());
  ASSERT_TRUE(sample.ok());
  EXPECT_EQ(sample->records, 0);
  const RunForecast forecast = ForecastRun(0, 0, *sample, 2, false);
  EXPECT_EQ(forecast.candidate_pairs, 0);
  EXPECT_EQ(forecast.disk, 0);
}

TEST(RunForecastTest, GrowsWithSizeDensityAndFewerThreads) {
  SampleFacts sample;
  sample.records = 60000;
  sample.share = 0.1;
  sample.pairs_a_record = 3;
  sample.standardize_seconds = 5e-6;
  RunForecast last = ForecastRun(1000, 160000, sample, 2, true);
  for (size_t count : {10000, 54000, 200000, 1000000, 10000000, 50000000, 200000000}) {
    const RunForecast forecast = ForecastRun(count, 160 * count, sample, 2, true);
    EXPECT_TRUE(std::isfinite(forecast.seconds));
    EXPECT_GT(forecast.seconds, last.seconds);
    EXPECT_GT(forecast.candidate_pairs, last.candidate_pairs);
    EXPECT_GT(forecast.memory, last.memory);
    EXPECT_GE(forecast.memory, forecast.least);
    EXPECT_GT(forecast.disk, last.disk);
    last = forecast;
  }
  SampleFacts denser = sample;
  denser.pairs_a_record *= 2;
  const RunForecast usual = ForecastRun(1000000, 160000000, sample, 2, false),
                    dense = ForecastRun(1000000, 160000000, denser, 2, false);
  EXPECT_NEAR(static_cast<double>(dense.candidate_pairs) / static_cast<double>(usual.candidate_pairs), 2, 0.001);
  EXPECT_GT(dense.seconds, usual.seconds);
  EXPECT_NEAR(ForecastRun(1000000, 160000000, sample, 1, false).seconds / usual.seconds, 2, 0.001);
}

}  // namespace
}  // namespace libmpi
