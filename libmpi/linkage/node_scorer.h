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
        shares_((records->texts.Freeze(), *scoring.frequencies), *records, threads) {
    comparators_.assign(static_cast<size_t>(threads), Comparator(records, scoring.readings, threads));
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

// The same for one small set of nodes after the other: remembers what it learnt of texts and patterns, so that a set is
// dear only for what no set before it had. For one thread.
class ReusedScorer {
 public:
  // Borrows what `scoring` names.
  explicit ReusedScorer(const PairScoring& scoring)
      : scoring_(scoring), shares_(*scoring.frequencies),
        comparator_((FirstTexts(&records_), &records_), scoring.readings, 1, kMostTexts),
        scorer_(scoring.model, &shares_, scoring.population) {}
  ReusedScorer(const ReusedScorer&) = delete;
  ReusedScorer& operator=(const ReusedScorer&) = delete;

  // The set: whoever adds to it, or clears it, calls Extend() before the next Score().
  EncodedRecords& records() { return records_; }
  void Clear() {
    records_.records.clear();
    records_.more.resize(1);
  }
  void Extend() {
    records_.texts.Extend();
    shares_.Extend(*scoring_.frequencies, records_);
    comparator_.Extend();
  }
  PairScore Score(uint32_t a, uint32_t b) {
    return ScoreRecords(records_.records[a], records_.records[b], scoring_.preset, &comparator_, &scorer_);
  }
  // It has learnt so much that a new one should take its place: some megabytes.
  bool full() const { return records_.texts.id_limit() > kMostTexts; }

 private:
  static constexpr size_t kMostTexts = 1 << 15;
  static void FirstTexts(EncodedRecords* records) {
    records->texts = TextDictionary(1);
    records->texts.Extend();
    records->more.emplace_back();
  }

  const PairScoring scoring_;
  EncodedRecords records_;
  NameShares shares_;
  Comparator comparator_;
  Scorer scorer_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_NODE_SCORER_H_
