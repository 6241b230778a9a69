// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/store.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/registry/live_files.h"
#include "libmpi/registry/store_files.h"
#include "libmpi/registry/store_internal.h"
#include "registry/store_testing.h"
#include "rocksdb/db.h"

namespace libmpi {
namespace {

using store_testing::FilesEndingIn;
using store_testing::FolderContent;
using store_testing::IsWhole;
using store_testing::NthBatch;
using store_testing::Slurp;
using store_testing::SmallOptions;
using store_testing::Spill;
using store_testing::TempFolder;
using ::testing::HasSubstr;

class StoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<Store> MustOpen(const StoreOptions& options = SmallOptions()) {
    auto store = Store::Open(folder_, options);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }
  static StoreOptions Reading() {
    StoreOptions options = SmallOptions();
    options.read_only = true;
    return options;
  }
  // Commits that nobody closed: the folder as a killed process leaves it. With `one_more`, its log has a record that
  // was never acknowledged; returns where that begins.
  void FillUnclosed(uint64_t commits, bool one_more = false, size_t* more_at = nullptr) {
    const std::string other = root_ / "open";
    {
      auto store = Store::Open(other, SmallOptions());
      ASSERT_TRUE(store.ok()) << store.status();
      for (uint64_t n = 1; n <= commits; ++n) {
        ASSERT_TRUE((*store)->Commit(NthBatch(n)).ok());
        // Nothing is to be merged in the background while it is copied.
        ASSERT_TRUE(n + 700 != commits || (*store)->Compact().ok());
      }
      store_testing::WaitForFlushes(other);
      std::filesystem::copy(other, folder_, std::filesystem::copy_options::recursive);
      if (one_more) {
        const std::string log = FilesEndingIn(other, ".log").back();
        *more_at = std::filesystem::file_size(log);
        ASSERT_TRUE((*store)->Commit(NthBatch(commits + 1)).ok());
        std::filesystem::copy(log, folder_, std::filesystem::copy_options::overwrite_existing);
      }
    }
    std::filesystem::remove_all(other);
  }
  absl::Status OpenStatus(const StoreOptions& options = SmallOptions()) {
    return Store::Open(folder_, options).status();
  }

