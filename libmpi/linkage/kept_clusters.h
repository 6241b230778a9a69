// SPDX-License-Identifier: Apache-2.0
// The persons of some components of a kept linkage, decided again. Internal to LinkageChange.
#ifndef LIBMPI_LINKAGE_KEPT_CLUSTERS_H_
#define LIBMPI_LINKAGE_KEPT_CLUSTERS_H_

#include <cstdint>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "libmpi/linkage/changing_nodes.h"
#include "libmpi/linkage/frozen_model.h"
#include "libmpi/linkage/linkage_change.h"
#include "libmpi/linkage/record_edges.h"

namespace libmpi {

class KeptClusters {
 public:
  // Borrows both; writes the persons of records to `nodes`.
  KeptClusters(ChangingNodes* nodes, const FrozenModel& model) : nodes_(*nodes), model_(model) {}

  // Decides the components of these nodes.
  absl::Status Decide(const std::vector<NodeId>& touched);

  // Their records, by number, with their persons; and what those were before.
  const std::vector<KeptRecord>& decided() const { return decided_records_; }
  const absl::flat_hash_map<uint32_t, uint32_t>& persons_before() const { return person_before_; }
  const std::vector<KeptLink>& links() const { return links_; }
  const std::vector<KeptReview>& review() const { return review_; }

 private:
  // All nodes that joining edges and decisions tie to these.
  absl::Status FindComponents(std::vector<NodeId> from, std::set<NodeId>* found);
  absl::Status FindDecisions(const NodeState& state, std::vector<NodeId>* tied);
  absl::Status FindTied();
  void ListRecords();
  void ListEdges();
  absl::Status Cluster();
  absl::Status WritePersons();
  void ListLinks(const std::vector<Edge>& doubtful_pairs);
  PairScore Score(uint32_t a, uint32_t b);
  KeptEnd End(uint32_t i) const { return {records_[i]->number, records_[i]->person, records_[i]->key}; }
  bool IsDecided(uint32_t i) const { return decided_.contains(node_ids_[distinct_.NumberOf(i)]); }

  ChangingNodes& nodes_;
  const FrozenModel& model_;
  std::set<NodeId> decided_, tied_;
  absl::flat_hash_map<std::pair<uint32_t, uint32_t>, bool> decisions_;  // record numbers, the smaller first; same?
  // Records of both, in the order of their keys, and their nodes, numbered as they first stand there.
  std::vector<const KeptRecord*> records_;
  std::vector<NodeId> node_ids_;
  DistinctRecords distinct_;
  absl::flat_hash_map<uint32_t, uint32_t> place_;   // in records_, by number
  std::vector<Edge> edges_, joining_, repeats_;     // between numbered nodes
  absl::flat_hash_map<uint64_t, PairScore> known_;  // of edges
  std::unique_ptr<PackedNodes> scorer_;
  absl::Status scored_ = absl::OkStatus();
  std::vector<uint32_t> cluster_;  // by place in records_
  std::vector<Edge> doubtful_pairs_;
  absl::flat_hash_map<uint32_t, uint32_t> person_before_;
  std::vector<KeptRecord> decided_records_;
  std::vector<KeptLink> links_;
  std::vector<KeptReview> review_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_KEPT_CLUSTERS_H_
