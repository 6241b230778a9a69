// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/transaction.h"

namespace libmpi {

absl::Status Transaction::Read(std::span<const std::string> keys,
                               std::vector<std::optional<std::string>>* values) const {
  std::vector<std::string> unknown;
  std::vector<size_t> place;
  values->assign(keys.size(), std::nullopt);
  for (size_t i = 0; i < keys.size(); ++i) {
    if (const auto it = written_.find(keys[i]); it != written_.end()) {
      (*values)[i] = it->second;
    } else {
      unknown.push_back(keys[i]);
      place.push_back(i);
    }
  }
  if (unknown.empty()) return absl::OkStatus();
  std::vector<std::optional<std::string>> found;
  LIBMPI_RETURN_IF_ERROR(below_->Read(unknown, &found));
  for (size_t i = 0; i < found.size(); ++i) (*values)[place[i]] = std::move(found[i]);
  return absl::OkStatus();
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
