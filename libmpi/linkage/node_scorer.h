// SPDX-License-Identifier: Apache-2.0
// Scores pairs of a small set of nodes as a run does that holds them all.
#ifndef LIBMPI_LINKAGE_NODE_SCORER_H_
#define LIBMPI_LINKAGE_NODE_SCORER_H_

#include <cstdint>
#include <vector>

#include "libmpi/linkage/comparator.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/name_frequencies.h"
#include "libmpi/linkage/scorer.h"

namespace libmpi {

// What scores of any pair depend on besides the pair.
struct PairScoring {
  const Model* model;
  const ReadingModel* readings;
  const NameFrequencies* frequencies;
  double population;
  Preset preset;
};

// The weight depends on the pair and the model alone. One worker a thread.
class NodeScorer {
 public:
  // Freezes the texts of `records`, which it borrows, as what `scoring` names. O(their texts).
  NodeScorer(EncodedRecords* records, const PairScoring& scoring, int threads)
      : records_(*records), preset_(scoring.preset),
        shares_((FreezeTexts(*scoring.readings, threads, records), *scoring.frequencies), *records, threads) {
    comparators_.assign(static_cast<size_t>(threads), Comparator(records, scoring.readings));
    scorers_.assign(static_cast<size_t>(threads), Scorer(scoring.model, &shares_, scoring.population));
  }
  NodeScorer(const NodeScorer&) = delete;
  NodeScorer& operator=(const NodeScorer&) = delete;

  // Numbers are places in `records`.
  PairScore Score(int worker, uint32_t a, uint32_t b) {
    const auto w = static_cast<size_t>(worker);
    return ScoreRecords(records_.records[a], records_.records[b], preset_, &comparators_[w], &scorers_[w]);
  }
  void Upcoming(uint32_t i) const { comparators_[0].Upcoming(i); }

 private:
  const EncodedRecords& records_;
  const Preset preset_;
  const NameShares shares_;
  std::vector<Comparator> comparators_;
  std::vector<Scorer> scorers_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_NODE_SCORER_H_
