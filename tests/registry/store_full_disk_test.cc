// SPDX-License-Identifier: Apache-2.0
// A disk that gets full: no crash, reads go on, writes go on when there is room again, nothing acknowledged is lost.
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/registry/store.h"
#include "libmpi/registry/store_internal.h"
#include "registry/fault_file_system.h"
#include "registry/store_testing.h"

namespace libmpi {
namespace {

using namespace store_testing;  // NOLINT: helpers of these tests only
using ::testing::HasSubstr;

StoreOptions Options() {
  StoreOptions options = SmallOptions();
  options.write_buffer_bytes = uint64_t{1} << 20;  // 3 MiB are kept free, 2 MiB are ballast
  return options;
}

// A disk of 24 MiB.
class StoreFullDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::mount("tmpfs", disk_.path().c_str(), "tmpfs", 0, "size=24m") != 0)
      GTEST_SKIP() << "a small file system cannot be mounted here (" << std::strerror(errno) << "): not tested";
    mounted_ = true;
  }
  void TearDown() override {
    EXPECT_TRUE(!mounted_ || ::umount(disk_.path().c_str()) == 0) << std::strerror(errno);
  }

  uint64_t Free() const { return std::filesystem::space(disk_.path()).available; }
  // Leaves `bytes` free.
  void FillUp(uint64_t bytes) const {
    const int file = ::open(Hog().c_str(), O_RDWR | O_CREAT, 0600);
    uint64_t size = std::filesystem::file_size(Hog());
    // RocksDB may write and remove files at the same time: until it has been full for a while.
    int full = 0;
    for (int i = 0; i < 500 && full < 5; ++i) {
      const uint64_t free = Free();
      if (free > bytes && ::posix_fallocate(file, 0, static_cast<off_t>(size + free - bytes)) == 0)
        size += free - bytes;
      full = free <= bytes + 4096 ? full + 1 : 0;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    ::close(file);
    EXPECT_EQ(full, 5);
  }
  void MakeRoom() const { std::filesystem::remove(Hog()); }
  std::string Hog() const { return disk_ / "hog"; }

  const TempFolder disk_{"store_disk"};
  const std::string folder_ = disk_ / "store";
  bool mounted_ = false;
};

// The next commit, with something large in it.
absl::Status CommitLarge(Store* store, uint64_t bytes) {
  StoreBatch batch = NthBatch(store->last_commit() + 1);
  std::string large(bytes, '\0');
  uint64_t random = store->last_commit() + 88172645463325252u;
  for (char& c : large) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    c = static_cast<char>(random);
  }
  batch.Put("x large " + std::to_string(store->last_commit() % 50), large);
  return store->Commit(batch);
}

