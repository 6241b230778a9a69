// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/store_check.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/base/status_macros.h"
#include "libmpi/registry/high_water_mark.h"
#include "libmpi/registry/log_walk.h"
#include "libmpi/registry/store_files.h"
#include "rocksdb/sst_file_reader.h"

namespace libmpi {
namespace {

// What the store's own files say, without RocksDB's.
struct OwnFacts {
  std::optional<LiveFiles> files;
  std::optional<uint64_t> mark;
  uint64_t acknowledged() const { return std::max(mark.value_or(0), files ? files->last_commit : 0); }
};

absl::StatusOr<OwnFacts> ReadOwnFacts(rocksdb::Env* env, const std::string& folder) {
  OwnFacts facts;
  // The mark first: beside a writer the rest may be newer, never older.
  absl::StatusOr<uint64_t> mark = HighWaterMark::Read(env, folder);
  if (mark.ok()) facts.mark = *mark;
  else if (!absl::IsNotFound(mark.status())) return mark.status();
  absl::StatusOr<LiveFiles> files = LiveFiles::Read(env, folder);
  if (files.ok()) facts.files = *std::move(files);
  else if (!absl::IsNotFound(files.status())) return files.status();
  return facts;
}

bool IsRocksFile(std::string_view name) {
  return NumberOf(name, "", ".sst") || NumberOf(name, "", ".log") || NumberOf(name, "MANIFEST-", "");
}

// Whether there is no store yet. kDataLoss: there was one, and what says which files it has is gone.
absl::StatusOr<bool> IsFresh(rocksdb::Env* env, const std::string& folder, const OwnFacts& facts) {
  const bool current = env->FileExists(folder + "/CURRENT").ok();
  const bool being_made = facts.files.has_value() && facts.files->manifest == 0;
  if (current && (!facts.files.has_value() || !facts.mark.has_value()))
    return LostData("its list of live files or its high-water mark is missing (an unfinished restore has neither)");
  if (current) return false;
  if (facts.acknowledged() > 0 || (facts.files.has_value() && !being_made))
    return LostData("its CURRENT file is missing");
  std::vector<std::string> names;
  LIBMPI_RETURN_IF_ERROR(FromRocks(env->GetChildren(folder, &names), "listing the folder"));
  if (!being_made && std::any_of(names.begin(), names.end(), IsRocksFile))
    return LostData("its CURRENT file is missing");
  return true;
}

// Compares the MANIFEST with what was written down about it, and fills in what can be written down now.
absl::Status CheckManifest(rocksdb::Env* env, const std::string& folder, const LiveFiles& known,
                           CheckedStore* checked) {
  LIBMPI_ASSIGN_OR_RETURN(checked->files.manifest, CurrentManifest(env, folder));
  const std::string path = folder + "/" + ManifestName(checked->files.manifest);
  absl::StatusOr<std::string> content = ReadFile(env, path);
  if (absl::IsNotFound(content.status())) return LostData("its MANIFEST is missing");
  LIBMPI_RETURN_IF_ERROR(content.status());
  if (checked->files.manifest < known.manifest || (known.settled && checked->files.manifest != known.manifest))
    return LostData("its CURRENT file names another MANIFEST than it should");
  if (checked->files.manifest == known.manifest &&
      (content->size() < known.manifest_bytes ||
       Crc32cOf(std::string_view(*content).substr(0, known.manifest_bytes)) != known.manifest_sum))
    return LostData("its MANIFEST is damaged");
  const LogWalk walk = WalkLog(*content, [](std::string_view) {});
  checked->manifest_torn = !walk.whole;
  checked->files.manifest_bytes = content->size();
  checked->files.manifest_sum = Crc32cOf(*content);
  return absl::OkStatus();
}

// The number of the last commit in a table file; nothing if it has none.
absl::StatusOr<uint64_t> CommitInTable(const rocksdb::Options& options, const std::string& path) {
  rocksdb::SstFileReader reader(options);
  LIBMPI_RETURN_IF_ERROR(FromRocks(reader.Open(path), "opening a file"));
  const std::unique_ptr<rocksdb::Iterator> it(reader.NewIterator(rocksdb::ReadOptions()));
  it->Seek(ToSlice(kLastCommitKey));
  LIBMPI_RETURN_IF_ERROR(FromRocks(it->status(), "reading a file"));
  if (!it->Valid() || ToView(it->key()) != kLastCommitKey) return 0;
  return ParseNumber(ToView(it->value())).value_or(0);
}

absl::StatusOr<uint64_t> CommitInTables(const rocksdb::Options& options, const std::string& folder,
                                        const std::set<uint64_t>& tables) {
  uint64_t last = 0;
  for (const uint64_t table : tables) {
    LIBMPI_ASSIGN_OR_RETURN(const uint64_t commit, CommitInTable(options, folder + "/" + TableName(table)));
    last = std::max(last, commit);
  }
  return last;
}

// Of the files that may hold the number of the last commit: few, as it is among the highest keys.
absl::StatusOr<uint64_t> CommitInFiles(const rocksdb::Options& options, const std::string& folder, rocksdb::DB* db) {
  std::vector<rocksdb::LiveFileMetaData> files;
  db->GetLiveFilesMetaData(&files);
  std::set<uint64_t> tables;
  for (const auto& file : files)
    if (std::string_view(file.largestkey) >= kLastCommitKey) tables.insert(file.file_number);
  return CommitInTables(options, folder, tables);
}

bool InOrder(const std::vector<LogCommits>& logs) {
  return std::all_of(logs.begin(), logs.end(), [](const LogCommits& log) { return log.in_order; });
}
bool AnyTorn(const std::vector<LogCommits>& logs) {
  return std::any_of(logs.begin(), logs.end(), [](const LogCommits& log) { return !log.walk.whole; });
}

// A writer may have removed a log after RocksDB read the MANIFEST and before it read the logs: it then shows a store
// with a hole. A log that is there before and after was there all the time, and later ones too.
absl::Status LogsAreStillThere(rocksdb::Env* env, const std::string& folder, const std::vector<LogCommits>& logs) {
  for (const LogCommits& log : logs)
    if (!env->FileExists(folder + "/" + log.name).ok())
      return absl::UnavailableError("the store: a writer changed it while it was opened; try again");
  return absl::OkStatus();
}

absl::Status CheckTables(const LiveFiles& known, const CheckedStore& checked) {
  // With the same, whole MANIFEST a file that is gone was merged into others.
  const bool same = checked.files.manifest == known.manifest && !checked.manifest_torn;
  if (same || std::includes(checked.files.tables.begin(), checked.files.tables.end(), known.tables.begin(),
                            known.tables.end()))
    return absl::OkStatus();
  return LostData("its MANIFEST has lost files");
}

}  // namespace

absl::Status CheckFormat(rocksdb::DB* db) {
  std::string text;
  const rocksdb::Status status = db->Get(rocksdb::ReadOptions(), ToSlice(kFormatKey), &text);
  if (status.IsNotFound()) return absl::OkStatus();
  LIBMPI_RETURN_IF_ERROR(FromRocks(status, "reading the format"));
  const auto format = ParseNumber(text);
  if (!format.has_value()) return LostData("its format is damaged");
  if (*format <= kStoreFormat) return absl::OkStatus();
  return RefuseStoreFormat(*format);
}

absl::StatusOr<uint64_t> CommitShown(rocksdb::DB* db) {
  std::string text;
  const rocksdb::Status status = db->Get(rocksdb::ReadOptions(), ToSlice(kLastCommitKey), &text);
  if (status.IsNotFound()) return 0;
  LIBMPI_RETURN_IF_ERROR(FromRocks(status, "reading the last commit"));
  const auto number = ParseNumber(text);
  if (!number.has_value()) return LostData("the number of its last commit is damaged");
  return *number;
}

absl::StatusOr<std::set<uint64_t>> TablesOnDisk(rocksdb::Env* env, const std::string& folder) {
  std::vector<std::string> names;
  LIBMPI_RETURN_IF_ERROR(FromRocks(env->GetChildren(folder, &names), "listing the folder"));
  std::set<uint64_t> tables;
  for (const std::string& name : names)
    if (const auto number = NumberOf(name, "", ".sst")) tables.insert(*number);
  return tables;
}

absl::StatusOr<CheckedStore> CheckStore(const rocksdb::Options& options, const std::string& folder,
                                        bool beside_writer) {
  rocksdb::Env* const env = options.env;
  CheckedStore checked;
  LIBMPI_ASSIGN_OR_RETURN(const OwnFacts facts, ReadOwnFacts(env, folder));
  LIBMPI_ASSIGN_OR_RETURN(checked.fresh, IsFresh(env, folder, facts));
  if (checked.fresh) return checked;
  LIBMPI_RETURN_IF_ERROR(CheckManifest(env, folder, *facts.files, &checked));
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<LogCommits> logs, ReadLogCommits(env, folder));
  // RocksDB 7.8.3 ends the process over such logs.
  if (!InOrder(logs)) return LostData("its logs are out of order");

  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::OpenForReadOnly(options, folder, &db);
  if (opened.IsCorruption() && AnyTorn(logs))
    return absl::DataLossError("the store: the end of its log is damaged. Store::RepairTail() drops what was never "
                               "acknowledged, and refuses to drop more; else restore a backup");
  LIBMPI_RETURN_IF_ERROR(FromRocks(opened, "opening"));
  checked.db.reset(db);
  LIBMPI_RETURN_IF_ERROR(CheckFormat(db));
  uint64_t manifest = 0;
  uint64_t manifest_bytes = 0;
  LIBMPI_ASSIGN_OR_RETURN(checked.files.tables, TablesOf(db, &manifest, &manifest_bytes));
  LIBMPI_RETURN_IF_ERROR(beside_writer ? LogsAreStillThere(env, folder, logs) : CheckTables(*facts.files, checked));

