// SPDX-License-Identifier: Apache-2.0
// What the C layer costs: the same searches, puts and cross-references in turn through C++ and through libnayose.so,
// on two copies of one registry of about 100,000 records (NAYOSE_BENCH_PERSONS: 56000). All a host does is counted:
// the record made from texts, the call, the answer's person read, everything freed. cxx_us and c_us: the medians of
// a call; overhead: by how much the second is over the first, by the medians and by the processor's time of all.
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "benchmark/benchmark.h"
#include "bindings/c/nayose.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/registry/registry.h"

namespace libmpi::bench {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void Give(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::exit(1);
}
void Check(const absl::Status& status) {
  if (!status.ok()) Give(std::string(status.message()));
}
void Check(libmpi_code code) {
  if (code != LIBMPI_OK) Give("code " + std::to_string(code));
}

// What a host has of a patient: texts.
struct Patient {
  std::string source, id, name, kana, birth, sex, phone;
};

Record CxxRecord(const Patient& p) {
  Record record;
  record.key = {p.source, p.id, 0};
  StatedName& name = record.names.emplace_back();
  name.full = p.name;
  name.full_kana = p.kana;
  record.births.push_back(p.birth);
  record.sexes.push_back(p.sex);
  record.phones.push_back(p.phone);
  return record;
}

libmpi_record* CRecord(const Patient& p) {
  libmpi_identifier* key = nullptr;
  libmpi_record* record = nullptr;
  Check(libmpi_identifier_new(&key, p.source.data(), p.source.size(), p.id.data(), p.id.size(), 0, nullptr));
  Check(libmpi_record_new(&record, key, nullptr));
  libmpi_identifier_free(&key);
  const std::pair<libmpi_field, const std::string*> said[] = {{LIBMPI_FIELD_NAME, &p.name}, {LIBMPI_FIELD_KANA, &p.kana},
                                                              {LIBMPI_FIELD_BIRTH, &p.birth},
                                                              {LIBMPI_FIELD_SEX, &p.sex},
                                                              {LIBMPI_FIELD_PHONE, &p.phone}};
  for (const auto& [field, text] : said) Check(libmpi_record_add(record, field, text->data(), text->size(), nullptr));
  return record;
}

class Registries {
 public:
  Registries() : folder_(std::filesystem::temp_directory_path() / ("c_api_bench." + std::to_string(::getpid()))) {
    const char* told = std::getenv("NAYOSE_BENCH_PERSONS");
    RegionOptions region;
    region.persons = told != nullptr ? std::strtoull(told, nullptr, 10) : 56000;
    std::vector<Record> in;
    size_t i = 0;
    GenerateRegion(region, [&](const RegionRow& row) {
      const Record record = RecordOf(row);
      if (record.names.empty() || record.births.empty()) return;
      const StatedName& name = record.names.front();
      Patient p{record.key.source, record.key.record_id + "-" + std::to_string(i),
                name.full.empty() ? name.family + " " + name.given : name.full,
                name.full_kana.empty() ? name.family_kana + " " + name.given_kana : name.full_kana,
                record.births.front(), record.sexes.empty() ? "" : record.sexes.front(),
                record.phones.empty() ? "" : record.phones.front()};
      if (i++ % 10 != 7) in.push_back(CxxRecord(p));
      (i % 10 == 8 ? out : known).push_back(std::move(p));
    });
    std::sort(in.begin(), in.end(), [](const Record& x, const Record& y) { return x.key < y.key; });
    RegistryOptions options;
    options.cache_bytes = uint64_t{1} << 30;
    auto made = Registry::Create(folder_ / "cxx", Model::Default(), FrozenOptions(), options);
    Check(made.status());
    Check((*made)->BulkLoad(in.size(), [&](size_t k, RecordView* view) { view->Assign(in[k]); }, {"bench", ""}, 0,
                            nullptr).status());
    Check((*made)->Close());
    std::filesystem::copy(folder_ / "cxx", folder_ / "c", std::filesystem::copy_options::recursive);
    auto opened = Registry::Open(folder_ / "cxx", options);
    Check(opened.status());
    cxx = *std::move(opened);
    Check(cxx->Warm());
    libmpi_options* told_options = nullptr;
    Check(libmpi_options_new(&told_options, nullptr));
    Check(libmpi_options_set(told_options, "cache_bytes", LIBMPI_NUL, "1073741824", LIBMPI_NUL, nullptr));
    const std::string path = folder_ / "c";
    Check(libmpi_registry_open(&c, path.data(), path.size(), told_options, nullptr));
    libmpi_options_free(&told_options);
    Check(libmpi_registry_maintain(c, "warm", LIBMPI_NUL, nullptr));
    Check(libmpi_attribution_new(&by, "bench", LIBMPI_NUL, nullptr, 0, nullptr));
  }
  ~Registries() {
    cxx.reset();
    libmpi_registry_close(&c, nullptr);
    libmpi_attribution_free(&by);
    std::filesystem::remove_all(folder_);
  }

