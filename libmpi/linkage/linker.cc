// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/linker.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <future>
#include <memory>
#include <numeric>
#include <tuple>

#include "absl/container/flat_hash_set.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/blocks.h"
#include "libmpi/linkage/calibration.h"
#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/decision_checks.h"
#include "libmpi/linkage/comparator.h"
#include "libmpi/linkage/distinct_records.h"
#include "libmpi/linkage/edge_store.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/kept_stages.h"
#include "libmpi/linkage/key_order.h"
#include "libmpi/linkage/learning.h"
#include "libmpi/linkage/linkage_index.h"
#include "libmpi/linkage/pairs_to_score.h"
#include "libmpi/linkage/record_edges.h"
#include "libmpi/linkage/review.h"
#include "libmpi/linkage/run_bounds.h"
#include "libmpi/linkage/run_stages.h"
#include "libmpi/linkage/scorer.h"
#include "libmpi/linkage/self_check.h"
#include "libmpi/linkage/thresholds.h"

namespace libmpi {
namespace {

// What one worker counts of the pairs it scores.
struct alignas(kOwnCacheLines) PairTally {
  uint64_t pairs = 0;
  WeightHistogram weights;
};

// One run, stage by stage, in the order of its methods. What a stage made is kept and, if it was kept by a run
// that did not end, not made again.
class Run {
 public:
  // `new_count`: how many records are new, where only pairs of a new one and another are looked at; none: all
  // pairs.
  // `index`: where an index is kept, or null.
  Run(size_t count, std::optional<size_t> new_count, const RecordReader& reader, const LinkOptions& options,
      StageStore* index = nullptr)
      : index_(index), count_(count), reader_(reader), options_(options),
        threads_(ResolveThreads(options.threads)), started_(Clock::now()), new_count_(new_count),
        records_(options.space), distinct_(options.space), edges_(options.space),
        stages_(options.stages, options.stages != nullptr ? HashOfRun(count, new_count, options) : 0) {}

  // What all runs share: features, blocks, a model.
  absl::Status Prepare() {
    DataCounts counted;
    const bool has_model = options_.model != nullptr;
    if (has_model) result_.model = *options_.model;
    else LIBMPI_RETURN_IF_ERROR(Count(&counted));
    const NameCounts& names = has_model ? result_.model.names : counted.names;
    const bool check_digits = has_model ? result_.model.insurer_check_digits : counted.InsurersHaveCheckDigits();
    readings_ = std::make_unique<ReadingModel>(names.Readings());
    LIBMPI_RETURN_IF_ERROR(Standardize(names, check_digits));
    if (new_count_)
      filter_ = [this](uint32_t a, uint32_t b) { return distinct_.AreOfTwoLists(a, b); };
    const bool learned = !has_model && FindLearned(&counted);
    found_scored_ = stages_.Load("scored", [this](StageParser* in) {
      return ReadScored(distinct_.size(), in, &scored_, &result_);
    });
    if (found_scored_) {
      records_.ForgetKeys();  // nobody saves them: they were found
    } else {
      blocks_ = std::make_unique<Blocks>(&records_, threads_, [this] {
        if (keys_saved_.valid()) keys_saved_.wait();
      });
      result_.blocking = blocks_->report();
    }
    comparators_.assign(threads_, Comparator(&records_, readings_.get(), threads_));
    EndStage("block");
    if (has_model) return absl::OkStatus();
    if (!learned) return Learn(std::move(counted));
    EndStage("patterns");
    EndStage("learn");
    return absl::OkStatus();
  }

  // Weights of all candidate pairs; keeps those that may matter.
  absl::Status Score() {
    shares_ = std::make_unique<NameShares>(result_.model, records_, threads_);
    scorers_.assign(threads_, Scorer(&result_.model, shares_.get(),
                                     PopulationOf(options_.population, result_.model)));
    if (!found_scored_) {
      LIBMPI_RETURN_IF_ERROR(ScorePairs());
      if (!new_count_) ScoreRepeats();
    }
    blocks_.reset();
    left_out_.edges = scored_.left_out;
    edges_ = RecordEdges(distinct_, scored_.pairs, scored_.repeats, new_count_.has_value(), MostEdges(count_),
                         &left_out_.repeat_edges, options_.space);
    thresholds_ = ChooseThresholds(options_, edges_);
    if (!found_scored_) {
      ScoreAgainstThemselves();
      stages_.Save("scored", [this](StageWriter* out) { WriteScored(scored_, result_, out); });
    }
    EndStage("score");
    return absl::OkStatus();
  }

