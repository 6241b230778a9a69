// SPDX-License-Identifier: Apache-2.0
// What rights, consent and the audit trail cost: the same calls straight to a registry and through a network, in turn, on two
// copies of one registry (NAYOSE_BENCH_PERSONS, 12000), by 1 and by 16 threads. A network's question waits for its entry to
// be on disk.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/network/network.h"

namespace libmpi::bench {
namespace {

[[noreturn]] void Give(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  std::exit(1);
}

std::vector<Record> MakeRecords() {
  const char* told = std::getenv("NAYOSE_BENCH_PERSONS");
  RegionOptions region;
  region.persons = told != nullptr ? std::strtoull(told, nullptr, 10) : 12000;
  std::vector<Record> records;
  GenerateRegion(region, [&](const RegionRow& row) { records.push_back(RecordOf(row)); });
  std::sort(records.begin(), records.end(), [](const Record& x, const Record& y) { return x.key < y.key; });
  const auto same = [](const Record& x, const Record& y) { return x.key == y.key; };
  records.erase(std::unique(records.begin(), records.end(), same), records.end());
  return records;
}

// A registry for those who come straight, and one that is a network's: all sources are one facility's, another one asks.
struct Both {
  std::vector<Record> records;
  std::string folder;
  std::unique_ptr<Registry> straight, behind;
  std::unique_ptr<Network> network;
  Requester doctor, clerk;
};

std::unique_ptr<Registry> Load(const std::string& folder, const std::vector<Record>& records) {
  auto registry = Registry::Create(folder, Model::Default(), FrozenOptions(), RegistryOptions());
  if (!registry.ok()) Give(registry.status());
  const auto loaded = (*registry)->BulkLoad(
      records.size(), [&](size_t i, RecordView* view) { view->Assign(records[i]); }, {"bench", ""}, 0, nullptr);
  if (!loaded.ok()) Give(loaded.status());
  return *std::move(registry);
}

Both& TheTwo() {
  static Both& both = *new Both();  // to the end: others' statics may be gone before it
  if (both.network != nullptr) return both;
  both.records = MakeRecords();
  both.folder = std::filesystem::temp_directory_path() / ("network_bench." + std::to_string(::getpid()));
  std::filesystem::create_directories(both.folder);
  std::atexit([] { std::filesystem::remove_all(TheTwo().folder); });
  both.straight = Load(both.folder + "/straight", both.records);
  both.behind = Load(both.folder + "/behind", both.records);
  auto network = Network::Open(both.behind.get());
  if (!network.ok()) Give(network.status());
  both.network = *std::move(network);
  Requester by = {"operator", "", "", Profession::kOperator, Purpose::kOperations, "", ""};
  Facility feeder = {"feeder", "hospital", true, true, {}};
  for (const Record& record : both.records)
    if (feeder.authorities.empty() || feeder.authorities.back() != record.key.source)
      feeder.authorities.push_back(record.key.source);
  AccessRules rules = AccessRules::Default();
  rules.basis = ConsentBasis::kOptOut;  // so that all may be told of, after their consent was looked up
  for (const absl::Status& s : {both.network->PutFacility(feeder, by), both.network->SetRules(rules, by),
                                both.network->PutFacility({"asker", "clinic", false, true, {}}, by)})
    if (!s.ok()) Give(s);
  both.doctor = {"doctor", "asker", "ehr", Profession::kPhysician, Purpose::kTreatment, "msg", ""};
  both.clerk = {"clerk", "feeder", "ehr", Profession::kClerk, Purpose::kRegistration, "msg", ""};
  return both;
}

const Record& Next(const Both& both) {
  static std::atomic<size_t> next = 0;
  return both.records[next.fetch_add(7919) % both.records.size()];
}

template <typename Ask>
void Run(benchmark::State& state, const Ask& ask) {
  Both& both = TheTwo();
  for (auto _ : state) {
    const absl::Status status = ask(both, Next(both));
    if (!status.ok()) state.SkipWithError(std::string(status.message()).c_str());
  }
  state.SetItemsProcessed(state.iterations());
}

void FindStraight(benchmark::State& state) {
  Run(state, [](Both& b, const Record& r) { return b.straight->Find(r.key).status(); });
}
void FindNetwork(benchmark::State& state) {
  Run(state, [](Both& b, const Record& r) { return b.network->Find(r.key, {}, b.doctor).status(); });
}
void SearchStraight(benchmark::State& state) {
  Run(state, [](Both& b, const Record& r) { return b.straight->Search(r, 10).status(); });
}
void SearchNetwork(benchmark::State& state) {
  Run(state, [](Both& b, const Record& r) { return b.network->Search(r, 10, b.doctor).status(); });
}
// A phone more or less: a revision each time.
Record Revised(Record record) {
  static std::atomic<uint64_t> next = 0;
  record.phones = {"090" + std::to_string(10'000'000 + next++)};
  return record;
}
void PutStraight(benchmark::State& state) {
  Run(state, [](Both& b, const Record& r) { return b.straight->Put(Revised(r), {"clerk", ""}).status(); });
}
void PutNetwork(benchmark::State& state) {
  Run(state, [](Both& b, const Record& r) { return b.network->Put(Revised(r), b.clerk).status(); });
}

BENCHMARK(FindStraight)->Threads(1)->Threads(16)->UseRealTime();
BENCHMARK(FindNetwork)->Threads(1)->Threads(16)->UseRealTime();
BENCHMARK(SearchStraight)->Threads(1)->Threads(16)->UseRealTime();
BENCHMARK(SearchNetwork)->Threads(1)->Threads(16)->UseRealTime();
BENCHMARK(PutStraight)->Threads(1)->Threads(16)->UseRealTime();
BENCHMARK(PutNetwork)->Threads(1)->Threads(16)->UseRealTime();

}  // namespace
}  // namespace libmpi::bench
