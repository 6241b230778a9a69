// SPDX-License-Identifier: Apache-2.0
// Is all that was committed still there? Asked before RocksDB may change anything.
#ifndef LIBMPI_REGISTRY_STORE_CHECK_H_
#define LIBMPI_REGISTRY_STORE_CHECK_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/registry/live_files.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"

namespace libmpi {

struct CheckedStore {
  // Nothing is there, or only the beginnings of a store that was never opened.
  bool fresh = true;
  uint64_t last_commit = 0;
  // What a list of live files would say now.
  LiveFiles files;
  // The end of the MANIFEST is not whole records, as a power cut leaves it: tables that it does not name should be
  // kept.
  bool manifest_torn = false;
  // Open for reading only.
  std::unique_ptr<rocksdb::DB> db;
};

// Changes no byte. `beside_writer`: another may be writing, so more may be there than the checks saw.
// kDataLoss: something committed is missing, or cannot be known not to be; kFailedPrecondition: a newer format.
// Time: that of reading the logs twice, and a block of the newest files.
absl::StatusOr<CheckedStore> CheckStore(const rocksdb::Options& options, const std::string& folder,
                                        bool beside_writer);

// kFailedPrecondition: `db` has a newer format than this program knows.
absl::Status CheckFormat(rocksdb::DB* db);
// The number of the last commit that `db` shows.
absl::StatusOr<uint64_t> CommitShown(rocksdb::DB* db);

// All table files in the folder.
absl::StatusOr<std::set<uint64_t>> TablesOnDisk(rocksdb::Env* env, const std::string& folder);

// Cuts damaged ends off the logs if all that was acknowledged is before them; a copy goes into quarantine.
// `dropped`: commits cut off, none of them acknowledged. kDataLoss: something acknowledged is damaged; nothing is cut.
absl::Status CutLogTails(const rocksdb::Options& options, const std::string& folder, uint64_t* dropped);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_STORE_CHECK_H_
