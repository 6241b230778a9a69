// SPDX-License-Identifier: Apache-2.0
// Reads a store's commits out of its logs, beside whoever writes them. Internal to libmpi/registry.
#ifndef LIBMPI_REGISTRY_LOG_TAIL_H_
#define LIBMPI_REGISTRY_LOG_TAIL_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "rocksdb/env.h"

namespace libmpi {

// Thread-compatible.
class LogTail {
 public:
  // The next commit is behind `offset` bytes of a log; 0: not known.
  struct Place {
    uint64_t log = 0, offset = 0;
  };

  LogTail(rocksdb::Env* env, std::string folder, Place place)
      : env_(env), folder_(std::move(folder)), place_(place) {}

  // Commits `after` + 1 to `upto`, which are known to be synced, or the first of them that have about `most_bytes`, at
  // least one. `after` is where the last call ended, or what the place is of. kFailedPrecondition: some are in no log
  // any more; kUnavailable: the logs changed all the time.
  absl::Status Read(uint64_t after, uint64_t upto, uint64_t most_bytes, std::vector<std::string>* commits);
  Place place() const { return place_; }

 private:
  // Logs by number: where they are, live or kept.
  absl::Status List(std::map<uint64_t, std::string>* logs) const;
  struct Wanted;
  absl::Status ReadLog(uint64_t number, const std::string& path, Wanted* wanted);
  absl::Status ReadOnce(Wanted* wanted);

  rocksdb::Env* const env_;
  const std::string folder_;
  Place place_;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_LOG_TAIL_H_
