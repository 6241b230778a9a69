// SPDX-License-Identifier: Apache-2.0
// What a run leaves for its followers: state/, readable by its owner only.
#ifndef LIBMPI_TOOLS_NAYOSE_RUN_STATE_H_
#define LIBMPI_TOOLS_NAYOSE_RUN_STATE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/patient_files.h"

namespace nayose {

// state/state.json (version, inputs with sizes, options) and state/records.csv.zst (every record as it
// was said, in key order).
absl::Status WriteState(const std::string& directory, const libmpi::PatientFiles& files,
                        const std::string& today, double population);

struct SavedRun {
  std::string today;
  double population = 0;
};
absl::StatusOr<SavedRun> ReadState(const std::string& directory);

// The records a user means by "source:record_id", "source:record_id#part" or a bare
// "record_id"; one for each of `names`. kNotFound, or kInvalidArgument naming the sources that have it.
absl::StatusOr<std::vector<libmpi::Record>> FindRecords(const std::string& directory,
                                                        const std::vector<std::string>& names);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RUN_STATE_H_