  TempFolder root_{"store_test"};
  const std::string folder_ = root_ / "store";
};

std::string ValueOf(const Store& store, const std::string& key, const StoreSnapshot* snapshot = nullptr) {
  std::string value;
  const absl::Status status = store.Get(key, &value, snapshot);
  return status.ok() ? value : "(" + std::string(absl::StatusCodeToString(status.code())) + ")";
}

TEST_F(StoreTest, WhatIsCommittedIsThereAfterReopening) {
  {
    auto store = MustOpen();
    StoreBatch batch;
    batch.Put("a", "1");
    batch.Put("b", "2");
    batch.Put("d", "3");
    batch.Delete("d");
    EXPECT_FALSE(batch.empty());
    ASSERT_TRUE(store->Commit(batch).ok());
    EXPECT_EQ(store->last_commit(), 1u);
  }
  auto store = MustOpen();
  EXPECT_EQ(ValueOf(*store, "b"), "2");
  EXPECT_EQ(ValueOf(*store, "c"), "(NOT_FOUND)");
  EXPECT_EQ(ValueOf(*store, "d"), "(NOT_FOUND)");
  EXPECT_EQ(store->last_commit(), 1u);
  std::vector<std::optional<std::string>> values;
  ASSERT_TRUE(store->MultiGet(std::vector<std::string>{"b", "c", "a"}, &values).ok());
  EXPECT_THAT(values, ::testing::ElementsAre("2", std::nullopt, "1"));
}

TEST_F(StoreTest, ABatchCanBeCommittedTwice) {
  auto store = MustOpen();
  const StoreBatch batch = NthBatch(1);
  ASSERT_TRUE(store->Commit(batch).ok());
  const uint64_t bytes = batch.bytes();
  ASSERT_TRUE(store->Commit(batch).ok());
  EXPECT_EQ(batch.bytes(), bytes);
  EXPECT_EQ(store->last_commit(), 2u);
}

TEST_F(StoreTest, WhatIsAppendedIsReadAtOnceAndDurableOnceConfirmed) {
  auto store = MustOpen();
  ASSERT_NE(store, nullptr);
  for (uint64_t n = 1; n <= 3; ++n) {
    const auto number = store->Append(NthBatch(n));
    ASSERT_TRUE(number.ok()) << number.status();
    EXPECT_EQ(*number, n);
  }
  EXPECT_EQ(store->last_commit(), 0u);
  std::string bytes;
  StoreBatch batch;
  batch.Put("read at once", "yes");
  ASSERT_TRUE(store->Append(batch).ok());
  EXPECT_TRUE(store->Get("read at once", &bytes).ok());
  EXPECT_EQ(store->Confirm(5).code(), absl::StatusCode::kUnavailable) << "was never written";
  EXPECT_TRUE(store->Confirm(2).ok());
  EXPECT_EQ(store->last_commit(), 4u) << "one mark for all that is written";
  EXPECT_TRUE(store->Confirm(3).ok());
  store.reset();
  store = MustOpen();
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(store->last_commit(), 4u);
}

TEST_F(StoreTest, WhatIsAppendedIsConfirmedByWhatIsBehindItAndByClosing) {
  auto store = MustOpen();
  ASSERT_NE(store, nullptr);
  ASSERT_TRUE(store->Append(NthBatch(1)).ok());
  EXPECT_EQ(store->last_commit(), 0u);
  ASSERT_TRUE(store->ConfirmAll().ok());
  EXPECT_EQ(store->last_commit(), 1u);
  ASSERT_TRUE(store->Append(NthBatch(2)).ok());
  ASSERT_TRUE(store->Commit(NthBatch(3)).ok());
  EXPECT_EQ(store->last_commit(), 3u);
  ASSERT_TRUE(store->Append(NthBatch(4)).ok());
  store.reset();
  store = MustOpen();
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(store->last_commit(), 4u) << "closing syncs";
  EXPECT_TRUE(IsWhole(*store).ok()) << IsWhole(*store);
}

TEST_F(StoreTest, OneThreadAppendsWhileOthersConfirm) {
  auto store = MustOpen();
  ASSERT_NE(store, nullptr);
  constexpr uint64_t kCommits = 400;
  std::atomic<uint64_t> appended = 0;
  std::vector<std::thread> confirming;
  for (int t = 0; t < 4; ++t)
    confirming.emplace_back([&] {
      for (uint64_t last = 0; last < kCommits;) {
        const uint64_t now = appended;
        if (now == last) continue;
        EXPECT_TRUE(store->Confirm(now).ok());
        EXPECT_GE(store->last_commit(), now);
        last = now;
      }
    });
  for (uint64_t n = 1; n <= kCommits; ++n) appended = store->Append(NthBatch(n)).value_or(0);
  for (std::thread& thread : confirming) thread.join();
  EXPECT_EQ(store->last_commit(), kCommits);
  EXPECT_TRUE(IsWhole(*store).ok()) << IsWhole(*store);
}

TEST_F(StoreTest, KeysOfTheStoreItselfAreRefused) {
  auto store = MustOpen();
  StoreBatch batch;
  batch.Put("\xff\xff" "commit", "7");
  EXPECT_EQ(store->Commit(batch).code(), absl::StatusCode::kInvalidArgument);
  batch.Clear();
  batch.Put("\xff" "mine", "7");
  EXPECT_TRUE(store->Commit(batch).ok());
}

TEST_F(StoreTest, ManyKeysAreReadWithASmallCache) {
  auto store = MustOpen();
  std::vector<std::string> keys;
  for (uint64_t n = 1; n <= 3000; ++n) {
    StoreBatch batch;
    for (int i = 0; i < 20; ++i) {
      keys.push_back(std::to_string(n * 7919 % 3001) + "." + std::to_string(i));
      batch.Put(keys.back(), std::string(300, 'v'));
    }
    ASSERT_TRUE(n % 100 != 0 || store->Commit(batch).ok());
    if (n % 100 != 0) keys.resize(keys.size() - 20);
  }
  std::vector<std::optional<std::string>> values;
  ASSERT_TRUE(store->MultiGet(keys, &values).ok());
  for (const auto& value : values) EXPECT_TRUE(value.has_value());
  EXPECT_LT(store->stats().memory_bytes, SmallOptions().cache_bytes + 3 * SmallOptions().write_buffer_bytes);
}

TEST_F(StoreTest, ASecondWriterIsRefused) {
  auto store = MustOpen();
  const absl::Status again = OpenStatus();
  EXPECT_EQ(again.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(again.message()), HasSubstr("reading only"));
  ASSERT_TRUE(store->Close().ok());
  EXPECT_TRUE(OpenStatus().ok());
}

TEST_F(StoreTest, NoStore) {
  StoreOptions options = SmallOptions();
  options.create = false;
  EXPECT_EQ(OpenStatus(options).code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(folder_));
  EXPECT_EQ(OpenStatus(Reading()).code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(folder_));
}

TEST_F(StoreTest, AReaderBesideAWriterSeesWhatWasCommittedAndChangesNothing) {
  auto store = MustOpen();
  for (uint64_t n = 1; n <= 200; ++n) ASSERT_TRUE(store->Commit(NthBatch(n)).ok());
  const auto before = FolderContent(folder_);
  auto reader = MustOpen(Reading());
  ASSERT_NE(reader, nullptr);
  EXPECT_EQ(reader->last_commit(), 200u);
  EXPECT_EQ(reader->Commit(NthBatch(201)).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(reader->Recover().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(reader->Compact().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(reader->stats().writable);
  EXPECT_TRUE(IsWhole(*reader).ok()) << IsWhole(*reader);
  EXPECT_EQ(FolderContent(folder_), before);
  // What the writer does afterwards, the reader does not see, and its files stay for it.
  for (uint64_t n = 201; n <= 2000; ++n) ASSERT_TRUE(store->Commit(NthBatch(n)).ok());
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(reader->last_commit(), 200u);
  EXPECT_TRUE(IsWhole(*reader).ok()) << IsWhole(*reader);
  reader = MustOpen(Reading());
  EXPECT_EQ(reader->last_commit(), 2000u);
  EXPECT_TRUE(IsWhole(*reader).ok()) << IsWhole(*reader);
}

TEST_F(StoreTest, AReaderOfACompactedStoreReadsInEveryWay) {
  {
    auto store = MustOpen();
    for (uint64_t n = 1; n <= 50; ++n) ASSERT_TRUE(store->Commit(NthBatch(n)).ok());
    ASSERT_TRUE(store->Compact().ok());
  }
  auto reader = MustOpen(Reading());
  const auto snapshot = reader->Snapshot();
  EXPECT_EQ(ValueOf(*reader, "newest", snapshot.get()), "50");
  EXPECT_EQ(ValueOf(*reader, "nothing", snapshot.get()), "(NOT_FOUND)");
  std::vector<std::optional<std::string>> values;
  ASSERT_TRUE(reader->MultiGet(std::vector<std::string>{"newest", "nothing"}, &values, snapshot.get()).ok());
  EXPECT_THAT(values, ::testing::ElementsAre("50", std::nullopt));
  EXPECT_TRUE(IsWhole(*reader).ok()) << IsWhole(*reader);
  EXPECT_TRUE(reader->VerifyFiles().ok());
}

TEST_F(StoreTest, OpensBesideABusyWriterAgainAndAgain) {
  auto store = MustOpen();
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (uint64_t n = 1; !stop; ++n) {
      ASSERT_TRUE(store->Commit(NthBatch(n)).ok());
      ASSERT_TRUE(n % 300 != 0 || store->Compact().ok());
    }
  });
  while (store->last_commit() == 0) std::this_thread::yield();
  int opened = 0;
  for (int i = 0; i < 20; ++i) {
    const uint64_t before = store->last_commit();
    auto reader = Store::Open(folder_, Reading());
    // On a slow machine the writer may always be a step ahead, and the opening says so.
    if (absl::IsUnavailable(reader.status())) continue;
    EXPECT_TRUE(reader.ok()) << reader.status();
    if (!reader.ok()) break;
    ++opened;
    EXPECT_GE((*reader)->last_commit(), before);
    EXPECT_TRUE(IsWhole(**reader).ok()) << IsWhole(**reader);
  }
  EXPECT_GT(opened, 0);
  stop = true;
  writer.join();
}

TEST_F(StoreTest, ANewerFormatIsRefused) {
  { MustOpen(); }
  {
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(rocksdb::Options(), folder_, &db).ok());
    ASSERT_TRUE(db->Put(rocksdb::WriteOptions(), ToSlice(kFormatKey), "2").ok());
    // RocksDB alone has made a new MANIFEST: that is seen first.
    EXPECT_EQ(OpenStatus(Reading()).code(), absl::StatusCode::kDataLoss);
    LiveFilesKeeper keeper(rocksdb::Env::Default(), folder_);
    ASSERT_TRUE(keeper.Update(db, 0).ok());
    delete db;
  }
  for (const StoreOptions& options : {SmallOptions(), Reading()}) {
    const absl::Status status = OpenStatus(options);
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("newer release"));
  }
}

