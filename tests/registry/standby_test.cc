// SPDX-License-Identifier: Apache-2.0
// A standby has what the first had acknowledged when it was last shipped, whatever happens to either.
#include "libmpi/registry/standby.h"

#include <unistd.h>

#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/registry/rep.h"
#include "libmpi/registry/standby_files.h"
#include "tests/linkage/crowded_records.h"
#include "tests/registry/registry_folder.h"
#include "tests/registry/store_child.h"
#include "tests/registry/store_testing.h"

namespace libmpi {
namespace {

using store_testing::Child;
using store_testing::FilesEndingIn;
using store_testing::InChild;
using store_testing::Setting;
using store_testing::Slurp;
using store_testing::Spill;
using store_testing::Tell;
using store_testing::TempFolder;

constexpr uint64_t kKeep = uint64_t{64} << 20;
constexpr uint64_t kLittle = 0;

RegistryOptions Options(bool read_only = false) {
  RegistryOptions options;
  options.cache_bytes = 8 << 20;
  options.write_buffer_bytes = 256 << 10;  // so that files are written and logs moved within a test
  options.read_only = read_only;
  options.clock = [] { return kRegistryNow; };
  return options;
}

std::vector<Record> TheRecords(size_t count) {
  std::vector<Record> records = MakeCrowdedRecords(7, count);
  std::mt19937_64 random(7);
  std::shuffle(records.begin(), records.end(), random);
  for (size_t i = 0; i < records.size(); ++i) records[i].key = {"H" + std::to_string(i % 3), std::to_string(i), 0};
  return records;
}

// Every row of a store.
std::map<std::string, std::string> RowsOf(const std::string& folder) {
  StoreOptions options;
  options.read_only = true;
  options.create = false;
  const auto store = Store::Open(folder, options);
  std::map<std::string, std::string> rows;
  if (!store.ok()) {
    ADD_FAILURE() << store.status();
    return rows;
  }
  EXPECT_TRUE((*store)
                  ->Scan("", "\xff\xff\xff", nullptr,
                         [&](std::string_view key, std::string_view value) {
                           rows[std::string(key)] = std::string(value);
                           return true;
                         })
                  .ok());
  return rows;
}

class StandbyTest : public testing::Test {
 protected:
  StandbyTest() : root_("standby"), first_(root_ / "first"), standby_(root_ / "standby"), records_(TheRecords(60)) {}

  std::unique_ptr<Registry> CreateFirst() {
    auto created = Registry::Create(first_, TheModel(), FrozenOptions(), Options());
    EXPECT_TRUE(created.ok()) << created.status();
    return *std::move(created);
  }
  std::unique_ptr<Registry> OpenFirst() {
    auto opened = Registry::Open(first_, Options());
    EXPECT_TRUE(opened.ok()) << opened.status();
    return *std::move(opened);
  }
  // Puts the next `count` records.
  void Put(Registry* registry, size_t count) {
    for (; count > 0; --count, ++put_) {
      Record record = records_[put_ % records_.size()];
      record.phones = {"03-0000-" + std::to_string(1000 + put_)};
      const auto answer = registry->Put(record, {"tester", std::to_string(put_)});
      ASSERT_TRUE(answer.ok()) << answer.status();
    }
  }
  absl::StatusOr<StandbyState> Ship() {
    LIBMPI_ASSIGN_OR_RETURN(const auto shipper, LogShipper::Open(first_, standby_));
    return shipper->Ship();
  }
  std::vector<std::string> Segments() const { return FilesEndingIn(standby_ + "/log", ".segment"); }

