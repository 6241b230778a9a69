// SPDX-License-Identifier: Apache-2.0
// A stated name to its readings.
#ifndef LIBMPI_RECORD_PERSON_NAME_H_
#define LIBMPI_RECORD_PERSON_NAME_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "libmpi/record/features.h"
#include "libmpi/record/name_counts.h"
#include "libmpi/record/record.h"
#include "libmpi/text/readings.h"

namespace libmpi {

// How names are taken whose parts clearly stand the wrong way round: swapped back, or as they were said.
enum class SwappedNames : uint8_t { kBack, kAsSaid };

// All readings of one stated name: unsplit ones split, swapped ones swapped back by evidence,
// annotations off. Former names and aliases come as names of their own after the first. Empty:
// unreadable, with a finding appended, or said to be unknown ("不明"). `counts` may be null.
// Thread-safe.
std::vector<NameFeatures> ParseName(const StatedNameView& stated, const NameCounts* counts,
                                    const ReadingModel& readings,
                                    std::vector<Finding>* findings, SwappedNames swapped = SwappedNames::kBack);

// A former name's field: a family name, or a whole name with the given name that `own`
// holds. All results are marked as former; given names that were not said are empty.
std::vector<NameFeatures> ParseFormerName(std::string_view text, std::span<const NameFeatures> own,
                                          const NameCounts* counts, const ReadingModel& readings,
                                          std::vector<Finding>* findings);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_PERSON_NAME_H_
