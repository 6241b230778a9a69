// SPDX-License-Identifier: Apache-2.0
// A run in figures: summary.json, and the few lines a person reads.
#ifndef LIBMPI_TOOLS_NAYOSE_RUN_SUMMARY_H_
#define LIBMPI_TOOLS_NAYOSE_RUN_SUMMARY_H_

#include <map>
#include <string>
#include <vector>

#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/linker.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/common_options.h"
#include "tools/nayose/filled_fields.h"

namespace nayose {

struct RunFacts {
  std::string command;
  const libmpi::PatientFiles* files = nullptr;
  const libmpi::LinkResult* result = nullptr;
  const LinkArguments* link = nullptr;
  std::string today;
  std::vector<libmpi::StageTime> stages;
  std::vector<std::string> warnings;  // of reading, then of the self-check
  double seconds = 0;
  bool too_many_rejects = false;
  uint64_t links_written = 0;  // in links.csv
  const FilledBySource* filled = nullptr;  // null: not counted
};

// How many clusters have 1, 2, 3 ... records.
std::map<uint32_t, uint64_t> ClusterSizes(const std::vector<uint32_t>& cluster);
// Links that are matches.
uint64_t Matches(const std::vector<libmpi::Link>& links);

// What the summaries of a run and of an update tell alike.
nlohmann::ordered_json SizesJson(const std::map<uint32_t, uint64_t>& cluster_sizes);
nlohmann::ordered_json FilesJson(const libmpi::PatientFiles& files);
nlohmann::ordered_json StagesJson(const std::vector<libmpi::StageTime>& stages);

std::string SummaryJson(const RunFacts& facts);
std::string SummaryText(const RunFacts& facts, const std::string& directory);

// Rows read = accepted + rejected, over all files.
struct RowTotals {
  uint64_t read = 0, accepted = 0, rejected = 0;
};
RowTotals TotalsOf(const libmpi::PatientFiles& files);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RUN_SUMMARY_H_
