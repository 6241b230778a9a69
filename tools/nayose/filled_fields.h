// SPDX-License-Identifier: Apache-2.0
// Which fields a row says, as libmpi/record/filled_fields.h counts them.
#ifndef LIBMPI_TOOLS_NAYOSE_FILLED_FIELDS_H_
#define LIBMPI_TOOLS_NAYOSE_FILLED_FIELDS_H_

#include "libmpi/exchange/column_map.h"
#include "libmpi/record/filled_fields.h"

namespace nayose {

using libmpi::Filled;
using libmpi::FilledBySource;
using libmpi::kFilledFields;
using libmpi::SaidBy;
using libmpi::SaidFields;

// Of a record that is one row.
SaidFields SaidBy(const libmpi::FieldValues& values);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_FILLED_FIELDS_H_