TEST_F(StoreTest, ANewerListOfLiveFilesIsRefused) {
  { MustOpen(); }
  const std::string text = Slurp(folder_ + "/live-files");
  ASSERT_TRUE(text.starts_with("format 1\n"));
  const std::string newer = "format 2\n" + text.substr(9, text.rfind("sum ") - 9) + "something new\n";
  Spill(folder_ + "/live-files", newer + "sum " + std::to_string(Crc32cOf(newer)) + "\n");
  EXPECT_EQ(OpenStatus().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(StoreTest, SnapshotsShowTheirMoment) {
  auto store = MustOpen();
  ASSERT_TRUE(store->Commit(NthBatch(1)).ok());
  const auto snapshot = store->Snapshot();
  ASSERT_TRUE(store->Commit(NthBatch(2)).ok());
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(ValueOf(*store, "newest", snapshot.get()), "1");
  EXPECT_EQ(ValueOf(*store, "newest"), "2");
  store.reset();  // a snapshot may outlive its store
}

// --- what is lost is told ---

TEST_F(StoreTest, AFolderAsAKilledProcessLeavesItOpensWhole) {
  FillUnclosed(700);
  auto store = MustOpen();
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(store->last_commit(), 700u);
  EXPECT_TRUE(IsWhole(*store).ok()) << IsWhole(*store);
}

TEST_F(StoreTest, AMissingFileIsDataLossAndNothingIsRemoved) {
  FillUnclosed(3000);
  const std::string good = root_ / "good";
  std::filesystem::rename(folder_, good);
  for (const std::string suffix : {".sst", ".log", "live-files", "high-water-mark", "CURRENT"}) {
    SCOPED_TRACE(suffix);
    std::filesystem::remove_all(folder_);
    std::filesystem::copy(good, folder_, std::filesystem::copy_options::recursive);
    const auto victims = FilesEndingIn(folder_, suffix);
    ASSERT_FALSE(victims.empty());
    std::filesystem::remove(victims.back());
    const auto tables = FilesEndingIn(folder_, ".sst");
    EXPECT_EQ(OpenStatus(Reading()).code(), absl::StatusCode::kDataLoss);
    const absl::Status status = OpenStatus();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("restore"));
    EXPECT_EQ(FilesEndingIn(folder_, ".sst"), tables);
    ASSERT_FALSE(tables.empty());
    EXPECT_EQ(FilesEndingIn(folder_ + "/quarantine", ".sst").size(), tables.size());
  }
}

TEST_F(StoreTest, AnOlderLogIsDataLoss) {
  FillUnclosed(20);
  const auto logs = FilesEndingIn(folder_, ".log");
  const std::string log = Slurp(logs.back());
  Spill(logs.back(), log.substr(0, log.size() / 2));
  const absl::Status status = OpenStatus();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("acknowledged"));
  uint64_t dropped = 0;
  EXPECT_EQ(Store::RepairTail(folder_, &dropped).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Slurp(logs.back()).size(), log.size() / 2);
}