  LIBMPI_ASSIGN_OR_RETURN(const uint64_t in_files, CommitInFiles(options, folder, db));
  LIBMPI_ASSIGN_OR_RETURN(const uint64_t last, LastCommitOf(in_files, logs));
  LIBMPI_ASSIGN_OR_RETURN(checked.last_commit, CommitShown(db));
  if (checked.last_commit < last || (!beside_writer && checked.last_commit > last))
    return LostData("commits are missing from its logs");
  if (checked.last_commit < facts.acknowledged())
    return LostData("the commits " + std::to_string(checked.last_commit + 1) + " to " +
                    std::to_string(facts.acknowledged()) + " were acknowledged and are missing");
  checked.files.last_commit = checked.last_commit;
  return checked;
}

absl::Status CutLogTails(const rocksdb::Options& options, const std::string& folder, uint64_t* dropped) {
  rocksdb::Env* const env = options.env;
  *dropped = 0;
  CheckedStore checked;
  LIBMPI_ASSIGN_OR_RETURN(const OwnFacts facts, ReadOwnFacts(env, folder));
  LIBMPI_ASSIGN_OR_RETURN(const bool fresh, IsFresh(env, folder, facts));
  if (fresh) return absl::OkStatus();
  LIBMPI_RETURN_IF_ERROR(CheckManifest(env, folder, *facts.files, &checked));
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<LogCommits> logs, ReadLogCommits(env, folder));
  if (!AnyTorn(logs)) return absl::OkStatus();

  LIBMPI_ASSIGN_OR_RETURN(std::set<uint64_t> tables, TablesOnDisk(env, folder));
  std::erase_if(tables, [&facts](uint64_t table) { return !facts.files->tables.contains(table); });
  LIBMPI_ASSIGN_OR_RETURN(const uint64_t in_files, CommitInTables(options, folder, tables));
  LIBMPI_ASSIGN_OR_RETURN(const uint64_t last, LastCommitOf(in_files, logs));
  if (last < facts.acknowledged()) return LostData("what is damaged at the end of its log was acknowledged");

  const std::string apart = folder + "/" + std::string(kQuarantineFolder);
  LIBMPI_RETURN_IF_ERROR(FromRocks(env->CreateDirIfMissing(apart), "making the quarantine folder"));
  for (const LogCommits& log : logs) {
    if (log.walk.whole) continue;
    const std::string path = folder + "/" + log.name;
    LIBMPI_ASSIGN_OR_RETURN(const std::string content, ReadFile(env, path));
    LIBMPI_RETURN_IF_ERROR(WriteDurably(env, apart, log.name, content));
    LIBMPI_RETURN_IF_ERROR(
        WriteDurably(env, folder, log.name, std::string_view(content).substr(0, log.walk.good_bytes)));
    *dropped += 1 + log.walk.records_after;
  }
  return absl::OkStatus();
}

}  // namespace libmpi
