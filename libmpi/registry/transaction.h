// SPDX-License-Identifier: Apache-2.0
// What a change reads and writes before it is committed.
#ifndef LIBMPI_REGISTRY_TRANSACTION_H_
#define LIBMPI_REGISTRY_TRANSACTION_H_

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/registry/store.h"

namespace libmpi {

// Reads values by key.
class View {
 public:
  virtual ~View() = default;
  virtual absl::Status Read(std::span<const std::string> keys,
                            std::vector<std::optional<std::string>>* values) const = 0;
  // Keys in [begin, end), ascending, until visit returns false.
  virtual absl::Status Scan(std::string_view begin, std::string_view end,
                            const std::function<bool(std::string_view, std::string_view)>& visit) const = 0;

  // One value, unpacked; *value is left alone and *found false where there is none.
  template <typename Value>
  absl::Status Read(const std::string& key, Value* value, bool* found) const {
    *found = false;
    std::vector<std::optional<std::string>> bytes;
    LIBMPI_RETURN_IF_ERROR(Read(std::span(&key, 1), &bytes));
    *found = bytes[0].has_value();
    return *found ? Unpack(*bytes[0], value) : absl::OkStatus();
  }
};

// The store as it was at one moment.
class SnapshotView : public View {
 public:
  using View::Read;
  explicit SnapshotView(const Store* store) : store_(store), snapshot_(store->Snapshot()) {}
  absl::Status Read(std::span<const std::string> keys,
                    std::vector<std::optional<std::string>>* values) const override {
    return store_->MultiGet(keys, values, snapshot_.get());
  }
  absl::Status Scan(std::string_view begin, std::string_view end,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    return store_->Scan(begin, end, snapshot_.get(), visit);
  }
  // Store::Walk.
  absl::Status Walk(std::string_view begin, std::string_view end, const Store::WalkVisitor& visit) const {
    return store_->Walk(begin, end, snapshot_.get(), visit);
  }

 private:
  const Store* store_;
  std::shared_ptr<const StoreSnapshot> snapshot_;
};

// Writes upon a view: what is written is read back from here. Not thread-safe.
class Transaction : public View {
 public:
  using View::Read;
  explicit Transaction(const View* below) : below_(below) {}

  absl::Status Read(std::span<const std::string> keys,
                    std::vector<std::optional<std::string>>* values) const override;
  absl::Status Scan(std::string_view begin, std::string_view end,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override;

  void Put(std::string key, std::string value) { written_[std::move(key)] = std::move(value); }
  void Delete(std::string key) { written_[std::move(key)] = std::nullopt; }
  bool empty() const { return written_.empty(); }

  // Stands on another view from now on, which must have all that the one before has.
  void StandOn(const View* below) { below_ = below; }

  // Hands what was written to the one below, or to a batch.
  void MoveTo(Transaction* below);
  void AppendTo(StoreBatch* batch) const;

 private:
  const View* below_;
  absl::btree_map<std::string, std::optional<std::string>> written_;
};

// The store as it is now: what the one writer stands on.
class StoreView : public View {
 public:
  using View::Read;
  explicit StoreView(const Store* store) : store_(store) {}
  absl::Status Read(std::span<const std::string> keys,
                    std::vector<std::optional<std::string>>* values) const override {
    return store_->MultiGet(keys, values);
  }
  absl::Status Scan(std::string_view begin, std::string_view end,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    return store_->Scan(begin, end, nullptr, visit);
  }

 private:
  const Store* store_;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_TRANSACTION_H_