  absl::Status Cluster() {
    LIBMPI_RETURN_IF_ERROR(Report("cluster", 0, 1));
    if (options_.pairs_scored) options_.pairs_scored();
    if (!stages_.Load("clustered", [this](StageParser* in) { return ReadClustered(count_, in, &clustered_); })) {
      FindClusters();
      stages_.Save("clustered", [this](StageWriter* out) { WriteClustered(clustered_, out); });
    }
    if (index_ != nullptr)
      LIBMPI_RETURN_IF_ERROR(SaveIndexResult(scored_.pairs, clustered_.cluster, index_));
    if (clustered_.cut.count > 0) result_.self_check.warnings.push_back(CutWarning(clustered_.cut));
    EndStage("cluster");
    return absl::OkStatus();
  }

  // Each new record to its best reference record, best pairs first.
  absl::Status Assign(size_t new_count, bool one_to_one) {
    LargeArray<Edge> best = edges_;
    std::sort(best.begin(), best.end(), [](const Edge& x, const Edge& y) {
      if (x.weight != y.weight) return x.weight > y.weight;
      return x.a != y.a ? x.a < y.a : x.b < y.b;
    });
    std::vector<uint32_t>& cluster = clustered_.cluster;
    cluster.resize(count_);
    std::iota(cluster.begin(), cluster.end(), 0);
    std::vector<uint32_t> smallest(count_), taken(count_, 0);
    std::iota(smallest.begin(), smallest.end(), 0);
    for (const Edge& e : best) {
      if (!e.Joins(thresholds_.match) || taken[e.a] || (one_to_one && taken[e.b])) continue;
      taken[e.a] = taken[e.b] = 1;
      reference_of_.emplace_back(e.a, e.b);
      smallest[e.b] = std::min(smallest[e.b], e.a);
    }
    for (const auto& [a, b] : reference_of_) cluster[a] = smallest[b];
    for (size_t b = new_count; b < count_; ++b) cluster[b] = smallest[b];
    EndStage("assign");
    return absl::OkStatus();
  }

  LinkResult Finish() {
    result_.cluster = std::move(clustered_.cluster);
    result_.links = DecideLinks(edges_, result_.cluster, thresholds_.review);
    if (new_count_) KeepAssignedLinks();
    result_.match_threshold = WeightBits(thresholds_.match);
    result_.review_threshold = WeightBits(thresholds_.review);
    result_.expected_wrong_links = ExpectedWrongShare(edges_, thresholds_.match);
    LargeArray<uint32_t> size(count_, 0);
    for (uint32_t c : result_.cluster) ++size[c];
    uint64_t pairs_found = 0;
    for (uint64_t n : size) {
      result_.clusters += n > 0;
      result_.largest_cluster = std::max(result_.largest_cluster, n);
      pairs_found += n * (n - (n > 0)) / 2;
    }
    result_.review = MakeReviewList(result_.links, result_.cluster, clustered_.doubtful_pairs,
                                     options_.decisions, thresholds_.match, MostReviewCases(count_), &left_out_);
    for (std::string& warning : LeftOutWarnings(left_out_)) result_.self_check.warnings.push_back(std::move(warning));
    if (new_count_) pairs_found = reference_of_.size();
    for (ReviewItem& item : result_.review)
      if (item.reason == ReviewReason::kLargeCluster)
        item.weight = ScoreOf(0, distinct_.NumberOf(item.a), distinct_.NumberOf(item.b)).weight;
    WarnOfRepeats();
    CheckRun(result_, count_, scored_.expected_matches, pairs_found, &result_.self_check);
    stages_.Wait();
    EndStage("review");
    return std::move(result_);
  }

  TrainResult FinishTraining() {
    return {std::move(result_.model), std::move(result_.self_check), result_.model_learned};
  }

 private:
  using Clock = std::chrono::steady_clock;

  absl::Status Count(DataCounts* counted) {
    if (!stages_.Load("names", [counted](StageParser* in) { return ReadCounts(in, counted); })) {
      LIBMPI_ASSIGN_OR_RETURN(*counted, CountData(count_, reader_, options_));
      stages_.Save("names", [counted](StageWriter* out) { WriteCounts(*counted, out); });
    }
    EndStage("names");
    return absl::OkStatus();
  }

