// SPDX-License-Identifier: Apache-2.0
// Rows of one source side by side, so that records in their order are read from one place after the other.
#ifndef LIBMPI_EXCHANGE_TEXTS_BY_SOURCE_H_
#define LIBMPI_EXCHANGE_TEXTS_BY_SOURCE_H_

#include <span>

#include "libmpi/base/array_space.h"
#include "libmpi/exchange/accepted_rows.h"
#include "libmpi/exchange/file_text.h"

namespace libmpi {

// Makes of each text one in `space` that has its accepted rows only, by source and within one in the old order, and
// tells the rows where they are now; a text whose rows stand so already, or that the space has no room for, stays.
// For rows in the order of the files, before they are sorted: records come by source, and a text that is not in
// memory is then read from one end to the other. Views of the texts are void. O(bytes).
void PutTextsBySource(ArraySpace* space, int threads, std::span<FileText> texts, AcceptedRows* rows);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_TEXTS_BY_SOURCE_H_
