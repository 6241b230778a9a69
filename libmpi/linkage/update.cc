// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/update.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <numeric>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/base/union_find.h"
#include "libmpi/linkage/decision_checks.h"
#include "libmpi/linkage/gathered_nodes.h"
#include "libmpi/linkage/key_changes.h"
#include "libmpi/linkage/review.h"
#include "libmpi/linkage/run_bounds.h"
#include "libmpi/linkage/thresholds.h"
#include "libmpi/record/standardize.h"

namespace libmpi {
namespace {

constexpr uint32_t kGone = RecordChange::kGone;

uint32_t First(uint64_t pair) { return static_cast<uint32_t>(pair >> 32); }
uint32_t Second(uint64_t pair) { return static_cast<uint32_t>(pair); }

// Pairs of nodes, of which most others are told by one look at a node.
class PairSet {
 public:
  PairSet(std::span<const uint64_t> pairs, size_t nodes) : touched_(nodes, false), pairs_(pairs.begin(), pairs.end()) {
    for (uint64_t pair : pairs) touched_[First(pair)] = touched_[Second(pair)] = true;
  }
  bool Contains(uint32_t a, uint32_t b) const {
    return touched_[a] && touched_[b] && pairs_.contains(PairKey(a, b));
  }

 private:
  std::vector<bool> touched_;
  absl::flat_hash_set<uint64_t> pairs_;
};

// One update, in the order of its methods.
class Updating {
 public:
  Updating(const IndexView& index, const RecordChange& change, const LinkOptions& options)
      : index_(index), change_(change), options_(options), threads_(ResolveThreads(options.threads)),
        started_(Clock::now()), result_{.grown = GrownNodes(&index)} {}

  absl::StatusOr<UpdateResult> Run() {
    LIBMPI_RETURN_IF_ERROR(Check());
    LIBMPI_RETURN_IF_ERROR(Standardize());
    PlaceNodes();
    EndStage("standardize");
    LIBMPI_RETURN_IF_ERROR(FindPairs());
    EndStage("block");
    LIBMPI_RETURN_IF_ERROR(ScorePairs());
    EndStage("score");
    FindComponents();
    DecideClusters();
    EndStage("cluster");
    return std::move(result_);
  }

 private:
  using Clock = std::chrono::steady_clock;

  absl::Status Check() {
    LIBMPI_RETURN_IF_ERROR(CheckIndex(index_));
    if (options_.model == nullptr || !options_.match_threshold || !options_.review_threshold)
      return absl::InvalidArgumentError("an update needs the model and the thresholds of the run it goes on from");
    LIBMPI_RETURN_IF_ERROR(options_.model->Validate());
    if (change_.place.size() != index_.node_of.size())
      return absl::InvalidArgumentError("the records before are not those of the index");
    if (change_.count > UINT32_MAX - 1) return absl::InvalidArgumentError("more than 4 billion records in one run");
    LIBMPI_RETURN_IF_ERROR(CheckDecisions(change_.count, options_.decisions));
    for (uint32_t n : index_.node_of)
      if (n >= index_.nodes.size()) return absl::DataLossError("the index of the previous run is damaged");
    thresholds_ = ChooseThresholds(options_, {});
    lowest_ = std::min({kLowestReview, ToFixedWeight(*options_.match_threshold),
                        ToFixedWeight(*options_.review_threshold)});
    return absl::OkStatus();
  }

  absl::Status Report(std::string_view stage, uint64_t done, uint64_t total) const {
    return ReportProgress(options_.progress, stage, done, total);
  }

  // Nodes of the added records: those that say what records said before have theirs already.
  absl::Status Standardize() {
    const Model& model = *options_.model;
    readings_ = std::make_unique<ReadingModel>(model.names.Readings());
    const Standardizer standardizer(StandardizeOptions{options_.today, model.insurer_check_digits}, &model.names,
                                    readings_.get());
    LIBMPI_RETURN_IF_ERROR(EncodeRecords(change_.added.size(), 0, change_.reader, standardizer, *readings_, threads_,
                                         options_.progress, &added_));
    for (auto& [record, finding] : added_.findings)
      result_.findings.emplace_back(change_.added[record], std::move(finding));
    distinct_added_ = DistinctRecords(&added_, 0, threads_);
    return absl::OkStatus();
  }