  // Distinct records, whether they were found or are made. They are kept while the run goes on; their keys until blocks
  // are made of them, which then take them away.
  absl::Status Standardize(const NameCounts& names, bool insurer_check_digits) {
    const bool found = FindRecords();
    if (!found) {
      records_ = EncodedRecords(options_.space);
      const Standardizer standardizer({options_.today, insurer_check_digits}, &names, readings_.get());
      LIBMPI_RETURN_IF_ERROR(EncodeRecords(count_, new_count_.value_or(0), reader_, standardizer, *readings_,
                                           threads_, options_.progress, &records_));
      parts_of_one_id_ = std::move(records_.parts_of_one_id);
    }
    if (options_.records_read) options_.records_read();
    result_.findings = std::move(records_.findings);
    EndStage("standardize");
    LIBMPI_RETURN_IF_ERROR(Report("block", 0, 1));
    if (!found) distinct_ = DistinctRecords(&records_, new_count_.value_or(0), threads_);
    if (index_ != nullptr) LIBMPI_RETURN_IF_ERROR(SaveIndexNodes(records_, distinct_, threads_, index_));
    if (found) return absl::OkStatus();
    keys_saved_ = stages_.Save("keys", [this](StageWriter* out) { WriteKeys(records_, out); });
    stages_.Save("records", [this](StageWriter* out) {
      WriteRecords(records_, distinct_, result_.findings, parts_of_one_id_, out);
    });
    return absl::OkStatus();
  }

  bool FindRecords() {
    if (!stages_.Load("records", [this](StageParser* in) {
          return ReadRecords(count_, in, &records_, &distinct_, &parts_of_one_id_);
        }) ||
        !stages_.Load("keys", [this](StageParser* in) { return ReadKeys(in, &records_); }))
      return false;
    records_.texts.Freeze();
    return true;
  }

  bool FindLearned(DataCounts* counted) {
    if (!stages_.Load("learned", [this](StageParser* in) { return ReadLearned(in, &result_); })) return false;
    result_.model.names = std::move(counted->names);
    return true;
  }

  absl::Status Learn(DataCounts&& counted) {
    LIBMPI_RETURN_IF_ERROR(Report("learn", 0, 1));
    const PatternSample blocked =
        CountBlockedPatterns(records_, distinct_, *blocks_, filter_, options_.seed, &comparators_);
    const double n = static_cast<double>(count_), m = static_cast<double>(new_count_.value_or(0));
    const double all_pairs = new_count_ ? m * (n - m) : n * (n - 1) / 2;
    std::optional<size_t> new_distinct;
    if (new_count_) new_distinct = distinct_.boundary();
    const PatternSample unblocked =
        CountUnblockedPatterns(records_, *blocks_, new_distinct, options_.seed,
                               std::max(0.0, all_pairs - blocked.pairs), &comparators_);
    EndStage("patterns");
    result_.distinct_patterns = blocked.counts.size();
    const std::vector<LabelledPair> labels = UsefulLabels();
    std::vector<LabelledPattern> labelled;
    for (const LabelledPair& l : labels)
      labelled.push_back({comparators_[0].Compare(l.a, l.b).pattern, l.same, l.stands_for});
    result_.model = LearnModel(blocked, unblocked, labelled, count_, std::move(counted), threads_,
                               &result_.self_check, &result_.model_learned);
    if (!labels.empty() && result_.model_learned) Calibrate(labels);
    stages_.Save("learned", [this](StageWriter* out) { WriteLearned(&result_, out); });
    EndStage("learn");
    return absl::OkStatus();
  }

  // The labels as pairs of distinct records that share a block, in their order.
  std::vector<LabelledPair> UsefulLabels() const {
    std::vector<LabelledPair> useful;
    if (new_count_) return useful;
    for (const LabelledPair& l : options_.labels) {
      const uint32_t a = distinct_.NumberOf(l.a), b = distinct_.NumberOf(l.b);
      const bool in_order = distinct_.FirstOf(a) < distinct_.FirstOf(b);
      if (a == b || blocks_->Meet(a, b))
        useful.push_back({in_order ? a : b, in_order ? b : a, l.same, l.stands_for});
    }
    const auto order = [this](const LabelledPair& l) {
      return std::tuple(distinct_.FirstOf(l.a), distinct_.FirstOf(l.b), l.same, l.stands_for);
    };
    std::sort(useful.begin(), useful.end(),
              [&](const LabelledPair& x, const LabelledPair& y) { return order(x) < order(y); });
    return useful;
  }

