// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/standby.h"

#include <openssl/rand.h>

#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/base/status_macros.h"
#include "libmpi/base/system_time.h"
#include "libmpi/registry/high_water_mark.h"
#include "libmpi/registry/log_tail.h"
#include "libmpi/registry/rep.h"
#include "libmpi/registry/standby_files.h"
#include "libmpi/registry/store.h"
#include "libmpi/registry/store_files.h"
#include "rocksdb/env.h"

namespace libmpi {
namespace {

constexpr uint64_t kSegmentBytes = uint64_t{16} << 20;

rocksdb::Env* Disk() { return rocksdb::Env::Default(); }
std::string BaseOf(const std::string& standby) { return standby + "/" + std::string(kStandbyBase); }
std::string LogOf(const std::string& standby) { return standby + "/" + std::string(kStandbyLog); }

absl::StatusOr<StandbyStart> StartOf(const std::string& standby) {
  absl::StatusOr<StandbyStart> start = ReadFileOf<StandbyStart>(Disk(), standby);
  if (absl::IsNotFound(start.status())) return absl::NotFoundError("the standby: none was started in this folder");
  return start;
}

absl::Status IsNotPromoted(const std::string& standby) {
  LIBMPI_ASSIGN_OR_RETURN(const std::optional<Promoted> promoted, ReadIfThere<Promoted>(Disk(), standby));
  if (!promoted.has_value()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "the standby: it was promoted, and stands in the place of the first, which must not go on; start a standby of the "
      "promoted one in another folder");
}

StandbyState StateOf(const Shipped& shipped, bool promoted) {
  return {shipped.commit, shipped.acknowledged, static_cast<int64_t>(shipped.unix_milliseconds), promoted};
}

absl::StatusOr<Shipped> ShippedTo(const std::string& standby, uint64_t stream) {
  LIBMPI_ASSIGN_OR_RETURN(const Shipped shipped, ReadFileOf<Shipped>(Disk(), standby));
  if (shipped.stream != stream)
    return absl::DataLossError("the standby: its files are of different starts; copy the folder again");
  return shipped;
}

absl::Status MakeFolder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  return error ? absl::UnavailableError("the standby: its folder cannot be made") : absl::OkStatus();
}

absl::Status RemoveSegments(const std::string& standby) {
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<SegmentName> segments, ListSegments(Disk(), standby));
  for (const SegmentName& segment : segments)
    LIBMPI_RETURN_IF_ERROR(
        FromRocks(Disk()->DeleteFile(LogOf(standby) + "/" + segment.name), "removing a file of the standby"));
  return absl::OkStatus();
}

bool IsEmptyOrMissing(const std::string& folder) {
  std::error_code error;
  return !std::filesystem::exists(folder, error) || std::filesystem::is_empty(folder, error);
}

// Of the stream that `replica` is filled from; makes it where it is new.
absl::Status PrepareReplica(const std::string& standby, uint64_t stream, const std::string& replica) {
  if (IsEmptyOrMissing(replica)) {
    LIBMPI_RETURN_IF_ERROR(Store::Restore(BaseOf(standby), replica));
    return WriteFileOf(Disk(), replica, ReplicaOf{stream});
  }
  LIBMPI_ASSIGN_OR_RETURN(const std::optional<ReplicaOf> of, ReadIfThere<ReplicaOf>(Disk(), replica));
  if (of.has_value() && of->stream == stream) return absl::OkStatus();
  return absl::FailedPreconditionError(
      of.has_value() ? "the standby: the replica is of an earlier start; name a new folder, and remove this one"
                     : "the standby: the folder to fill holds something else; name a new one");
}

// Makes the commits that the standby has and the replica has not, and says which is the last.
absl::StatusOr<uint64_t> ReplaySegments(const std::string& standby, uint64_t stream, Store* replica,
                                        const ProgressCallback& progress) {
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<SegmentName> segments, ListSegments(Disk(), standby));
  size_t done = 0;
  for (const SegmentName& name : segments) {
    LIBMPI_RETURN_IF_ERROR(ReportProgress(progress, "apply", done++, segments.size()));
    const uint64_t has = replica->last_commit();
    if (name.last <= has) continue;
    if (name.first > has + 1) break;  // one before has not come
    LIBMPI_ASSIGN_OR_RETURN(const LogSegment segment, ReadSegment(Disk(), standby, name.name));
    if (segment.stream != stream) continue;
    LIBMPI_RETURN_IF_ERROR(replica->Replay(std::span(segment.commits).subspan(has + 1 - segment.first)));
  }
  LIBMPI_RETURN_IF_ERROR(ReportProgress(progress, "apply", segments.size(), segments.size()));
  return replica->last_commit();
}

