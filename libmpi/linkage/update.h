// SPDX-License-Identifier: Apache-2.0
// A few records more, or other ones, brought into a finished run: the very clusters of a run over all of them by the
// same model and thresholds, at the cost of what they touch and of some looks through the index's arrays.
#ifndef LIBMPI_LINKAGE_UPDATE_H_
#define LIBMPI_LINKAGE_UPDATE_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/linkage/linkage_index.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/record_edges.h"

namespace libmpi {

// Records before and after. A record that says something else than before is gone, and added under its key.
struct RecordChange {
  static constexpr uint32_t kGone = UINT32_MAX;
  size_t count = 0;               // of records afterwards
  std::vector<uint32_t> place;    // by record before: its number afterwards, or kGone
  std::vector<uint32_t> added;    // numbers afterwards of the added ones, ascending
  RecordReader reader;            // of the added ones, by their place in `added`
  // Afterwards: records that one source keeps under one id and that are several persons, pair by pair.
  RecordPairs parts_of_one_id;
};

struct UpdateResult {
  // By record afterwards, as in IndexView: with `grown` and `edges` the index from which the next update goes on.
  std::vector<uint32_t> node_of, cluster;
  std::vector<Edge> edges;
  GrownNodes grown;
  // Records whose cluster was decided again, ascending: all others are in the clusters they were in.
  std::vector<uint32_t> decided;
  // Links and review items that have at least one of these.
  std::vector<Link> links;
  std::vector<ReviewItem> review;
  std::vector<std::pair<uint32_t, Finding>> findings;  // of added records
  uint64_t compared_pairs = 0;   // scored to find edges
  uint64_t new_nodes = 0, dead_nodes = 0;
  uint64_t parted_pairs = 0;     // edges that no block holds together any more
  CutComponents cut;
  std::vector<StageTime> times;
};

// `options`: those of the run that made the index, its model and thresholds given (kInvalidArgument otherwise);
// decisions are of records afterwards. Equals Dedupe() over all records with these options, record by record and
// cluster by cluster; not depending on threads, nor on how often and in what portions records came. kDataLoss where
// the index is damaged. Borrows the index, also in the result.
// Time: some 2 ns a key and 20 ns an edge of the index, and per added record about what Dedupe() takes.
absl::StatusOr<UpdateResult> Update(const IndexView& index, const RecordChange& change, const LinkOptions& options);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_UPDATE_H_
