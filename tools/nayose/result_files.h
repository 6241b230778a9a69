// SPDX-License-Identifier: Apache-2.0
// Reading back what a run wrote, and truth files.
#ifndef LIBMPI_TOOLS_NAYOSE_RESULT_FILES_H_
#define LIBMPI_TOOLS_NAYOSE_RESULT_FILES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/evaluation/metrics.h"

namespace nayose {

// A CSV file by column name.
class CsvTable {
 public:
  // kInvalidArgument where a needed column is missing or a row has another width.
  static absl::StatusOr<CsvTable> Read(const std::string& path, const std::vector<std::string>& needed);
  size_t size() const { return rows_.size(); }
  // Empty where the table has no such column.
  const std::string& Get(size_t row, const std::string& column) const;
  bool Has(const std::string& column) const { return columns_.contains(column); }

 private:
  std::map<std::string, size_t> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// A finished run against a truth file (person_id, record_id and, where ids are
// not unique, source).
struct RunEvaluation {
  libmpi::ClusterEvaluation clusters;
  std::vector<libmpi::ThresholdPoint> thresholds;
  uint64_t records_without_truth = 0;
  uint64_t review_pairs = 0, review_true = 0;
  uint64_t missed_pairs = 0;  // true pairs that no cluster holds
  std::string ToText() const;
  std::string ToJson() const;
};
// `finished`: refuse a run without its summary.
absl::StatusOr<RunEvaluation> EvaluateRun(const std::string& directory, const std::string& truth, bool finished);

// Whether a truth file can be read, before the work begins.
absl::Status CheckTruth(const std::string& path);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RESULT_FILES_H_
