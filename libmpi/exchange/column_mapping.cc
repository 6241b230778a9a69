// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/column_mapping.h"

#include <algorithm>
#include <array>

#include "libmpi/text/tables.h"
#include "nlohmann/json.hpp"

namespace libmpi {
namespace {

constexpr std::array<std::string_view, 4> kBundled = {"care-insurance", "lab-center", "prescription", "resident-list"};

using Mapping = std::map<std::string, std::string>;

const std::array<Mapping, kBundled.size()>& BundledMappings() {
  static const auto* const mappings = [] {
    auto* parsed = new std::array<Mapping, kBundled.size()>();
    for (size_t i = 0; i < kBundled.size(); ++i) {
      auto mapping = ParseColumnMapping(BundledColumnMapping(kBundled[i]), std::string(kBundled[i]));
      if (mapping.ok()) (*parsed)[i] = *std::move(mapping);
    }
    return parsed;
  }();
  return *mappings;
}

// How many of the headers are of a map; 0: they can't be its.
size_t HeadersOf(const Mapping& mapping, std::span<const std::string> header) {
  bool has_record_id = false;
  size_t known = 0;
  for (const std::string& cell : header) {
    const auto it = mapping.find(cell);
    if (it == mapping.end()) continue;
    ++known;
    has_record_id = has_record_id || it->second == "record_id";
  }
  return has_record_id && 4 * known >= 3 * header.size() ? known : 0;
}

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

std::string_view BundledColumnMappingOf(std::span<const std::string> header) {
  std::string_view found;
  size_t most = 0;
  for (size_t i = 0; i < kBundled.size(); ++i) {
    const size_t known = HeadersOf(BundledMappings()[i], header);
    if (known == most) found = {};
    if (known <= most) continue;
    most = known;
    found = kBundled[i];
  }
  return found;
}

}  // namespace libmpi