absl::StatusOr<std::unique_ptr<Store>> OpenReplica(const std::string& folder) {
  StoreOptions options;
  options.create = false;
  options.replica = true;
  return Store::Open(folder, options);
}

// Ships what is left of the first, which nobody may have open.
absl::StatusOr<StandbyState> ShipRest(const std::string& first, const std::string& standby) {
  LIBMPI_ASSIGN_OR_RETURN(const FolderLock lock, FolderLock::Take(first));
  LIBMPI_ASSIGN_OR_RETURN(const std::unique_ptr<LogShipper> shipper, LogShipper::Open(first, standby));
  return shipper->Ship();
}

absl::Status NotAllCame(uint64_t has, uint64_t should) {
  return absl::DataLossError("the standby: commits " + std::to_string(has + 1) + " to " + std::to_string(should) +
                             " were shipped and have not come here; copy the folder again, or accept the loss");
}

absl::Status Settle(const std::string& standby, const std::string& folder, const Promoted& promoted) {
  // The standby first: from then on the first can't ship to it.
  LIBMPI_RETURN_IF_ERROR(WriteFileOf(Disk(), standby, promoted));
  LIBMPI_RETURN_IF_ERROR(FromRocks(Disk()->DeleteFile(folder + "/" + ReplicaOf::kName), "promoting"));
  return SyncFolder(Disk(), folder);
}

}  // namespace

absl::Status Registry::StartStandby(const std::string& standby, uint64_t keep_log_bytes) {
  LIBMPI_RETURN_IF_ERROR(IsNotPromoted(standby));
  LIBMPI_RETURN_IF_ERROR(MakeFolder(LogOf(standby)));
  uint64_t stream = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&stream), sizeof(stream)) != 1)
    return absl::InternalError("the system gives no random numbers");
  // From here on the log is kept; the backup has at least what was made before.
  LIBMPI_RETURN_IF_ERROR(rep_->store->KeepLog(stream, keep_log_bytes));
  Shipped shipped;
  shipped.stream = stream;
  shipped.commit = shipped.acknowledged = rep_->store->last_commit();
  shipped.unix_milliseconds = static_cast<uint64_t>(SystemMilliseconds());
  LIBMPI_RETURN_IF_ERROR(rep_->store->Backup(BaseOf(standby)));
  // The backup may have what was not on disk here when it was made: it must not be lost here alone.
  LIBMPI_RETURN_IF_ERROR(rep_->store->ConfirmAll());
  LIBMPI_RETURN_IF_ERROR(RemoveSegments(standby));
  LIBMPI_RETURN_IF_ERROR(WriteFileOf(Disk(), standby, shipped));
  return WriteFileOf(Disk(), standby, StandbyStart{stream});
}

struct LogShipper::Rep {
  std::string registry, standby;
  Shipped shipped;
  std::unique_ptr<LogTail> tail;

  absl::Status ShipUpTo(uint64_t mark) {
    while (shipped.commit < mark) {
      LogSegment segment{shipped.stream, shipped.commit + 1, {}};
      LIBMPI_RETURN_IF_ERROR(tail->Read(shipped.commit, mark, kSegmentBytes, &segment.commits));
      LIBMPI_RETURN_IF_ERROR(WriteSegment(Disk(), standby, segment));
      shipped.commit = segment.last();
      shipped.log = tail->place().log;
      shipped.offset = tail->place().offset;
    }
    return absl::OkStatus();
  }
};

