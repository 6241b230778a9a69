// SPDX-License-Identifier: Apache-2.0
// Weights of a run's candidate pairs.
#ifndef LIBMPI_LINKAGE_CANDIDATE_SCORER_H_
#define LIBMPI_LINKAGE_CANDIDATE_SCORER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/linkage/blocks.h"
#include "libmpi/linkage/comparator.h"
#include "libmpi/linkage/distinct_records.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/pattern_sample.h"
#include "libmpi/linkage/scored_pairs.h"
#include "libmpi/linkage/scorer.h"

namespace libmpi {

// Scores distinct records of one run, each thread with a comparator and a scorer of its own. What it finds depends
// neither on threads nor on which of them scored what.
class CandidateScorer {
 public:
  // Borrows all: `records` holds the distinct ones, `comparators` one a thread.
  CandidateScorer(const EncodedRecords* records, const DistinctRecords* distinct, const Model* model,
                  const LinkOptions* options, std::vector<Comparator>* comparators);
  CandidateScorer(const CandidateScorer&) = delete;
  CandidateScorer& operator=(const CandidateScorer&) = delete;

  // One pair; `worker` tells threads apart.
  PairScore Score(int worker, uint32_t a, uint32_t b) {
    return ScoreRecords(records_.records[a], records_.records[b], options_.preset, &comparators_[worker],
                        &scorers_[worker]);
  }

  // All pairs of blocks that pass the filter, if there is one. Keeps those that may matter whatever the thresholds turn
  // out to be, MostEdges of all records at most. kCancelled if the progress callback says stop.
  absl::Status ScorePairs(const Blocks& blocks, const PairFilter& filter, ScoredPairs* scored);

  // Repeats of a record link only if the weight of their pattern passes, too: two sparse namesakes are repeats, and
  // perhaps two persons.
  void ScoreRepeats(ScoredPairs* scored);

  // A record that says too little to link with its own copy can link with none.
  void ScoreAgainstThemselves(FixedWeight match_threshold, ScoredPairs* scored);

 private:
  FixedWeight LowestKept() const;

  const EncodedRecords& records_;
  const DistinctRecords& distinct_;
  const LinkOptions& options_;
  std::vector<Comparator>& comparators_;
  const int threads_;
  const NameShares shares_;
  std::vector<Scorer> scorers_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_CANDIDATE_SCORER_H_
