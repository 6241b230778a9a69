// SPDX-License-Identifier: Apache-2.0
// How the store asks RocksDB 7.8.3 to behave, and why.
#ifndef LIBMPI_REGISTRY_STORE_OPTIONS_H_
#define LIBMPI_REGISTRY_STORE_OPTIONS_H_

#include <cstdint>
#include <memory>

#include "libmpi/registry/store.h"
#include "rocksdb/env.h"
#include "rocksdb/options.h"

namespace libmpi {

// Drops what RocksDB would write to a file of its own.
std::shared_ptr<rocksdb::Logger> NoLog();
rocksdb::Options RocksOptions(const StoreOptions& options, rocksdb::Env* env);
uint64_t BallastBytes(const StoreOptions& options);
// Below this much free room nothing more is written.
uint64_t RoomToKeep(const StoreOptions& options);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_STORE_OPTIONS_H_
