// SPDX-License-Identifier: Apache-2.0
// Some nodes of an index as a small set of encoded records, to compare them as any other.
#ifndef LIBMPI_LINKAGE_GATHERED_NODES_H_
#define LIBMPI_LINKAGE_GATHERED_NODES_H_

#include <cstdint>
#include <memory>
#include <span>

#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/linkage_index.h"
#include "libmpi/linkage/node_scorer.h"

namespace libmpi {

// Scores pairs of the nodes it was made of, as a run does that holds them all: the weight depends on the pair and the
// model alone. One worker a thread.
class GatheredNodes {
 public:
  // Borrows what `scoring` names. Texts are read, and each node copied: O(nodes).
  GatheredNodes(std::span<const uint32_t> nodes, const GrownNodes& from, const PairScoring& scoring, int threads);

  // Numbers are places in `nodes`.
  PairScore Score(int worker, uint32_t a, uint32_t b) { return scorer_->Score(worker, a, b); }
  void Upcoming(uint32_t i) const { scorer_->Upcoming(i); }

 private:
  EncodedRecords records_;
  std::unique_ptr<NodeScorer> scorer_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_GATHERED_NODES_H_
