// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/log_tail.h"

#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/registry/log_walk.h"
#include "libmpi/registry/store_files.h"

namespace libmpi {
namespace {

// Where RocksDB moves the logs that it keeps.
constexpr char kKeptLogs[] = "/archive";

absl::Status Gone(uint64_t first, uint64_t last) {
  return absl::FailedPreconditionError(
      "the standby: commits " + std::to_string(first) + " to " + std::to_string(last) +
      " of the first are in none of its logs (it was not shipped for too long, or was loaded in bulk); start the standby anew");
}

}  // namespace

// What is asked for, and how far it has been read.
struct LogTail::Wanted {
  uint64_t last, upto, most_bytes;
  std::vector<std::string>* commits;
  uint64_t bytes = 0;
  uint64_t missing_to = 0;  // commits from last + 1 to this one are missing
  Place behind = {};        // the last one that was taken
  bool done() const { return last == upto || missing_to != 0 || (!commits->empty() && bytes >= most_bytes); }
};

absl::Status LogTail::List(std::map<uint64_t, std::string>* logs) const {
  logs->clear();
  // The live ones first: one that is moved meanwhile is found in both, or in the second.
  for (const std::string& folder : {folder_, folder_ + kKeptLogs}) {
    std::vector<std::string> names;
    const rocksdb::Status listed = env_->GetChildren(folder, &names);
    if (listed.IsNotFound() || listed.IsPathNotFound() || !env_->FileExists(folder).ok()) continue;
    LIBMPI_RETURN_IF_ERROR(FromRocks(listed, "listing the logs"));
    for (const std::string& name : names)
      if (const auto number = NumberOf(name, "", ".log")) (*logs)[*number] = folder + "/" + name;
  }
  return absl::OkStatus();
}

absl::Status LogTail::ReadLog(uint64_t number, const std::string& path, Wanted* wanted) {
  const uint64_t skip = number == place_.log ? place_.offset : 0;
  const uint64_t from = skip / kLogBlockBytes * kLogBlockBytes;
  const absl::StatusOr<std::string> content = ReadFileFrom(env_, path, from, UINT64_MAX);
  if (!content.ok())
    return env_->FileExists(path).ok() ? content.status()
                                       : absl::UnavailableError("the standby: a log was moved while it was read");
  if (content->size() < skip - from) return absl::OkStatus();
  // What stands behind what was synced may be half written, or be cut off later.
  WalkLogFrom(*content, skip - from, [&](std::string_view record, size_t end) {
    if (wanted->done()) return;
    const uint64_t commit = CommitOf(record);
    if (commit <= wanted->last) return;
    if (commit != wanted->last + 1) {
      wanted->missing_to = commit - 1;
      return;
    }
    wanted->commits->emplace_back(record);
    wanted->bytes += record.size();
    wanted->last = commit;
    wanted->behind = {number, from + end};
  });
  return absl::OkStatus();
}

absl::Status LogTail::ReadOnce(Wanted* wanted) {
  std::map<uint64_t, std::string> logs;
  LIBMPI_RETURN_IF_ERROR(List(&logs));
  if (!logs.contains(place_.log)) place_ = Place();
  for (auto it = logs.lower_bound(place_.log); it != logs.end() && !wanted->done(); ++it)
    LIBMPI_RETURN_IF_ERROR(ReadLog(it->first, it->second, wanted));
  return absl::OkStatus();
}

absl::Status LogTail::Read(uint64_t after, uint64_t upto, uint64_t most_bytes, std::vector<std::string>* commits) {
  constexpr int kTries = 10;
  for (int i = 0; i < kTries; ++i) {
    commits->clear();
    Wanted wanted{after, upto, most_bytes, commits};
    const absl::Status read = ReadOnce(&wanted);
    // A log was moved, or removed, between being listed and being read.
    if (absl::IsUnavailable(read)) continue;
    LIBMPI_RETURN_IF_ERROR(read);
    if (wanted.missing_to != 0) return Gone(wanted.last + 1, wanted.missing_to);
    if (!wanted.done()) return Gone(wanted.last + 1, upto);
    if (!commits->empty()) place_ = wanted.behind;
    return absl::OkStatus();
  }
  return absl::UnavailableError("the standby: the first's logs can't be read; try again");
}

}  // namespace libmpi
