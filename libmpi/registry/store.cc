// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/store.h"

#include <atomic>
#include <filesystem>
#include <mutex>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "rocksdb/cache.h"
#include "rocksdb/db.h"
#include "rocksdb/file_checksum.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/options.h"
#include "rocksdb/sst_file_writer.h"
#include "rocksdb/table.h"
#include "rocksdb/utilities/backup_engine.h"
#include "rocksdb/utilities/checkpoint.h"
#include "rocksdb/write_batch.h"
#include "rocksdb/write_buffer_manager.h"

namespace libmpi {
namespace {

rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// Drops what RocksDB would write to a file of its own: a full disk there ends the process (Debian's 7.8.3 asserts),
// and it may hold bytes of keys.
class SilentLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

absl::Status FromRocks(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  // No text of RocksDB's: it may quote keys.
  const std::string what = "the store: " + std::string(doing) + " failed (code " +
                           std::to_string(static_cast<int>(status.code())) + ", " +
                           std::to_string(static_cast<int>(status.subcode())) + ")";
  if (status.IsNotFound()) return absl::NotFoundError(what);
  if (status.IsCorruption()) return absl::DataLossError(what);
  if (status.IsNoSpace()) return absl::UnavailableError(what + ": the disk is full");
  if (status.IsBusy() || status.IsIOError()) return absl::UnavailableError(what);
  return absl::InternalError(what);
}

constexpr std::string_view kLastCommitKey = "\xff\xff" "commit";

struct Snapshot : StoreSnapshot {
  explicit Snapshot(std::shared_ptr<rocksdb::DB> of) : db(std::move(of)), rocks(db->GetSnapshot()) {}
  ~Snapshot() override { db->ReleaseSnapshot(rocks); }
  const std::shared_ptr<rocksdb::DB> db;
  const rocksdb::Snapshot* const rocks;
};

}  // namespace

struct StoreBatch::Rep {
  rocksdb::WriteBatch batch{0, 0, 8, 0};
};
StoreBatch::StoreBatch() : rep_(std::make_unique<Rep>()) {}
StoreBatch::~StoreBatch() = default;
StoreBatch::StoreBatch(StoreBatch&&) noexcept = default;
StoreBatch& StoreBatch::operator=(StoreBatch&&) noexcept = default;
void StoreBatch::Put(std::string_view key, std::string_view value) { rep_->batch.Put(ToSlice(key), ToSlice(value)); }
void StoreBatch::Delete(std::string_view key) { rep_->batch.Delete(ToSlice(key)); }
void StoreBatch::Clear() { rep_->batch.Clear(); }
bool StoreBatch::empty() const { return rep_->batch.Count() == 0; }
uint64_t StoreBatch::bytes() const { return rep_->batch.GetDataSize(); }

class RocksStore : public Store {
 public:
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& folder, const StoreOptions& options) {
    auto store = std::make_unique<RocksStore>(folder, options);
    LIBMPI_RETURN_IF_ERROR(store->OpenFiles());
    return store;
  }

  RocksStore(std::string folder, const StoreOptions& options) : folder_(std::move(folder)), options_(options) {
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = rocksdb::NewLRUCache(options.cache_bytes);
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.cache_index_and_filter_blocks = true;
    table.pin_l0_filter_and_index_blocks_in_cache = true;
    table.format_version = 5;
    rocks_.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    rocks_.create_if_missing = options.create;
    rocks_.info_log = std::make_shared<SilentLog>();
    rocks_.paranoid_checks = true;
    rocks_.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    rocks_.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
    rocks_.recycle_log_file_num = 0;
    rocks_.write_buffer_size = options.write_buffer_bytes;
    rocks_.memtable_protection_bytes_per_key = 8;
    rocks_.max_background_jobs = 2;
    rocks_.max_open_files = 1000;
    rocks_.compression = rocksdb::kLZ4Compression;
    rocks_.bottommost_compression = rocksdb::kZSTD;
    rocks_.level_compaction_dynamic_level_bytes = true;
  }

  ~RocksStore() override { Close().IgnoreError(); }

