// SPDX-License-Identifier: Apache-2.0
// The candidate pairs of a finished run, found and scored once more.
#ifndef LIBMPI_LINKAGE_REPLAY_H_
#define LIBMPI_LINKAGE_REPLAY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/linkage/blocks.h"
#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/comparator.h"
#include "libmpi/linkage/distinct_records.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/scorer.h"

namespace libmpi {

// Standardizes, encodes and blocks the records of a run by its model as the run did, so that it can be
// asked which pairs were candidates and what any pair weighs. What Dedupe() and
// LinkToReference() keep of a pair, this gives again bit by bit. Borrows nothing after Create but
// the model. Not thread-safe.
class Replay {
 public:
  // `options`: the run's; its model must be given (else kInvalidArgument). `new_count`: of a run against a
  // reference list, how many records, the first ones, are new: only pairs of a new record
  // and another are candidates. Time and memory as Dedupe() up to scoring.
  static absl::StatusOr<std::unique_ptr<Replay>> Create(size_t count, const RecordReader& reader,
                                                        const LinkOptions& options,
                                                        std::optional<size_t> new_count);

  // Whether the run could have compared the two: of two lists, pairs across only.
  bool Comparable(uint32_t a, uint32_t b) const {
    return !new_count_ || (a < *new_count_) != (b < *new_count_);
  }
  // Whether the run compared the two (of exact repeats: those of the same distinct records).
  bool IsCandidate(uint32_t a, uint32_t b) const;
  // Whether Edges() has the record's pairs one by one; of a repeat beyond DistinctRecords::kMostPairedRepeats it has
  // but the one with the first.
  bool PairedOneByOne(uint32_t record) const {
    const uint32_t d = distinct_.NumberOf(record);
    return record <= distinct_.RecordsOf(d)[distinct_.PairedCountOf(d) - 1];
  }
  // The weight of any pair, candidate or not.
  PairScore Score(uint32_t a, uint32_t b);

  // Pairs of distinct records that share a block, repeats of one with each other among them (then a and
  // b are one span), and their score: visit(worker, records of a, records of b, score). In
  // parallel; each pair once; in an order that depends on the threads.
  template <typename Visit>
  void ForEachCandidate(const Visit& visit) {
    blocks_->ForEachPair(threads_, [&](int worker, uint32_t a, uint32_t b) {
      if (Compared(a, b)) visit(worker, distinct_.RecordsOf(a), distinct_.RecordsOf(b), ScoreOf(worker, a, b));
    });
    if (new_count_) return;
    for (uint32_t d = 0; d < distinct_.size(); ++d)
      if (distinct_.CountOf(d) > 1) visit(0, distinct_.RecordsOf(d), distinct_.RecordsOf(d), ScoreOf(0, d, d));
  }
  int threads() const { return threads_; }

  // Candidate pairs at or above a weight as pairs of records, as the run has them to choose its thresholds
  // by (of many repeats, not all pairs: RecordEdges); held as the run, or as `preset`, holds them. The
  // same for any number of threads.
  LargeArray<Edge> Edges(FixedWeight lowest, std::optional<Preset> preset = std::nullopt);

  // Pairs of records that were compared, and that could have been.
  uint64_t CandidatePairs() const;
  // Of those compared, how many weigh less than `weight`. Scores all again.
  uint64_t CandidatePairsBelow(FixedWeight weight);
  double AllPairs() const;

 private:
  Replay() = default;
  bool Compared(uint32_t a, uint32_t b) const {
    return !new_count_ || distinct_.AreOfTwoLists(a, b);
  }
  PairScore ScoreOf(int worker, uint32_t a, uint32_t b) { return ScoreOf(worker, a, b, preset_); }
  PairScore ScoreOf(int worker, uint32_t a, uint32_t b, Preset preset);

  size_t count_ = 0;
  std::optional<size_t> new_count_;
  Preset preset_ = Preset::kBalanced;
  int threads_ = 1;
  std::unique_ptr<ReadingModel> readings_;
  EncodedRecords records_;  // the distinct ones
  DistinctRecords distinct_;
  std::unique_ptr<Blocks> blocks_;
  std::unique_ptr<NameShares> shares_;
  std::vector<Comparator> comparators_;
  std::vector<Scorer> scorers_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_REPLAY_H_