  void PlaceNodes() {
    const size_t known = index_.nodes.size();
    std::vector<uint32_t> count(known, 0);
    for (uint32_t n : index_.node_of) ++count[n];
    was_.resize(known);
    for (size_t n = 0; n < known; ++n) was_[n] = count[n] > 0;
    const std::vector<uint32_t> node_of_added = NodesOfAdded();
    const size_t all = result_.grown.size();
    count.resize(all, 0);
    touched_.assign(all, false);
    for (size_t i = 0; i < change_.place.size(); ++i)
      if (change_.place[i] == kGone) {
        --count[index_.node_of[i]];
        touched_[index_.node_of[i]] = true;
      }
    result_.node_of.resize(change_.count);
    for (size_t i = 0; i < change_.place.size(); ++i)
      if (change_.place[i] != kGone) result_.node_of[change_.place[i]] = index_.node_of[i];
    for (size_t i = 0; i < change_.added.size(); ++i) {
      const uint32_t n = node_of_added[distinct_added_.NumberOf(static_cast<uint32_t>(i))];
      result_.node_of[change_.added[i]] = n;
      ++count[n];
      touched_[n] = true;
    }
    is_.resize(all);
    for (size_t n = 0; n < all; ++n) is_[n] = count[n] > 0;
    for (size_t n = 0; n < known; ++n) result_.dead_nodes += was_[n] && !is_[n];
    result_.new_nodes = all - known;
  }

  // By distinct added record.
  std::vector<uint32_t> NodesOfAdded() {
    GrownNodes& grown = result_.grown;
    grown.AddTexts(added_);
    absl::flat_hash_map<uint64_t, std::vector<uint32_t>> by_content;  // nodes before, perhaps the same
    for (const EncodedRecord& record : added_.records) by_content.try_emplace(record.content_hash);
    std::vector<std::vector<uint32_t>> found((index_.contents.size() >> 16) + 1);
    ParallelChunks(index_.contents.size(), 1 << 16, threads_, [&](size_t begin, size_t end, int) {
      for (size_t n = begin; n < end; ++n)
        if (was_[n] && by_content.contains(index_.contents[n])) found[begin >> 16].push_back(static_cast<uint32_t>(n));
    });
    for (const auto& part : found)
      for (uint32_t n : part) by_content[index_.contents[n]].push_back(n);
    std::vector<uint32_t> node_of;
    for (size_t i = 0; i < added_.records.size(); ++i) {
      node_of.push_back(grown.Add(added_, i));
      for (uint32_t n : by_content[added_.records[i].content_hash])
        if (grown.SayTheSame(n, node_of.back())) {
          grown.TakeBackLast();
          node_of.back() = n;
          break;
        }
    }
    return node_of;
  }

  // What is to be scored, and what stays of the edges.
  absl::Status FindPairs() {
    LIBMPI_RETURN_IF_ERROR(Report("block", 0, 2));
    const NodeChange nodes{&result_.grown, static_cast<uint32_t>(index_.nodes.size()), &was_, &is_};
    PairChanges pairs = ChangesOfKeys(nodes, index_, threads_);
    LIBMPI_RETURN_IF_ERROR(Report("block", 1, 2));
    std::vector<uint64_t> again;  // of nodes that were there before: scored then, if another key brought them together
    for (uint64_t pair : pairs.gained)
      if (Second(pair) < index_.nodes.size()) again.push_back(pair);
    const PairSet known(again, result_.grown.size()), perhaps_lost(pairs.lost, result_.grown.size());
    std::vector<uint64_t> scored_before, doubtful;
    std::vector<Edge> doubtful_edges;
    LIBMPI_RETURN_IF_ERROR(SortEdges(known, perhaps_lost, &scored_before, &doubtful_edges));
    for (const Edge& e : doubtful_edges) doubtful.push_back(PairKey(e.a, e.b));
    std::sort(doubtful.begin(), doubtful.end());
    const std::vector<uint64_t> meet = PairsThatMeet(doubtful, nodes, index_, threads_);
    for (const Edge& e : doubtful_edges) {
      if (!std::binary_search(meet.begin(), meet.end(), PairKey(e.a, e.b))) {
        gone_.push_back(e);
        if (e.Joins(thresholds_.match)) touched_[e.a] = touched_[e.b] = true;
        ++result_.parted_pairs;
        continue;
      }
      result_.edges.push_back(e);
      if (known.Contains(e.a, e.b)) scored_before.push_back(PairKey(e.a, e.b));
    }
    std::sort(scored_before.begin(), scored_before.end());
    std::set_difference(pairs.gained.begin(), pairs.gained.end(), scored_before.begin(), scored_before.end(),
                        std::back_inserter(to_score_));
    return absl::OkStatus();
  }