  // Pairs that a cap holds say nothing of the sum under it.
  void Calibrate(std::span<const LabelledPair> labels) {
    const NameShares shares(result_.model, records_, threads_);
    Scorer scorer(&result_.model, &shares, PopulationOf(options_.population, result_.model));
    std::vector<LabelledWeight> weights;
    for (const LabelledPair& l : labels) {
      const ComparedPair pair = comparators_[0].Compare(l.a, l.b);
      if (const PairScore score = scorer.Score(pair); !score.held && !score.capped)
        weights.push_back({scorer.RawWeight(pair), l.same, l.stands_for});
    }
    result_.model.calibration = FitCalibration(weights);
  }

  PairScore ScoreOf(int worker, uint32_t a, uint32_t b) {
    return ScoreRecords(records_.records[a], records_.records[b], options_.preset, &comparators_[worker],
                        &scorers_[worker]);
  }

  void FindClusters() {
    RecordPairs must, cannot;
    for (const Decision& d : options_.decisions) (d.same ? must : cannot).emplace_back(d.a, d.b);
    const ClusterNodes nodes =
        MakeClusterNodes(distinct_, scored_.pairs, scored_.repeats, thresholds_.match, must, cannot, parts_of_one_id_,
                         options_.space);
    clustered_ = ClusterNodeRecords(
        distinct_, nodes, count_, thresholds_.match,
        [this](int worker, uint32_t a, uint32_t b) { return ScoreOf(worker, a, b); }, threads_);
  }

  // Below this a pair is of no interest, whatever the thresholds turn out to be.
  FixedWeight LowestKept() const {
    FixedWeight lowest = kLowestReview;
    for (const std::optional<double>& told : {options_.match_threshold, options_.review_threshold})
      if (told) lowest = std::min(lowest, ToFixedWeight(*told));
    return lowest;
  }

  absl::Status ScorePairs() {
    const FixedWeight lowest = LowestKept();
    const size_t chunks = blocks_->chunk_count();
    EdgeStore edges(threads_, MostEdges(count_), ToFixedWeight(options_.match_threshold.value_or(0)));
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
    LIBMPI_RETURN_IF_ERROR(Report("score", 0, chunks));  // the first worker may come too late for any chunk
    size_t reported = chunks;  // touched by worker 0 only
    blocks_->ForEachPairByChunk(threads_, [&](int worker, size_t chunk, uint32_t a, uint32_t b) {
      if (worker == 0 && chunk != reported) {
        reported = chunk;
        if (!Report("score", chunk, chunks).ok()) cancelled = true;
      }
      if (cancelled.load(std::memory_order_relaxed) || (filter_ && !filter_(a, b))) return;
      ++tallies[worker].pairs;
      if (waiting[worker].full()) score_next(worker);
      PairsToScore::Pair& pair = waiting[worker].Add();
      pair = {a, b, chunk, comparators_[worker].Compare(a, b)};
      scorers_[worker].Upcoming(pair.compared.pattern);
    }, comparators_[0]);
    for (int worker = 0; worker < threads_; ++worker)
      while (!waiting[worker].empty()) score_next(worker);
    if (cancelled) return absl::CancelledError("stopped while comparing pairs");
    scored_.pairs = edges.Take(options_.space, &scored_.left_out);
    scored_.expected_matches = std::accumulate(expected.begin(), expected.end(), 0.0);
    for (const PairTally& part : tallies) {
      result_.candidate_pairs += part.pairs;
      result_.pair_weights.Merge(part.weights);
    }
    return absl::OkStatus();
  }

  // Repeats of a record link only if the weight of their pattern passes, too: two sparse namesakes
  // are repeats, and perhaps two persons.
  void ScoreRepeats() {
    for (uint32_t d = 0; d < distinct_.size(); ++d) {
      const uint64_t n = distinct_.CountOf(d);
      if (n < 2) continue;
      const PairScore score = ScoreOf(0, d, d);
      scored_.repeats.push_back({d, d, score.weight, score.held});
      result_.pair_weights.Add(score.weight, n * (n - 1) / 2);
      scored_.expected_matches += MatchProbability(score.weight) * static_cast<double>(n * (n - 1) / 2);
    }
  }

