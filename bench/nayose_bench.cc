// SPDX-License-Identifier: Apache-2.0
// What the steps of a run cost, a record or a pair at a time, on the generator's region.
//   cmake --preset release -DLIBMPI_BUILD_BENCH=ON && cmake --build --preset release
//   build/release/bench/nayose_bench
#include <algorithm>
#include <vector>

#include "benchmark/benchmark.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/linkage/blocks.h"
#include "libmpi/linkage/comparator.h"
#include "libmpi/linkage/learning.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/scorer.h"
#include "libmpi/record/standardize.h"

namespace libmpi {
namespace {

Record RecordOf(const RegionRow& row) {
  Record record;
  record.key = {row.source, row.record_id, 0};
  record.names.push_back({.full = row.name, .full_kana = row.kana});
  if (!row.birth.empty()) record.births.push_back(row.birth);
  if (!row.sex.empty()) record.sexes.push_back(row.sex);
  if (!row.number.empty())
    record.coverages.push_back({row.insurer, row.symbol, row.number, row.branch});
  if (!row.city.empty())
    record.addresses.push_back({row.postal_code, row.prefecture, row.city, row.street, ""});
  if (!row.phone.empty()) record.phones.push_back(row.phone);
  return record;
}

const std::vector<Record>& Records() {
  static const auto* const records = [] {
    auto* out = new std::vector<Record>();
    RegionOptions options;
    options.persons = 20000;
    GenerateRegion(options, [&](const RegionRow& row) { out->push_back(RecordOf(row)); });
    std::sort(out->begin(), out->end(), [](const Record& a, const Record& b) { return a.key < b.key; });
    out->erase(std::unique(out->begin(), out->end(), [](const Record& a, const Record& b) { return a.key == b.key; }),
               out->end());
    return out;
  }();
  return *records;
}

// The region encoded, blocked and with a model: what comparing and scoring start from.
struct Prepared {
  NameCounts names;
  ReadingModel readings;
  EncodedRecords records;
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  Model model;
};

const Prepared& Ready() {
  static const auto* const ready = [] {
    auto* out = new Prepared();
    const LinkOptions options;
    const RecordReader reader = [](size_t i, RecordView* record) { record->Assign(Records()[i]); };
    const DataCounts counts = *CountData(Records().size(), reader, options);
    out->names = counts.names;
    out->readings = ReadingModel(out->names.Readings());
    const Standardizer standardizer({}, &out->names, &out->readings);
    (void)EncodeRecords(Records().size(), 0, reader, standardizer, out->readings, 1, {}, &out->records);
    const DistinctRecords distinct(&out->records, 0);
    const Blocks blocks(&out->records, 1);
    blocks.ForEachPair(1, [&](int, uint32_t a, uint32_t b) { out->pairs.emplace_back(a, b); });
    std::vector<Comparator> comparators(1, Comparator(&out->records, &out->readings));
    SelfCheck check;
    bool learned;
    const double n = static_cast<double>(Records().size());
    out->model = LearnModel(
        CountBlockedPatterns(out->records, distinct, blocks, {}, 0, &comparators),
        CountUnblockedPatterns(out->records, blocks, std::nullopt, 0, n * (n - 1) / 2, &comparators),
        {}, Records().size(), counts, 1, &check, &learned);
    return out;
  }();
  return *ready;
}

void BM_Standardize(benchmark::State& state) {
  const Prepared& ready = Ready();
  const Standardizer standardizer({}, &ready.names, &ready.readings);
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(standardizer.Standardize(Records()[i]));
    i = (i + 1) % Records().size();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Standardize);

void BM_Compare(benchmark::State& state) {
  const Prepared& ready = Ready();
  Comparator comparator(&ready.records, &ready.readings);
  size_t i = 0;
  for (auto _ : state) {
    const auto& [a, b] = ready.pairs[i];
    benchmark::DoNotOptimize(comparator.Compare(a, b));
    i = (i + 1) % ready.pairs.size();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Compare);

void BM_CompareAndScore(benchmark::State& state) {
  const Prepared& ready = Ready();
  const NameShares shares(ready.model, ready.records, 1);
  Comparator comparator(&ready.records, &ready.readings);
  Scorer scorer(&ready.model, &shares, 10e6);
  size_t i = 0;
  for (auto _ : state) {
    const auto& [a, b] = ready.pairs[i];
    benchmark::DoNotOptimize(scorer.Score(comparator.Compare(a, b)));
    i = (i + 1) % ready.pairs.size();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_CompareAndScore);

void BM_Dedupe(benchmark::State& state) {
  LinkOptions options;
  options.threads = static_cast<int>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(Dedupe(Records(), options));
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(Records().size()));
}
BENCHMARK(BM_Dedupe)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace libmpi