  // Edges before into those that stay, that are gone with a node, and that perhaps no block holds together any more.
  absl::Status SortEdges(const PairSet& known, const PairSet& perhaps_lost, std::vector<uint64_t>* scored_before,
                         std::vector<Edge>* doubtful) {
    struct Part {
      std::vector<Edge> stay, gone, doubtful;
      std::vector<uint64_t> scored_before;
      bool damaged = false;
    };
    constexpr size_t kGrain = size_t{1} << 18;
    std::vector<Part> parts((index_.edges.size() + kGrain - 1) / kGrain);
    ParallelChunks(index_.edges.size(), kGrain, threads_, [&](size_t begin, size_t end, int) {
      Part& part = parts[begin / kGrain];
      part.stay.reserve(end - begin);
      for (const Edge& e : index_.edges.subspan(begin, end - begin)) {
        if (e.a >= index_.nodes.size() || e.b >= index_.nodes.size()) {
          part.damaged = true;
        } else if (!was_[e.a] || !was_[e.b] || !is_[e.a] || !is_[e.b]) {
          part.gone.push_back(e);
        } else if (perhaps_lost.Contains(e.a, e.b)) {
          part.doubtful.push_back(e);
        } else {
          if (known.Contains(e.a, e.b)) part.scored_before.push_back(PairKey(e.a, e.b));
          part.stay.push_back(e);
        }
      }
    });
    result_.edges.reserve(index_.edges.size() + index_.edges.size() / 16);
    for (Part& part : parts) {
      if (part.damaged) return absl::DataLossError("the index of the previous run is damaged");
      result_.edges.insert(result_.edges.end(), part.stay.begin(), part.stay.end());
      gone_.insert(gone_.end(), part.gone.begin(), part.gone.end());
      doubtful->insert(doubtful->end(), part.doubtful.begin(), part.doubtful.end());
      scored_before->insert(scored_before->end(), part.scored_before.begin(), part.scored_before.end());
      part = Part();
    }
    return absl::OkStatus();
  }

  absl::Status ScorePairs() {
    LIBMPI_RETURN_IF_ERROR(Report("score", 0, 1));
    frequencies_ = std::make_unique<NameFrequencies>(&options_.model->names);
    scoring_ = {options_.model, readings_.get(), frequencies_.get(),
                PopulationOf(options_.population, *options_.model), options_.preset};
    std::vector<bool> used(result_.grown.size(), false);
    for (uint64_t pair : to_score_) used[First(pair)] = used[Second(pair)] = true;
    std::vector<uint32_t> nodes, number(used.size());
    for (uint32_t n = 0; n < used.size(); ++n)
      if (used[n]) {
        number[n] = static_cast<uint32_t>(nodes.size());
        nodes.push_back(n);
      }
    GatheredNodes gathered(nodes, result_.grown, scoring_, threads_);
    constexpr size_t kGrain = 4096;
    std::vector<std::vector<Edge>> edges((to_score_.size() + kGrain - 1) / kGrain);
    ParallelChunks(to_score_.size(), kGrain, threads_, [&](size_t begin, size_t end, int worker) {
      constexpr size_t kAhead = 6;
      for (size_t i = begin; i < end; ++i) {
        if (i + kAhead < end) {
          gathered.Upcoming(number[First(to_score_[i + kAhead])]);
          gathered.Upcoming(number[Second(to_score_[i + kAhead])]);
        }
        const uint32_t a = First(to_score_[i]), b = Second(to_score_[i]);
        const PairScore score = gathered.Score(worker, number[a], number[b]);
        if (score.weight >= lowest_) edges[begin / kGrain].push_back({a, b, score.weight, score.held});
      }
    });
    for (const std::vector<Edge>& part : edges)
      for (const Edge& e : part) {
        if (e.Joins(thresholds_.match)) touched_[e.a] = touched_[e.b] = true;
        result_.edges.push_back(e);
      }
    result_.compared_pairs = to_score_.size();
    return absl::OkStatus();
  }