LogShipper::LogShipper(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
LogShipper::~LogShipper() = default;

absl::StatusOr<std::unique_ptr<LogShipper>> LogShipper::Open(const std::string& registry, const std::string& standby) {
  auto rep = std::make_unique<Rep>();
  rep->registry = registry;
  rep->standby = standby;
  LIBMPI_ASSIGN_OR_RETURN(const StandbyStart start, StartOf(standby));
  LIBMPI_RETURN_IF_ERROR(IsNotPromoted(standby));
  LIBMPI_ASSIGN_OR_RETURN(const std::optional<KeptLog> kept, ReadIfThere<KeptLog>(Disk(), registry));
  if (!kept.has_value() || kept->stream != start.stream)
    return absl::FailedPreconditionError(
        "the standby: it was not started from this registry, or another one was since; start it anew");
  LIBMPI_ASSIGN_OR_RETURN(rep->shipped, ShippedTo(standby, start.stream));
  rep->tail = std::make_unique<LogTail>(Disk(), registry, LogTail::Place{rep->shipped.log, rep->shipped.offset});
  return std::unique_ptr<LogShipper>(new LogShipper(std::move(rep)));
}

absl::StatusOr<StandbyState> LogShipper::Ship() {
  LIBMPI_RETURN_IF_ERROR(IsNotPromoted(rep_->standby));
  const uint64_t now = static_cast<uint64_t>(SystemMilliseconds());
  LIBMPI_ASSIGN_OR_RETURN(const uint64_t mark, HighWaterMark::Read(Disk(), rep_->registry));
  LIBMPI_RETURN_IF_ERROR(rep_->ShipUpTo(mark));
  rep_->shipped.acknowledged = mark;
  rep_->shipped.unix_milliseconds = now;
  LIBMPI_RETURN_IF_ERROR(WriteFileOf(Disk(), rep_->standby, rep_->shipped));
  return StateOf(rep_->shipped, false);
}

absl::StatusOr<StandbyState> StateOfStandby(const std::string& standby) {
  LIBMPI_ASSIGN_OR_RETURN(const StandbyStart start, StartOf(standby));
  LIBMPI_ASSIGN_OR_RETURN(const Shipped shipped, ShippedTo(standby, start.stream));
  LIBMPI_ASSIGN_OR_RETURN(const std::optional<Promoted> promoted, ReadIfThere<Promoted>(Disk(), standby));
  return StateOf(shipped, promoted.has_value());
}

absl::StatusOr<uint64_t> ApplyStandby(const std::string& standby, const std::string& replica,
                                      const ProgressCallback& progress) {
  LIBMPI_ASSIGN_OR_RETURN(const StandbyStart start, StartOf(standby));
  LIBMPI_RETURN_IF_ERROR(PrepareReplica(standby, start.stream, replica));
  LIBMPI_ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenReplica(replica));
  const absl::StatusOr<uint64_t> last = ReplaySegments(standby, start.stream, store.get(), progress);
  const absl::Status closed = store->Close();
  LIBMPI_RETURN_IF_ERROR(last.status());
  LIBMPI_RETURN_IF_ERROR(closed);
  return *last;
}

absl::StatusOr<Promotion> Promote(const std::string& standby, const std::string& folder,
                                  const PromoteOptions& options) {
  LIBMPI_ASSIGN_OR_RETURN(const StandbyStart start, StartOf(standby));
  LIBMPI_ASSIGN_OR_RETURN(const std::optional<Promoted> before, ReadIfThere<Promoted>(Disk(), standby));
  if (before.has_value() && IsEmptyOrMissing(folder)) return IsNotPromoted(standby);
  if (!options.first.empty()) LIBMPI_RETURN_IF_ERROR(ShipRest(options.first, standby).status());
  Promotion answer;
  LIBMPI_ASSIGN_OR_RETURN(answer.standby, StateOfStandby(standby));
  LIBMPI_RETURN_IF_ERROR(PrepareReplica(standby, start.stream, folder));
  LIBMPI_ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenReplica(folder));
  LIBMPI_ASSIGN_OR_RETURN(answer.commit, ReplaySegments(standby, start.stream, store.get(), options.progress));
  if (answer.commit < answer.standby.shipped && !options.accept_loss)
    return NotAllCame(answer.commit, answer.standby.shipped);
  LIBMPI_RETURN_IF_ERROR(ReportProgress(options.progress, "check", 0, 1));
  LIBMPI_RETURN_IF_ERROR(store->VerifyFiles());
  LIBMPI_RETURN_IF_ERROR(ReportProgress(options.progress, "check", 1, 1));
  LIBMPI_RETURN_IF_ERROR(store->Close());
  answer.missing = answer.standby.acknowledged - std::min(answer.commit, answer.standby.acknowledged);
  LIBMPI_RETURN_IF_ERROR(Settle(standby, folder, {start.stream, answer.commit}));
  answer.standby.promoted = true;
  return answer;
}

}  // namespace libmpi
