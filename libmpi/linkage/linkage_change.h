// SPDX-License-Identifier: Apache-2.0
// Some records come into a kept linkage, some go, some are decided on: what changes, at the cost of what they touch.
#ifndef LIBMPI_LINKAGE_LINKAGE_CHANGE_H_
#define LIBMPI_LINKAGE_LINKAGE_CHANGE_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "libmpi/linkage/changing_nodes.h"
#include "libmpi/linkage/frozen_model.h"
#include "libmpi/linkage/slot_changes.h"

namespace libmpi {

// A link or a question between records of a kept linkage, told by their numbers; `a` has the smaller key.
struct KeptLink {
  uint32_t a = 0, b = 0;
  FixedWeight weight = 0;
  LinkDecision decision = LinkDecision::kMatch;
  bool held = false;
};
struct KeptReview {
  uint32_t a = 0, b = 0;
  uint32_t person_a = 0, person_b = 0;
  FixedWeight weight = 0;
  ReviewReason reason = ReviewReason::kBetweenThresholds;
  double priority = 0;
};

// One change of a linkage. Whatever the changes and their order, records are then in the clusters in which Dedupe() of
// the records that take part puts them, with the same model, options and decisions (but for bounds that usual data are
// far below: run_bounds.h).
//
// For one thread; the methods in the order in which they stand here. After an error the change is void. What was read
// must stay what it is until the outcome is written.
class LinkageChange {
 public:
  // Borrows both. `next_node`: the first number that was never a node's.
  LinkageChange(const KeptLinkage* kept, const FrozenModel* model, NodeId next_node);

  // A record leaves. kNotFound: it takes no part.
  absl::StatusOr<KeptRecord> Remove(uint32_t record);
  // A record comes that takes no part (perhaps since Remove()); `packed` is its node (FrozenModel::Pack). person is
  // not looked at.
  absl::Status Add(KeptRecord record, std::string packed);
  // Decisions of a record have changed; `decided`: whether it has any now. Nothing where it takes no part.
  absl::Status Touch(uint32_t record, bool decided);
  // The rank of a record that takes part is another.
  absl::Status SetRank(uint32_t record, uint32_t rank);

  // Works out what follows. Nothing can be changed afterwards.
  absl::Status Finish();

  // What is kept from now on, where entries are changed; values that are empty are to be forgotten.
  const ChangingNodes& nodes() const { return nodes_; }
  NodeId next_node() const { return next_node_; }

  // A record whose person was decided again, by number: what it was (0: took no part) and is (0: takes none).
  struct PersonChange {
    uint32_t record = 0, before = 0, after = 0;
  };
  const std::vector<PersonChange>& persons() const { return persons_; }
  // All records of every person that has one of those, by number: those decided again are all of them.
  const std::vector<KeptRecord>& decided() const { return decided_; }
  // Links and questions that have at least one of those.
  const std::vector<KeptLink>& links() const { return links_; }
  const std::vector<KeptReview>& review() const { return review_; }
  uint64_t scored_pairs() const { return scored_pairs_; }

 private:
  struct Gone {
    uint32_t record, person;
  };

  absl::StatusOr<NodeId> NodeFor(std::string packed, bool* is_new);
  absl::Status TouchDecided(uint32_t record);
  absl::Status RemoveNode(NodeId node);
  absl::Status RemoveEdge(NodeId a, NodeId b);
  absl::Status UpdateEdges();
  absl::Status ScoreGained();
  absl::Status AddEdge(NodeId a, NodeId b, const PairScore& score);

  ChangingNodes nodes_;
  const FrozenModel& model_;
  NodeId next_node_;
  SlotChanges slots_;
  std::set<NodeId> touched_;
  std::vector<NodeId> new_nodes_;
  std::vector<Gone> gone_;  // records that left, and their persons then
  std::vector<PersonChange> persons_;
  std::vector<KeptRecord> decided_;
  std::vector<KeptLink> links_;
  std::vector<KeptReview> review_;
  uint64_t scored_pairs_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_LINKAGE_CHANGE_H_
