// SPDX-License-Identifier: Apache-2.0
// What a person said of pairs of records, from a CSV file: decisions for a run, labels to learn from.
#ifndef LIBMPI_TOOLS_NAYOSE_DECISIONS_H_
#define LIBMPI_TOOLS_NAYOSE_DECISIONS_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/linker.h"

namespace nayose {

// Some records in key order.
struct KeyedRecords {
  size_t size = 0;
  std::function<libmpi::KeyView(size_t)> key;
  std::function<void(size_t, libmpi::PatientFiles::Near)> prefetch = {};  // where it is worth it
};
KeyedRecords KeysOf(const libmpi::PatientFiles& files);
KeyedRecords KeysOf(const std::vector<libmpi::Record>& records);

// By the id as outputs write it: "12", or "12#2" for the second person of an id.
std::optional<uint32_t> FindById(const KeyedRecords& records, const std::string& source,
                                 const std::string& id);

struct DecisionFile {
  std::vector<libmpi::Decision> decisions;
  std::vector<std::string> warnings;  // of rows that name records which are not here
};

// Reads record_a, source_a, record_b, source_b and decision (same, different, unsure or nothing yet, which
// decide nothing): the columns of review.csv and one more, so that a copy of it may be filled in.
// kInvalidArgument with the line where a row is none of these; rows of absent records are left out with
// a warning.
absl::StatusOr<DecisionFile> ReadDecisions(const std::string& path, const KeyedRecords& records);

struct LabelFile {
  std::vector<libmpi::LabelledPair> labels;
  std::vector<std::string> warnings;
};

// The same file as labels, with the column sampling_weight (how many pairs the answer stands for; 1 where the
// file has no such column, or nothing in it). Of a pair that stands twice the last answer counts.
absl::StatusOr<LabelFile> ReadLabels(const std::string& path, const KeyedRecords& records);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_DECISIONS_H_
