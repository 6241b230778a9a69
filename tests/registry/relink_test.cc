// SPDX-License-Identifier: Apache-2.0
// A new model, while the registry serves.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/registry/registry.h"
#include "tests/linkage/crowded_records.h"
#include "tests/registry/registry_folder.h"

namespace libmpi {
namespace {

using Partition = std::set<std::set<RecordKey>>;

class RelinkTest : public testing::Test {
 protected:
  RelinkTest() { options_.clock = [] { return int64_t{1'795'000'000'000}; }; }
  ~RelinkTest() override {
    for (const std::string& folder : folders_) std::filesystem::remove_all(folder);
  }

  std::string Folder(std::string_view name) {
    folders_.push_back(testing::TempDir() + "/relink_test." + std::to_string(::getpid()) + "." + std::string(name));
    std::filesystem::remove_all(folders_.back());
    return folders_.back();
  }
  std::unique_ptr<Registry> Make(const std::string& folder, const Model& model, const FrozenOptions& linkage) {
    auto registry = Registry::Create(folder, model, linkage, options_);
    EXPECT_TRUE(registry.ok()) << registry.status();
    return *std::move(registry);
  }

  static Partition PartitionOf(const Registry& registry, const std::vector<Record>& records) {
    Partition partition;
    for (const Record& record : records)
      if (const auto found = registry.Find(record.key); found.ok())
        partition.insert({found->identifiers.begin(), found->identifiers.end()});
    return partition;
  }

