// SPDX-License-Identifier: Apache-2.0
// The snapshots that readers of the store hold. Internal to the store.
#ifndef LIBMPI_REGISTRY_STORE_SNAPSHOTS_H_
#define LIBMPI_REGISTRY_STORE_SNAPSHOTS_H_

#include <memory>
#include <mutex>
#include <set>
#include <utility>

#include "libmpi/registry/store.h"
#include "rocksdb/db.h"

namespace libmpi {

// Those of one opening of the database: they end with it, whoever still holds one. Thread-safe.
class OpenSnapshots {
 public:
  // Borrows the database until End().
  explicit OpenSnapshots(rocksdb::DB* db) : db_(db) {}

  const rocksdb::Snapshot* Take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return *held_.insert(db_->GetSnapshot()).first;
  }
  // Nothing is left to do after End().
  void Release(const rocksdb::Snapshot* snapshot) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (db_ == nullptr) return;
    held_.erase(snapshot);
    db_->ReleaseSnapshot(snapshot);
  }
  // Releases all.
  void End() {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const rocksdb::Snapshot* const held : held_) db_->ReleaseSnapshot(held);
    held_.clear();
    db_ = nullptr;
  }

 private:
  std::mutex mutex_;
  rocksdb::DB* db_;  // null: closed
  std::set<const rocksdb::Snapshot*> held_;
};

struct RocksSnapshot : StoreSnapshot {
  explicit RocksSnapshot(std::shared_ptr<OpenSnapshots> snapshots) : of(std::move(snapshots)), rocks(of->Take()) {}
  ~RocksSnapshot() override { of->Release(rocks); }
  const std::shared_ptr<OpenSnapshots> of;
  const rocksdb::Snapshot* const rocks;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_STORE_SNAPSHOTS_H_