  void WarnOfRepeats() {
    uint64_t groups = 0;
    uint32_t largest = 0;
    for (uint32_t d = 0; d < distinct_.size(); ++d) {
      groups += distinct_.CountOf(d) > kManyRepeats;
      if (distinct_.CountOf(d) > distinct_.CountOf(largest)) largest = d;
    }
    if (groups == 0) return;
    const bool says_nothing = comparators_[0].Compare(largest, largest).pattern == AgreementPattern();
    result_.self_check.warnings.push_back(RepeatsWarning(groups, distinct_.CountOf(largest), says_nothing));
  }

  // A record that says too little to link with its own copy can link with none.
  void ScoreAgainstThemselves() {
    struct alignas(kOwnCacheLines) Tally {
      WeightHistogram weights;
      uint64_t unlinkable = 0;
    };
    std::vector<Tally> tallies(threads_);
    ParallelChunks(distinct_.size(), 4096, threads_, [&](size_t begin, size_t end, int worker) {
      for (uint32_t d = static_cast<uint32_t>(begin); d < end; ++d) {
        const PairScore score = ScoreOf(worker, d, d);
        tallies[worker].weights.Add(score.weight, distinct_.CountOf(d));
        if (score.held || score.weight < thresholds_.match) tallies[worker].unlinkable += distinct_.CountOf(d);
      }
    });
    for (const Tally& part : tallies) {
      result_.self_weights.Merge(part.weights);
      result_.unlinkable += part.unlinkable;
    }
  }

  // A new record is one reference record's, though others of its cluster
  // may agree as well.
  void KeepAssignedLinks() {
    absl::flat_hash_set<uint64_t> assigned;
    for (const auto& [a, b] : reference_of_) assigned.insert(PairKey(a, b));
    for (Link& link : result_.links)
      if (!assigned.contains(PairKey(link.a, link.b)))
        link.decision = LinkDecision::kReview;
  }

  absl::Status Report(std::string_view stage, uint64_t done, uint64_t total) const {
    return ReportProgress(options_.progress, stage, done, total);
  }

  void EndStage(std::string stage) {
    const Clock::time_point now = Clock::now();
    result_.times.push_back(
        {std::move(stage), std::chrono::duration<double>(now - started_).count()});
    started_ = now;
  }

