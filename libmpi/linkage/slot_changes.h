// SPDX-License-Identifier: Apache-2.0
// Nodes come to the keys of a kept linkage and leave them: which pairs meet then, and which no longer do.
#ifndef LIBMPI_LINKAGE_SLOT_CHANGES_H_
#define LIBMPI_LINKAGE_SLOT_CHANGES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "libmpi/linkage/changing_nodes.h"
#include "libmpi/linkage/encoded_record.h"

namespace libmpi {

// Keeps the slots of keys such that nodes meet in them as they do in the blocks of one run over all of them (Blocks;
// but for the bound on pairs of blocks that stay common after all refinements, which usual data are far below).
class SlotChanges {
 public:
  explicit SlotChanges(ChangingNodes* nodes) : nodes_(*nodes) {}

  // A node comes, or goes; its content must be known (and stay so). O(1) a key, as a rule; where a key crosses the
  // number of nodes beyond which it is sharpened, all nodes of it are looked at.
  absl::Status Add(NodeId node);
  absl::Status Remove(NodeId node);

  // Pairs, as PairKey(), that a key brings together that did not before, or parts; perhaps another key held, or
  // still holds, them together. A pair may be in both.
  const absl::flat_hash_set<uint64_t>& gained() const { return gained_; }
  const absl::flat_hash_set<uint64_t>& lost() const { return lost_; }

  // Whether the two share a block now. Their contents must be known.
  absl::Status Meet(NodeId a, NodeId b, bool* meet);

 private:
  // What the sharper keys of a node are made of.
  struct Refinable {
    EncodedRecord record;
    std::string city;
    std::vector<uint64_t> keys;
  };

  absl::Status AddTo(const SlotKey& key, NodeId node);
  absl::Status RemoveFrom(const SlotKey& key, NodeId node);
  absl::Status Branch(const SlotKey& key);
  absl::Status Collapse(const SlotKey& key);
  absl::Status Gather(const SlotKey& key, std::vector<NodeId>* nodes);
  absl::Status MeetIn(const SlotKey& key, NodeId a, NodeId b, bool* meet);
  // The key that the node has below this one.
  absl::Status Child(const SlotKey& key, NodeId node, SlotKey* child);
  absl::Status KeysOf(NodeId node, const std::vector<uint64_t>** keys);
  absl::Status Read(NodeId node, const Refinable** refinable);

  ChangingNodes& nodes_;
  absl::flat_hash_set<uint64_t> gained_, lost_;
  absl::node_hash_map<NodeId, Refinable> refinable_;
};

// The nodes that a node would meet if it came, `most` at most; *more: there are others. Those of keys that are common
// are looked for last. kDataLoss: not a node.
absl::Status NodesThatMeet(const KeptLinkage& kept, std::string_view packed, size_t most, std::vector<NodeId>* nodes,
                           bool* more);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_SLOT_CHANGES_H_
