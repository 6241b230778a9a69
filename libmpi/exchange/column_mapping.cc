// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/column_mapping.h"

#include <algorithm>
#include <array>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/text/tables.h"
#include "nlohmann/json.hpp"

namespace libmpi {
namespace {

constexpr std::array<std::string_view, 4> kBundled = {"care-insurance", "lab-center", "prescription", "resident-list"};

using Mapping = std::map<std::string, std::string>;

// Headers that lists of other kinds don't have: without one of them a list is read by the usual names, for many headers
// are of several kinds (a health insurance's 保険者番号 is no care insurer's).
constexpr std::array<std::string_view, 6> kCareMarks = {"要介護度",         "認定有効期間開始日",       "認定有効期間終了日",
                                                        "医療保険者番号", "居宅介護支援事業所番号", "担当ケアマネジャー"};
constexpr std::array<std::string_view, 4> kLaboratoryMarks = {"依頼元コード", "検体番号", "項目コード", "カルテNo"};
constexpr std::array<std::string_view, 5> kPrescriptionMarks = {"薬局コード", "処方箋番号", "処方日", "調剤日", "薬品コード"};
constexpr std::array<std::string_view, 1> kResidentMarks = {"宛名番号"};
constexpr std::array<std::span<const std::string_view>, kBundled.size()> kMarks = {kCareMarks, kLaboratoryMarks,
                                                                                   kPrescriptionMarks, kResidentMarks};

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
size_t HeadersOf(const Mapping& mapping, std::span<const std::string_view> marks, std::span<const std::string> header) {
  bool has_record_id = false, has_mark = false;
  size_t known = 0;
  for (const std::string& cell : header) {
    const auto it = mapping.find(cell);
    if (it == mapping.end()) continue;
    ++known;
    has_record_id = has_record_id || it->second == "record_id";
    has_mark = has_mark || std::ranges::find(marks, cell) != marks.end();
  }
  return has_record_id && has_mark && 4 * known >= 3 * header.size() ? known : 0;
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
    const size_t known = HeadersOf(BundledMappings()[i], kMarks[i], header);
    if (known == most) found = {};
    if (known <= most) continue;
    most = known;
    found = kBundled[i];
  }
  return found;
}

absl::StatusOr<Mapping> BundledColumnsFor(std::string_view name, std::span<const std::string> header) {
  LIBMPI_ASSIGN_OR_RETURN(Mapping columns, ParseColumnMapping(BundledColumnMapping(name), std::string(name)));
  const auto says = [&](std::string_view field) {
    return std::ranges::any_of(header, [&](const std::string& cell) {
      const auto it = columns.find(cell);
      return it != columns.end() && it->second == field;
    });
  };
  for (const std::string& cell : header) {
    const auto it = columns.find(cell);
    if (it == columns.end() || !it->second.empty()) continue;
    const std::string_view usual = CanonicalFieldOf(cell);
    const bool of_address = usual == "prefecture" || usual == "city" || usual == "street";
    if ((usual == "source" && !says("source")) || (of_address && !says("address"))) columns.erase(it);
  }
  return columns;
}

}  // namespace libmpi
