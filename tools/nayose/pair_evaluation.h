// SPDX-License-Identifier: Apache-2.0
// What only the records and the model of a run tell: blocking, kinds of errors, calibration.
#ifndef LIBMPI_TOOLS_NAYOSE_PAIR_EVALUATION_H_
#define LIBMPI_TOOLS_NAYOSE_PAIR_EVALUATION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/evaluation/blocking_recall.h"
#include "libmpi/evaluation/reliability.h"
#include "nlohmann/json_fwd.hpp"
#include "tools/nayose/error_report.h"

namespace nayose {

struct PairEvaluation {
  libmpi::BlockingEvaluation blocking;
  std::optional<libmpi::ReliabilityEvaluation> calibration;
  ErrorReport errors;
  std::string ToText() const;
  void AddTo(nlohmann::ordered_json* json) const;
};

// Judges `clustering`, of the run in `directory` or of another tool over the same records, by the records
// and the model of that run.
absl::StatusOr<PairEvaluation> EvaluatePairs(const std::string& directory, const ClusteringFile& clustering,
                                             const JudgedRecords& judged, bool with_calibration);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_PAIR_EVALUATION_H_
