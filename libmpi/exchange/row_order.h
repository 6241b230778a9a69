// SPDX-License-Identifier: Apache-2.0
// Accepted rows in the order of their records.
#ifndef LIBMPI_EXCHANGE_ROW_ORDER_H_
#define LIBMPI_EXCHANGE_ROW_ORDER_H_

#include <cstdint>
#include <vector>

#include "libmpi/exchange/accepted_rows.h"

namespace libmpi {

// Sorts rows by list, source, record_id, then content, file and line, so that the order of files and rows
// never shows. Gives the places where a record begins, and the number of rows at the end. Sorted are eight bytes
// of each id, those after what all ids of its source begin with; the ids themselves are looked at where
// these are equal. 20 bytes a row for a while.
std::vector<uint32_t> SortRows(AcceptedRows* rows, int threads);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_ROW_ORDER_H_
