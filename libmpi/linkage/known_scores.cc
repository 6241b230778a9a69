// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/known_scores.h"

#include "libmpi/base/status_macros.h"

namespace libmpi {

absl::Status KnownScores::Learn(const FrozenModel& model, std::string_view packed, std::span<const NodeId> nodes,
                                std::span<const std::string> contents) {
  packed_ = packed;
  scores_.clear();
  PackedNodes scorer(model);
  LIBMPI_ASSIGN_OR_RETURN(const uint32_t own, scorer.Add(packed));
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (contents[i].empty()) continue;
    LIBMPI_ASSIGN_OR_RETURN(const uint32_t other, scorer.Add(contents[i]));
    // In the order in which a change scores the two: the one that comes has the larger number.
    scores_[nodes[i]] = {contents[i], scorer.Score(other, own)};
  }
  return absl::OkStatus();
}

}  // namespace libmpi