TEST_F(StoreTest, ATailThatWasNeverAcknowledgedCanBeCutOff) {
  size_t more_at = 0;
  FillUnclosed(20, true, &more_at);
  const std::string log = FilesEndingIn(folder_, ".log").back();
  std::string content = Slurp(log);
  std::fill(content.begin() + static_cast<long>((more_at + content.size()) / 2), content.end(), '\0');
  Spill(log, content);
  const absl::Status status = OpenStatus();
  ASSERT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("RepairTail"));
  uint64_t dropped = 0;
  ASSERT_TRUE(Store::RepairTail(folder_, &dropped).ok());
  EXPECT_EQ(dropped, 1u);
  EXPECT_EQ(FilesEndingIn(folder_ + "/quarantine", ".log").size(), 1u);
  auto store = MustOpen();
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(store->last_commit(), 20u);
  EXPECT_TRUE(IsWhole(*store).ok());
  EXPECT_EQ(Store::RepairTail(folder_).code(), absl::StatusCode::kFailedPrecondition) << "it is open";
  store.reset();
  ASSERT_TRUE(Store::RepairTail(folder_, &dropped).ok());
  EXPECT_EQ(dropped, 0u);
}

TEST_F(StoreTest, ACommitThatWasNotAcknowledgedMayBeThere) {
  size_t more_at = 0;
  FillUnclosed(20, true, &more_at);
  auto store = MustOpen();
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(store->last_commit(), 21u);
  EXPECT_TRUE(IsWhole(*store).ok());
}

