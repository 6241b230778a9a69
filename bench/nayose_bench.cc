// SPDX-License-Identifier: Apache-2.0
// Linkage, step by step: what a record or a pair costs.
//   cmake --preset release -DLIBMPI_BUILD_BENCH=ON && cmake --build --preset release
//   build/release/bench/nayose_bench
#include <algorithm>
#include <cmath>
#include <vector>

#include "bench/bench_region.h"
#include "benchmark/benchmark.h"
#include "libmpi/linkage/blocking_keys.h"
#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/comparator.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/scorer.h"

namespace libmpi::bench {
namespace {

void CountRecords(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(Records().size()));
}

// Features of some records, as Standardize gives them.
const std::vector<Features>& SomeFeatures() {
  static const auto* const features = [] {
    auto* out = new std::vector<Features>();
    for (size_t i = 0; i < std::min<size_t>(Records().size(), 20000); ++i)
      out->push_back(CountedRecords().standardizer->Standardize(Records()[i]));
    return out;
  }();
  return *features;
}

// Features to what is compared: texts get their numbers.
void BM_Encode(benchmark::State& state) {
  const std::vector<Features>& features = SomeFeatures();
  TextDictionary texts;
  size_t i = 0;
  for (auto _ : state) {
    MoreValues more;
    benchmark::DoNotOptimize(EncodeFeatures(features[i], CountedRecords().readings, &texts, &more));
    i = i + 1 == features.size() ? 0 : i + 1;
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes/record"] = sizeof(EncodedRecord);
}
BENCHMARK(BM_Encode);

// Blocking keys of a record.
void BM_Key(benchmark::State& state) {
  const std::vector<Features>& features = SomeFeatures();
  std::vector<uint64_t> keys;
  size_t i = 0, made = 0;
  for (auto _ : state) {
    keys.clear();
    AppendBlockingKeys(features[i], TermsOf(features[i].names, CountedRecords().readings), 1, &keys);
    made += keys.size();
    i = i + 1 == features.size() ? 0 : i + 1;
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes/record"] = 8.0 * static_cast<double>(made) / static_cast<double>(state.iterations());
}
BENCHMARK(BM_Key);

// Records through all of standardize, encode, key.
void BM_EncodeRecords(benchmark::State& state) {
  const Counted& counted = CountedRecords();
  for (auto _ : state) {
    EncodedRecords out;
    if (!EncodeRecords(Records().size(), 0, ReaderOfRecords(), *counted.standardizer, counted.readings,
                       static_cast<int>(state.range(0)), {}, &out).ok())
      return state.SkipWithError("not encoded");
  }
  CountRecords(state);
}
BENCHMARK(BM_EncodeRecords)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

// Keys into blocks: sorting, refining what is too common, the way back from records to blocks.
void BM_Sort(benchmark::State& state) {
  uint64_t pairs = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto encoded = EncodeAll(2);
    state.ResumeTiming();
    const Blocks blocks(&encoded->records, static_cast<int>(state.range(0)));
    pairs = blocks.raw_pairs();
    state.PauseTiming();
    encoded.reset();
    state.ResumeTiming();
  }
  CountRecords(state);
  state.counters["raw pairs/record"] = static_cast<double>(pairs) / static_cast<double>(Records().size());
}
BENCHMARK(BM_Sort)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(5);

// Candidate pairs out of blocks, each once.
void BM_Pairs(benchmark::State& state) {
  const Prepared& ready = Ready();
  uint64_t pairs = 0;
  for (auto _ : state) {
    pairs = 0;
    ready.blocks->ForEachPair(1, [&](int, uint32_t, uint32_t) { ++pairs; });
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(pairs));
  state.counters["pairs/record"] = static_cast<double>(pairs) / static_cast<double>(Records().size());
}
BENCHMARK(BM_Pairs)->Unit(benchmark::kMillisecond);

// Pairs in the order of blocks, as a run compares them.
template <typename Visit>
void OverPairs(benchmark::State& state, const Visit& visit) {
  const Prepared& ready = Ready();
  size_t i = 0;
  for (auto _ : state) {
    visit(ready.pairs[i].first, ready.pairs[i].second);
    i = i + 1 == ready.pairs.size() ? 0 : i + 1;
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_Compare(benchmark::State& state) {
  Comparator comparator(&Ready().records(), &CountedRecords().readings);
  OverPairs(state, [&](uint32_t a, uint32_t b) { benchmark::DoNotOptimize(comparator.Compare(a, b)); });
}
BENCHMARK(BM_Compare);

void BM_CompareAndScore(benchmark::State& state) {
  const Prepared& ready = Ready();
  const NameShares shares(ready.model, ready.records(), 1);
  Comparator comparator(&ready.records(), &CountedRecords().readings);
  Scorer scorer(&ready.model, &shares, 10e6);
  OverPairs(state, [&](uint32_t a, uint32_t b) { benchmark::DoNotOptimize(scorer.Score(comparator.Compare(a, b))); });
}
BENCHMARK(BM_CompareAndScore);

// Weights of pairs that are compared already.
void BM_Score(benchmark::State& state) {
  const Prepared& ready = Ready();
  const NameShares shares(ready.model, ready.records(), 1);
  Comparator comparator(&ready.records(), &CountedRecords().readings);
  std::vector<ComparedPair> compared;
  for (size_t i = 0; i < std::min<size_t>(ready.pairs.size(), 100000); ++i)
    compared.push_back(comparator.Compare(ready.pairs[i].first, ready.pairs[i].second));
  Scorer scorer(&ready.model, &shares, 10e6);
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(scorer.Score(compared[i]));
    i = i + 1 == compared.size() ? 0 : i + 1;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Score);

// A model from pattern counts. Depends on the patterns, hardly on the records.
void BM_Em(benchmark::State& state) {
  const Prepared& ready = Ready();
  for (auto _ : state) {
    SelfCheck check;
    bool learned;
    benchmark::DoNotOptimize(LearnModel(ready.blocked, ready.unblocked, {}, Records().size(), CountedRecords().counts,
                                        static_cast<int>(state.range(0)), &check, &learned));
  }
  const size_t patterns = ready.blocked.counts.size() + ready.unblocked.counts.size();
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(patterns));
  state.counters["patterns"] = static_cast<double>(patterns);
}
BENCHMARK(BM_Em)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

// Edges at or above even odds into clusters; pairs that blocking missed are scored on demand.
void BM_Cluster(benchmark::State& state) {
  const Prepared& ready = Ready();
  const NameShares shares(ready.model, ready.records(), 1);
  Comparator comparator(&ready.records(), &CountedRecords().readings);
  Scorer scorer(&ready.model, &shares, 10e6);
  const PairWeight weight = [&](int, uint32_t a, uint32_t b) { return scorer.Score(comparator.Compare(a, b)).weight; };
  std::vector<Edge> edges;
  for (const auto& [a, b] : ready.pairs) {
    const PairScore score = scorer.Score(comparator.Compare(a, b));
    if (score.weight >= 0) edges.push_back({a, b, score.weight, score.held});
  }
  for (auto _ : state)
    benchmark::DoNotOptimize(ClusterRecords(ready.records().records.size(), edges, weight, {}));
  CountRecords(state);
  state.counters["edges/record"] = static_cast<double>(edges.size()) / static_cast<double>(Records().size());
  state.counters["bytes/edge"] = sizeof(Edge);
}
BENCHMARK(BM_Cluster)->Unit(benchmark::kMillisecond);

// All of it but reading and writing.
void BM_Dedupe(benchmark::State& state) {
  LinkOptions options;
  options.threads = static_cast<int>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(Dedupe(Records(), options));
  CountRecords(state);
}
BENCHMARK(BM_Dedupe)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace libmpi::bench
