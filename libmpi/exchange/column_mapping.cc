// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/column_mapping.h"

#include <algorithm>
#include <array>

#include "libmpi/text/tables.h"
#include "nlohmann/json.hpp"

namespace libmpi {
namespace {

constexpr std::array<std::string_view, 4> kBundled = {"care-insurance", "lab-center", "prescription", "resident-list"};

}  // namespace

absl::StatusOr<std::map<std::string, std::string>> ParseColumnMapping(std::string_view json, const std::string& file) {
  const auto read = nlohmann::json::parse(json, nullptr, false);
  if (!read.is_object())
    return absl::InvalidArgumentError(file + ": must be a JSON object {\"header\": \"field\", ...}");
  std::map<std::string, std::string> columns;
  for (const auto& [header, field] : read.items()) {
    if (!field.is_string()) return absl::InvalidArgumentError(file + ": the field of each header must be a text");
    columns[header] = field.get<std::string>();
  }
  return columns;
}

std::span<const std::string_view> BundledColumnMappings() { return kBundled; }

std::string_view BundledColumnMapping(std::string_view name) {
  if (std::ranges::find(kBundled, name) == kBundled.end()) return {};
  return EmbeddedTable("mappings/" + std::string(name) + ".json");
}

}  // namespace libmpi
