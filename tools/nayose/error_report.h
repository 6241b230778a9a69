// SPDX-License-Identifier: Apache-2.0
// Wrong and missed pairs of a clustering, sorted by kind.
#ifndef LIBMPI_TOOLS_NAYOSE_ERROR_REPORT_H_
#define LIBMPI_TOOLS_NAYOSE_ERROR_REPORT_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/evaluation/error_kinds.h"
#include "nlohmann/json_fwd.hpp"
#include "tools/nayose/judged_records.h"
#include "tools/nayose/replayed_run.h"

namespace nayose {

struct ErrorReport {
  // All of them, and how many were looked into (PairsApart).
  uint64_t wrong_pairs = 0, missed_pairs = 0;
  uint64_t wrong_seen = 0, missed_seen = 0;
  std::array<uint64_t, libmpi::kWrongKinds> wrong{};
  std::array<std::array<uint64_t, libmpi::kMissedStages>, libmpi::kMissedKinds> missed{};
  // errors.csv: by error, kind, records. No demographic values.
  std::string csv;
  std::string ToText() const;
  nlohmann::ordered_json AsJson() const;
};

// `record_of[i]`: the run's record that judged record i is, or UINT32_MAX: pairs with such are not looked into.
absl::StatusOr<ErrorReport> SortErrors(const JudgedRecords& judged, std::span<const uint32_t> record_of,
                                       ReplayedRun* run);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_ERROR_REPORT_H_
