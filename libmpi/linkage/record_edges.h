// SPDX-License-Identifier: Apache-2.0
// From distinct records back to records: their edges, their nodes in clustering, their clusters.
#ifndef LIBMPI_LINKAGE_RECORD_EDGES_H_
#define LIBMPI_LINKAGE_RECORD_EDGES_H_

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/distinct_records.h"
#include "libmpi/linkage/run_bounds.h"
#include "libmpi/linkage/scorer.h"

namespace libmpi {

using RecordPairs = std::vector<std::pair<uint32_t, uint32_t>>;

// Edges between records, a < b, from those between distinct records (`pairs`) and of repeats with
// each other (`repeats`: a == b). Repeats beyond DistinctRecords::kMostPairedRepeats are linked to
// their first record only; with `every_first`, pairs have all repeats of the distinct record a. Where edges between
// the repeats of `pairs` were more than `most`, fewer repeats of each record take part, one at least;
// *left_out: the edges that this costs. `space`: for the edges.
LargeArray<Edge> RecordEdges(const DistinctRecords& distinct, std::span<const Edge> pairs,
                             std::span<const Edge> repeats, bool every_first, uint64_t most, uint64_t* left_out,
                             ArraySpace* space = nullptr);

// What clustering joins: the repeats of a record are one node where their own weight links them,
// else a node each. Nodes are in the order of their first records.
struct ClusterNodes {
  std::vector<uint32_t> distinct;      // by node
  std::vector<uint32_t> first_record;  // by node, ascending
  std::vector<uint32_t> count;         // records of the node
  LargeArray<Edge> edges;              // between nodes, at or above the threshold
  RecordPairs must_links, cannot_links;  // between nodes
  RecordPairs apart;                     // node, group: nodes of one group never meet
};
// `must_links`, `cannot_links` and `apart` (record, group) are of records; repeats that a cannot-link or a group
// tells apart are nodes of their own.
ClusterNodes MakeClusterNodes(const DistinctRecords& distinct, std::span<const Edge> pairs,
                              std::span<const Edge> repeats, FixedWeight threshold,
                              const RecordPairs& must_links, const RecordPairs& cannot_links,
                              const RecordPairs& apart, ArraySpace* space = nullptr);

// The cluster of each record, named by its smallest record, from the cluster of each node.
std::vector<uint32_t> RecordClusters(const DistinctRecords& distinct, const ClusterNodes& nodes,
                                     std::span<const uint32_t> node_cluster, size_t records);

// Clusters of records, and what Clustering says, of records.
struct ClusteredRecords {
  std::vector<uint32_t> cluster;
  std::vector<Edge> doubtful_pairs;
  CutComponents cut;
};
// Scores two distinct records; `worker` tells threads apart.
using DistinctScore = std::function<PairScore(int worker, uint32_t a, uint32_t b)>;

// Clusters nodes at the match threshold; a held pair speaks against a merge, but does not undo what the others say.
ClusteredRecords ClusterNodeRecords(const DistinctRecords& distinct, const ClusterNodes& nodes, size_t records,
                                    FixedWeight match_threshold, const DistinctScore& score, int threads);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_RECORD_EDGES_H_
