// SPDX-License-Identifier: Apache-2.0
// The output folder of a run: opened with care, filled file by file, the summary last.
#ifndef LIBMPI_TOOLS_NAYOSE_RUN_OUTPUT_H_
#define LIBMPI_TOOLS_NAYOSE_RUN_OUTPUT_H_

#include <string>

#include "absl/status/status.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/linker.h"

namespace nayose {

// Makes the folder, or accepts one without a run's output, or with `force` one that a run of ours
// filled; finds out now whether it can be written to. Removes nothing.
absl::Status CheckFolder(const std::string& directory, bool force);

// Removes an earlier run's files, the summary before all others, so that unfinished output is never
// mistaken for finished. Called once the input is known to be good.
absl::Status ClearFolder(const std::string& directory);

// 16 hexadecimal digits that name the cluster of a smallest record; `list`: of two, which.
std::string ClusterId(const libmpi::RecordKey& smallest, int list);

// clusters.csv, links.csv, review.csv, rejects.csv, findings.csv.
absl::Status WriteResultFiles(const std::string& directory, const libmpi::PatientFiles& files,
                              const libmpi::LinkResult& result);

// One file, whole.
absl::Status WriteFile(const std::string& path, const std::string& text, int mode = 0644);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RUN_OUTPUT_H_