  const TempFolder root_;
  const std::string first_, standby_;
  const std::vector<Record> records_;
  size_t put_ = 0;
};

TEST_F(StandbyTest, HasEveryRowOfTheFirst) {
  auto first = CreateFirst();
  Put(first.get(), 50);
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  const auto shipper = LogShipper::Open(first_, standby_);
  ASSERT_TRUE(shipper.ok()) << shipper.status();
  for (int round = 0; round < 5; ++round) {
    Put(first.get(), 40);
    if (round == 2) {
      ASSERT_TRUE(first->Compact().ok());  // its logs are moved away
    }
    const auto state = (*shipper)->Ship();
    ASSERT_TRUE(state.ok()) << state.status();
    EXPECT_EQ(state->shipped, state->acknowledged);
    const auto applied = ApplyStandby(standby_, root_ / "replica", nullptr);
    ASSERT_TRUE(applied.ok()) << applied.status();
    EXPECT_EQ(*applied, state->shipped);
    EXPECT_TRUE(Registry::Open(root_ / "replica", Options(true)).ok());
  }
  ASSERT_TRUE(first->Close().ok());
  const auto promotion = Promote(standby_, root_ / "replica", {});
  ASSERT_TRUE(promotion.ok()) << promotion.status();
  EXPECT_EQ(promotion->missing, 0u);
  EXPECT_EQ(RowsOf(first_), RowsOf(root_ / "replica"));
  const auto second = Registry::Open(root_ / "replica", Options());
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_THAT(*(*second)->Verify(1, nullptr), testing::IsEmpty());
  Put(second->get(), 20);
}

TEST_F(StandbyTest, ShipsFromAClosedOneAndAcrossReopening) {
  auto first = CreateFirst();
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  for (int round = 0; round < 4; ++round) {
    Put(first.get(), 15);
    ASSERT_TRUE(first->Close().ok());
    if (round % 2 == 1) {
      ASSERT_TRUE(Ship().ok());
    }
    first = OpenFirst();
  }
  Put(first.get(), 5);
  first.reset();
  const auto promotion = Promote(standby_, root_ / "second", {.first = first_});
  ASSERT_TRUE(promotion.ok()) << promotion.status();
  EXPECT_EQ(RowsOf(first_), RowsOf(root_ / "second"));
}

TEST_F(StandbyTest, StatesTheGap) {
  auto first = CreateFirst();
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  Put(first.get(), 10);
  ASSERT_TRUE(Ship().ok());
  Put(first.get(), 7);  // each a commit of its own
  const auto state = StateOfStandby(standby_);
  ASSERT_TRUE(state.ok());
  EXPECT_EQ(state->shipped, state->acknowledged);
  EXPECT_GT(state->looked_unix_milliseconds, 0);
  first.reset();
  const auto promotion = Promote(standby_, root_ / "second", {});
  ASSERT_TRUE(promotion.ok()) << promotion.status();
  EXPECT_EQ(promotion->commit, state->shipped);
  const auto second = Registry::Open(root_ / "second", Options());
  ASSERT_TRUE(second.ok());
  EXPECT_EQ((*second)->GetStats()->events, 10u);
}

TEST_F(StandbyTest, TheFirstMayNotBeOpenWhenItIsPromotedOver) {
  auto first = CreateFirst();
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  EXPECT_EQ(Promote(standby_, root_ / "second", {.first = first_}).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(StandbyTest, PromotedItTakesNothingMore) {
  auto first = CreateFirst();
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  Put(first.get(), 5);
  const auto shipper = LogShipper::Open(first_, standby_);
  ASSERT_TRUE(shipper.ok());
  ASSERT_TRUE((*shipper)->Ship().ok());
  ASSERT_TRUE(Promote(standby_, root_ / "second", {}).ok());
  Put(first.get(), 1);
  EXPECT_EQ((*shipper)->Ship().status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(LogShipper::Open(first_, standby_).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(first->StartStandby(standby_, kKeep).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Promote(standby_, root_ / "third", {}).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(StateOfStandby(standby_)->promoted);
}

TEST_F(StandbyTest, NobodyElseWritesToAReplica) {
  auto first = CreateFirst();
  Put(first.get(), 5);
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  ASSERT_TRUE(ApplyStandby(standby_, root_ / "replica", nullptr).ok());
  EXPECT_EQ(Registry::Open(root_ / "replica", Options()).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(Registry::Open(root_ / "replica", Options(true)).ok());
}

TEST_F(StandbyTest, RefusesWhatIsNotItsOwn) {
  auto first = CreateFirst();
  EXPECT_EQ(Ship().status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(StateOfStandby(standby_).status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  ASSERT_TRUE(ApplyStandby(standby_, root_ / "replica", nullptr).ok());
  EXPECT_EQ(ApplyStandby(standby_, first_, nullptr).status().code(), absl::StatusCode::kFailedPrecondition);
  // Of another start.
  ASSERT_TRUE(first->StartStandby(root_ / "other", kKeep).ok());
  EXPECT_EQ(Ship().status().code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  EXPECT_EQ(ApplyStandby(standby_, root_ / "replica", nullptr).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(ApplyStandby(standby_, root_ / "anew", nullptr).ok());
}

TEST_F(StandbyTest, ALogThatIsGoneIsNoticed) {
  auto first = CreateFirst();
  ASSERT_TRUE(first->StartStandby(standby_, kLittle).ok());
  Put(first.get(), 20);
  ASSERT_TRUE(first->Close().ok());
  for (const std::string& log : FilesEndingIn(first_ + "/archive", ".log")) std::filesystem::remove(log);
  EXPECT_EQ(Ship().status().code(), absl::StatusCode::kFailedPrecondition);
  first = OpenFirst();
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  Put(first.get(), 5);
  ASSERT_TRUE(Ship().ok());
  first.reset();
  ASSERT_TRUE(Promote(standby_, root_ / "second", {}).ok());
  EXPECT_EQ(RowsOf(first_), RowsOf(root_ / "second"));
}

TEST_F(StandbyTest, ABulkLoadAsksForANewStart) {
  auto first = CreateFirst();
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  std::vector<Record> sorted = records_;
  std::sort(sorted.begin(), sorted.end(), [](const Record& a, const Record& b) { return a.key < b.key; });
  const auto loaded = first->BulkLoad(
      sorted.size(), [&sorted](size_t i, RecordView* out) { out->Assign(sorted[i]); },
      {"loader", ""}, 1, nullptr);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  Put(first.get(), 5);
  EXPECT_EQ(Ship().status().code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  EXPECT_TRUE(Ship().ok());
}

// Files that have not come, or not whole, are told; nothing is promoted, and nothing before them is lost.
TEST_F(StandbyTest, WhatHasNotComeWholeIsTold) {
  auto first = CreateFirst();
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  const auto shipper = LogShipper::Open(first_, standby_);
  ASSERT_TRUE(shipper.ok());
  for (int i = 0; i < 6; ++i) {
    Put(first.get(), 4);
    ASSERT_TRUE((*shipper)->Ship().ok());
  }
  const std::vector<std::string> segments = Segments();
  ASSERT_EQ(segments.size(), 6u);
  std::mt19937_64 random(11);
  for (const std::string& name : {segments[0], segments[3], segments[5], standby_ + "/shipped", standby_ + "/standby"}) {
    const std::string whole = Slurp(name);
    for (int i = 0; i < (LongRun() ? 100 : 8); ++i) {
      std::string bad = whole;
      const size_t at = random() % bad.size();
      const int bit = static_cast<int>(random() % 8);
      if (i % 4 == 3) bad.resize(at);
      else bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      Spill(name, bad);
      const std::string second = root_ / "second";
      EXPECT_EQ(Promote(standby_, second, {}).status().code(), absl::StatusCode::kDataLoss) << name << " " << i;
      EXPECT_FALSE(std::filesystem::exists(standby_ + "/promoted"));
      std::filesystem::remove_all(second);
    }
    Spill(name, whole);
  }
  // One that has not come at all: by leave, up to there.
  std::filesystem::remove(segments[3]);
  EXPECT_EQ(Promote(standby_, root_ / "second", {}).status().code(), absl::StatusCode::kDataLoss);
  const auto promotion = Promote(standby_, root_ / "second", {.accept_loss = true});
  ASSERT_TRUE(promotion.ok()) << promotion.status();
  EXPECT_EQ(promotion->missing, 12u);
  EXPECT_EQ((*Registry::Open(root_ / "second", Options()))->GetStats()->events, 12u);
}

TEST_F(StandbyTest, AmidPutsOfManyThreads) {
  auto first = CreateFirst();
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  std::atomic<bool> done{false};
  std::thread shipping([&] {
    const auto shipper = LogShipper::Open(first_, standby_);
    ASSERT_TRUE(shipper.ok());
    while (!done) {
      const auto state = (*shipper)->Ship();
      ASSERT_TRUE(state.ok()) << state.status();
      ::usleep(5000);
    }
  });
  std::vector<std::thread> putting;
  for (size_t t = 0; t < 4; ++t)
    putting.emplace_back([&, t] {
      for (size_t i = 0; i < 150; ++i) {
        Record record = records_[i % records_.size()];
        record.key = {"T" + std::to_string(t), std::to_string(i % 40), 0};
        ASSERT_TRUE(first->Put(record, {"tester", ""}).ok());
      }
    });
  for (std::thread& thread : putting) thread.join();
  done = true;
  shipping.join();
  ASSERT_TRUE(Ship().ok());
  first.reset();
  ASSERT_TRUE(Promote(standby_, root_ / "second", {}).ok());
  EXPECT_EQ(RowsOf(first_), RowsOf(root_ / "second"));
}

// --- kills ---

TEST(StandbyChild, Ships) {
  if (!InChild()) GTEST_SKIP() << "a part of other tests";
  const auto shipper = LogShipper::Open(Setting("FOLDER"), Setting("STANDBY"));
  if (!shipper.ok()) return Tell("! " + shipper.status().ToString());
  for (;;) {
    const auto state = (*shipper)->Ship();
    Tell(state.ok() ? "s " + std::to_string(state->shipped) : "! " + state.status().ToString());
  }
}

TEST(StandbyChild, Puts) {
  if (!InChild()) GTEST_SKIP() << "a part of other tests";
  const auto registry = Registry::Open(Setting("FOLDER"), Options());
  if (!registry.ok()) return Tell("! " + registry.status().ToString());
  const std::vector<Record> records = TheRecords(60);
  const uint64_t from = std::stoull(Setting("FROM"));
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < 3; ++t)
    threads.emplace_back([&, t] {
      for (uint64_t n = from + t;; n += 3) {
        Record record = records[n % records.size()];
        record.phones = {"03-" + std::to_string(n)};
        const auto answer = (*registry)->Put(record, {"tester", std::to_string(n)});
        if (answer.ok() && answer->event != 0) Tell("e " + std::to_string(answer->event) + " " + std::to_string(n));
        if (t == 0 && n % 601 < 3 && !(*registry)->Compact().ok()) Tell("! not compacted");
      }
    });
  for (std::thread& thread : threads) thread.join();
}

TEST(StandbyChild, Applies) {
  if (!InChild()) GTEST_SKIP() << "a part of other tests";
  const auto applied = ApplyStandby(Setting("STANDBY"), Setting("FOLDER"), [](std::string_view, uint64_t done, uint64_t) {
    Tell("a " + std::to_string(done));
    return true;
  });
  Tell(applied.ok() ? "done" : "! " + applied.status().ToString());
}

// The first is killed at a random moment while it is shipped. What it had acknowledged before a Ship() that succeeded
// is in what is promoted, and with the first's disk all of it; the gap is what is told.
TEST_F(StandbyTest, TheFirstIsKilled) {
  CreateFirst().reset();
  const int rounds = LongRun() ? 100 : 6;
  std::mt19937_64 random(20261129);
  uint64_t acknowledged = 0, from = 1, missing = 0, missing_told = 0;
  for (int round = 0; round < rounds; ++round) {
    ASSERT_TRUE(OpenFirst()->StartStandby(standby_, kKeep).ok());
    std::map<uint64_t, std::string> told, shipped;  // by event, what it was for
    {
      Child child("StandbyChild.Puts", {{"FOLDER", first_}, {"FROM", std::to_string(from)}});
      const auto shipper = LogShipper::Open(first_, standby_);
      ASSERT_TRUE(shipper.ok()) << shipper.status();
      std::string line;
      const auto take = [&] {
        std::istringstream in(line);
        std::string sign, why;
        uint64_t event = 0;
        ASSERT_TRUE(in >> sign >> event >> why) << line;
        told[event] = why;
        from = std::max<uint64_t>(from, std::stoull(why) + 3);
      };
      for (uint64_t lines = 1 + random() % 600; lines > 0 && child.ReadLine(&line); --lines) {
        take();
        if (random() % 40 != 0) continue;
        const std::map<uint64_t, std::string> before = told;
        const auto state = shipper.value()->Ship();
        ASSERT_TRUE(state.ok()) << state.status();
        shipped = before;
      }
      child.Kill();
      while (child.ReadLine(&line)) take();
    }
    acknowledged += told.size();
    // As if its disk were gone, and with it.
    const std::string copy = root_ / "copy", second = root_ / "second", whole = root_ / "whole";
    std::filesystem::copy(standby_, copy, std::filesystem::copy_options::recursive);
    const auto promotion = Promote(standby_, second, {});
    ASSERT_TRUE(promotion.ok()) << promotion.status();
    const auto with_disk = Promote(copy, whole, {.first = first_});
    ASSERT_TRUE(with_disk.ok()) << with_disk.status();
    EXPECT_EQ(with_disk->missing, 0u);
    for (const auto& [folder, should] : {std::pair(second, shipped), std::pair(whole, told)}) {
      const auto registry = Registry::Open(folder, Options());
      ASSERT_TRUE(registry.ok()) << registry.status();
      std::map<uint64_t, std::string> has;
      const auto history = (*registry)->History(1, SIZE_MAX);
      ASSERT_TRUE(history.ok()) << history.status();
      for (const HistoryEvent& event : *history) has[event.number] = event.by.reason;
      for (const auto& [event, why] : should) EXPECT_EQ(has[event], why) << "round " << round;
      EXPECT_THAT(*(*registry)->Verify(1, nullptr), testing::IsEmpty());
    }
    // The gap, counted in the first as it is and by who promotes.
    missing += with_disk->commit - promotion->commit;
    missing_told += with_disk->standby.acknowledged - promotion->commit;
    for (const std::string& folder : {copy, second, whole, standby_}) std::filesystem::remove_all(folder);
  }
  EXPECT_EQ(missing, missing_told);
  std::printf("%d kills: %llu changes acknowledged; %llu commits were not shipped yet\n", rounds,
              static_cast<unsigned long long>(acknowledged), static_cast<unsigned long long>(missing));
}

TEST_F(StandbyTest, TheShipperIsKilled) {
  auto first = CreateFirst();
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  std::mt19937_64 random(3);
  for (int round = 0; round < (LongRun() ? 100 : 6); ++round) {
    uint64_t last = 0;
    {
      Child child("StandbyChild.Ships", {{"FOLDER", first_}, {"STANDBY", standby_}});
      Put(first.get(), 20);
      ::usleep(static_cast<useconds_t>(random() % 20'000));
      child.Kill();
      std::string line;
      while (child.ReadLine(&line)) {
        ASSERT_EQ(line[0], 's') << line;
        last = std::stoull(line.substr(2));
      }
    }
    EXPECT_GE(StateOfStandby(standby_)->shipped, last);
  }
  ASSERT_TRUE(Ship().ok());
  first.reset();
  ASSERT_TRUE(Promote(standby_, root_ / "second", {}).ok());
  EXPECT_EQ(RowsOf(first_), RowsOf(root_ / "second"));
}

TEST_F(StandbyTest, WhoAppliesIsKilled) {
  auto first = CreateFirst();
  ASSERT_TRUE(first->StartStandby(standby_, kKeep).ok());
  for (int i = 0; i < 40; ++i) {
    Put(first.get(), 8);
    ASSERT_TRUE(Ship().ok());
  }
  const std::string replica = root_ / "replica";
  ASSERT_TRUE(ApplyStandby(standby_, replica, [](auto, uint64_t done, uint64_t) { return done < 3; }).ok() == false);
  std::mt19937_64 random(5);
  for (int round = 0; round < (LongRun() ? 40 : 8); ++round) {
    Child child("StandbyChild.Applies", {{"FOLDER", replica}, {"STANDBY", standby_}});
    std::string line;
    for (uint64_t lines = random() % 6; lines > 0 && child.ReadLine(&line); --lines) ASSERT_NE(line[0], '!') << line;
    ::usleep(static_cast<useconds_t>(random() % 3000));
    child.Kill();
  }
  ASSERT_TRUE(Ship().ok());
  first.reset();
  const auto promotion = Promote(standby_, replica, {});
  ASSERT_TRUE(promotion.ok()) << promotion.status();
  EXPECT_EQ(RowsOf(first_), RowsOf(replica));
}

TEST(StandbyFilesTest, SegmentsComeBackAndNothingElseIsOne) {
  LogSegment segment{7, 3, {"one", std::string(300, 'x'), ""}};
  const std::string bytes = Pack(segment);
  LogSegment back;
  ASSERT_TRUE(Unpack(bytes, &back).ok());
  EXPECT_EQ(back.stream, 7u);
  EXPECT_EQ(back.first, 3u);
  EXPECT_EQ(back.commits, segment.commits);
  EXPECT_EQ(back.last(), 5u);
  for (size_t cut = 0; cut < bytes.size(); ++cut) EXPECT_FALSE(Unpack(bytes.substr(0, cut), &back).ok()) << cut;
  EXPECT_FALSE(Unpack(bytes + "x", &back).ok());
}

}  // namespace
}  // namespace libmpi
