// SPDX-License-Identifier: Apache-2.0
// What was learned of a table: the schema with its classes' tables, and how common values are.
#ifndef LIBMPI_TABLE_TABLE_MODEL_H_
#define LIBMPI_TABLE_TABLE_MODEL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "libmpi/linkage/latent_classes.h"
#include "libmpi/table/schema.h"
#include "libmpi/table/table.h"

namespace libmpi::table {

// How often values of a field occur, by HashBytes of their identity.
struct ValueShares {
  double records = 0;  // that say something
  absl::flat_hash_map<uint64_t, uint32_t> count;
};

struct TableModel {
  static constexpr int kVersion = 1;
  Schema schema;
  std::vector<size_t> gaps;           // comparisons whose gaps are levels
  std::vector<LatentClass> classes;   // as schema.classes; shares of all pairs
  std::vector<BlockingRule> rules;    // those used
  uint64_t records = 0;               // that it was learned from
  std::vector<ValueShares> values;    // by field; empty where no comparison asks
  std::vector<double> information;    // bits that agreement in a field tells, by field

  // The model as JSON and back, every bit; kInvalidArgument as of a schema.
  std::string ToJson() const;
  static absl::StatusOr<TableModel> FromJson(std::string_view json);
};

// Counts of the values of fields whose comparison asks for frequency.
std::vector<ValueShares> CountValues(const Schema& schema, const Table& table);
// A value's name in ValueShares.
uint64_t ValueHash(const Value& value);

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_TABLE_MODEL_H_
