// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/store.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/registry/high_water_mark.h"
#include "libmpi/registry/live_files.h"
#include "libmpi/registry/load_files.h"
#include "libmpi/registry/log_walk.h"
#include "libmpi/registry/reader_gate.h"
#include "libmpi/registry/standby_files.h"
#include "libmpi/registry/store_backup.h"
#include "libmpi/registry/store_check.h"
#include "libmpi/registry/store_files.h"
#include "libmpi/registry/store_internal.h"
#include "libmpi/registry/store_options.h"
#include "libmpi/registry/store_snapshots.h"
#include "rocksdb/convenience.h"
#include "rocksdb/db.h"
#include "rocksdb/listener.h"
#include "rocksdb/options.h"
#include "rocksdb/write_batch.h"

namespace libmpi {
namespace {

// Tells of what RocksDB does in threads of its own.
class Listener : public rocksdb::EventListener {
 public:
  Listener(std::function<void(rocksdb::DB*)> changed, std::function<void()> failed)
      : changed_(std::move(changed)), failed_(std::move(failed)) {}
  void OnFlushCompleted(rocksdb::DB* db, const rocksdb::FlushJobInfo&) override { changed_(db); }
  void OnCompactionCompleted(rocksdb::DB* db, const rocksdb::CompactionJobInfo&) override { changed_(db); }
  void OnExternalFileIngested(rocksdb::DB* db, const rocksdb::ExternalFileIngestionInfo&) override { changed_(db); }
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status*) override { failed_(); }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* auto_recovery) override {
    *auto_recovery = false;
  }

 private:
  const std::function<void(rocksdb::DB*)> changed_;
  const std::function<void()> failed_;
};

absl::Status NoDatabase() {
  return absl::UnavailableError("the store: closed since an error; recover it, or open it again");
}

}  // namespace

struct StoreBatch::Rep {
  rocksdb::WriteBatch batch{0, 0, 8, 0};
  bool reserved = false;  // it has a key that is the store's own
};
StoreBatch::StoreBatch() : rep_(std::make_unique<Rep>()) {}
StoreBatch::~StoreBatch() = default;
StoreBatch::StoreBatch(StoreBatch&&) noexcept = default;
StoreBatch& StoreBatch::operator=(StoreBatch&&) noexcept = default;
void StoreBatch::Put(std::string_view key, std::string_view value) {
  rep_->reserved |= key.starts_with(kReservedKeys);
  rep_->batch.Put(ToSlice(key), ToSlice(value));
}
void StoreBatch::Delete(std::string_view key) {
  rep_->reserved |= key.starts_with(kReservedKeys);
  rep_->batch.Delete(ToSlice(key));
}
void StoreBatch::Clear() {
  rep_->batch.Clear();
  rep_->reserved = false;
}
bool StoreBatch::empty() const { return rep_->batch.Count() == 0; }
uint64_t StoreBatch::bytes() const { return rep_->batch.GetDataSize(); }

class RocksStore : public Store {
 public:
  RocksStore(std::string folder, const StoreOptions& options, const StoreHooks& hooks)
      : folder_(std::move(folder)),
        options_(options),
        hooks_(hooks),
        rocks_(RocksOptions(options, hooks.env)),
        ballast_(folder_, BallastBytes(options)) {}

  ~RocksStore() override { Close().IgnoreError(); }

  absl::Status Open() {
    if (options_.read_only) return OpenForReading();
    std::error_code error;
    if (options_.create) {
      std::filesystem::create_directories(folder_, error);
      if (error) return absl::UnavailableError("the store: its folder cannot be made");
    } else if (!std::filesystem::exists(folder_, error)) {
      return absl::NotFoundError("the store: there is none in this folder");
    }
    LIBMPI_ASSIGN_OR_RETURN(lock_, FolderLock::Take(folder_));
    return OpenForWriting();
  }

