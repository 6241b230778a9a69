// SPDX-License-Identifier: Apache-2.0
// Two persons under one number in one source: the dangerous error, which no later step can undo
// where it stands in one record. Rows that are taken apart without need are still compared.
#ifndef LIBMPI_RECORD_OVERLAY_H_
#define LIBMPI_RECORD_OVERLAY_H_

#include <cstddef>
#include <span>
#include <vector>

#include "libmpi/record/record.h"

namespace libmpi {

// Rows of one id in one source, by the persons they can be: groups of row indices, largest
// first, then by content. Two rows are two persons where
// - the given names differ and the birth dates are more than a slip apart, or the sexes differ,
// - the given names have nothing in common, and the birth dates are one, as twins' are,
// - the birth dates are more than a slip apart, and the family names and the sexes differ.
// What one of them does not say is no difference; one name in its spellings, misspelt, swapped,
// unsplit or before a marriage is no other name. A row that contradicts no group, or several, joins
// the one it says most alike with, else the largest. Which rows go together does not depend on
// their order. Linear where all rows agree on names, births and sexes; else quadratic in the
// different statements.
std::vector<std::vector<size_t>> SplitOverlays(std::span<const Record> rows);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_OVERLAY_H_
