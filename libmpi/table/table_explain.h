// SPDX-License-Identifier: Apache-2.0
// Why two records of a table have the weight they have.
#ifndef LIBMPI_TABLE_TABLE_EXPLAIN_H_
#define LIBMPI_TABLE_TABLE_EXPLAIN_H_

#include "libmpi/linkage/linker.h"
#include "libmpi/table/table.h"
#include "libmpi/table/table_model.h"

namespace libmpi::table {

// The parts of the weight that a run with this model gives records a and b of the table (read by the
// model's schema), against the leading class of non-matches; they sum to the weight.
Explanation ExplainTablePair(const TableModel& model, const Table& table, uint32_t a, uint32_t b);

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_TABLE_EXPLAIN_H_
