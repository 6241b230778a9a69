// SPDX-License-Identifier: Apache-2.0
// What a search costs, by what is typed: p50 and p99 in microseconds by the clock, and of the processor; one thread.
//   NAYOSE_BENCH_REGISTRY=FOLDER build/release/bench/registry_search_bench     a registry that is loaded already
// Without it, or where the folder is missing, one of about 100,000 records is loaded (NAYOSE_BENCH_PERSONS: 56000).
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/registry/registry.h"
#include "libmpi/text/fold.h"

namespace libmpi::bench {
namespace {

using Clock = std::chrono::steady_clock;

// Microseconds of this thread: where others use the machine, their time slices make most of a p99.
double ThreadMicros() {
  timespec now;
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

[[noreturn]] void Give(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  std::exit(1);
}

void Load(const std::string& folder, const RegistryOptions& options) {
  const char* told = std::getenv("NAYOSE_BENCH_PERSONS");
  RegionOptions region;
  region.persons = told != nullptr ? std::strtoull(told, nullptr, 10) : 56000;
  std::vector<Record> records;
  GenerateRegion(region, [&](const RegionRow& row) { records.push_back(RecordOf(row)); });
  for (Record& record : records) record.care.clear();  // not a part of what these figures have been of
  std::sort(records.begin(), records.end(), [](const Record& x, const Record& y) { return x.key < y.key; });
  const auto same = [](const Record& x, const Record& y) { return x.key == y.key; };
  records.erase(std::unique(records.begin(), records.end(), same), records.end());
  const auto registry = Registry::Create(folder, Model::Default(), FrozenOptions(), options);
  if (!registry.ok()) Give(registry.status());
  const auto loaded = (*registry)->BulkLoad(
      records.size(), [&](size_t i, RecordView* view) { view->Assign(records[i]); }, {"bench", ""}, 0, nullptr);
  if (!loaded.ok()) Give(loaded.status());
}

// The registry, and records of it to ask for.
struct Searched {
  std::unique_ptr<Registry> registry;
  std::vector<Record> records;
};

const Searched& TheRegistry() {
  static const Searched* const searched = [] {
    const char* told = std::getenv("NAYOSE_BENCH_REGISTRY");
    const std::string folder =
        told != nullptr ? told
                        : std::filesystem::temp_directory_path() / ("registry_search_bench." + std::to_string(::getpid()));
    RegistryOptions options;
    options.cache_bytes = uint64_t{2} << 30;
    if (!std::filesystem::exists(folder)) Load(folder, options);
    auto opened = Registry::Open(folder, options);
    if (!opened.ok()) Give(opened.status());
    auto* const out = new Searched{*std::move(opened), {}};
    constexpr uint64_t kSample = 20000;
    const uint64_t stride = std::max<uint64_t>(1, out->registry->GetStats()->records / kSample);
    uint64_t i = 0;
    const absl::Status read = out->registry->ForEachRecord([&](const Record& record, RecordStatus status) {
      if (i++ % stride == 0 && status == RecordStatus::kLive && !record.names.empty() && !record.births.empty() &&
          !record.phones.empty())
        out->records.push_back(record);
      return true;
    });
    if (!read.ok()) Give(read);
    std::shuffle(out->records.begin(), out->records.end(), std::mt19937_64(5));
    return out;
  }();
  return *searched;
}

struct Unloaded {  // the folder that nobody asked to keep
  ~Unloaded() {
    if (std::getenv("NAYOSE_BENCH_REGISTRY") == nullptr)
      std::filesystem::remove_all(std::filesystem::temp_directory_path() /
                                  ("registry_search_bench." + std::to_string(::getpid())));
  }
} unloaded;

std::string FirstLetter(const std::string& text) {
  size_t pos = 0;
  if (!text.empty()) NextCodePoint(text, &pos);
  return text.substr(0, pos);
}

std::string FirstWord(const std::string& text) {
  for (const std::string_view gap : {" ", "\u3000"})
    if (const size_t at = text.find(gap); at != std::string::npos) return text.substr(0, at);
  return text;
}

// The p50 and p99 of searches by what `criteria` makes of records.
template <typename CriteriaOf>
void Measure(benchmark::State& state, const CriteriaOf& criteria_of) {
  const Searched& searched = TheRegistry();
  std::vector<double> times, own;
  double candidates = 0, too_many = 0, refused = 0;
  size_t i = 0;
  for (auto _ : state) {
    const auto criteria = criteria_of(searched.records[i++ % searched.records.size()]);
    const Clock::time_point began = Clock::now();
    const double own_began = ThreadMicros();
    const auto answer = searched.registry->Search(criteria, 20);
    times.push_back(std::chrono::duration<double>(Clock::now() - began).count() * 1e6);
    own.push_back(ThreadMicros() - own_began);
    if (!answer.ok()) {
      ++refused;
      continue;
    }
    candidates += static_cast<double>(answer->candidates.size());
    too_many += answer->too_many;
  }
  std::sort(times.begin(), times.end());
  std::sort(own.begin(), own.end());
  const double n = static_cast<double>(times.size());
  state.counters["p50_us"] = times[times.size() / 2];
  state.counters["p99_us"] = times[times.size() * 99 / 100];
  state.counters["cpu_p50_us"] = own[own.size() / 2];
  state.counters["cpu_p99_us"] = own[own.size() * 99 / 100];
  state.counters["candidates"] = candidates / n;
  state.counters["too_many"] = too_many / n;
  state.counters["refused"] = refused / n;
}

constexpr int kSearches = 3000;

void BM_SearchRecord(benchmark::State& state) {
  Measure(state, [](const Record& r) { return r; });
}
BENCHMARK(BM_SearchRecord)->Iterations(kSearches)->Unit(benchmark::kMicrosecond);

void BM_SearchWholeDemographics(benchmark::State& state) {
  Measure(state, [](const Record& r) {
    return SearchCriteria{.full = r.names[0].full, .birth = r.births[0], .phone = r.phones[0]};
  });
}
BENCHMARK(BM_SearchWholeDemographics)->Iterations(kSearches)->Unit(benchmark::kMicrosecond);

void BM_SearchBeginningAndYear(benchmark::State& state) {
  Measure(state, [](const Record& r) {
    const std::string& birth = r.births[0];  // only of Gregorian ones the year can be cut off
    const bool gregorian = birth.size() >= 8 && (birth.starts_with("19") || birth.starts_with("20"));
    return SearchCriteria{.family = FirstLetter(r.names[0].full) + "*", .birth = gregorian ? birth.substr(0, 4) : "1960"};
  });
}
BENCHMARK(BM_SearchBeginningAndYear)->Iterations(kSearches)->Unit(benchmark::kMicrosecond);

void BM_SearchKanaBeginningAndYear(benchmark::State& state) {
  Measure(state, [](const Record& r) {
    const std::string& name = r.names[0].full_kana.empty() ? r.names[0].full : r.names[0].full_kana;
    return SearchCriteria{.family = FirstLetter(name) + "*", .birth = "1960"};
  });
}
BENCHMARK(BM_SearchKanaBeginningAndYear)->Iterations(kSearches)->Unit(benchmark::kMicrosecond);

void BM_SearchKanaName(benchmark::State& state) {
  Measure(state, [](const Record& r) {
    return SearchCriteria{.full = r.names[0].full_kana.empty() ? r.names[0].full : r.names[0].full_kana};
  });
}
BENCHMARK(BM_SearchKanaName)->Iterations(kSearches)->Unit(benchmark::kMicrosecond);

void BM_SearchBirth(benchmark::State& state) {
  Measure(state, [](const Record& r) { return SearchCriteria{.birth = r.births[0]}; });
}
BENCHMARK(BM_SearchBirth)->Iterations(kSearches)->Unit(benchmark::kMicrosecond);

void BM_SearchTooBroad(benchmark::State& state) {
  Measure(state, [](const Record&) { return SearchCriteria{.family = "佐*"}; });
}
BENCHMARK(BM_SearchTooBroad)->Iterations(kSearches)->Unit(benchmark::kMicrosecond);

void BM_SearchFamilyAlone(benchmark::State& state) {
  Measure(state, [](const Record& r) { return SearchCriteria{.family = FirstWord(r.names[0].full)}; });
}
BENCHMARK(BM_SearchFamilyAlone)->Iterations(kSearches)->Unit(benchmark::kMicrosecond);

void BM_SearchPhone(benchmark::State& state) {
  Measure(state, [](const Record& r) { return SearchCriteria{.phone = r.phones[0]}; });
}
BENCHMARK(BM_SearchPhone)->Iterations(kSearches)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace libmpi::bench
