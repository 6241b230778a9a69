// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/run_forecast.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <iterator>
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
    {1e4, 2.3, 2.3}, {5.4e4, 3.90, 3.90}, {1.06e6, 7.51, 3.1}, {1.015e7, 11.6, 5.1}, {5e7, 16, 9},
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

// What all stages but comparing take, in times of standardizing a record of the sample; what comparing and scoring a pair
// takes; and what begins and learning take of any data.
constexpr double kAllStages = 2.27, kAPair = 0.083, kAnyway = 0.3;
// A record of the whole against one of a sparse sample, whose words are met for the first time and whose rows lie far apart
// (bench/README.md, "Out of core"). The sample pays for pages that leave and come back as well.
constexpr double kOfTheWhole = 0.82;

constexpr double kBase = 35e6;         // of the program and its tables
constexpr double kTextARecord = 157;   // where only the size of the input is known
constexpr double kLargeText = 512e6;   // beyond it texts are put aside once records are encoded
// Bytes a record: its row; what is encoded of it; its keys; the blocks in the making.
constexpr double kRow = 28, kEncoded = 150, kKeys = 96, kBlocks = 144;
// Of arrays in files: what stays in memory, and what files take at most beside the text.
constexpr double kAlwaysInMemory = 70, kInFiles = 470;

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

// Candidate pairs, and those of them that are of two lists.
struct PairCounts {
  uint64_t all = 0, of_two_lists = 0;
};
PairCounts CountPairs(const Blocks& blocks, const DistinctRecords& distinct, int threads) {
  struct alignas(kOwnCacheLines) Tally {
    PairCounts pairs;
  };
  std::vector<Tally> tallies(static_cast<size_t>(threads));
  blocks.ForEachPair(threads, [&](int worker, uint32_t a, uint32_t b) {
    PairCounts& pairs = tallies[static_cast<size_t>(worker)].pairs;
    ++pairs.all;
    pairs.of_two_lists += distinct.AreOfTwoLists(a, b);
  });
  PairCounts sum;
  for (const Tally& tally : tallies) {
    sum.all += tally.pairs.all;
    sum.of_two_lists += tally.pairs.of_two_lists;
  }
  return sum;
}

}  // namespace

absl::StatusOr<SampleFacts> MeasureSample(size_t count, std::optional<size_t> new_count, const RecordReader& reader,
                                          const LinkOptions& options, size_t wanted) {
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
  // Of the sample those of the first list come first.
  const size_t second_list =
      !new_count ? 0 : static_cast<size_t>(std::lower_bound(sample.begin(), sample.end(), *new_count) - sample.begin());
  const auto encode = [&](EncodedRecords* records) {
    return EncodeRecords(sample.size(), second_list, of_sample, standardizer, readings, threads, options.progress, records);
  };
  // Once before, since what is read and set up for the first time is a large part of a small sample's cost alone.
  EncodedRecords records;
  LIBMPI_RETURN_IF_ERROR(encode(&records));
  records = EncodedRecords();
  const std::clock_t started = std::clock();  // of processors: others that use the machine now may be gone soon
  LIBMPI_RETURN_IF_ERROR(encode(&records));
  const double took = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
  const auto n = static_cast<double>(sample.size());
  facts.standardize_seconds = took / n;
  facts.keys_a_record = static_cast<double>(records.keys.size()) / n;
  const DistinctRecords distinct(&records, second_list, threads);
  const Blocks blocks(&records, threads);
  const PairCounts pairs = CountPairs(blocks, distinct, threads);
  facts.pairs_a_record = static_cast<double>(pairs.all) / n;
  if (new_count && pairs.all > 0)
    facts.compared_share = static_cast<double>(pairs.of_two_lists) / static_cast<double>(pairs.all);
  return facts;
}

RunForecast ForecastRun(size_t count, uint64_t text_bytes, const SampleFacts& sample, int threads, bool spilled) {
  RunForecast forecast;
  const auto n = static_cast<double>(count);
  const Density usual = DensityOf(n);
  const double denser = usual.sample_pairs > 0 ? sample.pairs_a_record / usual.sample_pairs : 1;
  const double pairs_a_record =
      (sample.share >= 1 ? sample.pairs_a_record : usual.pairs * denser) * sample.compared_share;
  forecast.candidate_pairs = static_cast<uint64_t>(n * pairs_a_record);
  const double a_record = sample.standardize_seconds * (sample.share >= 1 ? 1 : kOfTheWhole);
  forecast.seconds = (kAnyway + n * a_record * (kAllStages + kAPair * pairs_a_record)) / std::max(threads, 1);
  const RunBytes bytes = BytesOfRun(count, text_bytes);
  forecast.memory = bytes.memory;
  forecast.least = bytes.least;
  forecast.disk = spilled ? bytes.disk : 0;
  return forecast;
}

RunBytes BytesOfRun(std::optional<size_t> count, uint64_t text_bytes) {
  const auto text = static_cast<double>(text_bytes);
  const double n = count ? static_cast<double>(*count) : text / kTextARecord;
  // While keys are sorted, those of some millions of records at once.
  const double entries = std::min(n * kKeys * 2, std::max(96e6, n * kKeys / 4));
  const double reading = text + n * (kRow + kEncoded + kKeys);
  const double blocking = (text < kLargeText ? text : 0) + n * (kRow + kEncoded + kKeys + kBlocks) + entries;
  // The watch begins below the promise: by a quarter, at most by 512 MB.
  const double held = kBase + n * kAlwaysInMemory + text / 20;
  const double memory = kBase + std::max(reading, blocking);
  const double least = std::min({held / 0.75, held + 537e6, memory});  // small runs take that little anyway
  return {static_cast<uint64_t>(memory), static_cast<uint64_t>(least),
          static_cast<uint64_t>(text + n * kInFiles)};
}

}  // namespace libmpi
