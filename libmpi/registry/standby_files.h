// SPDX-License-Identifier: Apache-2.0
// The files of a standby's folder, which travel from one machine to another: each is written whole or not at all, and
// says by a checksum whether it has come whole. Internal to libmpi/registry.
#ifndef LIBMPI_REGISTRY_STANDBY_FILES_H_
#define LIBMPI_REGISTRY_STANDBY_FILES_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/base/status_macros.h"
#include "rocksdb/env.h"

namespace libmpi {

// A small file of named numbers, one a line, and a checksum: the numbers of a struct that has a kName and Numbers().
using NamedNumbers = std::vector<std::pair<std::string_view, uint64_t*>>;
absl::Status WriteNumbers(rocksdb::Env* env, const std::string& folder, const std::string& name, const NamedNumbers& of);
// kNotFound: no such file; kDataLoss: it is damaged; kFailedPrecondition: of a newer release.
absl::Status ReadNumbers(rocksdb::Env* env, const std::string& folder, const std::string& name, const NamedNumbers& of);

template <typename File>
absl::Status WriteFileOf(rocksdb::Env* env, const std::string& folder, File file) {
  return WriteNumbers(env, folder, File::kName, file.Numbers());
}
template <typename File>
absl::StatusOr<File> ReadFileOf(rocksdb::Env* env, const std::string& folder) {
  File file;
  LIBMPI_RETURN_IF_ERROR(ReadNumbers(env, folder, File::kName, file.Numbers()));
  return file;
}

// The same; nothing where there is no such file.
template <typename File>
absl::StatusOr<std::optional<File>> ReadIfThere(rocksdb::Env* env, const std::string& folder) {
  absl::StatusOr<File> file = ReadFileOf<File>(env, folder);
  if (absl::IsNotFound(file.status())) return std::optional<File>();
  LIBMPI_RETURN_IF_ERROR(file.status());
  return std::optional<File>(*file);
}

// In a store whose log is shipped: as which stream, and how much of the log is kept for that. A stream is the commits
// of one store since one start, named by a number drawn by chance.
struct KeptLog {
  static constexpr char kName[] = "shipping";
  uint64_t stream = 0;
  uint64_t bytes = 0;
  NamedNumbers Numbers() { return {{"stream", &stream}, {"bytes", &bytes}}; }
};

// In a store that is filled from a stream, and that nobody else may write to.
struct ReplicaOf {
  static constexpr char kName[] = "standby-of";
  uint64_t stream = 0;
  NamedNumbers Numbers() { return {{"stream", &stream}}; }
};

// In the standby's folder: what the stream begins with is the backup in the subfolder "base".
struct StandbyStart {
  static constexpr char kName[] = "standby";
  uint64_t stream = 0;
  NamedNumbers Numbers() { return {{"stream", &stream}}; }
};
inline constexpr std::string_view kStandbyBase = "base", kStandbyLog = "log";

// In the standby's folder: how far it has come.
struct Shipped {
  static constexpr char kName[] = "shipped";
  uint64_t stream = 0;
  uint64_t commit = 0;             // the last that is there
  uint64_t acknowledged = 0;       // the last that the first had acknowledged when it was looked at
  uint64_t unix_milliseconds = 0;  // when that was
  // Where the next one is in the logs of the first: behind so many bytes of one. 0: not known.
  uint64_t log = 0, offset = 0;
  NamedNumbers Numbers() {
    return {{"stream", &stream}, {"commit", &commit}, {"acknowledged", &acknowledged},
            {"unix_milliseconds", &unix_milliseconds}, {"log", &log}, {"offset", &offset}};
  }
};

// In the standby's folder: it has been put in the place of the first, which must not go on.
struct Promoted {
  static constexpr char kName[] = "promoted";
  uint64_t stream = 0;
  uint64_t commit = 0;  // up to which
  NamedNumbers Numbers() { return {{"stream", &stream}, {"commit", &commit}}; }
};

// Commits that follow one another, as the log has them.
struct LogSegment {
  uint64_t stream = 0;
  uint64_t first = 0;
  std::vector<std::string> commits;
  uint64_t last() const { return first + commits.size() - 1; }
};
std::string Pack(const LogSegment& segment);
// kDataLoss: the bytes are none. Takes not much more memory than the bytes.
absl::Status Unpack(std::string_view bytes, LogSegment* segment);
absl::Status WriteSegment(rocksdb::Env* env, const std::string& standby, const LogSegment& segment);
absl::StatusOr<LogSegment> ReadSegment(rocksdb::Env* env, const std::string& standby, const std::string& name);

// The segments in a standby's folder, by their first commit; of each what its name says.
struct SegmentName {
  uint64_t first = 0, last = 0;
  std::string name;
  auto operator<=>(const SegmentName&) const = default;
};
absl::StatusOr<std::vector<SegmentName>> ListSegments(rocksdb::Env* env, const std::string& standby);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_STANDBY_FILES_H_
