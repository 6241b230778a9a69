// SPDX-License-Identifier: Apache-2.0
#include "libmpi/table/table_linker.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/clustering.h"
#include "libmpi/linkage/decision_checks.h"
#include "libmpi/linkage/review.h"
#include "libmpi/linkage/thresholds.h"
#include "libmpi/table/blocking_choice.h"
#include "libmpi/table/table_blocks.h"
#include "libmpi/table/table_comparator.h"
#include "libmpi/table/table_learning.h"
#include "libmpi/table/table_scorer.h"

namespace libmpi::table {
namespace {

using Clock = std::chrono::steady_clock;

// Below this no threshold lets a pair through, whatever it turns out to be.
constexpr FixedWeight kLowestKept = -6 * 1024;

class TableRun {
 public:
  TableRun(const Schema& schema, const Table& table, const TableOptions& options)
      : schema_(schema), table_(table), options_(options), threads_(ResolveThreads(options.threads)),
        started_(Clock::now()) {}

  absl::Status Prepare() {
    LIBMPI_RETURN_IF_ERROR(Report("block", 0, 1));
    const std::vector<BlockingRule> rules = ChooseRules();
    blocks_ = std::make_unique<TableBlocks>(schema_, table_, rules, threads_);
    for (size_t r = 0; r < rules.size(); ++r) {
      if (r >= result_.rules.size()) result_.rules.push_back({schema_.RuleText(rules[r])});
      result_.rules[r].pairs = blocks_->rules()[r].pairs;
      result_.rules[r].unreached_pairs = blocks_->rules()[r].unreached_pairs;
    }
    EndStage("block");
    LIBMPI_RETURN_IF_ERROR(Report("learn", 0, 1));
    if (options_.model != nullptr) result_.model = *options_.model;
    else Learn();
    result_.model.rules = rules;
    EndStage("learn");
    comparisons_ = std::make_unique<Comparisons>(schema_, result_.model.information, result_.model.gaps);
    rarity_ = std::make_unique<Rarity>(result_.model, table_);
    comparators_.assign(threads_, TableComparator(&schema_, &table_, comparisons_.get()));
    scorers_.assign(threads_, TableScorer(&result_.model, rarity_.get()));
    return absl::OkStatus();
  }

  absl::Status Score() {
    const FixedWeight lowest = LowestKept();
    const size_t chunks = blocks_->chunk_count();
    std::vector<std::vector<Edge>> edges(chunks);
    std::vector<double> expected(chunks, 0);
    std::vector<uint64_t> pairs(threads_, 0);
    std::vector<WeightHistogram> weights(threads_);
    std::atomic<bool> cancelled{false};
    size_t reported = chunks;
    blocks_->ForEachPair(threads_, [&](int worker, size_t chunk, uint32_t a, uint32_t b) {
      if (worker == 0 && chunk != reported) {
        reported = chunk;
        if (!Report("score", chunk, chunks).ok()) cancelled = true;
      }
      if (cancelled.load(std::memory_order_relaxed)) return;
      ++pairs[worker];
      const FixedWeight weight = WeightOf(worker, a, b);
      weights[worker].Add(weight, 1);
      if (weight < lowest) return;
      edges[chunk].push_back({a, b, weight, false});
      expected[chunk] += MatchProbability(weight);
    });
    if (cancelled) return absl::CancelledError("stopped while comparing pairs");
    for (const WeightHistogram& part : weights) result_.pair_weights.Merge(part);
    for (std::vector<Edge>& part : edges) edges_.insert(edges_.end(), part.begin(), part.end());
    std::sort(edges_.begin(), edges_.end(), [](const Edge& x, const Edge& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; });
    result_.expected_matches = std::accumulate(expected.begin(), expected.end(), 0.0);
    result_.candidate_pairs = std::accumulate(pairs.begin(), pairs.end(), uint64_t{0});
    LinkOptions linkage;
    linkage.preset = options_.preset;
    linkage.match_threshold = options_.match_threshold;
    linkage.review_threshold = options_.review_threshold;
    thresholds_ = ChooseThresholds(linkage, edges_);
    CountUnlinkable();
    EndStage("score");
    return absl::OkStatus();
  }

