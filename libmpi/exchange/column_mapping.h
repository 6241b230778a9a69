// SPDX-License-Identifier: Apache-2.0
// Files that say which header means which field (ReadOptions::columns), and those that come with the library.
#ifndef LIBMPI_EXCHANGE_COLUMN_MAPPING_H_
#define LIBMPI_EXCHANGE_COLUMN_MAPPING_H_

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace libmpi {

// From JSON {"header": "field", ...}. kInvalidArgument, naming `file`: it is something else. Fields are judged when a
// file is read.
absl::StatusOr<std::map<std::string, std::string>> ParseColumnMapping(std::string_view json, const std::string& file);

// The names of data/mappings: care-insurance, lab-center, prescription, resident-list.
std::span<const std::string_view> BundledColumnMappings();
// The JSON of one; empty where there is none of that name.
std::string_view BundledColumnMapping(std::string_view name);
// The one by which a list is headed: one of its headers means the record id, one is such as only this kind of list has
// (要介護度, 検体番号 ...), at least three of four of all are of the map, and of no other map as many. Empty: by none.
std::string_view BundledColumnMappingOf(std::span<const std::string> header);
// That map for this header: what it leaves out because another column says it (an institution, parts of an address) is
// read by its usual name where no column does. kInvalidArgument: there is no such map.
absl::StatusOr<std::map<std::string, std::string>> BundledColumnsFor(std::string_view name,
                                                                     std::span<const std::string> header);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_COLUMN_MAPPING_H_
