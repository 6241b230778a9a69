// SPDX-License-Identifier: Apache-2.0
// The registry: what a load, a put, a question cost, and how much room a record takes.
//   NAYOSE_BENCH_PERSONS=560000 build/release/bench/registry_bench     about a million records
// NAYOSE_BENCH_REGISTRY: a folder in which the loaded registry is kept, and found again by the next run.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/registry/registry.h"

namespace libmpi::bench {
namespace {

using Clock = std::chrono::steady_clock;

double Seconds(Clock::time_point since) { return std::chrono::duration<double>(Clock::now() - since).count(); }

const Attribution kBy = {"bench", ""};

uint64_t Persons() {
  const char* told = std::getenv("NAYOSE_BENCH_PERSONS");
  return told != nullptr ? std::strtoull(told, nullptr, 10) : 20000;
}

Record RecordOf(const RegionRow& row) {
  Record record;
  record.key = {row.source, row.record_id, 0};
  StatedName name;
  name.full = row.name;
  name.full_kana = row.kana;
  record.names.push_back(std::move(name));
  if (!row.birth.empty()) record.births.push_back(row.birth);
  if (!row.sex.empty()) record.sexes.push_back(row.sex);
  if (!row.number.empty()) record.coverages.push_back({row.insurer, row.symbol, row.number, row.branch});
  if (!row.care_number.empty()) record.care.push_back({row.care_insurer, row.care_number});
  if (!row.city.empty()) record.addresses.push_back({row.postal_code, row.prefecture, row.city, row.street, ""});
  if (!row.phone.empty()) record.phones.push_back(row.phone);
  record.Normalize();
  return record;
}

std::vector<Record> RegionRecords(uint64_t persons, uint64_t seed) {
  std::vector<Record> records;
  RegionOptions options;
  options.persons = persons;
  options.seed = seed;
  GenerateRegion(options, [&](const RegionRow& row) { records.push_back(RecordOf(row)); });
  std::sort(records.begin(), records.end(), [](const Record& x, const Record& y) { return x.key < y.key; });
  records.erase(std::unique(records.begin(), records.end(),
                            [](const Record& x, const Record& y) { return x.key == y.key; }),
                records.end());
  return records;
}

// The loaded registry, records that are in it, and others of the same region that are not yet: every 50th.
struct Loaded {
  std::string folder;
  std::unique_ptr<Registry> registry;
  std::vector<Record> in, out;
  double load_seconds = 0, open_seconds = 0;
  uint64_t loaded = 0, file_bytes = 0;
};

Loaded& TheRegistry() {
  static Loaded* const loaded = [] {
    auto* const l = new Loaded;
    const char* told = std::getenv("NAYOSE_BENCH_REGISTRY");
    l->folder = told != nullptr ? told : std::filesystem::temp_directory_path() / ("registry_bench." + std::to_string(::getpid()));
    std::vector<Record> all = RegionRecords(Persons(), 961);
    for (size_t i = 0; i < all.size(); ++i) (i % 50 == 7 ? l->out : l->in).push_back(std::move(all[i]));
    all = {};
    std::shuffle(l->out.begin(), l->out.end(), std::mt19937_64(3));
    RegistryOptions options;
    options.cache_bytes = uint64_t{2} << 30;
    if (!std::filesystem::exists(l->folder)) {
      l->registry = *Registry::Create(l->folder, Model::Default(), FrozenOptions(), options);
      const Clock::time_point began = Clock::now();
      const auto answer = l->registry->BulkLoad(
          l->in.size(), [&](size_t i, RecordView* out) { out->Assign(l->in[i]); }, kBy, 0, nullptr);
      if (!answer.ok()) {
        std::fprintf(stderr, "%s\n", std::string(answer.status().message()).c_str());
        std::exit(1);
      }
      l->load_seconds = Seconds(began);
      l->registry.reset();
    }
    const Clock::time_point began = Clock::now();
    auto opened = Registry::Open(l->folder, options);
    if (!opened.ok()) {
      std::fprintf(stderr, "%s\n", std::string(opened.status().message()).c_str());
      std::exit(1);
    }
    l->registry = *std::move(opened);
    l->open_seconds = Seconds(began);
    l->loaded = l->registry->GetStats()->records;
    l->file_bytes = l->registry->GetStats()->file_bytes;
    return l;
  }();
  return *loaded;
}

void BM_LoadAndOpen(benchmark::State& state) {
  Loaded& l = TheRegistry();
  for (auto _ : state) benchmark::DoNotOptimize(l.loaded);
  state.counters["records"] = static_cast<double>(l.loaded);
  state.counters["load_s"] = l.load_seconds;
  state.counters["open_s"] = l.open_seconds;
  state.counters["bytes/record"] = static_cast<double>(l.file_bytes) / static_cast<double>(l.loaded);
}
BENCHMARK(BM_LoadAndOpen)->Iterations(1);

// Microseconds of single calls, of all threads.
class Latencies {
 public:
  void Add(std::vector<float> some) {
    const std::lock_guard lock(mutex_);
    all_.insert(all_.end(), some.begin(), some.end());
  }
  void Report(benchmark::State& state) {
    const std::lock_guard lock(mutex_);
    if (all_.empty()) return;
    std::sort(all_.begin(), all_.end());
    for (const auto& [name, share] : {std::pair("p50_us", 0.5), std::pair("p99_us", 0.99), std::pair("max_us", 1.0)})
      state.counters[name] = all_[std::min(all_.size() - 1, static_cast<size_t>(share * static_cast<double>(all_.size())))];
    all_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<float> all_;
};

template <typename Call>
void TimeCalls(benchmark::State& state, Latencies* latencies, const Call& call) {
  std::vector<float> own;
  for (auto _ : state) {
    const Clock::time_point began = Clock::now();
    call();
    own.push_back(static_cast<float>(Seconds(began) * 1e6));
  }
  latencies->Add(std::move(own));
  state.SetItemsProcessed(state.iterations());
}

std::atomic<size_t> next_out{0};
std::atomic<uint64_t> refused{0};
Latencies put_latencies, find_latencies, search_latencies;

void PutNext(Loaded& l) {
  const size_t i = next_out++;
  Record record = l.out[i % l.out.size()];
  if (i >= l.out.size()) record.key.record_id += "-" + std::to_string(i / l.out.size());
  if (!l.registry->Put(record, kBy).ok()) ++refused;
}

// New records of the region, each synced before its call returns.
void BM_Put(benchmark::State& state) {
  Loaded& l = TheRegistry();
  TimeCalls(state, &put_latencies, [&] { PutNext(l); });
  if (state.thread_index() == 0) state.counters["refused"] = static_cast<double>(refused);
}
void BM_PutReport(benchmark::State& state) {
  for (auto _ : state) {}
  put_latencies.Report(state);
}
BENCHMARK(BM_Put)->Threads(1)->Iterations(2000)->UseRealTime();
BENCHMARK(BM_PutReport)->Iterations(1);
BENCHMARK(BM_Put)->Threads(64)->Iterations(300)->UseRealTime();
BENCHMARK(BM_PutReport)->Iterations(1);

void BM_Find(benchmark::State& state) {
  Loaded& l = TheRegistry();
  std::mt19937_64 random(static_cast<uint64_t>(state.thread_index()));
  for (auto _ : state) {
    const auto found = l.registry->Find(l.in[random() % l.in.size()].key);
    if (!found.ok()) ++refused;
    benchmark::DoNotOptimize(found);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Find)->Threads(1)->Threads(2)->UseRealTime();

void BM_Search(benchmark::State& state) {
  Loaded& l = TheRegistry();
  std::mt19937_64 random(7);
  uint64_t candidates = 0;
  TimeCalls(state, &search_latencies, [&] {
    const auto answer = l.registry->Search(l.in[random() % l.in.size()], 10);
    if (answer.ok()) candidates += answer->candidates.size();
    else ++refused;
  });
  state.counters["candidates"] = benchmark::Counter(static_cast<double>(candidates), benchmark::Counter::kAvgIterations);
  search_latencies.Report(state);
}
BENCHMARK(BM_Search)->Iterations(20000)->UseRealTime();

void BM_Memory(benchmark::State& state) {
  for (auto _ : state) {}
  rusage usage;
  ::getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
  state.counters["refused"] = static_cast<double>(refused);
}
BENCHMARK(BM_Memory)->Iterations(1);

}  // namespace
}  // namespace libmpi::bench
