// SPDX-License-Identifier: Apache-2.0
// Rows beside a registry, without one.
#ifndef LIBMPI_TESTS_NETWORK_ROWS_IN_MEMORY_H_
#define LIBMPI_TESTS_NETWORK_ROWS_IN_MEMORY_H_

#include <map>
#include <string>

#include "libmpi/registry/side_rows.h"

namespace libmpi {

class RowsInMemory final : public SideRows {
 public:
  using SideReader::Read;
  using SideReader::Scan;
  absl::Status Read(std::span<const std::string> keys,
                    std::vector<std::optional<std::string>>* values) const override {
    values->clear();
    for (const std::string& key : keys) {
      const auto it = rows.find(key);
      values->push_back(it == rows.end() ? std::nullopt : std::optional(it->second));
    }
    return absl::OkStatus();
  }
  absl::Status Scan(std::string_view prefix, std::string_view from,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    for (auto it = rows.lower_bound(std::string(std::max(prefix, from))); it != rows.end(); ++it)
      if (!it->first.starts_with(prefix) || !visit(it->first, it->second)) break;
    return absl::OkStatus();
  }
  void Put(std::string_view key, std::string_view value) override { rows[std::string(key)] = std::string(value); }
  void Delete(std::string_view key) override { rows.erase(std::string(key)); }

  std::map<std::string, std::string> rows;
};

}  // namespace libmpi

#endif  // LIBMPI_TESTS_NETWORK_ROWS_IN_MEMORY_H_
