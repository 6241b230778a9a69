// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/table_model.h"

#include "libmpi/base/hash.h"

namespace libmpi::table {

uint64_t ValueHash(const Value& value) {
  uint64_t hash = HashBytes(value.text);
  for (const std::string& item : value.items) hash = HashCombine(hash, HashBytes(item));
  const CivilDate& d = value.date;
  hash = HashCombine(hash, uint64_t(d.year) << 16 | uint64_t(d.month) << 8 | d.day);
  for (double number : {value.x, value.y})
    hash = HashCombine(hash, HashBytes({reinterpret_cast<const char*>(&number), sizeof number}));
  return hash;
}

std::vector<ValueShares> CountValues(const Schema& schema, const Table& table) {
  std::vector<ValueShares> shares(schema.fields.size());
  for (const ComparisonSpec& comparison : schema.comparisons) {
    if (!comparison.frequency || comparison.fields.size() != 1) continue;
    const Column& column = table.column(comparison.fields[0]);
    ValueShares& of_field = shares[comparison.fields[0]];
    if (!of_field.count.empty()) continue;
    for (size_t id = 1; id < column.values.size(); ++id) {
      of_field.count[ValueHash(column.values[id])] += column.count[id];
      of_field.records += column.count[id];
    }
  }
  return shares;
}

}  // namespace libmpi::table