  absl::Status Cluster() {
    LIBMPI_RETURN_IF_ERROR(Report("cluster", 0, 1));
    const Nodes nodes = MakeNodes();
    ClusteringOptions options;
    options.threshold = thresholds_.match;
    options.weight_limit = std::max(options.weight_limit, thresholds_.match + 5 * 1024);
    options.threads = threads_;
    options.counts = nodes.count;
    for (const Decision& d : options_.decisions)
      (d.same ? options.must_links : options.cannot_links).emplace_back(nodes.of_record[d.a], nodes.of_record[d.b]);
    const Clustering clustering = ClusterRecords(
        nodes.first.size(), EdgesOf(nodes),
        [&](int worker, uint32_t a, uint32_t b) { return ClusterWeightOf(worker, nodes.first[a], nodes.first[b]); },
        options);
    for (uint32_t node : nodes.of_record) result_.cluster.push_back(nodes.first[clustering.cluster[node]]);
    for (const Edge& e : clustering.doubtful_pairs)
      doubtful_pairs_.push_back({nodes.first[e.a], nodes.first[e.b], e.weight, false});
    if (clustering.cut.count > 0) {
      result_.self_check.confident = false;
      result_.self_check.warnings.push_back(CutWarning(clustering.cut) + "; the schema needs fields that tell more");
    }
    EndStage("cluster");
    return absl::OkStatus();
  }

  // Each new record to its best reference record, best pairs first.
  absl::Status Assign() {
    std::vector<Edge> best = edges_;
    std::sort(best.begin(), best.end(), [](const Edge& x, const Edge& y) {
      if (x.weight != y.weight) return x.weight > y.weight;
      return x.a != y.a ? x.a < y.a : x.b < y.b;
    });
    result_.cluster.resize(table_.size());
    std::iota(result_.cluster.begin(), result_.cluster.end(), 0);
    std::vector<uint32_t> smallest(result_.cluster), reference(table_.size(), UINT32_MAX);
    std::vector<bool> taken(table_.size(), false);
    for (const Edge& e : best) {
      if (!e.Joins(thresholds_.match) || reference[e.a] != UINT32_MAX || (options_.one_to_one && taken[e.b])) continue;
      reference[e.a] = e.b;
      taken[e.b] = true;
      smallest[e.b] = std::min(smallest[e.b], e.a);
    }
    for (uint32_t a = 0; a < table_.second_list(); ++a)
      if (reference[a] != UINT32_MAX) result_.cluster[a] = smallest[reference[a]];
    for (size_t b = table_.second_list(); b < table_.size(); ++b) result_.cluster[b] = smallest[b];
    reference_ = std::move(reference);
    EndStage("assign");
    return absl::OkStatus();
  }

  TableResult Finish() {
    result_.links = DecideLinks(edges_, result_.cluster, thresholds_.review);
    if (!reference_.empty())
      for (Link& link : result_.links)
        if (reference_[link.a] != link.b) link.decision = LinkDecision::kReview;
    result_.match_threshold = WeightBits(thresholds_.match);
    result_.review_threshold = WeightBits(thresholds_.review);
    result_.expected_wrong_links = ExpectedWrongShare(edges_, thresholds_.match);
    std::vector<uint32_t> size(table_.size(), 0);
    for (uint32_t c : result_.cluster) ++size[c];
    for (uint64_t n : size) {
      result_.clusters += n > 0;
      result_.largest_cluster = std::max(result_.largest_cluster, n);
    }
    LeftOut left_out;
    result_.review =
        MakeReviewList(result_.links, result_.cluster, doubtful_pairs_, options_.decisions, thresholds_.match,
                       MostReviewCases(table_.size()), &left_out);
    for (std::string& warning : LeftOutWarnings(left_out)) result_.self_check.warnings.push_back(std::move(warning));
    Check();
    EndStage("review");
    return std::move(result_);
  }

