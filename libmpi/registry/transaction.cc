// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/transaction.h"

namespace libmpi {

absl::Status FillFromStore(const Store& store, const StoreSnapshot* snapshot, std::span<const std::string> keys,
                           std::span<const uint32_t> places, std::optional<std::string>* values) {
  std::vector<std::string> some;
  const bool all = places.size() == keys.size();
  if (!all)
    for (const uint32_t place : places) some.push_back(keys[place]);
  std::vector<std::optional<std::string>> found;
  LIBMPI_RETURN_IF_ERROR(store.MultiGet(all ? keys : std::span<const std::string>(some), &found, snapshot));
  for (size_t i = 0; i < found.size(); ++i) values[places[i]] = std::move(found[i]);
  return absl::OkStatus();
}

absl::Status Transaction::Fill(std::span<const std::string> keys, std::vector<uint32_t>* places,
                               std::optional<std::string>* values) const {
  if (!written_.empty())
    std::erase_if(*places, [&](uint32_t place) {
      const auto it = written_.find(keys[place]);
      if (it == written_.end()) return false;
      values[place] = it->second;
      return true;
    });
  return places->empty() ? absl::OkStatus() : below_->Fill(keys, places, values);
}

absl::Status Transaction::Scan(std::string_view begin, std::string_view end,
                               const std::function<bool(std::string_view, std::string_view)>& visit) const {
  auto own = written_.lower_bound(std::string(begin));
  bool stopped = false;
  const auto own_before = [&](const std::string_view* key) {  // null: all that are left
    for (; !stopped && own != written_.end() && own->first < end && (key == nullptr || own->first < *key); ++own)
      if (own->second && !visit(own->first, *own->second)) stopped = true;
    return !stopped;
  };
  LIBMPI_RETURN_IF_ERROR(below_->Scan(begin, end, [&](std::string_view key, std::string_view value) {
    if (!own_before(&key)) return false;
    if (own != written_.end() && own->first == key) return true;  // written anew, or deleted: comes with the next
    stopped = !visit(key, value);
    return !stopped;
  }));
  if (!stopped) own_before(nullptr);
  return absl::OkStatus();
}

void Transaction::MoveTo(Transaction* below) {
  below->written_.merge(written_);  // what is new there, without a copy
  for (auto& [key, value] : written_) below->written_[key] = std::move(value);
  written_.clear();
}

void Transaction::AppendTo(StoreBatch* batch) const {
  for (const auto& [key, value] : written_) {
    if (value) batch->Put(key, *value);
    else batch->Delete(key);
  }
}

}  // namespace libmpi
