// SPDX-License-Identifier: Apache-2.0
// Why two records of a table have the weight they have.
#ifndef LIBMPI_TABLE_TABLE_EXPLAIN_H_
#define LIBMPI_TABLE_TABLE_EXPLAIN_H_

#include "libmpi/linkage/linker.h"
#include "libmpi/table/table_blocks.h"
#include "libmpi/table/table_comparator.h"
#include "libmpi/table/table_scorer.h"
#include "libmpi/table/table.h"
#include "libmpi/table/table_model.h"

namespace libmpi::table {

// Explains pairs of one table, read by the model's schema. Not thread-safe (it caches).
class TablePairExplainer {
 public:
  // Borrows both. O(values of the table).
  TablePairExplainer(const TableModel& model, const Table& table);
  // The parts of the weight that a run with this model gives the two, against the leading class of
  // non-matches; they sum to the weight.
  Explanation Explain(uint32_t a, uint32_t b) const;

 private:
  const TableModel& model_;
  const Table& table_;
  const Comparisons comparisons_;
  const Rarity rarity_;
  const TermKeys keys_;
};

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_TABLE_EXPLAIN_H_