 private:
  std::vector<BlockingRule> ChooseRules() {
    if (options_.model != nullptr) return options_.model->rules;
    if (!schema_.blocking.rules.empty()) return schema_.blocking.rules;
    const BlockingChoice choice = ChooseBlocking(schema_, table_, options_.seed, threads_);
    std::vector<BlockingRule> rules;
    for (const RuleChoice& chosen : choice.rules) {
      rules.push_back(chosen.rule);
      result_.rules.push_back({schema_.RuleText(chosen.rule), 0, 0, chosen.recall});
    }
    return rules;
  }

  void Learn() {
    TableModel& model = result_.model;
    model.schema = schema_;
    model.records = table_.size();
    model.values = CountValues(schema_, table_);
    model.information = FieldInformation(table_);
    model.gaps = ChooseGaps(schema_, table_, *blocks_, options_.seed, threads_);
    const Comparisons comparisons(schema_, model.information, model.gaps);
    const PatternSamples samples = SamplePatterns(schema_, table_, *blocks_, comparisons, options_.seed, threads_);
    LearnedClasses learned = LearnClasses(schema_, comparisons, samples, threads_);
    model.classes = std::move(learned.classes);
    result_.model_learned = true;
    if (!learned.converged) result_.self_check.warnings.push_back("learning stopped before it had settled");
  }

  // What is clustered: records, those that say the very same as one where their weight allows.
  struct Nodes {
    std::vector<uint32_t> of_record, first, count;  // by record; by node: its smallest record, its records
  };

  Nodes MakeNodes() {
    std::vector<bool> alone(table_.size(), false);  // decided to be another person than somebody
    for (const Decision& d : options_.decisions)
      if (!d.same) alone[d.a] = alone[d.b] = true;
    Nodes nodes;
    for (uint32_t i = 0; i < table_.size(); ++i) {
      const uint32_t first = table_.FirstAlike(i);
      if (first != i && !alone[i] && !alone[first] && WeightOf(0, first, first) >= thresholds_.match) {
        nodes.of_record.push_back(nodes.of_record[first]);
        ++nodes.count[nodes.of_record[first]];
        continue;
      }
      nodes.of_record.push_back(static_cast<uint32_t>(nodes.first.size()));
      nodes.first.push_back(i);
      nodes.count.push_back(1);
    }
    return nodes;
  }

  std::vector<Edge> EdgesOf(const Nodes& nodes) const {
    std::vector<Edge> edges;
    for (Edge e : edges_) {
      e.a = nodes.of_record[e.a];
      e.b = nodes.of_record[e.b];
      if (e.a != e.b) edges.push_back(e);
    }
    return edges;
  }

  FixedWeight WeightOf(int worker, uint32_t a, uint32_t b) {
    return scorers_[worker].Score(comparators_[worker].Compare(a, b), a, b);
  }

  FixedWeight ClusterWeightOf(int worker, uint32_t a, uint32_t b) {
    const LevelTuple levels = comparators_[worker].Compare(a, b);
    return scorers_[worker].ClusterWeight(levels, scorers_[worker].Score(levels, a, b), thresholds_.match);
  }

  FixedWeight LowestKept() const {
    FixedWeight lowest = kLowestKept;
    for (const std::optional<double>& told : {options_.match_threshold, options_.review_threshold})
      if (told) lowest = std::min(lowest, ToFixedWeight(*told));
    return lowest;
  }

  void CountUnlinkable() {
    std::vector<uint64_t> unlinkable(threads_, 0);
    std::vector<WeightHistogram> weights(threads_);
    ParallelChunks(table_.size(), 1024, threads_, [&](size_t begin, size_t end, int worker) {
      for (size_t i = begin; i < end; ++i) {
        const auto record = static_cast<uint32_t>(i);
        const FixedWeight weight = WeightOf(worker, record, record);
        weights[worker].Add(weight, 1);
        unlinkable[worker] += weight < thresholds_.match;
      }
    });
    for (const WeightHistogram& part : weights) result_.self_weights.Merge(part);
    result_.unlinkable = std::accumulate(unlinkable.begin(), unlinkable.end(), uint64_t{0});
  }