TEST_F(StoreFullDisk, WritingStopsBeforeTheWallAndGoesOnByItself) {
  auto store = Store::Open(folder_, Options());
  ASSERT_TRUE(store.ok()) << store.status();
  ASSERT_TRUE(CommitLarge(store->get(), 100'000).ok());
  FillUp(uint64_t{5} << 20);
  absl::Status status;
  for (int i = 0; i < 200 && status.ok(); ++i) status = CommitLarge(store->get(), 100'000);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("nearly full"));
  EXPECT_TRUE((*store)->stats().writable);
  EXPECT_TRUE(IsWhole(**store).ok()) << IsWhole(**store);
  EXPECT_GT(Free(), uint64_t{1} << 19);
  MakeRoom();
  EXPECT_TRUE(CommitLarge(store->get(), 100'000).ok());
}

TEST_F(StoreFullDisk, AFullDiskLosesNothing) {
  int recovered = 0;
  for (const uint64_t left : {0, 20'000, 150'000, 400'000, 700'000, 1'500'000}) {
    SCOPED_TRACE(left);
    ImpatientEnv env(rocksdb::Env::Default());
    StoreHooks hooks;
    hooks.env = &env;
    hooks.keep_room = false;
    auto opened = OpenStore(folder_, Options(), hooks);
    ASSERT_TRUE(opened.ok()) << opened.status();
    Store& store = **opened;
    ASSERT_TRUE(CommitLarge(&store, 20'000).ok());
    FillUp(left);
    absl::Status status;
    for (int i = 0; i < 500 && status.ok(); ++i) status = CommitLarge(&store, 20'000);
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
    const uint64_t acknowledged = store.last_commit();
    EXPECT_FALSE(store.stats().writable);
    EXPECT_TRUE(IsWhole(store).ok()) << IsWhole(store);
    // As a rule nothing can be done yet (at times what the log becomes takes less room than it did); reads go on.
    const absl::Status early = store.Recover();
    EXPECT_TRUE(early.ok() || absl::IsUnavailable(early)) << early;
    EXPECT_TRUE(IsWhole(store).ok()) << IsWhole(store);
    MakeRoom();
    const auto start = std::chrono::steady_clock::now();
    status = store.Recover();
    ASSERT_TRUE(status.ok()) << status;
    ASSERT_TRUE(CommitLarge(&store, 20'000).ok());
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    EXPECT_GT(store.last_commit(), acknowledged);
    EXPECT_TRUE(IsWhole(store).ok()) << IsWhole(store);
    ++recovered;
  }
  std::cout << recovered << " times full, nothing lost\n";
}

TEST_F(StoreFullDisk, AStoreOnAFullDiskOpens) {
  const std::string copy = disk_ / "copy";
  {
    auto store = Store::Open(folder_, Options());
    ASSERT_TRUE(store.ok());
    for (int i = 0; i < 40; ++i) {
      ASSERT_TRUE(CommitLarge(store->get(), 20'000).ok());
      ASSERT_TRUE(i != 25 || (*store)->Compact().ok());
    }
    // As a killed process leaves it: what is in the log must become a file.
    std::filesystem::copy(folder_, copy, std::filesystem::copy_options::recursive);
  }
  FillUp(0);
  auto store = Store::Open(copy, Options());
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ((*store)->last_commit(), 40u);
  EXPECT_TRUE(IsWhole(**store).ok()) << IsWhole(**store);
  EXPECT_EQ(CommitLarge(store->get(), 20'000).code(), absl::StatusCode::kUnavailable);
  MakeRoom();
  EXPECT_TRUE(CommitLarge(store->get(), 20'000).ok());
  EXPECT_TRUE(std::filesystem::exists(copy + "/ballast"));
}

TEST_F(StoreFullDisk, ABackupThatDoesNotFitFailsAndTheStoreGoesOn) {
  const TempFolder elsewhere("store_elsewhere");
  for (const bool backup_disk_full : {true, false}) {
    SCOPED_TRACE(backup_disk_full);
    const std::string folder = backup_disk_full ? elsewhere / "store" : folder_;
    const std::string backup = disk_ / "backup";
    auto store = Store::Open(folder, Options());
    ASSERT_TRUE(store.ok()) << store.status();
    for (int i = 0; i < 30; ++i) ASSERT_TRUE(CommitLarge(store->get(), 50'000).ok());
    ASSERT_TRUE((*store)->Backup(backup).ok());
    for (int i = 0; i < 30; ++i) ASSERT_TRUE(CommitLarge(store->get(), 50'000).ok());
    for (const uint64_t left : {0, 40'000, 1'200'000}) {
      // On the disk of the store it must leave the room that the store works in.
      ASSERT_TRUE((*store)->Compact().ok());
      FillUp(backup_disk_full ? left : (uint64_t{4} << 20) + left);
      const absl::Status status = (*store)->Backup(backup);
      EXPECT_TRUE(!backup_disk_full || absl::IsUnavailable(status)) << status;
      EXPECT_TRUE((*store)->stats().writable);
      // 3 MiB are kept, looked at once a MiB; what lies in memory is written first.
      EXPECT_GT(backup_disk_full ? UINT64_MAX : Free(), uint64_t{1} << 19);
      EXPECT_TRUE(IsWhole(**store).ok());
      MakeRoom();
    }
    ASSERT_TRUE(CommitLarge(store->get(), 50'000).ok());
    // The earlier backup is as it was.
    const std::string restored = elsewhere / ("restored" + std::to_string(backup_disk_full));
    ASSERT_TRUE(Store::Restore(backup, restored).ok());
    ASSERT_TRUE((*store)->Backup(backup).ok());
    std::filesystem::remove_all(backup);
  }
}

TEST_F(StoreFullDisk, ALoadThatDoesNotFitChangesNothing) {
  auto store = Store::Open(folder_, Options());
  ASSERT_TRUE(store.ok());
  {
    auto range = (*store)->NewRange();
    ASSERT_TRUE(range.ok());
    absl::Status status;
    uint64_t random = 1;
    for (int i = 0; i < 1'000'000 && status.ok(); ++i) {
      std::string value(1000, '\0');
      for (char& c : value) c = static_cast<char>((random = random * 6364136223846793005u + 1) >> 56);
      status = (*range)->Add(OwnKey(static_cast<uint64_t>(i)), value);
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
    EXPECT_TRUE((*store)->stats().writable);
  }
  EXPECT_TRUE(FilesEndingIn(folder_, ".sst").empty());
  ASSERT_TRUE((*store)->Commit(NthBatch(1)).ok());
}

}  // namespace
}  // namespace libmpi
