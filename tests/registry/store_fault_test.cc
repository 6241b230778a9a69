// SPDX-License-Identifier: Apache-2.0
// The disk fails, or loses its power, at any operation: what was acknowledged is there afterwards, or it is said that
// it is not.
#include <atomic>
#include <filesystem>
#include <iostream>
#include <thread>

#include "gtest/gtest.h"
#include "libmpi/registry/store.h"
#include "libmpi/registry/store_internal.h"
#include "registry/fault_file_system.h"
#include "registry/store_testing.h"

namespace libmpi {
namespace {

using namespace store_testing;  // NOLINT: helpers of these tests only

class Disk {
 public:
  Disk() : fs(std::make_shared<FaultFileSystem>()), env_(rocksdb::NewCompositeEnv(fs)), env(env_.get()) {
    hooks.env = &env;
  }
  const std::shared_ptr<FaultFileSystem> fs;

 private:
  const std::unique_ptr<rocksdb::Env> env_;
  ImpatientEnv env;

 public:
  StoreHooks hooks;
};

// Opens, commits, flushes, merges, closes and opens again; goes on over errors with Recover(). Returns the number of
// the last commit that was acknowledged. Where commits are not synced there are more of them, and fewer flushes.
uint64_t RunScript(const std::string& folder, const Disk& disk) {
  uint64_t acknowledged = 0;
  for (int opening = 0; opening < 3; ++opening) {
    auto store = OpenStore(folder, SmallOptions(), disk.hooks);
    if (!store.ok()) continue;
    for (int i = 0; i < (disk.hooks.sync_commits ? 8 : 60); ++i) {
      const absl::Status status = (*store)->Commit(NthBatch((*store)->last_commit() + 1));
      if (status.ok()) {
        acknowledged = (*store)->last_commit();
      } else {
        // The outcome of the failed one is known again after recovery.
        EXPECT_FALSE((*store)->stats().writable && disk.hooks.sync_commits) << status;
        (*store)->Recover().IgnoreError();
      }
      if (i == 3 && disk.hooks.sync_commits) (*store)->Compact().IgnoreError();
      std::string value;
      const absl::Status read = (*store)->Get("newest", &value);
      EXPECT_FALSE(acknowledged > 0 && absl::IsNotFound(read)) << "an acknowledged key is gone";
    }
    if (opening == 1) continue;  // closed by the destructor
    (*store)->Close().IgnoreError();
  }
  return acknowledged;
}

// The numbers of operations to fail at: all, or a slice that is another with each kind of test.
std::vector<uint64_t> Points(uint64_t operations, uint64_t slice) {
  std::vector<uint64_t> points;
  const uint64_t step = LongRun() ? 1 : std::max<uint64_t>(1, operations / slice);
  for (uint64_t n = 1; n <= operations; n += step) points.push_back(n);
  return points;
}

uint64_t CountOperations(bool sync_commits = true) {
  const TempFolder root("store_fault_count");
  Disk disk;
  disk.hooks.sync_commits = sync_commits;
  disk.fs->FailAt(0, false);
  EXPECT_EQ(RunScript(root / "store", disk), sync_commits ? 24u : 180u);
  return disk.fs->operations();
}

TEST(StoreFault, AnErrorAnywhereLosesNothing) {
  const uint64_t operations = CountOperations();
  for (const bool for_ever : {false, true}) {
    int acknowledged_all = 0;
    const auto points = Points(operations, 35);
    for (const uint64_t n : points) {
      SCOPED_TRACE(std::to_string(n) + (for_ever ? " for ever" : " once"));
      const TempFolder root("store_fault");
      const std::string folder = root / "store";
      uint64_t acknowledged = 0;
      {
        Disk disk;
        disk.fs->FailAt(n, for_ever);
        acknowledged = RunScript(folder, disk);
      }
      auto store = Store::Open(folder, SmallOptions());
      ASSERT_TRUE(store.ok()) << store.status();
      EXPECT_GE((*store)->last_commit(), acknowledged);
      EXPECT_TRUE(IsWhole(**store).ok()) << IsWhole(**store);
      ASSERT_TRUE((*store)->Commit(NthBatch((*store)->last_commit() + 1)).ok());
      acknowledged_all += acknowledged >= 23;
    }
    std::cout << points.size() << " of " << operations << " operations failed " << (for_ever ? "for ever" : "once")
              << ": all commits acknowledged in " << acknowledged_all << ", nothing lost\n";
  }
}

struct CutResult {
  int cuts = 0;
  int refused = 0;  // it is said that something is missing
  int silent = 0;   // it is not
};
// Power fails at some operations of the script; with `hooks` the store may be made to break its promises.
CutResult CutPowerInScript(bool sync_commits, bool raise_mark, uint64_t slice) {
  CutResult result;
  const uint64_t operations = CountOperations(sync_commits);
  for (const uint64_t n : Points(operations, slice)) {
    const TempFolder root("store_cut");
    const std::string folder = root / "store";
    Disk disk;
    disk.hooks.sync_commits = sync_commits;
    disk.hooks.raise_mark = raise_mark;
    disk.fs->FailAt(n, true);
    const uint64_t acknowledged = RunScript(folder, disk);
    disk.fs->CutPower(sync_commits ? n % 9 : 0);
    ++result.cuts;
    uint64_t dropped = 0;
    auto store = Store::Open(folder, SmallOptions());
    if (absl::IsDataLoss(store.status()) && Store::RepairTail(folder, &dropped).ok() && dropped > 0)
      store = Store::Open(folder, SmallOptions());
    if (!store.ok()) {
      ++result.refused;
      if (sync_commits) ADD_FAILURE() << store.status() << " at " << n;
      continue;
    }
    if ((*store)->last_commit() < acknowledged || !IsWhole(**store).ok()) ++result.silent;
  }
  return result;
}

TEST(StoreFault, APowerCutAnywhereLosesNothing) {
  const CutResult result = CutPowerInScript(true, true, 60);
  std::cout << result.cuts << " power cuts: " << result.refused << " refused, " << result.silent << " lost silently\n";
  EXPECT_EQ(result.refused, 0);
  EXPECT_EQ(result.silent, 0);
}

// Commits that nobody waits for go between those that are acknowledged, as entries of the audit trail do.
uint64_t RunUnsyncedScript(const std::string& folder, const Disk& disk) {
  uint64_t acknowledged = 0;
  for (int opening = 0; opening < 2; ++opening) {
    auto store = OpenStore(folder, SmallOptions(), disk.hooks);
    if (!store.ok()) continue;
    uint64_t next = (*store)->last_commit() + 1;
    for (int i = 0; i < 24; ++i) {
      const absl::StatusOr<uint64_t> appended = (*store)->Append(NthBatch(next));
      if (appended.ok()) ++next;
      if (i % 6 == 2 && (*store)->Commit(NthBatch(next)).ok()) ++next;
      if (i % 6 == 5) (*store)->ConfirmAll().IgnoreError();
      if (i == 13) (*store)->Compact().IgnoreError();
      acknowledged = std::max(acknowledged, (*store)->last_commit());
      if (!(*store)->stats().writable) break;
    }
    if (opening == 1) (*store)->Close().IgnoreError();
  }
  return acknowledged;
}

TEST(StoreFault, APowerCutLosesOfWhatWasNotSyncedATailAtMost) {
  const TempFolder counting("store_unsynced_count");
  Disk whole;
  whole.fs->FailAt(0, false);
  EXPECT_EQ(RunUnsyncedScript(counting / "store", whole), 56u);
  int refused = 0, lost = 0;
  const std::vector<uint64_t> points = Points(whole.fs->operations(), 60);
  for (const uint64_t n : points) {
    SCOPED_TRACE(n);
    const TempFolder root("store_unsynced");
    const std::string folder = root / "store";
    Disk disk;
    disk.fs->FailAt(n, true);
    const uint64_t acknowledged = RunUnsyncedScript(folder, disk);
    disk.fs->CutPower(n % 9);
    uint64_t dropped = 0;
    auto store = Store::Open(folder, SmallOptions());
    if (absl::IsDataLoss(store.status()) && Store::RepairTail(folder, &dropped).ok())
      store = Store::Open(folder, SmallOptions());
    refused += !store.ok();
    if (!store.ok()) continue;
    EXPECT_GE((*store)->last_commit(), acknowledged);
    EXPECT_TRUE(IsWhole(**store).ok()) << IsWhole(**store);
    lost += (*store)->last_commit() < 56;
  }
  EXPECT_EQ(refused, 0);
  EXPECT_GT(lost, 0) << "no cut lost anything: it tests nothing";
}

// The controls: without syncs the same cuts lose, without the mark nobody is told.
TEST(StoreFault, WithoutSyncsPowerCutsLoseAndAreTold) {
  const CutResult result = CutPowerInScript(false, true, 30);
  std::cout << result.cuts << " power cuts without syncs: " << result.refused << " refused, " << result.silent
            << " lost silently\n";
  EXPECT_GT(result.refused, result.cuts / 5);
  EXPECT_EQ(result.silent, 0);
}
TEST(StoreFault, WithoutSyncsAndMarkPowerCutsLoseSilently) {
  const CutResult result = CutPowerInScript(false, false, 30);
  std::cout << result.cuts << " power cuts without syncs and mark: " << result.refused << " refused, "
            << result.silent << " lost silently\n";
  EXPECT_GT(result.silent, 1);
}

TEST(StoreFault, ReadsGoOnAfterAnErrorAndWhileItIsRecoveredFrom) {
  const TempFolder root("store_recover");
  Disk disk;
  auto opened = OpenStore(root / "store", SmallOptions(), disk.hooks);
  ASSERT_TRUE(opened.ok());
  Store& store = **opened;
  for (uint64_t n = 1; n <= 100; ++n) ASSERT_TRUE(store.Commit(NthBatch(n)).ok());
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> reads{0}, good{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      auto snapshot = store.Snapshot();
      std::string value;
      for (; !stop; ++reads) {
        // What is not in memory yet when the disk breaks is told to be out of reach, never to be gone.
        const auto reads_or_says = [](const absl::Status& s) { return s.ok() || absl::IsUnavailable(s); };
        const absl::Status got = store.Get(OwnKey(7), &value);
        ASSERT_TRUE(reads_or_says(got)) << got;
        good += got.ok();
        // Another read from within a scan.
        ASSERT_TRUE(reads_or_says(store.Scan("own", "owo", nullptr, [&](std::string_view key, std::string_view) {
          return store.Get(key, &value).ok() && key < OwnKey(30);
        })));
        const absl::Status old = store.Get(OwnKey(7), &value, snapshot.get());
        // Of a moment that has passed; or from a file that is opened first while the disk is broken.
        ASSERT_TRUE(old.ok() || absl::IsAborted(old) || absl::IsUnavailable(old)) << old;
        if (!old.ok()) snapshot = store.Snapshot();
      }
    });
  }
  const auto before = store.Snapshot();
  uint64_t last = 100;
  for (int round = 0; round < 10; ++round) {
    disk.fs->FailAt(1, true);
    ASSERT_FALSE(store.Commit(NthBatch(last + 1)).ok());
    disk.fs->Heal();
    const absl::Status refused = store.Commit(NthBatch(last + 1));
    ASSERT_EQ(refused.code(), absl::StatusCode::kUnavailable) << refused;
    EXPECT_EQ(store.Backup(root / "backup").code(), absl::StatusCode::kUnavailable);
    EXPECT_FALSE(store.stats().writable);
    const absl::Status recovered = store.Recover();
    ASSERT_TRUE(recovered.ok()) << recovered;
    last = store.last_commit();
    ASSERT_TRUE(store.Commit(NthBatch(++last)).ok());
    for (const uint64_t seen = reads; reads < seen + 4;) std::this_thread::yield();
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  std::string value;
  EXPECT_EQ(store.Get(OwnKey(7), &value, before.get()).code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(IsWhole(store).ok()) << IsWhole(store);
  EXPECT_GT(reads, 10u);
  EXPECT_GT(good, reads / 2);
}

TEST(StoreFault, RecoveryOnASickDiskLeavesSomethingToRead) {
  const TempFolder root("store_sick");
  Disk disk;
  auto opened = OpenStore(root / "store", SmallOptions(), disk.hooks);
  ASSERT_TRUE(opened.ok());
  Store& store = **opened;
  std::string value;
  ASSERT_TRUE(store.Commit(NthBatch(1)).ok());
  // The nth operation fails once: writing, then recovering.
  for (uint64_t n = 1; n < 120; n += 3) {
    disk.fs->FailAt(1, true);
    ASSERT_FALSE(store.Commit(NthBatch(store.last_commit() + 1)).ok());
    disk.fs->FailAt(n, false);
    const absl::Status first = store.Recover();
    if (!first.ok()) {
      EXPECT_EQ(first.code(), absl::StatusCode::kUnavailable) << first << " at " << n;
      const absl::Status read = store.Get("newest", &value);
      EXPECT_TRUE(read.ok()) << read << " at " << n;
      EXPECT_FALSE(store.stats().writable);
      disk.fs->Heal();
      ASSERT_TRUE(store.Recover().ok()) << n;
    }
    disk.fs->Heal();
    ASSERT_TRUE(store.Get("newest", &value).ok());
    ASSERT_TRUE(store.Commit(NthBatch(store.last_commit() + 1)).ok());
  }
  EXPECT_TRUE(IsWhole(store).ok()) << IsWhole(store);
}

TEST(StoreFault, RecoveryGivesUpWhileAReaderStays) {
  const TempFolder root("store_stay");
  Disk disk;
  disk.hooks.patience = std::chrono::milliseconds(50);
  auto opened = OpenStore(root / "store", SmallOptions(), disk.hooks);
  ASSERT_TRUE(opened.ok());
  Store& store = **opened;
  ASSERT_TRUE(store.Commit(NthBatch(1)).ok());
  disk.fs->FailAt(1, true);
  ASSERT_FALSE(store.Commit(NthBatch(2)).ok());
  disk.fs->Heal();
  std::string value;
  ASSERT_TRUE(store.Scan("own", "owo", nullptr, [&](std::string_view, std::string_view) {
                     EXPECT_EQ(store.Recover().code(), absl::StatusCode::kUnavailable);
                     EXPECT_TRUE(store.Get("newest", &value).ok());
                     return true;
                   }).ok());
  ASSERT_TRUE(store.Recover().ok());
  ASSERT_TRUE(store.Commit(NthBatch(store.last_commit() + 1)).ok());
}

}  // namespace
}  // namespace libmpi
