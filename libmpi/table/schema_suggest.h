// SPDX-License-Identifier: Apache-2.0
// A schema proposed from a table's columns, with reasons.
#ifndef LIBMPI_TABLE_SCHEMA_SUGGEST_H_
#define LIBMPI_TABLE_SCHEMA_SUGGEST_H_

#include <string>
#include <vector>

#include "libmpi/table/schema.h"

namespace libmpi::table {

struct Suggestion {
  Schema schema;
  std::vector<std::string> reasons;  // one a column or class; no values
};

// Judges columns by their names and by what stands in up to `rows` rows. Columns that hold what others
// hold, say always the same, name the row or look like an answer (cluster, label) are left out.
// kInvalidArgument where nothing is left to compare. Deterministic; linear.
absl::StatusOr<Suggestion> SuggestSchema(const std::vector<std::string>& header,
                                         const std::vector<std::vector<std::string>>& rows);

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_SCHEMA_SUGGEST_H_
