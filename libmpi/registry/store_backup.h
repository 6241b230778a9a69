// SPDX-License-Identifier: Apache-2.0
#ifndef LIBMPI_REGISTRY_STORE_BACKUP_H_
#define LIBMPI_REGISTRY_STORE_BACKUP_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"

namespace libmpi {

// Adds a backup of `db`, which has at least the commits up to `last_commit`, to those in `folder`. After an error the
// earlier ones are as they were. On the disk of the store it stops as soon as `room` is an error, and is that: it must
// not take the room that the store works in.
absl::Status BackupStore(rocksdb::Env* env, rocksdb::DB* db, uint64_t last_commit,
                         const std::function<absl::Status()>& room, const std::string& folder);
// kNotFound: no backup; kDataLoss: the newest is damaged; kFailedPrecondition: `folder` is not empty.
absl::Status RestoreStore(const rocksdb::Options& options, const std::string& backup, const std::string& folder);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_STORE_BACKUP_H_