  absl::Status Get(std::string_view key, std::string* value, const StoreSnapshot* snapshot) const override {
    const rocksdb::Status status = db_->Get(Read(snapshot), ToSlice(key), value);
    if (status.IsNotFound()) return absl::NotFoundError("no such key");
    return FromRocks(status, "reading");
  }

  absl::Status MultiGet(std::span<const std::string> keys, std::vector<std::optional<std::string>>* values,
                        const StoreSnapshot* snapshot) const override {
    std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
    std::vector<rocksdb::PinnableSlice> found(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    db_->MultiGet(Read(snapshot), db_->DefaultColumnFamily(), keys.size(), slices.data(), found.data(),
                  statuses.data());
    values->assign(keys.size(), std::nullopt);
    for (size_t i = 0; i < keys.size(); ++i) {
      if (statuses[i].IsNotFound()) continue;
      LIBMPI_RETURN_IF_ERROR(FromRocks(statuses[i], "reading"));
      (*values)[i].emplace(found[i].data(), found[i].size());
    }
    return absl::OkStatus();
  }

  absl::Status Scan(std::string_view begin, std::string_view end, const StoreSnapshot* snapshot,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    rocksdb::ReadOptions read = Read(snapshot);
    const rocksdb::Slice upper = ToSlice(end);
    read.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(read));
    for (it->Seek(ToSlice(begin)); it->Valid(); it->Next())
      if (!visit(ToView(it->key()), ToView(it->value()))) break;
    return FromRocks(it->status(), "reading");
  }

  absl::Status Walk(std::string_view begin, std::string_view end, const StoreSnapshot* snapshot,
                    const WalkVisitor& visit) const override {
    rocksdb::ReadOptions read = Read(snapshot);
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
    return std::make_shared<libmpi::Snapshot>(db_);
  }

  absl::Status Commit(const StoreBatch& batch) override {
    if (options_.read_only) return absl::FailedPreconditionError("the store is open for reading only");
    if (!writable_) return absl::UnavailableError("the store refuses to write since an error: free room, then recover it");
    rocksdb::WriteBatch* const rocks = &batch.rep_->batch;
    const uint64_t number = last_commit_ + 1;
    rocks->Put(ToSlice(kLastCommitKey), std::to_string(number));
    rocksdb::WriteOptions write;
    write.sync = true;
    write.protection_bytes_per_key = 8;
    const rocksdb::Status status = db_->Write(write, rocks);
    if (!status.ok()) {
      writable_ = false;
      return FromRocks(status, "writing");
    }
    last_commit_ = number;
    return absl::OkStatus();
  }
  uint64_t last_commit() const override { return last_commit_; }

  class Range : public RangeWriter {
   public:
    Range(const rocksdb::Options& options, std::string path)
        : path_(std::move(path)), writer_(rocksdb::EnvOptions(), options) {}
    absl::Status Add(std::string_view key, std::string_view value) override {
      if (!open_) {
        LIBMPI_RETURN_IF_ERROR(FromRocks(writer_.Open(path_), "writing a file"));
        open_ = true;
      }
      return FromRocks(writer_.Put(ToSlice(key), ToSlice(value)), "writing a file");
    }
    absl::StatusOr<std::string> Finish() {
      if (!open_) return std::string();
      LIBMPI_RETURN_IF_ERROR(FromRocks(writer_.Finish(), "writing a file"));
      return path_;
    }

   private:
    const std::string path_;
    rocksdb::SstFileWriter writer_;
    bool open_ = false;
  };

  absl::StatusOr<std::unique_ptr<RangeWriter>> NewRange() override {
    const std::string path = folder_ + "/load-" + std::to_string(next_range_++) + ".sst";
    return std::make_unique<Range>(rocks_, path);
  }

  absl::Status Ingest(std::vector<std::unique_ptr<RangeWriter>> ranges, const StoreBatch& batch) override {
    std::vector<std::string> files;
    for (auto& range : ranges) {
      LIBMPI_ASSIGN_OR_RETURN(std::string file, static_cast<Range*>(range.get())->Finish());
      if (!file.empty()) files.push_back(std::move(file));
    }
    rocksdb::IngestExternalFileOptions ingest;
    ingest.move_files = true;
    if (!files.empty())
      LIBMPI_RETURN_IF_ERROR(FromRocks(db_->IngestExternalFile(files, ingest), "bringing in files"));
    return Commit(batch);
  }

