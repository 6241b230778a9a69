// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/store_backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "libmpi/base/status_macros.h"
#include "libmpi/registry/high_water_mark.h"
#include "libmpi/registry/live_files.h"
#include "libmpi/registry/store_check.h"
#include "libmpi/registry/store_files.h"
#include "libmpi/registry/store_options.h"
#include "rocksdb/utilities/backup_engine.h"

namespace libmpi {
namespace {

// Says which backup is the newest: RocksDB passes over a damaged one and takes the one before.
constexpr char kNewestName[] = "newest";
struct Newest {
  uint64_t id = 0;
  uint64_t last_commit = 0;
};

std::string NewestText(const Newest& newest) {
  const std::string text = std::to_string(newest.id) + " " + std::to_string(newest.last_commit) + " ";
  return text + std::to_string(Crc32cOf(text)) + "\n";
}

absl::StatusOr<Newest> ReadNewest(rocksdb::Env* env, const std::string& folder) {
  absl::StatusOr<std::string> read = ReadFile(env, folder + "/" + kNewestName);
  if (absl::IsNotFound(read.status()))
    return env->FileExists(folder + "/meta").ok()
               ? absl::DataLossError("the backup: what says which one is the newest is missing; use another backup")
               : absl::NotFoundError("the backup: there is none in this folder");
  LIBMPI_RETURN_IF_ERROR(read.status());
  const std::string text = *std::move(read);
  const size_t space = std::min(text.find(' '), text.size());
  const size_t second = std::min(text.find(' ', space + 1), text.size());
  const auto id = ParseNumber(std::string_view(text).substr(0, space));
  const auto commit = space < second ? ParseNumber(std::string_view(text).substr(space + 1, second - space - 1))
                                     : std::nullopt;
  if (!id || !commit || NewestText({*id, *commit}) != text)
    return absl::DataLossError("the backup: what says which one is the newest is damaged; use another backup");
  return Newest{*id, *commit};
}

rocksdb::BackupEngineOptions EngineOptions(rocksdb::Logger* log, const std::string& folder) {
  rocksdb::BackupEngineOptions options(folder);
  options.sync = true;
  options.share_table_files = true;
  options.share_files_with_checksum = true;
  options.info_log = log;
  options.callback_trigger_interval_size = uint64_t{1} << 20;
  return options;
}

bool OnSameDisk(const std::string& a, const std::string& b) {
  struct stat of_a;
  struct stat of_b;
  return ::stat(a.c_str(), &of_a) == 0 && ::stat(b.c_str(), &of_b) == 0 && of_a.st_dev == of_b.st_dev;
}

absl::Status SyncFiles(const std::string& folder) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = file >= 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (!synced) return absl::UnavailableError("the store: a restored file cannot be synced");
  }
  return absl::OkStatus();
}

absl::Status IsEmptyFolder(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) {
    std::filesystem::create_directories(folder, error);
    if (error) return absl::UnavailableError("the store: the folder to restore into cannot be made");
  }
  if (!std::filesystem::is_empty(folder, error) || error)
    return absl::FailedPreconditionError("the store: the folder to restore into is not empty");
  return absl::OkStatus();
}

// The newest backup, checked byte by byte.
absl::StatusOr<Newest> VerifyNewest(rocksdb::Env* env, rocksdb::BackupEngineReadOnly* engine,
                                    const std::string& backup) {
  LIBMPI_ASSIGN_OR_RETURN(Newest newest, ReadNewest(env, backup));
  std::vector<rocksdb::BackupInfo> infos;
  engine->GetBackupInfo(&infos);
  std::vector<rocksdb::BackupID> bad;
  engine->GetCorruptedBackups(&bad);
  const absl::Status damaged =
      absl::DataLossError("the backup: the newest one is damaged or not whole; nothing was restored");
  uint64_t id = 0;
  for (const auto& info : infos) id = std::max<uint64_t>(id, info.backup_id);
  for (const rocksdb::BackupID other : bad)
    if (other >= id) return damaged;
  // A newer one than was written down is whole too: only the writing down was cut short.
  if (id < newest.id) return damaged;
  newest.id = id;
  const rocksdb::IOStatus verified = engine->VerifyBackup(static_cast<rocksdb::BackupID>(id), true);
  if (verified.IsCorruption() || verified.IsNotFound() || verified.IsPathNotFound()) return damaged;
  LIBMPI_RETURN_IF_ERROR(FromRocks(verified, "verifying a backup"));
  return newest;
}

