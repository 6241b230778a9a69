// SPDX-License-Identifier: Apache-2.0
// Records as rows of a patient list.
#ifndef LIBMPI_EXCHANGE_RECORD_ROWS_H_
#define LIBMPI_EXCHANGE_RECORD_ROWS_H_

#include <cstddef>
#include <span>
#include <string>

#include "libmpi/exchange/column_map.h"
#include "libmpi/record/record.h"

namespace libmpi {

// The columns of such rows: all that a record has, record_id and source first.
std::span<const Field> RecordRowColumns();

// Appends a record as lines of CSV, as many as its longest list of statements has: the nth name, birth date, coverage
// ... are in the nth. Read back they are the same record. Line ends within a text are a space, so that each row is one
// line. The number of rows, at least one.
size_t AppendRecordRows(const Record& record, std::string* out);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_RECORD_ROWS_H_
