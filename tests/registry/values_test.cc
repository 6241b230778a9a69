// SPDX-License-Identifier: Apache-2.0
// Stored values, damaged at random: the fuzzer of stored values over what a registry holds, without a fuzzing compiler.
#include "libmpi/registry/values.h"

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <random>

#include "gtest/gtest.h"
#include "libmpi/registry/rep.h"
#include "tests/registry/registry_folder.h"
#include "tests/testing/records.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace libmpi {
namespace {

// Values of every kind, each behind the letter that the fuzzer knows it by.
std::vector<std::string> Seeds() {
  const Record record = ParseRecord(
      "1|山田 太郎|ヤマダ タロウ|1960-04-01|男|06270017/12-34/567/01|東京都/港区/芝1-2-3|03-1234-5678");
  Statement statement;
  statement.number = 300;
  statement.revision = 2;
  statement.origins = {3, 300, 70000};
  statement.surviving = RecordKey{"hospital", "2", 1};
  statement.said_on = kRegistryToday;
  statement.record = record;
  const RecordKey key = {"hospital", "1", 0}, other = {"clinic", "7", 2};
  EventValue event{kRegistryNow, EventKind::kDecided, {"a", "b"}, key, other, {other}, "same", {{key, 1, 2}, {other, 0, 2}}};
  NodeState state;
  state.records = {{1, 1, 1, true, key}, {7, 3, 1, false, other}};
  state.edges = {{2, 20480, false}, {9, -3000, true}};
  FrozenOptions options;
  options.match_threshold = 6;
  const auto model = FrozenModel::Make(Model::Default(), options);
  return {Pack(statement),
          Pack(PersonOfRecord{3, 1, {other, key}}),
          Pack(DecisionValue{true, 77}),
          Pack(QuestionValue{other, key, 3000, ReviewReason::kCommonName, 0.75}),
          Pack(event),
          Pack(HeldValue{record, kRegistryToday, 12}),
          Pack(AssigningAuthority{"hospital", "1.2.392", "facility", "owner", AuthorityTrust::kDeclared}),
          Pack(KeySlot{3, {1, 5, 9}, {}}) ,
          Pack(state),
          Pack(key),
          Pack(std::vector<RecordKey>{other, key}),
          Pack(Counters{1000, 2000, 300, 5, 4, 1}),
          Pack(options),
          PackNumber(300),
          PackText("text"),
          (*model)->Pack(record, kRegistryToday, nullptr)};
}

TEST(RegistryValuesTest, NoDamageIsReadBeyondItsBytes) {
  const std::vector<std::string> seeds = Seeds();
  std::mt19937_64 random(20261128);
  const uint64_t rounds = LongRun() ? 20'000'000 : 200'000;
  const auto start = std::chrono::steady_clock::now();
  for (uint64_t round = 0; round < rounds; ++round) {
    const size_t kind = random() % seeds.size();
    std::string bytes = seeds[random() % 20 == 0 ? random() % seeds.size() : kind];
    for (uint64_t change = random() % 4; change > 0 && !bytes.empty(); --change) {
      const size_t at = random() % bytes.size();
      switch (random() % 5) {
        case 0: bytes[at] = static_cast<char>(random()); break;
        case 1: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8)); break;
        case 2: bytes.resize(at); break;
        case 3: bytes.insert(at, 1 + random() % 9, static_cast<char>(random() % 2 ? 0xff : random())); break;
        default: bytes.erase(at, 1 + random() % 4);
      }
    }
    bytes.insert(bytes.begin(), static_cast<char>(kind));
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%" PRIu64 " damaged values, %.1f microseconds each\n", rounds, took.count() * 1e6 / static_cast<double>(rounds));
}

}  // namespace
}  // namespace libmpi
