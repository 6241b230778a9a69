// SPDX-License-Identifier: Apache-2.0
// Linking a table of any schema.
#ifndef LIBMPI_TABLE_TABLE_LINKER_H_
#define LIBMPI_TABLE_TABLE_LINKER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/base/progress.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/table/table.h"
#include "libmpi/table/table_model.h"

namespace libmpi::table {

struct TableOptions {
  const TableModel* model = nullptr;  // to use; null: learned from the table
  Preset preset = Preset::kBalanced;
  std::optional<double> match_threshold, review_threshold;  // bits
  std::vector<Decision> decisions;                          // deduplication only
  bool one_to_one = false;  // of two lists: a reference record takes at most one new one
  int threads = 0;
  uint64_t seed = 0;
  ProgressCallback progress;
};

// One rule of a run.
struct RuleReport {
  std::string rule;
  uint64_t pairs = 0, unreached_pairs = 0;
  double expected_recall = 0;  // with the rules before it, of what all rules looked at would find; 0: not known
};

struct TableResult {
  std::vector<uint32_t> cluster;   // by record: smallest record of its cluster
  std::vector<Link> links;         // at or above the review threshold, by (a, b)
  std::vector<ReviewItem> review;  // by case
  TableModel model;
  bool model_learned = false;
  double match_threshold = 0, review_threshold = 0;  // bits
  double expected_wrong_links = 0;
  double expected_matches = 0;     // pairs, by the model, among the candidates
  uint64_t candidate_pairs = 0, clusters = 0, largest_cluster = 0;
  // Records that could not be linked to a copy of themselves: they say too little.
  uint64_t unlinkable = 0;
  WeightHistogram pair_weights;    // of all candidate pairs
  WeightHistogram self_weights;    // of each record against itself: the most that any other can give it
  std::vector<RuleReport> rules;
  std::vector<StageTime> times;
  SelfCheck self_check;
};

// Who is one among the records; with two lists, each of the first list's records to at most one of the
// second's. Depends on the table, the model and the options only, not on threads. kInvalidArgument for
// decisions or thresholds that make no sense or a model of another schema, kCancelled if the progress says stop.
absl::StatusOr<TableResult> LinkTable(const Schema& schema, const Table& table, const TableOptions& options);

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_TABLE_LINKER_H_