  absl::Status Compact() override {
    LIBMPI_RETURN_IF_ERROR(FromRocks(db_->Flush(rocksdb::FlushOptions()), "writing memory to files"));
    return FromRocks(db_->CompactRange(rocksdb::CompactRangeOptions(), nullptr, nullptr), "tidying files");
  }

  absl::Status Recover() override {
    LIBMPI_RETURN_IF_ERROR(Close());
    return OpenFiles();
  }

  Stats stats() const override {
    Stats stats;
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
    stats.last_commit = last_commit_;
    stats.writable = writable_ && !options_.read_only;
    return stats;
  }

  absl::Status VerifyFiles() const override {
    rocksdb::ReadOptions read;
    LIBMPI_RETURN_IF_ERROR(FromRocks(db_->VerifyFileChecksums(read), "checking files"));
    return FromRocks(db_->VerifyChecksum(read), "checking blocks");
  }

  absl::Status Backup(const std::string& folder) override {
    rocksdb::BackupEngineOptions options(folder);
    options.sync = true;
    rocksdb::BackupEngine* engine = nullptr;
    const rocksdb::IOStatus opened = rocksdb::BackupEngine::Open(rocksdb::Env::Default(), options, &engine);
    LIBMPI_RETURN_IF_ERROR(FromRocks(opened, "opening a backup"));
    const std::unique_ptr<rocksdb::BackupEngine> owned(engine);
    return FromRocks(owned->CreateNewBackup(db_.get(), true), "backing up");
  }

  absl::Status Close() override {
    if (db_ == nullptr) return absl::OkStatus();
    rocksdb::Status status;
    if (!options_.read_only) {
      status = db_->FlushWAL(true);  // 7.8.3 does not sync when it closes
      if (status.ok()) status = db_->Flush(rocksdb::FlushOptions());
    }
    db_.reset();
    return FromRocks(status, "closing");
  }

 private:
  absl::Status OpenFiles() {
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status = options_.read_only ? rocksdb::DB::OpenForReadOnly(rocks_, folder_, &db)
                                                      : rocksdb::DB::Open(rocks_, folder_, &db);
    LIBMPI_RETURN_IF_ERROR(FromRocks(status, "opening"));
    db_.reset(db);
    writable_ = true;
    std::string number;
    last_commit_ = db_->Get(rocksdb::ReadOptions(), ToSlice(kLastCommitKey), &number).ok() ? std::stoull(number) : 0;
    return absl::OkStatus();
  }

  rocksdb::ReadOptions Read(const StoreSnapshot* snapshot) const {
    rocksdb::ReadOptions read;
    if (snapshot != nullptr) read.snapshot = static_cast<const libmpi::Snapshot*>(snapshot)->rocks;
    return read;
  }

  const std::string folder_;
  const StoreOptions options_;
  rocksdb::Options rocks_;
  std::shared_ptr<rocksdb::DB> db_;
  std::atomic<bool> writable_{true};
  std::atomic<uint64_t> last_commit_{0};
  std::atomic<uint64_t> next_range_{0};
};

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const std::string& folder, const StoreOptions& options) {
  return RocksStore::Open(folder, options);
}

absl::Status Store::Restore(const std::string& backup, const std::string& folder) {
  rocksdb::BackupEngineReadOnly* engine = nullptr;
  const rocksdb::IOStatus opened =
      rocksdb::BackupEngineReadOnly::Open(rocksdb::Env::Default(), rocksdb::BackupEngineOptions(backup), &engine);
  LIBMPI_RETURN_IF_ERROR(FromRocks(opened, "opening a backup"));
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> owned(engine);
  return FromRocks(owned->RestoreDBFromLatestBackup(folder, folder), "restoring a backup");
}

}  // namespace libmpi
