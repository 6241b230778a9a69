// SPDX-License-Identifier: Apache-2.0
// The tables of a run.
#ifndef LIBMPI_TOOLS_NAYOSE_RUN_TABLES_H_
#define LIBMPI_TOOLS_NAYOSE_RUN_TABLES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/linker.h"
#include "tools/nayose/decisions.h"

namespace nayose {

// 16 hexadecimal digits that name the cluster of a smallest record; `list`: of two, which.
std::string ClusterId(const libmpi::KeyView& smallest, int list);

// The same as a number, and the digits of one.
uint64_t ClusterNumber(const libmpi::KeyView& smallest, int list);
void AppendClusterId(uint64_t number, std::string* out);

// A row of findings.csv, and what stands above them.
inline constexpr std::string_view kFindingsHeader = "source,record_id,file,line,field,finding\n";
void AppendFinding(const libmpi::KeyView& key, std::string_view file, uint64_t line, const libmpi::Finding& finding,
                   std::string* text);
// record_id,source
void AppendRecordKey(const libmpi::KeyView& key, std::string* line);

// Single tables, of runs on patients and by a schema alike. Their text is made on `threads` threads; the
// file is on disk when `commits` are finished.
// `which` of the links, ascending.
absl::Status WriteLinks(const std::string& path, const KeyedRecords& records, const std::vector<libmpi::Link>& links,
                        std::span<const uint32_t> which, int threads, libmpi::BackgroundCommits* commits);
absl::Status WriteReview(const std::string& path, const KeyedRecords& records,
                         const std::vector<libmpi::ReviewItem>& review, libmpi::BackgroundCommits* commits);
absl::Status WriteRejects(const std::string& path, const std::vector<libmpi::Reject>& rejects);

// The links that links.csv has: all, or those of SpanningLinks.
std::vector<uint32_t> LinksToWrite(const std::vector<libmpi::Link>& links, size_t records, bool all);

// clusters.csv, links.csv, review.csv, rejects.csv, findings.csv.
absl::Status WriteRunTables(const std::string& directory, const libmpi::PatientFiles& files,
                            const libmpi::LinkResult& result, std::span<const uint32_t> links, int threads,
                            libmpi::BackgroundCommits* commits);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RUN_TABLES_H_
