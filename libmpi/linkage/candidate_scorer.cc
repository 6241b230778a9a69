// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/candidate_scorer.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <optional>

#include "libmpi/base/parallel.h"
#include "libmpi/base/progress.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/edge_store.h"
#include "libmpi/linkage/pairs_to_score.h"
#include "libmpi/linkage/run_bounds.h"
#include "libmpi/linkage/thresholds.h"

namespace libmpi {
namespace {

// What one worker counts of the pairs it scores.
struct alignas(kOwnCacheLines) PairTally {
  uint64_t pairs = 0;
  WeightHistogram weights;
};

// What one worker counts of records scored against themselves.
struct alignas(kOwnCacheLines) SelfTally {
  WeightHistogram weights;
  uint64_t unlinkable = 0;
};

}  // namespace

CandidateScorer::CandidateScorer(const EncodedRecords* records, const DistinctRecords* distinct, const Model* model,
                                 const LinkOptions* options, std::vector<Comparator>* comparators)
    : records_(*records), distinct_(*distinct), options_(*options), comparators_(*comparators),
      threads_(static_cast<int>(comparators->size())), shares_(*model, *records, threads_),
      scorers_(comparators->size(), Scorer(model, &shares_, PopulationOf(options->population, *model))) {}

FixedWeight CandidateScorer::LowestKept() const {
  FixedWeight lowest = kLowestReview;
  for (const std::optional<double>& told : {options_.match_threshold, options_.review_threshold})
    if (told) lowest = std::min(lowest, ToFixedWeight(*told));
  return lowest;
}

absl::Status CandidateScorer::ScorePairs(const Blocks& blocks, const PairFilter& filter, ScoredPairs* scored) {
  const FixedWeight lowest = LowestKept();
  const size_t chunks = blocks.chunk_count();
  EdgeStore edges(threads_, MostEdges(distinct_.records()), ToFixedWeight(options_.match_threshold.value_or(0)));
  std::vector<double> expected(chunks, 0);
  std::vector<PairTally> tallies(threads_);
  std::vector<PairsToScore> waiting(threads_);
  std::atomic<bool> cancelled{false};
  const auto score_next = [&](int worker) {
    const auto& [a, b, chunk, compared] = waiting[worker].Take();
    const PairScore score = ScoreCompared(records_.records[a], records_.records[b], compared, options_.preset,
                                          comparators_[worker], &scorers_[worker]);
    const uint64_t times = distinct_.CountOf(a) * distinct_.CountOf(b);
    tallies[worker].weights.Add(score.weight, times);
    if (score.weight < lowest) return;
    edges.Add(worker, chunk, {a, b, score.weight, score.held});
    expected[chunk] += MatchProbability(score.weight) * static_cast<double>(times);
  };
  const auto report = [&](size_t chunk) { return ReportProgress(options_.progress, "score", chunk, chunks); };
  LIBMPI_RETURN_IF_ERROR(report(0));  // the first worker may come too late for any chunk
  size_t reported = chunks;  // touched by worker 0 only
  blocks.ForEachPairByChunk(threads_, [&](int worker, size_t chunk, uint32_t a, uint32_t b) {
    if (worker == 0 && chunk != reported) {
      reported = chunk;
      if (!report(chunk).ok()) cancelled = true;
    }
    if (cancelled.load(std::memory_order_relaxed) || (filter && !filter(a, b))) return;
    ++tallies[worker].pairs;
    if (waiting[worker].full()) score_next(worker);
    PairsToScore::Pair& pair = waiting[worker].Add();
    pair = {a, b, chunk, comparators_[worker].Compare(a, b)};
    scorers_[worker].Upcoming(pair.compared.pattern);
  }, comparators_[0]);
  for (int worker = 0; worker < threads_; ++worker)
    while (!waiting[worker].empty()) score_next(worker);
  if (cancelled) return absl::CancelledError("stopped while comparing pairs");
  scored->pairs = edges.Take(options_.space, &scored->left_out);
  scored->expected_matches += std::accumulate(expected.begin(), expected.end(), 0.0);
  for (const PairTally& part : tallies) {
    scored->candidate_pairs += part.pairs;
    scored->pair_weights.Merge(part.weights);
  }
  return absl::OkStatus();
}

void CandidateScorer::ScoreRepeats(ScoredPairs* scored) {
  for (uint32_t d = 0; d < distinct_.size(); ++d) {
    const uint64_t n = distinct_.CountOf(d);
    if (n < 2) continue;
    const PairScore score = Score(0, d, d);
    scored->repeats.push_back({d, d, score.weight, score.held});
    scored->pair_weights.Add(score.weight, n * (n - 1) / 2);
    scored->expected_matches += MatchProbability(score.weight) * static_cast<double>(n * (n - 1) / 2);
  }
}

void CandidateScorer::ScoreAgainstThemselves(FixedWeight match_threshold, ScoredPairs* scored) {
  std::vector<SelfTally> tallies(threads_);
  ParallelChunks(distinct_.size(), 4096, threads_, [&](size_t begin, size_t end, int worker) {
    for (uint32_t d = static_cast<uint32_t>(begin); d < end; ++d) {
      const PairScore score = Score(worker, d, d);
      tallies[worker].weights.Add(score.weight, distinct_.CountOf(d));
      if (score.held || score.weight < match_threshold) tallies[worker].unlinkable += distinct_.CountOf(d);
    }
  });
  for (const SelfTally& part : tallies) {
    scored->self_weights.Merge(part.weights);
    scored->unlinkable += part.unlinkable;
  }
}

}  // namespace libmpi
