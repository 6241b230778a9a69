// SPDX-License-Identifier: Apache-2.0
// The registry: what a load, a put, a question cost, and how much room a record takes.
//   NAYOSE_BENCH_PERSONS=560000 build/release/bench/registry_bench     about a million records
// NAYOSE_BENCH_CACHE_GB (2): of the registry; NAYOSE_BENCH_WARM: read into it first what puts and questions need.
// NAYOSE_BENCH_FIRST: how many new records a kept registry has had.
// NAYOSE_BENCH_REGISTRY: a folder in which the loaded registry is kept, and found again by the next run.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "benchmark/benchmark.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/values.h"

namespace libmpi::bench {
namespace {

using Clock = std::chrono::steady_clock;

double Seconds(Clock::time_point since) { return std::chrono::duration<double>(Clock::now() - since).count(); }

const Attribution kBy = {"bench", ""};

// Says when a stage of the load begins, with NAYOSE_BENCH_VERBOSE.
ProgressCallback Progress() {
  if (std::getenv("NAYOSE_BENCH_VERBOSE") == nullptr) return nullptr;
  return [last = std::string(), began = Clock::now()](std::string_view stage, uint64_t, uint64_t) mutable {
    if (stage != last) std::fprintf(stderr, "%6.1f s %s\n", Seconds(began), (last = stage).c_str());
    return true;
  };
}

uint64_t Persons() {
  const char* told = std::getenv("NAYOSE_BENCH_PERSONS");
  return told != nullptr ? std::strtoull(told, nullptr, 10) : 20000;
}

// The loaded registry, some of the records that are in it, and others of the same region that are not yet: every tenth.
struct Loaded {
  std::string folder;
  std::unique_ptr<Registry> registry;
  std::vector<Record> in, out;
  double load_seconds = 0, open_seconds = 0, warm_seconds = 0;
  uint64_t loaded = 0, file_bytes = 0;
};

// Records that are small while they wait: their statements as the registry keeps them.
class PackedRecords {
 public:
  void Add(const Record& record) {
    Statement statement;
    statement.record = record;
    packed_.emplace_back(record.key, Pack(statement));
  }
  void Sort() {
    std::sort(packed_.begin(), packed_.end());
    packed_.erase(std::unique(packed_.begin(), packed_.end(),
                              [](const auto& x, const auto& y) { return x.first == y.first; }),
                  packed_.end());
  }
  size_t size() const { return packed_.size(); }
  void Read(size_t i, RecordView* out) const {
    Statement head;
    UnpackView(packed_[i].second, &head, out).IgnoreError();
  }

 private:
  std::vector<std::pair<RecordKey, std::string>> packed_;
};

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  std::exit(1);
}

Loaded& TheRegistry() {
  static Loaded* const loaded = [] {
    auto* const l = new Loaded;
    const char* told = std::getenv("NAYOSE_BENCH_REGISTRY");
    l->folder = told != nullptr ? told : std::filesystem::temp_directory_path() / ("registry_bench." + std::to_string(::getpid()));
    const bool load = !std::filesystem::exists(l->folder);
    PackedRecords to_load;
    RegionOptions region;
    region.persons = Persons();
    region.seed = 961;
    size_t i = 0;
    const size_t sample = std::max<size_t>(1, Persons() / 50000);
    GenerateRegion(region, [&](const RegionRow& row) {
      Record record = RecordOf(row);
      record.Normalize();
      const size_t place = i++ % 10;
      if (place == 7) {
        l->out.push_back(std::move(record));
        return;
      }
      if (load) to_load.Add(record);
      if (i % sample == 0) l->in.push_back(std::move(record));
    });
    std::shuffle(l->out.begin(), l->out.end(), std::mt19937_64(3));
    RegistryOptions options;
    const char* cache = std::getenv("NAYOSE_BENCH_CACHE_GB");
    options.cache_bytes = static_cast<uint64_t>((cache != nullptr ? std::strtod(cache, nullptr) : 2) * (1 << 30));
    if (load) {
      to_load.Sort();
      l->registry = *Registry::Create(l->folder, Model::Default(), FrozenOptions(), options);
      const Clock::time_point began = Clock::now();
      const auto answer = l->registry->BulkLoad(
          to_load.size(), [&](size_t k, RecordView* out) { to_load.Read(k, out); }, kBy, 0, Progress());
      Check(answer.status());
      l->load_seconds = Seconds(began);
      l->registry.reset();
    }
    const Clock::time_point began = Clock::now();
    auto opened = Registry::Open(l->folder, options);
    Check(opened.status());
    l->registry = *std::move(opened);
    l->open_seconds = Seconds(began);
    if (std::getenv("NAYOSE_BENCH_WARM") != nullptr) {
      const Clock::time_point warming = Clock::now();
      Check(l->registry->Warm());
      l->warm_seconds = Seconds(warming);
    }
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
  state.counters["warm_s"] = l.warm_seconds;
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

// The first new record that is put: on a registry that is kept, those before are there already.
size_t FirstOut() {
  const char* told = std::getenv("NAYOSE_BENCH_FIRST");
  return told != nullptr ? std::strtoull(told, nullptr, 10) : 0;
}

std::atomic<size_t> next_out{FirstOut()};
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

double ResidentMegabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  return 0;
}

// Sixteen threads that put, revise, retire, decide, find and search, for NAYOSE_BENCH_MINUTES (0.1): resident memory
// after a sixth of the time and at the end.
void BM_Mixed(benchmark::State& state) {
  Loaded& l = TheRegistry();
  const char* told = std::getenv("NAYOSE_BENCH_MINUTES");
  const double seconds = 60 * (told != nullptr ? std::strtod(told, nullptr) : 0.1);
  for (auto _ : state) {
    std::atomic<uint64_t> puts{0}, others{0}, failed{0};
    const Clock::time_point began = Clock::now();
    std::vector<std::thread> threads;
    for (int t = 0; t < 16; ++t)
      threads.emplace_back([&, t] {
        std::mt19937_64 random(static_cast<uint64_t>(1000 + t));
        while (Seconds(began) < seconds) {
          const Record& known = l.in[random() % l.in.size()];
          absl::Status status;
          switch (random() % 10) {
            case 0: case 1: case 2: PutNext(l); ++puts; continue;
            case 3: {
              Record revised = known;
              revised.phones = {"03-" + std::to_string(1000 + random() % 9000) + "-" + std::to_string(1000 + random() % 9000)};
              status = l.registry->Put(revised, kBy).status();
              ++puts;
              break;
            }
            case 4: status = l.registry->Search(known, 10).status(); break;
            case 5:
              if (random() % 10 == 0) status = l.registry->Retire(known.key, kBy).status();
              else status = l.registry->Review(10).status();
              break;
            default: status = l.registry->Find(known.key).status();
          }
          ++others;
          failed += !status.ok() && !absl::IsFailedPrecondition(status) && !absl::IsNotFound(status);
        }
      });
    double early = 0;
    while (Seconds(began) < seconds / 6) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    early = ResidentMegabytes();
    for (std::thread& thread : threads) thread.join();
    state.counters["puts/s"] = static_cast<double>(puts) / seconds;
    state.counters["others/s"] = static_cast<double>(others) / seconds;
    state.counters["failed"] = static_cast<double>(failed);
    state.counters["early_MB"] = early;
    state.counters["late_MB"] = ResidentMegabytes();
  }
}
BENCHMARK(BM_Mixed)->Iterations(1)->UseRealTime();

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
