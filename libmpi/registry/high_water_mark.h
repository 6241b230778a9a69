// SPDX-License-Identifier: Apache-2.0
// The number of the last acknowledged commit, kept apart from the data so that a loss of the data shows.
#ifndef LIBMPI_REGISTRY_HIGH_WATER_MARK_H_
#define LIBMPI_REGISTRY_HIGH_WATER_MARK_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/env.h"

namespace libmpi {

// A file of eight slots of 512 bytes, written in turn, each with a checksum: a write cut short harms one slot only,
// and no write changes the size of the file, so that syncing it touches no file-system metadata.
//
// The mark is raised after the log is synced and before a commit is acknowledged. In parallel would be cheaper, but
// then the mark may be above what the log holds after a power cut, and a lost commit could not be told from one that
// was never acknowledged. Thread-compatible.
class HighWaterMark {
 public:
  static constexpr char kName[] = "high-water-mark";

  // kNotFound: no file; kDataLoss: no slot is whole.
  static absl::StatusOr<uint64_t> Read(rocksdb::Env* env, const std::string& folder);
  // Makes the file anew, durably: a page whose sync failed once is never trusted again.
  static absl::StatusOr<std::unique_ptr<HighWaterMark>> Create(rocksdb::Env* env, const std::string& folder,
                                                               uint64_t mark);
  // Durable when it returns OK.
  absl::Status Raise(uint64_t mark);

 private:
  explicit HighWaterMark(std::unique_ptr<rocksdb::RandomRWFile> file) : file_(std::move(file)) {}
  const std::unique_ptr<rocksdb::RandomRWFile> file_;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_HIGH_WATER_MARK_H_