  absl::Status Get(std::string_view key, std::string* value, const StoreSnapshot* snapshot) const override {
    const ReaderGate::Pass pass(gate_);
    LIBMPI_ASSIGN_OR_RETURN(const rocksdb::ReadOptions read, Read(snapshot));
    const rocksdb::Status status = db_->Get(read, ToSlice(key), value);
    if (status.IsNotFound()) return absl::NotFoundError("no such key");
    return FromRocks(status, "reading");
  }

  absl::Status MultiGet(std::span<const std::string> keys, std::vector<std::optional<std::string>>* values,
                        const StoreSnapshot* snapshot) const override {
    const ReaderGate::Pass pass(gate_);
    LIBMPI_ASSIGN_OR_RETURN(const rocksdb::ReadOptions read, Read(snapshot));
    values->assign(keys.size(), std::nullopt);
    // What is found pins a block of the cache each, which is bounded.
    constexpr size_t kAtOnce = 256;
    for (size_t from = 0; from < keys.size(); from += kAtOnce)
      LIBMPI_RETURN_IF_ERROR(
          GetSome(read, keys.subspan(from, std::min(kAtOnce, keys.size() - from)), values->data() + from));
    return absl::OkStatus();
  }

  absl::Status Scan(std::string_view begin, std::string_view end, const StoreSnapshot* snapshot,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    const ReaderGate::Pass pass(gate_);
    LIBMPI_ASSIGN_OR_RETURN(rocksdb::ReadOptions read, Read(snapshot));
    const rocksdb::Slice upper = ToSlice(end);
    read.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(read));
    for (it->Seek(ToSlice(begin)); it->Valid(); it->Next())
      if (!visit(ToView(it->key()), ToView(it->value()))) break;
    return FromRocks(it->status(), "reading");
  }

  absl::Status Walk(std::string_view begin, std::string_view end, const StoreSnapshot* snapshot,
                    const WalkVisitor& visit) const override {
    const ReaderGate::Pass pass(gate_);
    LIBMPI_ASSIGN_OR_RETURN(rocksdb::ReadOptions read, Read(snapshot));
    const rocksdb::Slice upper = ToSlice(end);
    read.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(read));
    std::string next;
    for (it->Seek(ToSlice(begin)); it->Valid();) {
      next.clear();
      if (!visit(ToView(it->key()), ToView(it->value()), &next)) break;
      if (next.empty()) {
        it->Next();
        continue;
      }
      // What is near is sooner stepped to than looked for.
      constexpr int kSteps = 8;
      const rocksdb::Slice to(next);
      int steps = it->key().compare(to) < 0 ? kSteps : 0;
      for (; steps > 0 && it->Valid() && it->key().compare(to) < 0; --steps) it->Next();
      if (steps == 0) it->Seek(to);
    }
    return FromRocks(it->status(), "reading");
  }

  std::shared_ptr<const StoreSnapshot> Snapshot() const override {
    const ReaderGate::Pass pass(gate_);
    if (db_ == nullptr) return std::make_shared<StoreSnapshot>();  // of nothing: reading with it is an error
    return std::make_shared<RocksSnapshot>(snapshots_);
  }

  absl::StatusOr<uint64_t> Append(const StoreBatch& batch) override {
    const std::lock_guard<std::mutex> lock(write_mutex_);
    LIBMPI_RETURN_IF_ERROR(MayWrite(batch));
    RefillBallast();
    rocksdb::WriteBatch* const rocks = &batch.rep_->batch;
    const uint64_t number = written_ + 1;
    // The number is taken out again: the caller may hand in the batch a second time.
    rocks->SetSavePoint();
    rocksdb::Status status = rocks->Put(ToSlice(kLastCommitKey), std::to_string(number));
    if (status.ok()) status = db_->Write(Synced(false), rocks);
    rocks->RollbackToSavePoint().PermitUncheckedError();
    if (!status.ok()) return Latch(FromRocks(status, "writing"));
    written_ = number;
    return number;
  }

  absl::Status Confirm(uint64_t commit) override {
    if (last_commit_ >= commit) return absl::OkStatus();
    LIBMPI_RETURN_IF_ERROR(SyncLog(commit));
    const std::lock_guard<std::mutex> lock(mark_mutex_);
    if (last_commit_ >= commit) return absl::OkStatus();
    if (mark_ == nullptr || synced_ < commit) return GivenUp();
    return RaiseMark();
  }
  absl::Status ConfirmAll() override {
    // What can be read may have no number yet.
    const uint64_t number = [this] {
      const std::lock_guard<std::mutex> lock(write_mutex_);
      return written_.load();
    }();
    return Confirm(number);
  }
  uint64_t last_commit() const override { return last_commit_; }

  absl::StatusOr<std::unique_ptr<RangeWriter>> NewRange() override {
    LIBMPI_RETURN_IF_ERROR(IsWritable());
    return std::make_unique<LoadRange>(rocks_, LoadPath(),
                                       [this] { return HasRoom(LoadRange::kBytesBetweenRoomChecks); });
  }

  absl::Status Ingest(std::vector<std::unique_ptr<RangeWriter>> ranges, const StoreBatch& batch) override {
    const std::scoped_lock lock(write_mutex_, sync_mutex_, mark_mutex_);
    LIBMPI_RETURN_IF_ERROR(MayWrite(batch));
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<LoadFile*> loads, FinishRanges(ranges));
    LIBMPI_ASSIGN_OR_RETURN(SortedChanges changes, ChangesOf(batch.rep_->batch));
    LIBMPI_RETURN_IF_ERROR(IsEmptyBut(changes));
    const uint64_t number = written_ + 1;
    changes[std::string(kLastCommitKey)] = std::to_string(number);
    const auto new_file = [this] { return std::make_unique<LoadFile>(rocks_, LoadPath()); };
    LIBMPI_ASSIGN_OR_RETURN(const auto batch_files, WriteBetween(changes, loads, new_file));

    // One call for all files is one entry in the MANIFEST: all or nothing.
    std::vector<std::string> paths;
    for (const LoadFile* const load : loads) paths.push_back(load->path());
    for (const auto& file : batch_files) paths.push_back(file->path());
    rocksdb::IngestExternalFileOptions ingest;
    ingest.move_files = true;
    // Nothing in memory overlaps then: 7.8.3 may put files in the wrong order where something does.
    rocksdb::Status status = db_->Flush(rocksdb::FlushOptions());
    if (status.ok()) status = db_->IngestExternalFile(paths, ingest);
    if (!status.ok()) return Latch(FromRocks(status, "bringing in files"));
    if (const absl::Status written = live_files_->Update(db_.get(), last_commit_); !written.ok()) return Latch(written);
    written_ = number;
    synced_ = number;
    return RaiseMark();
  }

  absl::Status Compact() override {
    const ReaderGate::Pass pass(gate_);
    LIBMPI_RETURN_IF_ERROR(IsWritable());
    LIBMPI_RETURN_IF_ERROR(FromRocks(db_->Flush(rocksdb::FlushOptions()), "writing memory to files"));
    return FromRocks(db_->CompactRange(rocksdb::CompactRangeOptions(), nullptr, nullptr), "tidying files");
  }

  absl::Status Recover() override {
    const std::scoped_lock lock(write_mutex_, sync_mutex_, mark_mutex_);
    if (options_.read_only) return ReadOnlyError();
    if (closed_) return absl::FailedPreconditionError("the store is closed");
    if (writable_) return HasRoom(0);
    // Looked at before anything is closed: reads go on while there is no hope.
    if (FreeRoom() + ballast_.held() < RoomToKeep(options_)) return NearlyFull(RoomToKeep(options_));
    LIBMPI_RETURN_IF_ERROR(Reopen());
    return HasRoom(0);
  }

  absl::Status KeepLog(uint64_t stream, uint64_t bytes) override {
    const std::scoped_lock lock(write_mutex_, sync_mutex_, mark_mutex_);
    LIBMPI_RETURN_IF_ERROR(IsWritable());
    LIBMPI_RETURN_IF_ERROR(WriteFileOf(hooks_.env, folder_, KeptLog{stream, bytes}));
    return Reopen();
  }

  absl::Status Replay(std::span<const std::string> commits) override {
    const std::scoped_lock lock(write_mutex_, sync_mutex_, mark_mutex_);
    LIBMPI_RETURN_IF_ERROR(IsWritable());
    uint64_t bytes = 0;
    for (const std::string& commit : commits) bytes += commit.size();
    LIBMPI_RETURN_IF_ERROR(HasRoom(bytes));
    for (size_t i = 0; i < commits.size(); ++i) {
      if (CommitOf(commits[i]) != written_ + 1)
        return absl::DataLossError("the standby: a commit does not follow the one before");
      rocksdb::WriteBatch batch(commits[i]);
      // Syncing the last one syncs those before.
      const rocksdb::Status status = db_->Write(Synced(i + 1 == commits.size()), &batch);
      if (!status.ok()) return Latch(FromRocks(status, "writing"));
      ++written_;
    }
    synced_ = written_.load();
    return RaiseMark();
  }

  Stats stats() const override {
    const ReaderGate::Pass pass(gate_);
    Stats stats;
    stats.last_commit = last_commit_;
    stats.writable = writable_ && !options_.read_only;
    if (db_ == nullptr) return stats;
    const auto number = [this](const std::string& property) {
      uint64_t value = 0;
      db_->GetIntProperty(property, &value);
      return value;
    };
    stats.keys_estimate = number(rocksdb::DB::Properties::kEstimateNumKeys);
    stats.file_bytes = number(rocksdb::DB::Properties::kTotalSstFilesSize);
    stats.memory_bytes = number(rocksdb::DB::Properties::kCurSizeAllMemTables) +
                         number(rocksdb::DB::Properties::kBlockCacheUsage);
    std::vector<rocksdb::LiveFileMetaData> files;
    db_->GetLiveFilesMetaData(&files);
    stats.files = files.size();
    stats.log_bytes = LogBytes();
    return stats;
  }

  absl::Status VerifyFiles() const override {
    const ReaderGate::Pass pass(gate_);
    if (db_ == nullptr) return NoDatabase();
    const rocksdb::ReadOptions read;
    LIBMPI_RETURN_IF_ERROR(FromRocks(db_->VerifyFileChecksums(read), "checking files"));
    return FromRocks(db_->VerifyChecksum(read), "checking blocks");
  }

  absl::Status Backup(const std::string& folder) override {
    const ReaderGate::Pass pass(gate_);
    LIBMPI_RETURN_IF_ERROR(IsWritable());
    const std::lock_guard<std::mutex> lock(backup_mutex_);
    return BackupStore(hooks_.env, db_.get(), last_commit_, [this] { return HasRoom(0); }, folder);
  }

  absl::Status Close() override {
    const std::scoped_lock lock(write_mutex_, sync_mutex_, mark_mutex_);
    if (closed_) return absl::OkStatus();
    closed_ = true;
    gate_.Shut(std::nullopt);
    const absl::Status status = CloseDatabase();
    gate_.Open();
    lock_ = FolderLock();
    return status;
  }

 private:
  static rocksdb::WriteOptions Synced(bool sync) {
    rocksdb::WriteOptions write;
    write.sync = sync;
    write.protection_bytes_per_key = 8;
    return write;
  }
  static absl::Status ReadOnlyError() { return absl::FailedPreconditionError("the store is open for reading only"); }

  // Closes the files, and opens them with all checks.
  absl::Status Reopen() {
    if (!gate_.Shut(hooks_.patience))
      return absl::UnavailableError("the store: readers have not come to an end; try again");
    CloseDatabase().IgnoreError();
    ballast_.Drop();
    const absl::Status opened = OpenForWriting();
    if (!opened.ok()) ReopenForReading();
    gate_.Open();
    return opened;
  }

  // --- opening and closing; nobody is inside the gate ---

  // A replica follows the log of another store: a change of its own would be in the way of the next.
  absl::Status CheckReplica() const {
    LIBMPI_ASSIGN_OR_RETURN(const std::optional<ReplicaOf> of, ReadIfThere<ReplicaOf>(hooks_.env, folder_));
    if (of.has_value() == options_.replica) return absl::OkStatus();
    return absl::FailedPreconditionError(
        of ? "the store: it is a standby's, filled from another's log; promote the standby first"
                : "the store: it is no standby's");
  }

  absl::Status OpenForReading() {
    // A writer beside may replace files between two looks at the folder, so a bad impression gets more chances.
    constexpr int kTries = 20;
    const auto lacks = [this](std::string_view name) {
      return hooks_.env->FileExists(folder_ + "/" + std::string(name)).IsNotFound();
    };
    if (lacks("CURRENT") && lacks(LiveFiles::kName))
      return absl::NotFoundError("the store: there is none in this folder");
    absl::Status status;
    for (int i = 0; i < kTries; ++i) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
      absl::StatusOr<CheckedStore> checked = CheckStore(rocks_, folder_, true);
      if (checked.ok() && !checked->fresh) {
        Install(std::move(checked->db), checked->last_commit);
        return absl::OkStatus();
      }
      if (checked.ok()) return absl::NotFoundError("the store: there is none in this folder");
      status = checked.status();
      if (absl::IsFailedPrecondition(status)) break;
    }
    // A file that was listed was gone when it was read.
    if (absl::IsNotFound(status))
      return absl::UnavailableError("the store: a writer changed it while it was opened; try again");
    return status;
  }

  absl::Status OpenForWriting() {
    LIBMPI_RETURN_IF_ERROR(CheckReplica());
    absl::StatusOr<CheckedStore> checked = CheckStore(rocks_, folder_, false);
    // RocksDB takes some errors of reading for damage: looked at twice.
    if (!checked.ok() && !absl::IsFailedPrecondition(checked.status())) checked = CheckStore(rocks_, folder_, false);
    if (absl::IsDataLoss(checked.status())) KeepAllTables().IgnoreError();
    LIBMPI_RETURN_IF_ERROR(checked.status());
    if (checked->fresh && !options_.create) return absl::NotFoundError("the store: there is none in this folder");
    checked->db.reset();
    LIBMPI_RETURN_IF_ERROR(RemoveLeftovers());
    // What is written now, and the logs that become files, take room.
    if (FreeRoom() < RoomToKeep(options_)) ballast_.Drop();
    if (checked->fresh) LIBMPI_RETURN_IF_ERROR(HighWaterMark::Create(hooks_.env, folder_, 0).status());
    if (checked->manifest_torn) LIBMPI_RETURN_IF_ERROR(KeepTablesBut(checked->files.tables));
    LIBMPI_RETURN_IF_ERROR(checked->files.Write(hooks_.env, folder_));
    LIBMPI_ASSIGN_OR_RETURN(std::unique_ptr<rocksdb::DB> db, OpenRocks(*checked));
    Install(std::move(db), checked->last_commit);
    const absl::Status settled = SettleOpened();
    if (!settled.ok()) {
      writable_ = false;
      CloseDatabase().IgnoreError();
      return settled;
    }
    ballast_filled_ = ballast_.Fill();
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenRocks(const CheckedStore& checked) {
    live_files_ = std::make_unique<LiveFilesKeeper>(hooks_.env, folder_);
    rocksdb::Options options = rocks_;
    // Until the list of live files is written, no file may go.
    options.disable_auto_compactions = true;
    LIBMPI_ASSIGN_OR_RETURN(const std::optional<KeptLog> kept, ReadIfThere<KeptLog>(hooks_.env, folder_));
    if (kept) options.WAL_size_limit_MB = (kept->bytes >> 20) + 1;
    options.listeners.push_back(std::make_shared<Listener>(
        [this](rocksdb::DB* of) {
          if (!live_files_->Update(of, last_commit_).ok()) writable_ = false;
        },
        [this] { writable_ = false; }));
    rocksdb::DB* opened = nullptr;
    // All was whole a moment ago: whatever RocksDB calls it, the disk failed. The next opening checks again.
    if (const rocksdb::Status status = rocksdb::DB::Open(options, folder_, &opened); !status.ok())
      return absl::UnavailableError(FromRocks(status, "opening for writing").message());
    std::unique_ptr<rocksdb::DB> db(opened);
    uint64_t ignored = 0;
    LIBMPI_ASSIGN_OR_RETURN(const std::set<uint64_t> tables, TablesOf(db.get(), &ignored, &ignored));
    LIBMPI_ASSIGN_OR_RETURN(const uint64_t commit, CommitShown(db.get()));
    if (commit != checked.last_commit || !std::includes(tables.begin(), tables.end(), checked.files.tables.begin(),
                                                        checked.files.tables.end()))
      return LostData("opening it for writing showed less than opening it for reading");
    return db;
  }

  // Writes down what was opened, and lets RocksDB tidy.
  absl::Status SettleOpened() {
    std::string format;
    if (db_->Get(rocksdb::ReadOptions(), ToSlice(kFormatKey), &format).IsNotFound()) {
      rocksdb::WriteBatch batch;
      rocksdb::Status status = batch.Put(ToSlice(kFormatKey), std::to_string(kStoreFormat));
      if (status.ok()) status = db_->Write(Synced(true), &batch);
      LIBMPI_RETURN_IF_ERROR(FromRocks(status, "writing the format"));
    }
    LIBMPI_RETURN_IF_ERROR(live_files_->Update(db_.get(), last_commit_));
    LIBMPI_ASSIGN_OR_RETURN(mark_, HighWaterMark::Create(hooks_.env, folder_, last_commit_));
    // Before anything can go wrong in a thread of RocksDB's, which then takes it back.
    writable_ = true;
    return FromRocks(db_->EnableAutoCompaction({db_->DefaultColumnFamily()}), "opening");
  }

  void Install(std::unique_ptr<rocksdb::DB> db, uint64_t last_commit) {
    db_ = std::move(db);
    written_ = last_commit;
    synced_ = last_commit;
    last_commit_ = last_commit;
    snapshots_ = std::make_shared<OpenSnapshots>(db_.get());
  }

  // Reads go on where writing cannot, if what they would read is what was committed.
  void ReopenForReading() {
    absl::StatusOr<CheckedStore> checked = CheckStore(rocks_, folder_, false);
    if (!checked.ok() || checked->fresh) return;
    // What was not told to be durable is not now: it is read from the system's memory.
    const uint64_t told = std::min<uint64_t>(last_commit_, checked->last_commit);
    Install(std::move(checked->db), checked->last_commit);
    synced_ = told;
    last_commit_ = told;
  }

  // Without flushing after an error: RocksDB 7.8.3 asserts where a file that failed is written to again, and what was
  // acknowledged is in the logs.
  absl::Status CloseDatabase() {
    if (db_ == nullptr) return absl::OkStatus();
    absl::Status status;
    if (!options_.read_only && writable_) {
      status = FromRocks(db_->FlushWAL(true), "closing");  // 7.8.3 does not sync when it closes
      if (status.ok()) status = FromRocks(db_->Flush(rocksdb::FlushOptions()), "closing");
      rocksdb::CancelAllBackgroundWork(db_.get(), true);
      if (status.ok()) status = live_files_->Update(db_.get(), last_commit_);
    }
    writable_ = false;
    snapshots_->End();
    db_.reset();
    mark_.reset();
    return status;
  }

  // What a load that was killed, or a file that was not written to its end, left.
  absl::Status RemoveLeftovers() {
    std::vector<std::string> names;
    LIBMPI_RETURN_IF_ERROR(FromRocks(hooks_.env->GetChildren(folder_, &names), "listing the folder"));
    for (const std::string& name : names)
      if (NumberOf(name, "load-", ".sst") || name.ends_with(".new"))
        LIBMPI_RETURN_IF_ERROR(FromRocks(hooks_.env->DeleteFile(folder_ + "/" + name), "removing a leftover"));
    return absl::OkStatus();
  }

  absl::Status KeepAllTables() { return KeepTablesBut({}); }
  absl::Status KeepTablesBut(const std::set<uint64_t>& named) {
    LIBMPI_ASSIGN_OR_RETURN(const std::set<uint64_t> tables, TablesOnDisk(hooks_.env, folder_));
    std::vector<std::string> names;
    for (const uint64_t table : tables)
      if (!named.contains(table)) names.push_back(TableName(table));
    return names.empty() ? absl::OkStatus() : Quarantine(hooks_.env, folder_, names);
  }

  // --- writing ---

  absl::Status IsWritable() const {
    if (options_.read_only) return ReadOnlyError();
    if (writable_) return absl::OkStatus();
    return absl::UnavailableError(
        "the store: refuses to write since an error of the disk; see that it has room and is sound, then recover it");
  }

  absl::Status MayWrite(const StoreBatch& batch) const {
    LIBMPI_RETURN_IF_ERROR(IsWritable());
    if (batch.rep_->reserved) return absl::InvalidArgumentError("the store: the batch has a reserved key");
    return hooks_.keep_room ? HasRoom(batch.bytes()) : absl::OkStatus();
  }

  uint64_t FreeRoom() const {
    uint64_t free = 0;
    // Where it cannot be known, the disk itself will tell.
    return hooks_.env->GetFreeSpace(folder_, &free).ok() ? free : UINT64_MAX / 2;
  }
  // A write takes its bytes in the log, and again in a file.
  absl::Status HasRoom(uint64_t bytes) const {
    const uint64_t needed = RoomToKeep(options_) + 2 * bytes;
    return FreeRoom() >= needed ? absl::OkStatus() : NearlyFull(needed);
  }
  static absl::Status NearlyFull(uint64_t needed) {
    return absl::UnavailableError("the store: the disk is nearly full; writing goes on when " +
                                  std::to_string((needed >> 20) + 1) + " MiB are free");
  }
  // After a time without room the ballast comes back with the first write that finds room for both.
  void RefillBallast() {
    if (!ballast_filled_ && FreeRoom() >= RoomToKeep(options_) + BallastBytes(options_))
      ballast_filled_ = ballast_.Fill();
  }

  absl::Status Latch(absl::Status status) {
    writable_ = false;
    return status;
  }

  static absl::Status GivenUp() { return absl::UnavailableError("the store: the commit was given up"); }

  // One sync is for all that was written before it; who comes meanwhile waits for the next one.
  absl::Status SyncLog(uint64_t commit) {
    const std::lock_guard<std::mutex> lock(sync_mutex_);
    if (synced_ >= commit) return absl::OkStatus();
    const uint64_t number = written_;
    if (db_ == nullptr || !writable_ || number < commit) return GivenUp();
    const rocksdb::Status status = hooks_.sync_commits ? db_->SyncWAL() : rocksdb::Status();
    if (!status.ok()) return Latch(FromRocks(status, "writing"));
    synced_ = number;
    return absl::OkStatus();
  }

  // What is synced may be told once the mark is. Under mark_mutex_.
  absl::Status RaiseMark() {
    const uint64_t number = synced_;
    if (hooks_.raise_mark)
      if (absl::Status raised = mark_->Raise(number); !raised.ok()) return Latch(std::move(raised));
    last_commit_ = number;
    return absl::OkStatus();
  }

  std::string LoadPath() { return folder_ + "/load-" + std::to_string(next_load_++) + ".sst"; }

  absl::Status IsEmptyBut(const SortedChanges& changes) const {
    const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
    for (it->SeekToFirst(); it->Valid() && !it->key().starts_with("\xff"); it->Next())
      if (!changes.contains(ToView(it->key())))
        return absl::FailedPreconditionError("the store: files can be brought into an empty one only");
    return FromRocks(it->status(), "reading");
  }

  // --- reading; inside the gate ---

  absl::StatusOr<rocksdb::ReadOptions> Read(const StoreSnapshot* snapshot) const {
    if (db_ == nullptr) return NoDatabase();
    rocksdb::ReadOptions read;
    if (snapshot == nullptr) return read;
    const auto* const rocks = dynamic_cast<const RocksSnapshot*>(snapshot);
    if (rocks == nullptr || rocks->of != snapshots_)
      return absl::AbortedError("the store: it was recovered since the snapshot; take a new one");
    read.snapshot = rocks->rocks;
    return read;
  }

  absl::Status GetSome(const rocksdb::ReadOptions& read, std::span<const std::string> keys,
                       std::optional<std::string>* values) const {
    const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
    std::vector<rocksdb::PinnableSlice> found(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    db_->MultiGet(read, db_->DefaultColumnFamily(), keys.size(), slices.data(), found.data(), statuses.data());
    for (size_t i = 0; i < keys.size(); ++i) {
      if (statuses[i].IsNotFound()) continue;
      LIBMPI_RETURN_IF_ERROR(FromRocks(statuses[i], "reading"));
      values[i].emplace(found[i].data(), found[i].size());
    }
    return absl::OkStatus();
  }

  uint64_t LogBytes() const {
    std::vector<std::string> names;
    uint64_t bytes = 0;
    if (!hooks_.env->GetChildren(folder_, &names).ok()) return 0;
    for (const std::string& name : names) {
      uint64_t size = 0;
      if (NumberOf(name, "", ".log") && hooks_.env->GetFileSize(folder_ + "/" + name, &size).ok()) bytes += size;
    }
    return bytes;
  }

  const std::string folder_;
  const StoreOptions options_;
  const StoreHooks hooks_;
  const rocksdb::Options rocks_;
  Ballast ballast_;
  FolderLock lock_;

  // One of Append(), of syncs and of raisings of the mark at a time each; all three for who closes the files. In this
  // order.
  std::mutex write_mutex_, sync_mutex_, mark_mutex_;
  std::mutex backup_mutex_;
  std::atomic<bool> writable_{false};
  std::atomic<uint64_t> written_{0}, synced_{0};
  std::atomic<uint64_t> last_commit_{0};  // the last one that is confirmed
  std::atomic<uint64_t> next_load_{0};
  bool closed_ = false;
  bool ballast_filled_ = false;

  // Replaced only while the gate is shut.
  ReaderGate gate_;
  std::unique_ptr<LiveFilesKeeper> live_files_;
  std::shared_ptr<OpenSnapshots> snapshots_;
  std::unique_ptr<HighWaterMark> mark_;
  std::unique_ptr<rocksdb::DB> db_;
};

absl::StatusOr<std::unique_ptr<Store>> OpenStore(const std::string& folder, const StoreOptions& options,
                                                 const StoreHooks& hooks) {
  auto store = std::make_unique<RocksStore>(folder, options, hooks);
  LIBMPI_RETURN_IF_ERROR(store->Open());
  return store;
}

absl::Status Store::Commit(const StoreBatch& batch) {
  LIBMPI_ASSIGN_OR_RETURN(const uint64_t number, Append(batch));
  return Confirm(number);
}

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const std::string& folder, const StoreOptions& options) {
  return OpenStore(folder, options, StoreHooks());
}

absl::Status Store::Restore(const std::string& backup, const std::string& folder) {
  return RestoreStore(RocksOptions(StoreOptions(), rocksdb::Env::Default()), backup, folder);
}

absl::Status Store::RepairTail(const std::string& folder, uint64_t* dropped) {
  LIBMPI_ASSIGN_OR_RETURN(const FolderLock lock, FolderLock::Take(folder));
  uint64_t commits = 0;
  absl::Status status = CutLogTails(RocksOptions(StoreOptions(), rocksdb::Env::Default()), folder, &commits);
  if (dropped != nullptr) *dropped = commits;
  return status;
}

}  // namespace libmpi
