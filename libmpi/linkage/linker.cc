// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/linker.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <numeric>
#include <tuple>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/blocks.h"
#include "libmpi/linkage/calibration.h"
#include "libmpi/linkage/candidate_scorer.h"
#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/comparator.h"
#include "libmpi/linkage/distinct_records.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/kept_stages.h"
#include "libmpi/linkage/learning.h"
#include "libmpi/linkage/linkage_index.h"
#include "libmpi/linkage/option_checks.h"
#include "libmpi/linkage/record_edges.h"
#include "libmpi/linkage/reference_assignment.h"
#include "libmpi/linkage/review.h"
#include "libmpi/linkage/run_bounds.h"
#include "libmpi/linkage/run_stages.h"
#include "libmpi/linkage/scorer.h"
#include "libmpi/linkage/self_check.h"
#include "libmpi/linkage/thresholds.h"

namespace libmpi {
namespace {

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
      return ReadScored(distinct_.size(), in, &scored_, &result_.blocking);
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
    scorer_ = std::make_unique<CandidateScorer>(&records_, &distinct_, &result_.model, &options_, &comparators_);
    if (!found_scored_) {
      LIBMPI_RETURN_IF_ERROR(scorer_->ScorePairs(*blocks_, filter_, &scored_));
      if (!new_count_) scorer_->ScoreRepeats(&scored_);
    }
    blocks_.reset();
    left_out_.edges = scored_.left_out;
    edges_ = RecordEdges(distinct_, scored_.pairs, scored_.repeats, new_count_.has_value(), MostEdges(count_),
                         &left_out_.repeat_edges, options_.space);
    thresholds_ = ChooseThresholds(options_, edges_);
    if (!found_scored_) {
      scorer_->ScoreAgainstThemselves(thresholds_.match, &scored_);
      stages_.Save("scored", [this](StageWriter* out) { WriteScored(scored_, result_.blocking, out); });
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

  // Each new record to its best reference record.
  void Assign(bool one_to_one) {
    assignment_ = AssignToReference(edges_, thresholds_.match, *new_count_, count_, one_to_one);
    clustered_.cluster = std::move(assignment_.cluster);
    EndStage("assign");
  }

  LinkResult Finish() {
    TakeFacts();
    result_.cluster = std::move(clustered_.cluster);
    result_.links = DecideLinks(edges_, result_.cluster, thresholds_.review);
    if (new_count_) KeepAssignedLinks(assignment_, result_.links);
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
    if (new_count_) pairs_found = assignment_.pairs.size();
    for (ReviewItem& item : result_.review)
      if (item.reason == ReviewReason::kLargeCluster)
        item.weight = scorer_->Score(0, distinct_.NumberOf(item.a), distinct_.NumberOf(item.b)).weight;
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

  void FindClusters() {
    RecordPairs must, cannot;
    for (const Decision& d : options_.decisions) (d.same ? must : cannot).emplace_back(d.a, d.b);
    const ClusterNodes nodes =
        MakeClusterNodes(distinct_, scored_.pairs, scored_.repeats, thresholds_.match, must, cannot, parts_of_one_id_,
                         options_.space);
    clustered_ = ClusterNodeRecords(
        distinct_, nodes, count_, thresholds_.match,
        [this](int worker, uint32_t a, uint32_t b) { return scorer_->Score(worker, a, b); }, threads_);
  }

  // What scoring counted.
  void TakeFacts() {
    result_.candidate_pairs = scored_.candidate_pairs;
    result_.unlinkable = scored_.unlinkable;
    result_.pair_weights = std::move(scored_.pair_weights);
    result_.self_weights = std::move(scored_.self_weights);
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
  std::vector<Comparator> comparators_;
  std::unique_ptr<CandidateScorer> scorer_;
  bool found_scored_ = false;
  ScoredPairs scored_;
  LargeArray<Edge> edges_;  // of records
  ClusteredRecords clustered_;
  ReferenceAssignment assignment_;
  Thresholds thresholds_;
  LeftOut left_out_;
  LinkResult result_;
  std::shared_future<void> keys_saved_;
  KeptStages stages_;  // the last, so that the others stay while it saves
};

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

absl::StatusOr<LinkResult> LinkToReference(size_t new_count, size_t count,
                                           const RecordReader& reader,
                                           const LinkOptions& options, bool one_to_one) {
  LIBMPI_RETURN_IF_ERROR(CheckOptions(count, options));
  if (new_count > count)
    return absl::InvalidArgumentError("more new records than records");
  Run run(count, new_count, reader, options);
  LIBMPI_RETURN_IF_ERROR(run.Prepare());
  LIBMPI_RETURN_IF_ERROR(run.Score());
  run.Assign(one_to_one);
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

}  // namespace libmpi