  // Pairs of records that agree in every comparison by chance alone, were the fields independent.
  double ChancePairs() const {
    const double n = static_cast<double>(table_.size()), first = static_cast<double>(table_.second_list());
    double pairs = table_.second_list() == table_.size() ? n * (n - 1) / 2 : first * (n - first);
    for (size_t c = 0; c < schema_.classes.size(); ++c) {
      const ClassSpec& spec = schema_.classes[c];
      if (spec.is_match || spec.otherwise != Stance::kChance || !spec.stances.empty()) continue;
      for (size_t k = 0; k < schema_.comparisons.size(); ++k)
        pairs *= result_.model.classes[c].probability[k][level::kEqual];
    }
    return pairs;
  }

  void Check() {
    SelfCheck& check = result_.self_check;
    constexpr double kFewestOverChance = 2;
    if (result_.expected_matches > 0 && result_.expected_matches < kFewestOverChance * ChancePairs()) {
      check.confident = false;
      check.warnings.push_back("about as many pairs would agree in everything by chance alone as were found: the "
                               "fields tell too little to say who is one");
    }
    if (result_.candidate_pairs == 0) {
      check.confident = false;
      check.warnings.push_back("no blocking rule brings any two records together: give rules in the schema's "
                               "\"blocking\", or raise pairs_a_record");
    }
    constexpr double kFewestMatches = 30;
    if (result_.model_learned && result_.expected_matches < kFewestMatches) {
      check.confident = false;
      check.warnings.push_back("fewer than 30 matching pairs to learn from: the starting tables decide; give --model "
                               "with one learned from more records");
    }
    if (2 * result_.largest_cluster > table_.size() && table_.size() > 10) {
      check.confident = false;
      check.warnings.push_back("one cluster holds more than half of all records: look at the fields of the schema");
    }
    if (2 * result_.unlinkable > table_.size()) {
      check.confident = false;
      check.warnings.push_back("more than half of the records say too little to be linked even to a copy of "
                               "themselves: the schema needs more fields");
    }
  }

  absl::Status Report(std::string_view stage, uint64_t done, uint64_t total) const {
    return ReportProgress(options_.progress, stage, done, total);
  }

  void EndStage(std::string stage) {
    const Clock::time_point now = Clock::now();
    result_.times.push_back({std::move(stage), std::chrono::duration<double>(now - started_).count()});
    started_ = now;
  }

  const Schema& schema_;
  const Table& table_;
  const TableOptions& options_;
  const int threads_;
  Clock::time_point started_;
  std::unique_ptr<TableBlocks> blocks_;
  std::unique_ptr<Comparisons> comparisons_;
  std::unique_ptr<Rarity> rarity_;
  std::vector<TableComparator> comparators_;
  std::vector<TableScorer> scorers_;
  std::vector<Edge> edges_, doubtful_pairs_;
  std::vector<uint32_t> reference_;  // of two lists: by new record
  Thresholds thresholds_;
  TableResult result_;
};

}  // namespace

absl::StatusOr<TableResult> LinkTable(const Schema& schema, const Table& table, const TableOptions& options) {
  LIBMPI_RETURN_IF_ERROR(schema.Validate());
  if (table.fields() != schema.fields.size())
    return absl::InvalidArgumentError("the table was read by another schema");
  if (options.match_threshold && options.review_threshold && *options.review_threshold > *options.match_threshold)
    return absl::InvalidArgumentError("the review threshold lies above the match threshold");
  LIBMPI_RETURN_IF_ERROR(CheckDecisions(table.size(), options.decisions));
  if (options.model != nullptr && options.model->schema.ToJson() != schema.ToJson())
    return absl::InvalidArgumentError("the model was learned by another schema: give the schema it holds");
  TableRun run(schema, table, options);
  LIBMPI_RETURN_IF_ERROR(run.Prepare());
  LIBMPI_RETURN_IF_ERROR(run.Score());
  if (table.second_list() < table.size()) LIBMPI_RETURN_IF_ERROR(run.Assign());
  else LIBMPI_RETURN_IF_ERROR(run.Cluster());
  return run.Finish();
}

}  // namespace libmpi::table
