// SPDX-License-Identifier: Apache-2.0
// Standardizing: what folding each kind of field costs, and a whole record.
#include <string>
#include <vector>

#include "bench/bench_region.h"
#include "benchmark/benchmark.h"
#include "libmpi/record/address.h"
#include "libmpi/record/birth_date.h"
#include "libmpi/record/person_name.h"
#include "libmpi/text/fold.h"

namespace libmpi::bench {
namespace {

// Calls fold(row) for row after row; a row is a record.
template <typename Fold>
void OverRows(benchmark::State& state, const Fold& fold) {
  const std::vector<RegionRow>& rows = Rows();
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(fold(rows[i]));
    i = i + 1 == rows.size() ? 0 : i + 1;
  }
  state.SetItemsProcessed(state.iterations());
}

double MeanBytes(std::string RegionRow::* field) {
  double bytes = 0;
  for (const RegionRow& row : Rows()) bytes += static_cast<double>((row.*field).size());
  return bytes / static_cast<double>(Rows().size());
}

void BM_FoldKanji(benchmark::State& state) {
  OverRows(state, [](const RegionRow& row) { return FoldKanji(row.name); });
  state.counters["bytes/record"] = MeanBytes(&RegionRow::name);
}
BENCHMARK(BM_FoldKanji);

void BM_FoldKana(benchmark::State& state) {
  OverRows(state, [](const RegionRow& row) { return FoldKana(row.kana); });
  state.counters["bytes/record"] = MeanBytes(&RegionRow::kana);
}
BENCHMARK(BM_FoldKana);

void BM_ParseName(benchmark::State& state) {
  const Counted& counted = CountedRecords();
  std::vector<Finding> findings;
  OverRows(state, [&](const RegionRow& row) {
    findings.clear();
    return ParseName({.full = row.name, .full_kana = row.kana}, &counted.counts.names, counted.readings, &findings);
  });
}
BENCHMARK(BM_ParseName);

void BM_ParseAddress(benchmark::State& state) {
  std::vector<Finding> findings;
  OverRows(state, [&](const RegionRow& row) {
    findings.clear();
    return ParseAddress({row.postal_code, row.prefecture, row.city, row.street, ""}, &findings);
  });
}
BENCHMARK(BM_ParseAddress);

void BM_ParseBirthDate(benchmark::State& state) {
  std::vector<Finding> findings;
  CivilDate date;
  OverRows(state, [&](const RegionRow& row) {
    findings.clear();
    return ParseBirthDate(row.birth, {}, &date, &findings);
  });
}
BENCHMARK(BM_ParseBirthDate);

void BM_Standardize(benchmark::State& state) {
  const Counted& counted = CountedRecords();
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(counted.standardizer->Standardize(Records()[i]));
    i = i + 1 == Records().size() ? 0 : i + 1;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Standardize);

}  // namespace
}  // namespace libmpi::bench
