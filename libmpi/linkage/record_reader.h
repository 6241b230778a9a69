// SPDX-License-Identifier: Apache-2.0
#ifndef LIBMPI_LINKAGE_RECORD_READER_H_
#define LIBMPI_LINKAGE_RECORD_READER_H_

#include <cstddef>
#include <functional>

#include "libmpi/record/record.h"

namespace libmpi {

// How linkage gets at records without knowing where they are kept: fills
// *record with record i. Called from several threads at once.
using RecordReader = std::function<void(size_t i, Record* record)>;

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_RECORD_READER_H_
