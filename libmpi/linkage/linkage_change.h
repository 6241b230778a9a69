// SPDX-License-Identifier: Apache-2.0
// Some records come into a kept linkage, some go, some are decided on: what changes, at the cost of what they touch.
#ifndef LIBMPI_LINKAGE_LINKAGE_CHANGE_H_
#define LIBMPI_LINKAGE_LINKAGE_CHANGE_H_

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "libmpi/linkage/changing_nodes.h"
#include "libmpi/linkage/frozen_model.h"
#include "libmpi/linkage/known_scores.h"
#include "libmpi/linkage/slot_changes.h"

namespace libmpi {

// A record and whose it is.
struct KeptEnd {
  uint32_t number = 0;
  uint32_t person = 0;
  RecordKey key;
};
// A link or a question between records of a kept linkage; `a` has the smaller key.
struct KeptLink {
  KeptEnd a, b;
  FixedWeight weight = 0;
  LinkDecision decision = LinkDecision::kMatch;
  bool held = false;
};
struct KeptReview {
  KeptEnd a, b;
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

  // Scores that are known already, of a node that may come. Borrowed.
  void Know(const KnownScores* scores) { known_scores_ = scores; }

  // No record has had this number: it need not be looked for.
  void IsNew(uint32_t record) { nodes_.node_of.Learn(record, std::nullopt); }

  // A record leaves; what it was, and its node. kNotFound: it takes no part.
  struct Removed {
    KeptRecord record;
    NodeId node = 0;
  };
  absl::StatusOr<Removed> Remove(uint32_t record);
  // A record comes that takes no part (perhaps since Remove()); `packed` is its node (FrozenModel::Pack). person is
  // not looked at. Where no other record says the same, and `node` is nobody's now but was this record's, it has that
  // number again, so that what was undone leaves no trace; 0, or one that was never given: a new one.
  absl::Status Add(KeptRecord record, std::string packed, NodeId node);
  // Whether a record that takes part says just this.
  absl::StatusOr<bool> Says(uint32_t record, std::string_view packed);
  // Decisions of a record have changed; `decided`: whether it has any now. Nothing where it takes no part.
  absl::Status Touch(uint32_t record, bool decided);
  // The rank of a record that takes part is another.
  absl::Status SetRank(uint32_t record, uint32_t rank);

  // Works out what follows. Nothing can be changed afterwards.
  absl::Status Finish();

  // What is kept from now on, where entries are changed; values that are empty are to be forgotten.
  const ChangingNodes& nodes() const { return nodes_; }
  NodeId next_node() const { return next_node_; }

  // A record whose person is another one, or that left or came, by number: what it was (0: took no part) and is
  // (0: takes none).
  struct PersonChange {
    uint32_t record = 0, before = 0, after = 0;
    RecordKey key;
  };
  const std::vector<PersonChange>& persons() const { return persons_; }
  // All records of every person that has one of those, by number: those decided again are all of them.
  const std::vector<KeptRecord>& decided() const { return decided_; }
  // Links and questions that have at least one of those.
  const std::vector<KeptLink>& links() const { return links_; }
  const std::vector<KeptReview>& review() const { return review_; }
  // Of all decided records but this one that were there before: before and after.
  std::vector<std::pair<uint32_t, uint32_t>> others_of(uint32_t record) const;
  // By how many the persons are more.
  int64_t more_persons() const { return more_persons_; }
  // Nodes that came, and those that went with what they were.
  const std::vector<NodeId>& new_nodes() const { return new_nodes_; }
  const std::vector<std::pair<NodeId, std::string>>& gone_nodes() const { return gone_nodes_; }

 private:
  // Where a record that takes part stands, to change it. kNotFound: it takes none.
  struct Place {
    NodeId node;
    NodeState* state;
    std::vector<KeptRecord>::iterator record;
  };
  absl::StatusOr<Place> Find(uint32_t record);
  absl::StatusOr<NodeId> NodeFor(std::string packed, NodeId wanted, bool* is_new);
  absl::Status TouchDecided(uint32_t record);
  absl::Status RemoveNode(NodeId node);
  absl::Status RemoveEdge(NodeId a, NodeId b);
  absl::Status UpdateEdges();
  absl::Status ScoreGained();
  absl::Status PairsToScore(std::vector<uint64_t>* pairs);
  const PairScore* KnownScore(NodeId a, NodeId b) const;  // null: not known; a <= b
  absl::Status AddEdge(NodeId a, NodeId b, const PairScore& score);

  ChangingNodes nodes_;
  const FrozenModel& model_;
  const KnownScores* known_scores_ = nullptr;
  NodeId next_node_;
  SlotChanges slots_;
  std::set<NodeId> touched_;
  std::vector<NodeId> new_nodes_;
  std::set<NodeId> repeated_;  // those of whose records there are two, now
  std::vector<std::pair<NodeId, std::string>> gone_nodes_;
  std::vector<KeptRecord> gone_;  // records that left, as they were then
  absl::flat_hash_map<uint32_t, uint32_t> person_before_;  // of decided records
  int64_t more_persons_ = 0;
  std::vector<PersonChange> persons_;
  std::vector<KeptRecord> decided_;
  std::vector<KeptLink> links_;
  std::vector<KeptReview> review_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_LINKAGE_CHANGE_H_
