// SPDX-License-Identifier: Apache-2.0
#ifndef LIBMPI_LINKAGE_RECORD_READER_H_
#define LIBMPI_LINKAGE_RECORD_READER_H_

#include <cstddef>
#include <functional>

#include "libmpi/record/record.h"

namespace libmpi {

// How linkage gets at records without knowing where they are kept: fills *record, which is cleared,
// with record i, its lists sorted (Normalize). The texts must stay as long as the reader, or stand in
// record->own_texts. Called from several threads at once, each with a record of its own.
using RecordReader = std::function<void(size_t i, RecordView* record)>;

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_RECORD_READER_H_