TEST_F(StoreTest, ATailCutShortOpens) {
  FillUnclosed(20);
  const auto logs = FilesEndingIn(folder_, ".log");
  Spill(logs.back(), Slurp(logs.back()) + std::string("\x12\x34\x56\x78\x70\x00\x01" "half", 11));
  auto store = MustOpen();
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(store->last_commit(), 20u);
}

// --- backups ---

TEST_F(StoreTest, ABackupHasWhatWasAcknowledgedBeforeIt) {
  const std::string backup = root_ / "backup";
  {
    auto store = MustOpen();
    for (uint64_t n = 1; n <= 1000; ++n) {
      ASSERT_TRUE(store->Commit(NthBatch(n)).ok());
      ASSERT_TRUE(n % 400 != 0 || store->Backup(backup).ok());
    }
  }
  const std::string restored = root_ / "restored";
  ASSERT_TRUE(Store::Restore(backup, restored).ok());
  auto store = Store::Open(restored, SmallOptions());
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ((*store)->last_commit(), 800u);
  EXPECT_TRUE(IsWhole(**store).ok()) << IsWhole(**store);
  ASSERT_TRUE((*store)->Commit(NthBatch(801)).ok());
  EXPECT_EQ(Store::Restore(backup, restored).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Store::Restore(root_ / "none", root_ / "r2").code(), absl::StatusCode::kNotFound);
}

TEST_F(StoreTest, ABackupWhileOthersWriteIsWhole) {
  const std::string backup = root_ / "backup";
  auto store = MustOpen();
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (uint64_t n = 1; !stop; ++n) ASSERT_TRUE(store->Commit(NthBatch(n)).ok());
  });
  while (store->last_commit() < 100) std::this_thread::yield();
  for (int i = 0; i < 3; ++i) {
    const uint64_t before = store->last_commit();
    ASSERT_TRUE(store->Backup(backup).ok());
    const std::string restored = root_ / ("restored" + std::to_string(i));
    ASSERT_TRUE(Store::Restore(backup, restored).ok());
    auto copy = Store::Open(restored, SmallOptions());
    ASSERT_TRUE(copy.ok()) << copy.status();
    EXPECT_GE((*copy)->last_commit(), before);
    EXPECT_TRUE(IsWhole(**copy).ok()) << IsWhole(**copy);
  }
  stop = true;
  writer.join();
}

TEST_F(StoreTest, ADamagedBackupIsRefusedOrWhole) {
  const std::string backup = root_ / "backup";
  {
    auto store = MustOpen();
    for (uint64_t n = 1; n <= 40; ++n) {
      ASSERT_TRUE(store->Commit(NthBatch(n)).ok());
      ASSERT_TRUE(n % 20 != 0 || store->Backup(backup).ok());
    }
  }
  const std::string restored = root_ / "restored";
  int refused = 0;
  int whole = 0;
  uint64_t random = 1;
  const auto content = FolderContent(backup);
  for (int round = 0; round < 8; ++round) {
    for (const auto& [path, bytes] : content) {
      if (bytes.empty()) continue;
      random = random * 6364136223846793005u + 1442695040888963407u;
      std::string damaged = bytes;
      const uint64_t bit = (random >> 16) % (bytes.size() * 8);
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      if (round == 0) std::filesystem::remove(path);
      else Spill(path, damaged);
      std::filesystem::remove_all(restored);
      const absl::Status status = Store::Restore(backup, restored);
      if (status.ok()) {
        auto store = Store::Open(restored, SmallOptions());
        ASSERT_TRUE(store.ok()) << path << " " << bit;
        EXPECT_EQ((*store)->last_commit(), 40u) << path;
        EXPECT_TRUE(IsWhole(**store).ok()) << path << " " << IsWhole(**store);
        ++whole;
      } else {
        EXPECT_TRUE(!std::filesystem::exists(restored) || std::filesystem::is_empty(restored));
        ++refused;
      }
      Spill(path, bytes);
    }
  }
  std::cout << "damaged backups: " << refused << " refused, " << whole << " whole all the same\n";
  EXPECT_GT(refused, whole);
}

