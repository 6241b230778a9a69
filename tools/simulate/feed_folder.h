// SPDX-License-Identifier: Apache-2.0
// A day of a region as the files that its facilities' systems send.
#ifndef LIBMPI_TOOLS_SIMULATE_FEED_FOLDER_H_
#define LIBMPI_TOOLS_SIMULATE_FEED_FOLDER_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "tools/simulate/simulated_region.h"

namespace nayose {

struct DayFolder {
  std::string path;
  std::map<std::string, std::string> source_of;  // of each file, whose it is
  uint64_t files = 0, bytes = 0;
  uint64_t extended = 0;           // documents of SS-MIX2's extended storages, some of patients whom nobody knows
  uint64_t extended_storages = 0;  // and how many of these there are
};

// Writes rows of one day, those of one facility together, below `folder`: FACILITY/... `extended_storage`: facilities
// that send SS-MIX2 have documents of it beside their patients.
absl::StatusOr<DayFolder> WriteDay(const SimulatedRegion& region, std::span<const SimulatedRow> rows, int day,
                                   bool extended_storage, const std::string& folder);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SIMULATE_FEED_FOLDER_H_
