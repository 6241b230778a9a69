// SPDX-License-Identifier: Apache-2.0
// A cell as its field's kind reads it, and how two of them compare.
#ifndef LIBMPI_TABLE_VALUE_H_
#define LIBMPI_TABLE_VALUE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/record/features.h"
#include "libmpi/table/schema.h"

namespace libmpi::table {

struct Value {
  std::string text;                // folded
  CivilDate date;                  // dates
  double x = 0, y = 0;             // numbers; latitude and longitude
  std::vector<std::string> items;  // lists, sorted
};

enum class Reading : uint8_t { kMissing, kRead, kUnreadable };

// Reads the cells of a field's columns. An unreadable date, number or point is missing, and told.
Reading ReadValue(const Field& field, const std::vector<std::string_view>& cells, Value* value);

// The level of two values of one field, neither missing. Symmetric; below a microsecond.
uint8_t CompareValues(const Field& field, const Value& a, const Value& b);

// What a blocking term makes of a value; 0: nothing to meet by.
uint64_t BlockingKey(const Field& field, const Value& value, Transform transform);

// Whether a transform tells anything of a kind.
bool Applies(Transform transform, Kind kind);

// How much a level agrees, in [0, 1], for joint comparisons.
double Agreement(Kind kind, uint8_t level);

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_VALUE_H_
