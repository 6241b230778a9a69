// SPDX-License-Identifier: Apache-2.0
// For the tests of the store: the disk below it, and the promises it can be made to break.
#ifndef LIBMPI_REGISTRY_STORE_INTERNAL_H_
#define LIBMPI_REGISTRY_STORE_INTERNAL_H_

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libmpi/registry/store.h"
#include "rocksdb/env.h"

namespace libmpi {

struct StoreHooks {
  // Not owned; must outlive the store.
  rocksdb::Env* env = rocksdb::Env::Default();
  // False: commits are acknowledged before they are on disk, for tests that must fail then.
  bool sync_commits = true;
  // False: commits raise no mark, to measure what it costs.
  bool raise_mark = true;
  // False: commits do not look at the free room first, so that the disk gets full.
  bool keep_room = true;
  // How long Recover() waits for readers.
  std::chrono::milliseconds patience{10'000};
};
absl::StatusOr<std::unique_ptr<Store>> OpenStore(const std::string& folder, const StoreOptions& options,
                                                 const StoreHooks& hooks);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_STORE_INTERNAL_H_
