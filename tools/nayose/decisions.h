// SPDX-License-Identifier: Apache-2.0
// What a person decided of pairs of records, from a CSV file.
#ifndef LIBMPI_TOOLS_NAYOSE_DECISIONS_H_
#define LIBMPI_TOOLS_NAYOSE_DECISIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/linker.h"

namespace nayose {

struct DecisionFile {
  std::vector<libmpi::Decision> decisions;
  std::vector<std::string> warnings;  // of rows that name records which are not here
};

// Reads record_a, source_a, record_b, source_b and decision (same, different, or nothing yet): the
// columns of review.csv and one more, so that a copy of it may be filled in. kInvalidArgument with the
// line where a row is none of these; rows of absent records are left out with a warning.
absl::StatusOr<DecisionFile> ReadDecisions(const std::string& path, const libmpi::PatientFiles& files);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_DECISIONS_H_
