// SPDX-License-Identifier: Apache-2.0
// Scores of a node that is about to come into a kept linkage, worked out before.
#ifndef LIBMPI_LINKAGE_KNOWN_SCORES_H_
#define LIBMPI_LINKAGE_KNOWN_SCORES_H_

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "libmpi/linkage/frozen_model.h"
#include "libmpi/linkage/kept_linkage.h"

namespace libmpi {

// Of one node with others. They hold whatever comes between, as each stands with what both nodes say.
class KnownScores {
 public:
  // Scores what `packed` says with each of `nodes`, of which contents[i] is what the i-th says (empty: passed over).
  // O(nodes). kDataLoss: not a node.
  absl::Status Learn(const FrozenModel& model, std::string_view packed, std::span<const NodeId> nodes,
                     std::span<const std::string> contents);

  // How `packed` and the other node agree; null where that is not known.
  bool IsOf(std::string_view packed) const { return packed == packed_; }
  const PairScore* Find(NodeId other, std::string_view content) const {
    const auto it = scores_.find(other);
    return it != scores_.end() && it->second.first == content ? &it->second.second : nullptr;
  }

 private:
  std::string packed_;
  absl::flat_hash_map<NodeId, std::pair<std::string, PairScore>> scores_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_KNOWN_SCORES_H_