  StageStore* const index_;
  const size_t count_;
  const RecordReader& reader_;
  const LinkOptions& options_;
  const int threads_;
  Clock::time_point started_;
  const std::optional<size_t> new_count_;  // where only pairs of a new record and another count
  PairFilter filter_;
  std::unique_ptr<ReadingModel> readings_;
  EncodedRecords records_;  // the distinct ones, once Prepare() is done
  DistinctRecords distinct_;
  RecordPairs parts_of_one_id_;
  std::unique_ptr<Blocks> blocks_;
  std::unique_ptr<NameShares> shares_;
  std::vector<Comparator> comparators_;
  std::vector<Scorer> scorers_;
  bool found_scored_ = false;
  ScoredPairs scored_;
  LargeArray<Edge> edges_;  // of records
  ClusteredRecords clustered_;
  std::vector<std::pair<uint32_t, uint32_t>> reference_of_;
  Thresholds thresholds_;
  LeftOut left_out_;
  LinkResult result_;
  std::shared_future<void> keys_saved_;
  KeptStages stages_;  // the last, so that the others stay while it saves
};

absl::Status CheckOptions(size_t count, const LinkOptions& options) {
  if (count > UINT32_MAX - 1)
    return absl::InvalidArgumentError("more than 4 billion records in one run");
  if (options.match_threshold && options.review_threshold &&
      *options.review_threshold > *options.match_threshold)
    return absl::InvalidArgumentError("the review threshold lies above the match threshold");
  LIBMPI_RETURN_IF_ERROR(CheckDecisions(count, options.decisions));
  for (const LabelledPair& l : options.labels)
    if (l.a >= count || l.b >= count || l.a == l.b || !(l.stands_for > 0) || !std::isfinite(l.stands_for))
      return absl::InvalidArgumentError("a label is not of two of the records, or stands for no pairs");
  if (options.model != nullptr) {
    LIBMPI_RETURN_IF_ERROR(options.model->Validate());
    return CheckMeaning(*options.model);
  }
  return absl::OkStatus();
}

}  // namespace

void WeightHistogram::Add(FixedWeight weight, uint64_t times) {
  static_assert(kWeightUnit == 1 << 10);
  const int bin = (weight >> 10) - kLowest;
  counts[static_cast<size_t>(std::clamp(bin, 0, kHighest - kLowest - 1))] += times;
}

void WeightHistogram::Merge(const WeightHistogram& other) {
  for (size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
}

absl::StatusOr<LinkResult> Dedupe(size_t count, const RecordReader& reader,
                                  const LinkOptions& options) {
  return DedupeKeepingIndex(count, reader, options, nullptr);
}

absl::StatusOr<LinkResult> DedupeKeepingIndex(size_t count, const RecordReader& reader, const LinkOptions& options,
                                              StageStore* index) {
  LIBMPI_RETURN_IF_ERROR(CheckOptions(count, options));
  Run run(count, std::nullopt, reader, options, index);
  LIBMPI_RETURN_IF_ERROR(run.Prepare());
  LIBMPI_RETURN_IF_ERROR(run.Score());
  LIBMPI_RETURN_IF_ERROR(run.Cluster());
  return run.Finish();
}

absl::StatusOr<LinkResult> Dedupe(std::span<const Record> records, const LinkOptions& options) {
  const std::vector<uint32_t> order = KeyOrder(records);
  LinkOptions by_key = options;
  by_key.decisions = DecisionsByKeyOrder(order, options.decisions);
  by_key.labels = LabelsByKeyOrder(order, options.labels);
  auto result = Dedupe(
      records.size(), [&](size_t i, RecordView* out) { out->Assign(records[order[i]]); }, by_key);
  if (result.ok()) ToCallersOrder(order, &*result);
  return result;
}

absl::StatusOr<LinkResult> LinkToReference(size_t new_count, size_t count,
                                           const RecordReader& reader,
                                           const LinkOptions& options, bool one_to_one) {
  LIBMPI_RETURN_IF_ERROR(CheckOptions(count, options));
  if (new_count > count)
    return absl::InvalidArgumentError("more new records than records");
  Run run(count, new_count, reader, options);
  LIBMPI_RETURN_IF_ERROR(run.Prepare());
  LIBMPI_RETURN_IF_ERROR(run.Score());
  LIBMPI_RETURN_IF_ERROR(run.Assign(new_count, one_to_one));
  return run.Finish();
}

absl::StatusOr<TrainResult> Train(size_t count, const RecordReader& reader,
                                  const LinkOptions& options) {
  LIBMPI_RETURN_IF_ERROR(CheckOptions(count, options));
  LinkOptions learning = options;
  learning.model = nullptr;
  Run run(count, std::nullopt, reader, learning);
  LIBMPI_RETURN_IF_ERROR(run.Prepare());
  return run.FinishTraining();
}

absl::StatusOr<LinkResult> LinkToReference(std::span<const Record> new_records,
                                           std::span<const Record> reference,
                                           const LinkOptions& options, bool one_to_one) {
  const uint32_t new_count = static_cast<uint32_t>(new_records.size());
  std::vector<uint32_t> order = KeyOrder(new_records);
  for (uint32_t i : KeyOrder(reference)) order.push_back(new_count + i);
  const RecordReader reader = [&](size_t i, RecordView* out) {
    out->Assign(order[i] < new_count ? new_records[order[i]] : reference[order[i] - new_count]);
  };
  auto result = LinkToReference(new_count, order.size(), reader, options, one_to_one);
  if (result.ok()) ToCallersOrder(order, &*result);
  return result;
}

absl::StatusOr<TrainResult> Train(std::span<const Record> records, const LinkOptions& options) {
  const std::vector<uint32_t> order = KeyOrder(records);
  LinkOptions by_key = options;
  by_key.labels = LabelsByKeyOrder(order, options.labels);
  return Train(records.size(), [&](size_t i, RecordView* out) { out->Assign(records[order[i]]); }, by_key);
}

}  // namespace libmpi
