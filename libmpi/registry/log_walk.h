// SPDX-License-Identifier: Apache-2.0
// Reads RocksDB's record files (its logs and its MANIFEST) without RocksDB, which takes some damage for the end.
#ifndef LIBMPI_REGISTRY_LOG_WALK_H_
#define LIBMPI_REGISTRY_LOG_WALK_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/env.h"

namespace libmpi {

struct LogWalk {
  // Up to where the file is whole records, and whether that is all of it.
  uint64_t good_bytes = 0;
  bool whole = true;
  // Whole records found after the damage (a lower bound).
  uint64_t records_after = 0;
};
// Calls visit(record) for the records of `content` up to the first that is damaged or cut short.
LogWalk WalkLog(std::string_view content, const std::function<void(std::string_view record)>& visit);
// The same from `at` on, where a record or a block begins, and without a look at what is behind the damage. `end`: of
// the record.
using LogVisitor = std::function<void(std::string_view record, size_t end)>;
LogWalk WalkLogFrom(std::string_view content, size_t at, const LogVisitor& visit);
// A log is blocks of this many bytes, and can be read from the beginning of any.
inline constexpr size_t kLogBlockBytes = 32768;

// The number of the commit that a record of a log is; 0: it is none.
uint64_t CommitOf(std::string_view record);

// The commits a log holds: those of its undamaged part, as runs of numbers without a gap.
struct LogCommits {
  std::string name;
  LogWalk walk;
  struct Run {
    uint64_t first = 0;
    uint64_t last = 0;
  };
  std::vector<Run> runs;
  // Every record comes after the one before, also after those of the logs before.
  bool in_order = true;
};
// Of all logs in `folder`, the oldest first.
absl::StatusOr<std::vector<LogCommits>> ReadLogCommits(rocksdb::Env* env, const std::string& folder);

// The last commit of files that hold all up to `in_files`, and `logs` after them. kDataLoss: some between are missing.
absl::StatusOr<uint64_t> LastCommitOf(uint64_t in_files, const std::vector<LogCommits>& logs);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_LOG_WALK_H_