// Makes the restored files a store: only with the list of live files it can be opened.
absl::Status Settle(const rocksdb::Options& options, const std::string& folder, uint64_t last_commit) {
  LIBMPI_RETURN_IF_ERROR(SyncFiles(folder));
  LIBMPI_RETURN_IF_ERROR(SyncFolder(options.env, folder));
  rocksdb::DB* opened = nullptr;
  LIBMPI_RETURN_IF_ERROR(
      FromRocks(rocksdb::DB::OpenForReadOnly(options, folder, &opened), "opening the restored files"));
  const std::unique_ptr<rocksdb::DB> db(opened);
  LIBMPI_RETURN_IF_ERROR(CheckFormat(db.get()));
  LiveFiles files;
  uint64_t ignored = 0;
  LIBMPI_ASSIGN_OR_RETURN(files.tables, TablesOf(db.get(), &ignored, &ignored));
  LIBMPI_ASSIGN_OR_RETURN(files.last_commit, CommitShown(db.get()));
  if (files.last_commit < last_commit)
    return absl::DataLossError("the backup: it has fewer commits than it should; nothing was restored");
  LIBMPI_ASSIGN_OR_RETURN(files.manifest, CurrentManifest(options.env, folder));
  LIBMPI_ASSIGN_OR_RETURN(const std::string manifest,
                          ReadFile(options.env, folder + "/" + ManifestName(files.manifest)));
  files.manifest_bytes = manifest.size();
  files.manifest_sum = Crc32cOf(manifest);
  files.settled = true;
  LIBMPI_RETURN_IF_ERROR(HighWaterMark::Create(options.env, folder, files.last_commit).status());
  return files.Write(options.env, folder);
}

}  // namespace

absl::Status BackupStore(rocksdb::Env* env, rocksdb::DB* db, uint64_t last_commit,
                         const std::function<absl::Status()>& room, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return absl::UnavailableError("the backup: its folder cannot be made");
  const bool same_disk = OnSameDisk(folder, db->GetName());
  if (same_disk) LIBMPI_RETURN_IF_ERROR(room());
  const auto log = NoLog();
  rocksdb::BackupEngine* opened = nullptr;
  LIBMPI_RETURN_IF_ERROR(
      FromRocks(rocksdb::BackupEngine::Open(env, EngineOptions(log.get(), folder), &opened), "opening a backup"));
  const std::unique_ptr<rocksdb::BackupEngine> engine(opened);
  rocksdb::CreateBackupOptions create;
  create.flush_before_backup = true;
  absl::Status stopped;
  create.progress_callback = [&] {
    if (!same_disk || !stopped.ok()) return;
    stopped = room();
    if (!stopped.ok()) engine->StopBackup();
  };
  rocksdb::BackupID id = 0;
  rocksdb::IOStatus status = engine->CreateNewBackup(create, db, &id);
  if (status.ok()) status = engine->VerifyBackup(id, false);
  if (!status.ok()) {
    engine->GarbageCollect().PermitUncheckedError();
    return !stopped.ok() ? stopped : FromRocks(status, "backing up");
  }
  return WriteDurably(env, folder, kNewestName, NewestText({id, last_commit}));
}

absl::Status RestoreStore(const rocksdb::Options& options, const std::string& backup, const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::exists(backup, error)) return absl::NotFoundError("the backup: there is none");
  LIBMPI_RETURN_IF_ERROR(IsEmptyFolder(folder));
  const auto log = NoLog();
  rocksdb::BackupEngineReadOnly* opened = nullptr;
  LIBMPI_RETURN_IF_ERROR(FromRocks(
      rocksdb::BackupEngineReadOnly::Open(options.env, EngineOptions(log.get(), backup), &opened), "opening a backup"));
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(opened);
  LIBMPI_ASSIGN_OR_RETURN(const Newest newest, VerifyNewest(options.env, engine.get(), backup));
  absl::Status status =
      FromRocks(engine->RestoreDBFromBackup(static_cast<rocksdb::BackupID>(newest.id), folder, folder), "restoring");
  if (status.ok()) status = Settle(options, folder, newest.last_commit);
  if (!status.ok())
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
      std::filesystem::remove_all(entry.path(), error);
  return status;
}

}  // namespace libmpi
