// SPDX-License-Identifier: Apache-2.0
// Two persons under one number in one source.
#ifndef LIBMPI_RECORD_OVERLAY_H_
#define LIBMPI_RECORD_OVERLAY_H_

#include <cstddef>
#include <span>
#include <vector>

#include "libmpi/record/record.h"

namespace libmpi {

// Rows of one id in one source, by the persons they can be: groups of row indices, largest
// first, then by content. Rows contradict each other where both birth dates are full and more
// than a slip apart, and the names share no equal or near part in a script that both have, or the
// sexes and the given names differ. A row that fits several groups joins the first; one without
// a name or full birth date joins the largest. Which rows go together does not depend on their order.
// Linear where all rows agree on names, births and sexes; else quadratic in the different ones.
std::vector<std::vector<size_t>> SplitOverlays(std::span<const Record> rows);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_OVERLAY_H_
