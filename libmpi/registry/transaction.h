// SPDX-License-Identifier: Apache-2.0
// What a change reads and writes before it is committed.
#ifndef LIBMPI_REGISTRY_TRANSACTION_H_
#define LIBMPI_REGISTRY_TRANSACTION_H_

#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
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
  // Values in the order of keys; nothing where there is no such key.
  absl::Status Read(std::span<const std::string> keys, std::vector<std::optional<std::string>>* values) const {
    values->assign(keys.size(), std::nullopt);
    std::vector<uint32_t> places(keys.size());
    std::iota(places.begin(), places.end(), 0);
    return Fill(keys, &places, values->data());
  }
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

  // Calls visit(key, value) for the values in [begin, end), unpacked, ascending, until it returns an error.
  template <typename Value, typename Visit>
  absl::Status ForEach(std::string_view begin, std::string_view end, const Visit& visit) const {
    absl::Status status;
    LIBMPI_RETURN_IF_ERROR(Scan(begin, end, [&](std::string_view key, std::string_view bytes) {
      Value value;
      status = Unpack(bytes, &value);
      if (status.ok()) status = visit(key, std::move(value));
      return status.ok();
    }));
    return status;
  }

 protected:
  friend class Transaction;  // hands on to the view below what it does not know
  // Reads the keys at `places`, which it may change, to the same places of `values`, which are empty.
  virtual absl::Status Fill(std::span<const std::string> keys, std::vector<uint32_t>* places,
                            std::optional<std::string>* values) const = 0;
};

// Reads from a store what a view does not know: the keys at `places`.
absl::Status FillFromStore(const Store& store, const StoreSnapshot* snapshot, std::span<const std::string> keys,
                           std::span<const uint32_t> places, std::optional<std::string>* values);

// The store as it was at one moment.
class SnapshotView : public View {
 public:
  using View::Read;
  explicit SnapshotView(const Store* store) : store_(store), snapshot_(store->Snapshot()) {}
  absl::Status Scan(std::string_view begin, std::string_view end,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    return store_->Scan(begin, end, snapshot_.get(), visit);
  }
  // Store::Walk.
  absl::Status Walk(std::string_view begin, std::string_view end, const Store::WalkVisitor& visit) const {
    return store_->Walk(begin, end, snapshot_.get(), visit);
  }

 protected:
  absl::Status Fill(std::span<const std::string> keys, std::vector<uint32_t>* places,
                    std::optional<std::string>* values) const override {
    return FillFromStore(*store_, snapshot_.get(), keys, *places, values);
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

  absl::Status Scan(std::string_view begin, std::string_view end,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override;

  void Put(std::string key, std::string value) { written_[std::move(key)] = std::move(value); }
  void Delete(std::string key) { written_[std::move(key)] = std::nullopt; }
  bool empty() const { return written_.empty(); }
  // Of all rows that are written or deleted.
  template <typename Visit>
  void ForEachKey(const Visit& visit) const {
    for (const auto& [key, value] : written_) visit(std::string_view(key));
  }

  // Stands on another view from now on, which must have all that the one before has.
  void StandOn(const View* below) { below_ = below; }

  // Hands what was written to the one below, or to a batch.
  void MoveTo(Transaction* below);
  void AppendTo(StoreBatch* batch) const;

 protected:
  absl::Status Fill(std::span<const std::string> keys, std::vector<uint32_t>* places,
                    std::optional<std::string>* values) const override;

 private:
  const View* below_;
  absl::btree_map<std::string, std::optional<std::string>> written_;
};

// The store as it is now: what the one writer stands on.
class StoreView : public View {
 public:
  using View::Read;
  explicit StoreView(const Store* store) : store_(*store) {}
  absl::Status Scan(std::string_view begin, std::string_view end,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    return store_.Scan(begin, end, nullptr, visit);
  }

 protected:
  absl::Status Fill(std::span<const std::string> keys, std::vector<uint32_t>* places,
                    std::optional<std::string>* values) const override {
    return FillFromStore(store_, nullptr, keys, *places, values);
  }

 private:
  const Store& store_;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_TRANSACTION_H_