  // Nodes of all components, as they are and as they were, that something touched.
  void FindComponents() {
    UnionFind joined(result_.grown.size());
    for (const auto* edges : {&result_.edges, &gone_})
      for (const Edge& e : *edges)
        if (e.Joins(thresholds_.match)) joined.Join(e.a, e.b);
    for (const Decision& d : options_.decisions)
      if (d.same) joined.Join(result_.node_of[d.a], result_.node_of[d.b]);
    std::vector<bool> root(touched_.size(), false);
    for (uint32_t n = 0; n < touched_.size(); ++n)
      if (touched_[n]) root[joined.Find(n)] = true;
    decided_.resize(touched_.size());
    for (uint32_t n = 0; n < touched_.size(); ++n) decided_[n] = root[joined.Find(n)];
  }

  // The clusters of records whose components nothing touched, by their new numbers.
  void KeepClusters() {
    result_.cluster.resize(change_.count);
    for (size_t i = 0; i < change_.place.size(); ++i)
      if (const uint32_t at = change_.place[i]; at != kGone && !decided_[result_.node_of[at]])
        result_.cluster[at] = change_.place[index_.cluster[i]];
  }

  // Records to decide, and those of the clusters that links tie to them; ascending.
  std::vector<uint32_t> RecordsToLookAt() const {
    std::vector<bool> tied(decided_.size(), false);
    for (const Edge& e : result_.edges) {
      if (e.weight < thresholds_.review || decided_[e.a] == decided_[e.b]) continue;
      tied[decided_[e.a] ? e.b : e.a] = true;
    }
    std::vector<bool> cluster(change_.count, false);
    for (size_t i = 0; i < change_.count; ++i)
      if (tied[result_.node_of[i]]) cluster[result_.cluster[i]] = true;
    std::vector<uint32_t> records;
    for (uint32_t i = 0; i < change_.count; ++i)
      if (decided_[result_.node_of[i]] || cluster[result_.cluster[i]]) records.push_back(i);
    return records;
  }

  void DecideClusters() {
    KeepClusters();
    const std::vector<uint32_t> records = RecordsToLookAt();
    // Numbered anew, in the order of their keys.
    std::vector<uint32_t> number(decided_.size(), kGone), nodes, distinct_of;
    for (uint32_t record : records) {
      const uint32_t n = result_.node_of[record];
      if (number[n] == kGone) {
        number[n] = static_cast<uint32_t>(nodes.size());
        nodes.push_back(n);
      }
      distinct_of.push_back(number[n]);
    }
    const auto distinct = DistinctRecords::FromNumbers(std::move(distinct_of), nodes.size());
    GatheredNodes gathered(nodes, result_.grown, scoring_, threads_);
    std::vector<Edge> links, joining, repeats;  // between the numbered
    for (const Edge& e : result_.edges) {
      if (!decided_[e.a] && !decided_[e.b]) continue;
      if (number[e.a] == kGone || number[e.b] == kGone) continue;  // below the review threshold
      Edge own = e;
      own.a = number[e.a];
      own.b = number[e.b];
      if (own.a > own.b) std::swap(own.a, own.b);
      links.push_back(own);
      if (decided_[e.a] && decided_[e.b]) joining.push_back(own);
    }
    const auto by_pair = [](const Edge& x, const Edge& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; };
    std::sort(links.begin(), links.end(), by_pair);
    std::sort(joining.begin(), joining.end(), by_pair);
    for (uint32_t d = 0; d < distinct.size(); ++d) {
      if (distinct.CountOf(d) < 2 || !decided_[nodes[d]]) continue;
      const PairScore score = gathered.Score(0, d, d);
      repeats.push_back({d, d, score.weight, score.held});
    }
    std::vector<Edge> doubtful_pairs;
    std::vector<uint32_t> cluster = Cluster(distinct, records, nodes, joining, repeats, &gathered, &doubtful_pairs);
    ListLinks(distinct, records, nodes, links, repeats, doubtful_pairs, &gathered, std::move(cluster));
  }

  // Number of a record among `records`.
  static std::optional<uint32_t> PlaceIn(const std::vector<uint32_t>& records, uint32_t record) {
    const auto it = std::lower_bound(records.begin(), records.end(), record);
    if (it == records.end() || *it != record) return std::nullopt;
    return static_cast<uint32_t>(it - records.begin());
  }

