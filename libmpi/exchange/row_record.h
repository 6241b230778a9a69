// SPDX-License-Identifier: Apache-2.0
// One row's fields into a Record.
#ifndef LIBMPI_EXCHANGE_ROW_RECORD_H_
#define LIBMPI_EXCHANGE_ROW_RECORD_H_

#include <span>
#include <string_view>
#include <vector>

#include "libmpi/exchange/column_map.h"
#include "libmpi/record/record.h"

namespace libmpi {

// Without the spaces, tabs and ideographic spaces at its ends.
std::string_view TrimAnySpaces(std::string_view text);
inline std::string_view TrimSpaces(std::string_view text) {
  // Most values have none: nothing else ends in these bytes but spaces and a few characters.
  const auto may_be_space = [](char c) { return c == ' ' || c == '\t' || c == '\xE3' || c == '\x80'; };
  return text.empty() || (!may_be_space(text.front()) && !may_be_space(text.back())) ? text : TrimAnySpaces(text);
}

// Adds the values of a row to a record: its name columns as one StatedName, its coverage columns as one
// StatedCoverage, and so on; further columns of one field are statements of their own. The key
// is left alone.
template <typename Text>  // std::string, or std::string_view: the texts of `fields` then stay as long as the record
void AddRow(std::span<const std::string_view> fields, const ColumnMap& columns, BasicStatements<Text>* record);

// Splits a row that is known to be whole, and adds its values. `row` stays as long as the record. Gives the
// fields, which stay until the next call in this thread.
const std::vector<std::string_view>& AddCsvRow(std::string_view row, char delimiter, const ColumnMap& columns,
                                               RecordView* record);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_ROW_RECORD_H_
