// SPDX-License-Identifier: Apache-2.0
// The tables of a run.
#ifndef LIBMPI_TOOLS_NAYOSE_RUN_TABLES_H_
#define LIBMPI_TOOLS_NAYOSE_RUN_TABLES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/linker.h"
#include "tools/nayose/decisions.h"

namespace nayose {

// 16 hexadecimal digits that name the cluster of a smallest record; `list`: of two, which.
std::string ClusterId(const libmpi::RecordKey& smallest, int list);

// Single tables, of runs on patients and by a schema alike.
absl::Status WriteLinks(const std::string& path, const KeyedRecords& records, const std::vector<libmpi::Link>& links);
absl::Status WriteReview(const std::string& path, const KeyedRecords& records,
                         const std::vector<libmpi::ReviewItem>& review);
absl::Status WriteRejects(const std::string& path, const std::vector<libmpi::Reject>& rejects);

// clusters.csv, links.csv, review.csv, rejects.csv, findings.csv.
absl::Status WriteRunTables(const std::string& directory, const libmpi::PatientFiles& files,
                            const libmpi::LinkResult& result);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RUN_TABLES_H_