  // By place in `records`; those that are not decided again are alone.
  std::vector<uint32_t> Cluster(const DistinctRecords& distinct, const std::vector<uint32_t>& records,
                                const std::vector<uint32_t>& numbered, std::span<const Edge> edges,
                                std::span<const Edge> repeats, GatheredNodes* gathered,
                                std::vector<Edge>* doubtful_pairs) {
    RecordPairs must, cannot;
    const auto add = [&](uint32_t a, uint32_t b, RecordPairs* out) {
      if (!decided_[result_.node_of[a]] || !decided_[result_.node_of[b]]) return;
      out->emplace_back(*PlaceIn(records, a), *PlaceIn(records, b));
    };
    for (const auto& [a, b] : change_.parts_of_one_id) add(a, b, &cannot);
    for (const Decision& d : options_.decisions) add(d.a, d.b, d.same ? &must : &cannot);
    const ClusterNodes nodes = MakeClusterNodes(distinct, edges, repeats, thresholds_.match, must, cannot, {});
    ClusteredRecords clustered = ClusterNodeRecords(
        distinct, nodes, records.size(), thresholds_.match,
        [gathered](int worker, uint32_t a, uint32_t b) { return gathered->Score(worker, a, b); }, threads_);
    result_.cut = clustered.cut;
    *doubtful_pairs = std::move(clustered.doubtful_pairs);
    std::vector<uint32_t> cluster = std::move(clustered.cluster);
    for (uint32_t i = 0; i < records.size(); ++i) {
      const uint32_t record = records[i];
      if (!decided_[numbered[distinct.NumberOf(i)]]) continue;
      result_.cluster[record] = records[cluster[i]];
      result_.decided.push_back(record);
    }
    return cluster;
  }

  void ListLinks(const DistinctRecords& distinct, const std::vector<uint32_t>& records,
                 const std::vector<uint32_t>& nodes, std::span<const Edge> pairs, std::span<const Edge> repeats,
                 const std::vector<Edge>& doubtful_pairs, GatheredNodes* gathered, std::vector<uint32_t> cluster) {
    for (uint32_t i = 0; i < records.size(); ++i)
      cluster[i] = PlaceIn(records, result_.cluster[records[i]]).value_or(i);
    LeftOut left_out;  // what is touched is never so much
    const LargeArray<Edge> edges = RecordEdges(distinct, pairs, repeats, false, MostEdges(change_.count), &left_out.repeat_edges);
    std::vector<Link> links = DecideLinks(edges, cluster, thresholds_.review);
    std::vector<Decision> decisions;
    for (const Decision& d : options_.decisions) {
      const auto a = PlaceIn(records, d.a), b = PlaceIn(records, d.b);
      if (a && b) decisions.push_back({*a, *b, d.same});
    }
    std::vector<ReviewItem> review =
        MakeReviewList(links, cluster, doubtful_pairs, decisions, thresholds_.match, MostReviewCases(change_.count),
                       &left_out);
    std::erase_if(review, [&](const ReviewItem& item) {
      return !decided_[nodes[distinct.NumberOf(item.a)]] && !decided_[nodes[distinct.NumberOf(item.b)]];
    });
    for (ReviewItem& item : review) {
      if (item.reason == ReviewReason::kLargeCluster)
        item.weight = gathered->Score(0, distinct.NumberOf(item.a), distinct.NumberOf(item.b)).weight;
      item.a = records[item.a];
      item.b = records[item.b];
    }
    for (Link& link : links) {
      link.a = records[link.a];
      link.b = records[link.b];
    }
    result_.links = std::move(links);
    result_.review = std::move(review);
  }

  void EndStage(std::string stage) {
    const Clock::time_point now = Clock::now();
    result_.times.push_back({std::move(stage), std::chrono::duration<double>(now - started_).count()});
    started_ = now;
  }

  const IndexView& index_;
  const RecordChange& change_;
  const LinkOptions& options_;
  const int threads_;
  Clock::time_point started_;
  Thresholds thresholds_;
  FixedWeight lowest_ = 0;
  std::unique_ptr<ReadingModel> readings_;
  std::unique_ptr<NameFrequencies> frequencies_;
  PairScoring scoring_{};
  EncodedRecords added_;
  DistinctRecords distinct_added_;
  // By node.
  std::vector<bool> was_, is_;  // said by a record, before and after
  std::vector<bool> touched_;   // its records, or an edge of its that joins, came or went
  std::vector<bool> decided_;
  std::vector<Edge> gone_;      // edges before that are no more
  std::vector<uint64_t> to_score_;
  UpdateResult result_;
};

}  // namespace

absl::StatusOr<UpdateResult> Update(const IndexView& index, const RecordChange& change, const LinkOptions& options) {
  return Updating(index, change, options).Run();
}

}  // namespace libmpi