  const Attribution by_ = {"test", ""};
  RegistryOptions options_;
  std::vector<std::string> folders_;
};

TEST_F(RelinkTest, WhileOthersWriteEqualsARegistryOfThatModel) {
  std::vector<Record> records = MakeCrowdedRecords(21, 300);
  std::set<RecordKey> keys;
  std::erase_if(records, [&](const Record& r) { return !keys.insert(r.key).second; });
  FrozenOptions low, high;
  low.preset = high.preset = Preset::kBalanced;
  low.match_threshold = 0;
  high.match_threshold = 12;
  const std::string folder = Folder("a");
  auto relinked = Make(folder, TheModel(), low);
  const auto fresh = Make(Folder("b"), Model::Default(), high);
  const size_t half = records.size() / 2;
  for (size_t i = 0; i < half; ++i) ASSERT_TRUE(relinked->Put(records[i], by_).ok());
  // Records are decided on, merged and retired, before and while it is linked anew.
  const auto change = [&](Registry* registry, size_t i) {
    if (i % 11 == 3) registry->Retire(records[i - 1].key, by_).IgnoreError();
    if (i % 13 == 4) registry->Decide(records[i].key, records[i - 2].key, i % 2 == 0, by_).IgnoreError();
    if (i % 7 == 5 && records[i].key.source == records[i - 1].key.source)
      registry->Subsume(records[i].key, records[i - 1].key, by_).IgnoreError();
  };
  for (size_t i = 5; i < half; ++i) change(relinked.get(), i);
  const Partition before = PartitionOf(*relinked, records);
  const uint64_t events_before = relinked->GetStats()->events;
  std::map<RecordKey, EnterpriseId> ids;
  for (const Record& r : records)
    if (const auto found = relinked->Find(r.key); found.ok()) ids[r.key] = found->person;

  const auto dry = relinked->Relink(Model::Default(), high, true, by_, 2, nullptr);
  ASSERT_TRUE(dry.ok()) << dry.status();
  EXPECT_EQ(dry->persons_before, before.size());
  EXPECT_EQ(PartitionOf(*relinked, records), before);
  EXPECT_EQ(relinked->GetStats()->events, events_before);

  std::atomic<bool> go{false};
  std::thread writer([&] {
    while (!go) std::this_thread::yield();
    for (size_t i = half; i < records.size(); ++i) {
      EXPECT_TRUE(relinked->Put(records[i], by_).ok());
      change(relinked.get(), i);
    }
  });
  const auto answer = relinked->Relink(Model::Default(), high, false, by_, 2,
                                       [&](std::string_view stage, uint64_t, uint64_t) {
                                         if (stage == "score" || stage == "write") go = true;
                                         return true;
                                       });
  go = true;
  writer.join();
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_GT(answer->split, 0u);

  for (size_t i = 0; i < half; ++i) ASSERT_TRUE(fresh->Put(records[i], by_).ok());
  for (size_t i = 5; i < half; ++i) change(fresh.get(), i);
  for (size_t i = half; i < records.size(); ++i) {
    ASSERT_TRUE(fresh->Put(records[i], by_).ok());
    change(fresh.get(), i);
  }
  EXPECT_EQ(PartitionOf(*relinked, records), PartitionOf(*fresh, records));
  EXPECT_EQ(relinked->GetStats()->persons, fresh->GetStats()->persons);
  EXPECT_EQ(relinked->GetStats()->generation, 2u);
  relinked.reset();
  auto opened = Registry::Open(folder, options_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(PartitionOf(**opened, records), PartitionOf(*fresh, records));
  for (Registry* registry : {opened->get(), fresh.get()}) {
    const auto findings = registry->Verify(2, nullptr);
    ASSERT_TRUE(findings.ok()) << findings.status();
    EXPECT_THAT(*findings, testing::IsEmpty());
  }
  // As it was before: members of persons at the last event by the old model.
  for (const Record& record : records) {
    if (!ids.contains(record.key)) continue;
    const auto then = (*opened)->PersonAt(record.key, events_before);
    if (!then.ok()) continue;  // registered anew since
    if (then->empty()) continue;  // merged into another identifier then
    EXPECT_TRUE(before.contains({then->begin(), then->end()})) << record.key.ToString();
  }
}

// One of whatever can be done to a registry; what is refused is refused.
void ChangeSomething(const std::vector<Record>& pool, const Attribution& by, std::mt19937_64* random,
                     Registry* registry) {
  const Record& any = pool[(*random)() % pool.size()];
  const RecordKey &a = any.key, &b = pool[(*random)() % pool.size()].key;
  const bool same = (*random)() % 2 == 0;
  switch ((*random)() % 16) {
    case 0: registry->Retire(a, by).IgnoreError(); break;
    case 1: registry->Undecide(a, b, by).IgnoreError(); break;
    case 2: registry->AcceptRevision(a, true, by).IgnoreError(); break;
    case 3: registry->AcceptRevision(a, false, by).IgnoreError(); break;
    case 4: registry->RefuseRevision(a, by).IgnoreError(); break;
    case 5: registry->Subsume(a, b, by).IgnoreError(); break;
    case 6: registry->Unsubsume(a, by).IgnoreError(); break;
    case 7: case 8: case 9: registry->Decide(a, b, same, by).IgnoreError(); break;
    default: registry->Put(any, by).IgnoreError();
  }
}

TEST_F(RelinkTest, FollowsEveryKindOfChange) {
  FrozenOptions low, high;
  low.match_threshold = 3;
  high.match_threshold = 14;
  const int histories = LongRun() ? 2000 : 40;
  for (int seed = 1; seed <= histories && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(static_cast<uint64_t>(seed));
    std::vector<Record> pool = MakeCrowdedRecords(static_cast<uint64_t>(seed % 7), 20);
    std::shuffle(pool.begin(), pool.end(), random);
    pool.resize(60);
    for (Record& record : pool)
      record.key = {"authority" + std::to_string(random() % 2), std::to_string(random() % 12), 0};
    const auto registry = Make(Folder("follow"), Model::Default(), seed % 2 ? low : high);
    for (int i = 0; i < 100; ++i) ChangeSomething(pool, by_, &random, registry.get());
    bool changed = false;
    const auto answer = registry->Relink(Model::Default(), seed % 2 ? high : low, false, by_, 1,
                                         [&](std::string_view stage, uint64_t, uint64_t) {
                                           for (int i = 0; i < 12 && stage == "write" && !changed; ++i)
                                             ChangeSomething(pool, by_, &random, registry.get());
                                           changed = changed || stage == "write";
                                           return true;
                                         });
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_TRUE(changed);
    const auto findings = registry->Verify(1, nullptr);
    ASSERT_TRUE(findings.ok()) << findings.status();
    EXPECT_THAT(*findings, testing::IsEmpty());
  }
}

TEST_F(RelinkTest, StoppedItLeavesEverythingAsItWas) {
  const std::vector<Record> records = MakeCrowdedRecords(22, 100);
  auto registry = Make(Folder("stopped"), TheModel(), FrozenOptions());
  for (const Record& record : records) ASSERT_TRUE(registry->Put(record, by_).ok());
  const Partition before = PartitionOf(*registry, records);
  for (std::string_view at : {"read", "score", "write"}) {
    const auto answer = registry->Relink(Model::Default(), FrozenOptions(), false, by_, 2,
                                         [&](std::string_view stage, uint64_t, uint64_t) { return stage != at; });
    EXPECT_EQ(answer.status().code(), absl::StatusCode::kCancelled) << at;
    EXPECT_EQ(PartitionOf(*registry, records), before);
    EXPECT_EQ(registry->GetStats()->generation, 1u);
  }
}

// The process may end between the switch and the end of its history: opened again the registry tells the rest, as it was
// right after the switch, and keeps nothing of the model before.
TEST_F(RelinkTest, WhatTheHistoryDoesNotTellYetIsToldAfterReopening) {
  std::vector<Record> records = MakeCrowdedRecords(23, 1500);
  std::set<RecordKey> keys;
  std::erase_if(records, [&](const Record& r) { return !keys.insert(r.key).second; });
  std::sort(records.begin(), records.end(), [](const Record& x, const Record& y) { return x.key < y.key; });
  FrozenOptions low, high;
  low.preset = high.preset = Preset::kBalanced;
  low.match_threshold = -10;
  high.match_threshold = 25;
  const std::string folder = Folder("untold");
  auto registry = Make(folder, TheModel(), low);
  const auto loaded = registry->BulkLoad(
      records.size(), [&](size_t i, RecordView* out) { out->Assign(records[i]); }, by_, 2, nullptr);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const Partition before = PartitionOf(*registry, records);
  const uint64_t events_before = registry->GetStats()->events;
  std::map<RecordKey, EnterpriseId> ids;
  for (const Record& r : records) ids[r.key] = registry->Find(r.key)->person;
  uint64_t stopped_at = 0;
  const auto answer = registry->Relink(Model::Default(), high, false, by_, 2,
                                       [&](std::string_view stage, uint64_t done, uint64_t) {
                                         if (stage == "tell") stopped_at = done;
                                         return stage != "tell" || done == 0;
                                       });
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kCancelled) << "one event of moves is told, others are not";
  ASSERT_EQ(stopped_at, 1000u);
  EXPECT_EQ(registry->GetStats()->generation, 2u);
  std::map<RecordKey, EnterpriseId> at_switch;
  for (const Record& r : records) at_switch[r.key] = registry->Find(r.key)->person;
  const Partition after = PartitionOf(*registry, records);
  const uint64_t switched = registry->GetStats()->events;
  // Changes come before it can be told: records leave, are revised, and come again.
  for (size_t i = 0; i < records.size(); i += 5) {
    ASSERT_TRUE(registry->Retire(records[i].key, by_).ok());
    if (i % 15 != 0) continue;
    ASSERT_TRUE(registry->Put(records[i], by_).ok());
  }
  registry.reset();
  auto opened = Registry::Open(folder, options_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  registry = *std::move(opened);
  // The feed, followed from the load on, says of every record where the switch brought it, once.
  std::map<RecordKey, EnterpriseId> told = ids;
  std::set<RecordKey> moved;
  const auto history = registry->History(events_before + 1, SIZE_MAX);
  ASSERT_TRUE(history.ok()) << history.status();
  for (const HistoryEvent& event : *history) {
    if (event.kind != EventKind::kModel) continue;
    for (const PersonMove& move : event.moves) {
      EXPECT_TRUE(moved.insert(move.record).second) << "told twice";
      EXPECT_EQ(move.before, ids[move.record]);
      told[move.record] = *move.after;
    }
  }
  EXPECT_GT(moved.size(), 1000u);
  EXPECT_EQ(told, at_switch);
  for (const Record& record : records) {
    for (const auto& [event, partition] : {std::pair(events_before, &before), std::pair(switched, &after)}) {
      const auto then = registry->PersonAt(record.key, event);
      if (!then.ok()) continue;  // registered anew since
      EXPECT_TRUE(partition->contains({then->begin(), then->end()})) << record.key.ToString() << " at " << event;
    }
  }
  const auto findings = registry->Verify(2, nullptr);
  ASSERT_TRUE(findings.ok()) << findings.status();
  EXPECT_THAT(*findings, testing::IsEmpty());
  // Nothing is left to tell: the next one does not begin with it.
  const uint64_t events = registry->GetStats()->events;
  registry.reset();
  opened = Registry::Open(folder, options_);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ((*opened)->GetStats()->events, events);
}

}  // namespace
}  // namespace libmpi