// --- loads ---

TEST_F(StoreTest, ALoadComesInWithItsBatch) {
  {
    auto store = MustOpen();
    StoreBatch settings;
    settings.Put("\xff" "settings", "old");
    ASSERT_TRUE(store->Commit(settings).ok());
    std::vector<std::unique_ptr<Store::RangeWriter>> ranges;
    for (const std::string prefix : {"k", "m", "z"}) {
      auto range = store->NewRange();
      ASSERT_TRUE(range.ok());
      for (int i = 0; prefix != "z" && i < 500; ++i)
        ASSERT_TRUE((*range)->Add(prefix + std::to_string(1000 + i), "value" + std::to_string(i)).ok());
      ranges.push_back(*std::move(range));
    }
    StoreBatch batch;
    batch.Put("a", "first");
    batch.Put("l", "between");
    batch.Put("zz", "last");
    batch.Put("\xff" "settings", "new");
    ASSERT_TRUE(store->Ingest(std::move(ranges), batch).ok());
    EXPECT_EQ(store->last_commit(), 2u);
    // Commits after it are above it.
    StoreBatch after;
    after.Put("a", "second");
    after.Delete("k1000");
    ASSERT_TRUE(store->Commit(after).ok());
    EXPECT_TRUE(FilesEndingIn(folder_, ".sst").size() >= 4);
    ASSERT_TRUE(store->VerifyFiles().ok());
  }
  for (int round = 0; round < 2; ++round) {
    auto store = MustOpen();
    EXPECT_EQ(store->last_commit(), 3u);
    EXPECT_EQ(ValueOf(*store, "a"), "second");
    EXPECT_EQ(ValueOf(*store, "k1000"), "(NOT_FOUND)");
    EXPECT_EQ(ValueOf(*store, "k1001"), "value1");
    EXPECT_EQ(ValueOf(*store, "l"), "between");
    EXPECT_EQ(ValueOf(*store, "m1499"), "value499");
    EXPECT_EQ(ValueOf(*store, "zz"), "last");
    EXPECT_EQ(ValueOf(*store, "\xff" "settings"), "new");
    ASSERT_TRUE(store->Compact().ok());
  }
}

TEST_F(StoreTest, ALoadThatMayNotComeInChangesNothing) {
  auto store = MustOpen();
  const auto load = [&](std::vector<std::pair<std::string, std::string>> spans, const StoreBatch& batch) {
    std::vector<std::unique_ptr<Store::RangeWriter>> ranges;
    for (const auto& [first, last] : spans) {
      auto range = store->NewRange();
      EXPECT_TRUE(range.ok() && (*range)->Add(first, "1").ok() && (*range)->Add(last, "2").ok());
      ranges.push_back(*std::move(range));
    }
    return store->Ingest(std::move(ranges), batch);
  };
  StoreBatch none;
  StoreBatch within;
  within.Put("c", "");
  EXPECT_EQ(load({{"b", "d"}}, within).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(load({{"b", "d"}, {"c", "e"}}, none).code(), absl::StatusCode::kInvalidArgument);
  auto range = store->NewRange();
  ASSERT_TRUE((*range)->Add("b", "").ok());
  EXPECT_EQ((*range)->Add("a", "").code(), absl::StatusCode::kInvalidArgument);
  range->reset();
  StoreBatch some;
  some.Put("a", "1");
  ASSERT_TRUE(store->Commit(some).ok());
  EXPECT_EQ(load({{"b", "d"}}, none).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store->last_commit(), 1u);
  EXPECT_TRUE(store->stats().writable);
  for (const std::string& name : FilesEndingIn(folder_, ".sst")) EXPECT_THAT(name, Not(HasSubstr("load-")));
  ASSERT_TRUE(load({{"b", "d"}}, some).ok());
  EXPECT_EQ(ValueOf(*store, "a"), "1");
  EXPECT_EQ(ValueOf(*store, "d"), "2");
}

TEST_F(StoreTest, LeftoversOfAKilledLoadAreRemoved) {
  { MustOpen(); }
  Spill(folder_ + "/load-0.sst", "half a file");
  Spill(folder_ + "/load-17.sst", "half a file");
  { MustOpen(Reading()); }
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/load-17.sst"));
  { MustOpen(); }
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/load-0.sst"));
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/load-17.sst"));
}

}  // namespace
}  // namespace libmpi
