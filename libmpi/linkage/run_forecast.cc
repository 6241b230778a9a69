// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/run_forecast.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <numeric>
#include <vector>

#include "libmpi/base/hash.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/blocks.h"
#include "libmpi/linkage/distinct_records.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/learning.h"
#include "libmpi/record/birth_date.h"

namespace libmpi {
namespace {

// A share of generated regions, which all are of one kind: candidate pairs a record, of the whole and within the sample
// of 60,000 records, by the number of records.
struct Density {
  double records, pairs, sample_pairs;
};
constexpr Density kDensities[] = {
    {1e4, 2.3, 2.3}, {5.4e4, 3.90, 3.90}, {1.06e6, 7.51, 3.1}, {1.015e7, 11.6, 4.9}, {5e7, 16, 9},
};

// Between two of them along the logarithm of the records; beyond, the last.
Density DensityOf(double records) {
  const Density* const end = std::end(kDensities);
  const Density* const above =
      std::find_if(std::begin(kDensities), end, [records](const Density& d) { return d.records >= records; });
  if (above == std::begin(kDensities)) return {records, above->pairs, above->sample_pairs};
  if (above == end) return {records, (end - 1)->pairs, (end - 1)->sample_pairs};
  const Density &x = *(above - 1), &y = *above;
  const double t = std::log(records / x.records) / std::log(y.records / x.records);
  return {records, std::lerp(x.pairs, y.pairs, t), std::lerp(x.sample_pairs, y.sample_pairs, t)};
}

// What all stages but comparing take, in times of standardizing a record, and what comparing and scoring a pair takes.
constexpr double kAllStages = 1.9, kAPair = 0.055;
// Pages that leave and come back.
constexpr double kSpilled = 1.4;

// Records born on days of which a hash is at most a threshold; those of no birth by what they say.
std::vector<uint32_t> ChooseSample(size_t count, const RecordReader& reader, const LinkOptions& options, size_t wanted) {
  const uint64_t threshold = SampleThreshold(static_cast<double>(wanted) / static_cast<double>(std::max<size_t>(count, 1)));
  constexpr size_t kGrain = 4096;
  std::vector<std::vector<uint32_t>> chosen((count + kGrain - 1) / kGrain);
  ParallelChunks(count, kGrain, ResolveThreads(options.threads), [&](size_t begin, size_t end, int) {
    RecordView record;
    std::vector<Finding> findings;
    for (size_t i = begin; i < end; ++i) {
      record.Clear();
      reader(i, &record);
      CivilDate birth;
      findings.clear();
      const bool born = !record.births.empty() && ParseBirthDate(record.births.front(), options.today, &birth, &findings);
      const uint64_t hash = born ? EncodeDate(birth) : HashBytes(record.record_id);
      if (MixBits(hash ^ MixBits(options.seed)) <= threshold) chosen[begin / kGrain].push_back(static_cast<uint32_t>(i));
    }
  });
  std::vector<uint32_t> all;
  for (const std::vector<uint32_t>& part : chosen) all.insert(all.end(), part.begin(), part.end());
  return all;
}

uint64_t CountPairs(const Blocks& blocks, int threads) {
  std::vector<uint64_t> pairs(static_cast<size_t>(threads), 0);
  blocks.ForEachPair(threads, [&](int worker, uint32_t, uint32_t) { ++pairs[static_cast<size_t>(worker)]; });
  return std::accumulate(pairs.begin(), pairs.end(), uint64_t{0});
}

}  // namespace

absl::StatusOr<SampleFacts> MeasureSample(size_t count, const RecordReader& reader, const LinkOptions& options,
                                          size_t wanted) {
  SampleFacts facts;
  const std::vector<uint32_t> sample = ChooseSample(count, reader, options, wanted);
  facts.records = sample.size();
  if (sample.empty()) return facts;
  facts.share = static_cast<double>(sample.size()) / static_cast<double>(count);
  const int threads = ResolveThreads(options.threads);
  const RecordReader of_sample = [&](size_t i, RecordView* record) { reader(sample[i], record); };
  LIBMPI_ASSIGN_OR_RETURN(const DataCounts counted, CountData(sample.size(), of_sample, options));
  const ReadingModel readings(counted.names.Readings());
  const Standardizer standardizer({options.today, counted.InsurersHaveCheckDigits()}, &counted.names, &readings);
  const size_t second_list = 0;
  EncodedRecords records;
  const auto started = std::chrono::steady_clock::now();
  LIBMPI_RETURN_IF_ERROR(EncodeRecords(sample.size(), second_list, of_sample, standardizer, readings, threads,
                                       options.progress, &records));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  const auto n = static_cast<double>(sample.size());
  facts.standardize_seconds = took.count() * threads / n;
  facts.keys_a_record = static_cast<double>(records.keys.size()) / n;
  const DistinctRecords distinct(&records, second_list, threads);
  const Blocks blocks(&records, threads);
  facts.pairs_a_record = static_cast<double>(CountPairs(blocks, threads)) / n;
  return facts;
}

RunForecast ForecastRun(size_t count, uint64_t text_bytes, const SampleFacts& sample, int threads, bool spilled) {
  RunForecast forecast;
  const auto n = static_cast<double>(count);
  const Density usual = DensityOf(n);
  const double denser = usual.sample_pairs > 0 ? sample.pairs_a_record / usual.sample_pairs : 1;
  const double pairs_a_record = sample.share >= 1 ? sample.pairs_a_record : usual.pairs * denser;
  forecast.candidate_pairs = static_cast<uint64_t>(n * pairs_a_record);
  forecast.seconds = n * sample.standardize_seconds * (kAllStages + kAPair * pairs_a_record) / threads *
                     (spilled ? kSpilled : 1);
  forecast.memory = MemoryOfRun(text_bytes);
  forecast.least = LeastMemoryOfRun(text_bytes);
  forecast.disk = spilled ? DiskOfRun(text_bytes) : 0;
  return forecast;
}

uint64_t MemoryOfRun(uint64_t text_bytes) {
  const auto text = static_cast<double>(text_bytes);
  return static_cast<uint64_t>(40e6 + 2.5 * text + 20e3 * std::sqrt(text));
}

uint64_t LeastMemoryOfRun(uint64_t text_bytes) { return 45'000'000 + text_bytes / 2; }

uint64_t DiskOfRun(uint64_t text_bytes) { return 4 * text_bytes; }

}  // namespace libmpi
