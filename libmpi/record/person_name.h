// SPDX-License-Identifier: Apache-2.0
// Former names, which need the person's own name beside them. Internal to libmpi/record.
#ifndef LIBMPI_RECORD_PERSON_NAME_H_
#define LIBMPI_RECORD_PERSON_NAME_H_

#include <span>
#include <string_view>
#include <vector>

#include "libmpi/record/features.h"
#include "libmpi/record/standardize.h"

namespace libmpi {

// A former name's field: a family name, or a whole name with the given name that `own`
// holds. All results are marked as former; given names that were not said are empty.
std::vector<NameFeatures> ParseFormerName(std::string_view text, std::span<const NameFeatures> own,
                                          const NameCounts* counts, const ReadingModel& readings,
                                          std::vector<Finding>* findings);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_PERSON_NAME_H_