  std::unique_ptr<Registry> cxx;
  libmpi_registry* c = nullptr;
  libmpi_attribution* by = nullptr;
  std::vector<Patient> known, out;  // those that are loaded, and new ones

 private:
  const std::filesystem::path folder_;
};

Registries& TheRegistries() {
  static Registries registries;
  return registries;
}

double ThreadMicros() {
  timespec now;
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

// Calls of one side.
struct Side {
  std::function<void(const Patient&)> call;
  std::vector<double> micros;
  double processor = 0;

  void Run(const Patient& patient) {
    const double processor_began = ThreadMicros();
    const Clock::time_point began = Clock::now();
    call(patient);
    micros.push_back(std::chrono::duration<double>(Clock::now() - began).count() * 1e6);
    processor += ThreadMicros() - processor_began;
  }
  double Median() {
    std::nth_element(micros.begin(), micros.begin() + micros.size() / 2, micros.end());
    return micros[micros.size() / 2];
  }
};

// Both sides in turn, each first as often as second.
void Compare(benchmark::State& state, const std::vector<Patient>& patients, Side cxx, Side c) {
  size_t i = 0;
  for (; i < 100; ++i) {  // what either makes at its first calls
    cxx.call(patients[i]);
    c.call(patients[i]);
  }
  for (auto _ : state) {
    const Patient& patient = patients[i++ % patients.size()];
    (i % 2 == 0 ? cxx : c).Run(patient);
    (i % 2 == 0 ? c : cxx).Run(patient);
  }
  state.counters["cxx_us"] = cxx.Median();
  state.counters["c_us"] = c.Median();
  state.counters["overhead_%"] = 100 * (c.Median() / cxx.Median() - 1);
  state.counters["cpu_overhead_%"] = 100 * (c.processor / cxx.processor - 1);
}

void ReadPerson(libmpi_answer** answer) {
  if (libmpi_answer_size(*answer, LIBMPI_LIST_MAIN) > 0) {
    const char* person = nullptr;
    size_t size = 0;
    Check(libmpi_answer_text(&person, &size, *answer, LIBMPI_LIST_MAIN, 0, LIBMPI_COLUMN_PERSON, nullptr));
    benchmark::DoNotOptimize(person);
  }
  libmpi_answer_free(answer);
}

void BM_Search(benchmark::State& state) {
  Registries& r = TheRegistries();
  Compare(state, r.known,
          {[&](const Patient& p) {
            const auto answer = r.cxx->Search(CxxRecord(p), 10);
            Check(answer.status());
            if (!answer->candidates.empty()) benchmark::DoNotOptimize(answer->candidates[0].person.ToString());
          }},
          {[&](const Patient& p) {
            libmpi_record* record = CRecord(p);
            libmpi_answer* answer = nullptr;
            Check(libmpi_registry_search(&answer, r.c, record, 10, nullptr));
            ReadPerson(&answer);
            libmpi_record_free(&record);
          }});
}
BENCHMARK(BM_Search)->Iterations(100000)->Unit(benchmark::kMicrosecond);

void BM_Put(benchmark::State& state) {
  Registries& r = TheRegistries();
  Compare(state, r.out,
          {[&](const Patient& p) {
            const auto answer = r.cxx->Put(CxxRecord(p), {"bench", ""});
            Check(answer.status());
            benchmark::DoNotOptimize(answer->person.ToString());
          }},
          {[&](const Patient& p) {
            libmpi_record* record = CRecord(p);
            libmpi_answer* answer = nullptr;
            Check(libmpi_registry_put(&answer, r.c, record, r.by, nullptr));
            ReadPerson(&answer);
            libmpi_record_free(&record);
          }});
}
BENCHMARK(BM_Put)->Iterations(8000)->Unit(benchmark::kMicrosecond);

void BM_Find(benchmark::State& state) {
  Registries& r = TheRegistries();
  Compare(state, r.known,
          {[&](const Patient& p) {
            const auto answer = r.cxx->Find(RecordKey{p.source, p.id, 0});
            Check(answer.status());
            benchmark::DoNotOptimize(answer->person.ToString());
          }},
          {[&](const Patient& p) {
            libmpi_identifier* key = nullptr;
            libmpi_answer* answer = nullptr;
            Check(libmpi_identifier_new(&key, p.source.data(), p.source.size(), p.id.data(), p.id.size(), 0, nullptr));
            Check(libmpi_registry_find(&answer, r.c, key, nullptr, 0, nullptr));
            ReadPerson(&answer);
            libmpi_identifier_free(&key);
          }});
}
BENCHMARK(BM_Find)->Iterations(100000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace libmpi::bench
