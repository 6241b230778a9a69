// SPDX-License-Identifier: Apache-2.0
// Rows that the caller of a change read before its turn came: good as long as nobody has written them since. They spare
// the one thread that makes changes most of its reading. Internal to libmpi/registry.
#ifndef LIBMPI_REGISTRY_FORESEEN_H_
#define LIBMPI_REGISTRY_FORESEEN_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/registry/transaction.h"

namespace libmpi {

// Rows, each as it was at some moment after the commit of the group `as_of`. For one thread at a time.
class ForeseenRows {
 public:
  explicit ForeseenRows(uint64_t as_of) : as_of_(as_of) {}
  uint64_t as_of() const { return as_of_; }
  void Learn(const std::string& key, const std::optional<std::string>& value) { rows_.try_emplace(key, value); }
  // Null: not read.
  const std::optional<std::string>* Find(const std::string& key) const {
    const auto it = rows_.find(key);
    return it != rows_.end() ? &it->second : nullptr;
  }

 private:
  uint64_t as_of_;
  absl::flat_hash_map<std::string, std::optional<std::string>> rows_;
};

// Reads the store, and has `rows` learn what it reads.
class ForeseeingView : public StoreView {
 public:
  ForeseeingView(const Store* store, ForeseenRows* rows) : StoreView(store), rows_(*rows) {}

 protected:
  absl::Status Fill(std::span<const std::string> keys, std::vector<uint32_t>* places,
                    std::optional<std::string>* values) const override;

 private:
  ForeseenRows& rows_;
};

// Which group of changes wrote a row last. Rows share stamps, so that one may seem to have been written later than it
// was, never earlier. For one thread at a time. 4 MiB.
class RowStamps {
 public:
  // Groups are numbered from 1 on, and told in their order.
  void NoteRowsOf(const Transaction& written, uint64_t group);
  // The group may have written anything.
  void NoteAll(uint64_t group) { all_ = group; }
  // Whether the row is as it was after that group.
  bool IsUnchangedSince(std::string_view key, uint64_t group) const {
    return all_ <= group && stamps_[PlaceOf(key)] <= group;
  }

 private:
  static constexpr size_t kStamps = size_t{1} << 19;
  static size_t PlaceOf(std::string_view key);

  std::vector<uint64_t> stamps_ = std::vector<uint64_t>(kStamps);
  uint64_t all_ = 0;
};

// The store as the one thread sees it that makes changes: through what the caller of a change foresaw.
class ForeseenView : public StoreView {
 public:
  ForeseenView(const Store* store, const RowStamps* stamps) : StoreView(store), stamps_(*stamps) {}
  // From now on; null: nothing is foreseen.
  void Use(const ForeseenRows* rows) { rows_ = rows; }

 protected:
  absl::Status Fill(std::span<const std::string> keys, std::vector<uint32_t>* places,
                    std::optional<std::string>* values) const override;

 private:
  const RowStamps& stamps_;
  const ForeseenRows* rows_ = nullptr;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_FORESEEN_H_
