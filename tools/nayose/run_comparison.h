// SPDX-License-Identifier: Apache-2.0
// What changed from one clustering of the same records to another.
#ifndef LIBMPI_TOOLS_NAYOSE_RUN_COMPARISON_H_
#define LIBMPI_TOOLS_NAYOSE_RUN_COMPARISON_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "libmpi/evaluation/metrics.h"
#include "libmpi/evaluation/partition_change.h"
#include "tools/nayose/clustering_file.h"
#include "tools/nayose/replayed_run.h"
#include "tools/nayose/truth_file.h"

namespace nayose {

// A clustering to compare: of a finished run (a folder), or any other (a file).
struct ComparedSide {
  ClusteringFile clustering;
  std::unique_ptr<ReplayedRun> run;                 // where the run kept its state
  std::unordered_map<std::string, double> weights;  // of links.csv, where there is no state
  bool all_weights = true;                          // whether links.csv has all
  // kNotFound, kFailedPrecondition (no finished run), kInvalidArgument.
  static absl::StatusOr<ComparedSide> Open(const std::string& path);
};

// Pairs that are in one cluster on one side only.
struct ChangedPairs {
  uint64_t pairs = 0, listed = 0;
  uint64_t right = 0, wrong = 0;  // the change, of those listed, where the truth knows both
  std::string csv;                // no demographic values
};

struct RunComparison {
  libmpi::PartitionChange change;
  uint64_t only_before = 0, only_now = 0;  // records of one side, left out
  ChangedPairs linked, parted;
  std::string changed_clusters_csv;
  // Pairs of the records that both sides and the truth know.
  std::optional<libmpi::PrecisionRecall> before, now;
  std::string ToText() const;
  std::string ToJson() const;
};

// `truth` may be null.
absl::StatusOr<RunComparison> CompareRuns(const ComparedSide& before, const ComparedSide& now,
                                          const TruthFile* truth);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RUN_COMPARISON_H_
