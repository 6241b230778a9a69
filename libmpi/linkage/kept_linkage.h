// SPDX-License-Identifier: Apache-2.0
// A linkage that somebody keeps and that grows record by record: what it consists of, and how it is read.
#ifndef LIBMPI_LINKAGE_KEPT_LINKAGE_H_
#define LIBMPI_LINKAGE_KEPT_LINKAGE_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/record/record.h"

namespace libmpi {

// A *node* is what records say: a distinct record, told by its packed bytes (packed_node.h). It has a number, never
// given again, and lives as long as a record says it.
using NodeId = uint32_t;

// A blocking key that was sharpened `step` times (RefinedKey), or, with kContentStep, a content hash.
struct SlotKey {
  static constexpr uint8_t kContentStep = 255;
  uint64_t key = 0;
  uint8_t step = 0;
  auto operator<=>(const SlotKey&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const SlotKey& k) {
    return H::combine(std::move(h), k.key, k.step);
  }
};

// The nodes of a key: named, or, where they are too many to be a block (Blocks::MostMembers), counted, and named by
// the key's sharper ones.
struct KeySlot {
  uint64_t count = 0;
  std::vector<NodeId> nodes;       // ascending
  std::vector<uint64_t> children;  // sharper keys, ascending; where there are any, `nodes` is empty
  bool empty() const { return count == 0; }
  bool branches() const { return !children.empty(); }
  bool operator==(const KeySlot&) const = default;
};

// A record of a node. Its number is never given again. Its rank tells whose enterprise ID a person bears: the number
// of the record of lowest rank; as a rule a record's rank is its own number, so the earliest registered one's.
struct KeptRecord {
  uint32_t number = 0;
  uint32_t rank = 0;
  uint32_t person = 0;    // lowest rank of the records of its cluster
  bool decided = false;   // some decision names it
  RecordKey key;
  bool operator==(const KeptRecord&) const = default;
};

// A pair of nodes that a block holds together, at or above FrozenModel::lowest(); or, of a node that several records
// say, with `other` the node itself: how two of them agree.
struct KeptEdge {
  NodeId other = 0;
  FixedWeight weight = 0;
  bool held = false;
  bool operator==(const KeptEdge&) const = default;
};

struct NodeState {
  std::vector<KeptRecord> records;  // by number
  std::vector<KeptEdge> edges;      // by other
  bool operator==(const NodeState&) const = default;
};

struct KeptDecision {
  uint32_t other = 0;  // number of the other record
  bool same = false;
};

// Reads a linkage. Lists come in the order of what was asked; what is not there is empty. Errors are the keeper's.
class KeptLinkage {
 public:
  virtual ~KeptLinkage() = default;
  virtual absl::Status ReadSlots(std::span<const SlotKey> keys, std::vector<KeySlot>* slots) const = 0;
  virtual absl::Status ReadContents(std::span<const NodeId> nodes, std::vector<std::string>* packed) const = 0;
  virtual absl::Status ReadStates(std::span<const NodeId> nodes, std::vector<NodeState>* states) const = 0;
  // The node of a record; nothing where the record takes no part in the linkage.
  virtual absl::Status ReadNodeOf(uint32_t record, std::optional<NodeId>* node) const = 0;
  // All decisions that name the record, also of records that take no part.
  virtual absl::Status ReadDecisions(uint32_t record, std::vector<KeptDecision>* decisions) const = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_KEPT_LINKAGE_H_
