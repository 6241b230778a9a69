// SPDX-License-Identifier: Apache-2.0
// The list of files that make up the store, kept apart from RocksDB's own: its MANIFEST may lose an entry to one bad
// bit, and then it deletes the file that the entry was about.
#ifndef LIBMPI_REGISTRY_LIVE_FILES_H_
#define LIBMPI_REGISTRY_LIVE_FILES_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/registry/store_files.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"

namespace libmpi {

struct LiveFiles {
  static constexpr char kName[] = "live-files";

  // False from before RocksDB opens for writing until the list is written again: meanwhile the MANIFEST may be a new
  // one, which then has at least these files.
  bool settled = false;
  // The MANIFEST the list was taken from, and a checksum of as much of it as was there; 0: a store being made.
  uint64_t manifest = 0;
  uint64_t manifest_bytes = 0;
  uint32_t manifest_sum = 0;
  uint64_t last_commit = 0;
  std::set<uint64_t> tables;

  std::string ToText() const;
  // kDataLoss: damaged; kFailedPrecondition: of a newer format.
  static absl::StatusOr<LiveFiles> FromText(std::string_view text);
  // kNotFound: none.
  static absl::StatusOr<LiveFiles> Read(rocksdb::Env* env, const std::string& folder);
  absl::Status Write(rocksdb::Env* env, const std::string& folder) const;
};

std::string TableName(uint64_t number);
std::string ManifestName(uint64_t number);
// The number of the MANIFEST that CURRENT names. kNotFound: no CURRENT; kDataLoss: it names none.
absl::StatusOr<uint64_t> CurrentManifest(rocksdb::Env* env, const std::string& folder);

// The live files of `db` now.
absl::StatusOr<std::set<uint64_t>> TablesOf(rocksdb::DB* db, uint64_t* manifest, uint64_t* manifest_bytes);

// Keeps the list up to date while the store is open. Thread-safe.
class LiveFilesKeeper {
 public:
  LiveFilesKeeper(rocksdb::Env* env, std::string folder) : env_(env), folder_(std::move(folder)) {}
  // Writes down, durably, what `db` lists now.
  absl::Status Update(rocksdb::DB* db, uint64_t last_commit);

 private:
  // Adds the bytes that the MANIFEST has more than at the last call.
  absl::Status AddManifest(uint64_t number, uint64_t bytes);

  rocksdb::Env* const env_;
  const std::string folder_;
  std::mutex mutex_;
  uint64_t manifest_ = 0;
  uint64_t manifest_bytes_ = 0;
  uint32_t manifest_sum_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_LIVE_FILES_H_
