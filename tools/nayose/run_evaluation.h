// SPDX-License-Identifier: Apache-2.0
// A run judged by a truth file.
#ifndef LIBMPI_TOOLS_NAYOSE_RUN_EVALUATION_H_
#define LIBMPI_TOOLS_NAYOSE_RUN_EVALUATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/evaluation/metrics.h"
#include "libmpi/record/record.h"

namespace nayose {

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
absl::StatusOr<RunEvaluation> EvaluateRun(const std::string& directory, const std::string& truth);

// The person of each key by a truth file (empty where it knows none). kInvalidArgument where it knows none at all.
absl::StatusOr<std::vector<std::string>> PersonsOfRecords(const std::string& truth,
                                                          const std::vector<libmpi::RecordKey>& keys);

// Whether a truth file can be read, before the work begins.
absl::Status CheckTruth(const std::string& path);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RUN_EVALUATION_H_
