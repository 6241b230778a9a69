// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/kept_clusters.h"

#include <algorithm>
#include <optional>
#include <string>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/review.h"
#include "libmpi/linkage/run_bounds.h"

namespace libmpi {

absl::Status KeptClusters::Decide(const std::vector<NodeId>& touched) {
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchStates(touched));
  std::vector<NodeId> from;
  for (NodeId n : touched)
    if (!nodes_.states.Get(n).records.empty()) from.push_back(n);
  LIBMPI_RETURN_IF_ERROR(FindComponents(std::move(from), &decided_));
  LIBMPI_RETURN_IF_ERROR(FindTied());
  ListRecords();
  ListEdges();
  LIBMPI_RETURN_IF_ERROR(Cluster());
  LIBMPI_RETURN_IF_ERROR(WritePersons());
  ListLinks(doubtful_pairs_);
  return scored_;
}

absl::Status KeptClusters::FindComponents(std::vector<NodeId> from, std::set<NodeId>* found) {
  while (!from.empty()) {
    LIBMPI_RETURN_IF_ERROR(nodes_.FetchStates(from));
    std::vector<NodeId> next;
    for (NodeId n : from) {
      if (!found->insert(n).second) continue;
      const NodeState& state = nodes_.states.Get(n);
      for (const KeptEdge& e : state.edges)
        if (e.weight >= model_.thresholds().match && !e.held && !found->contains(e.other)) next.push_back(e.other);
      LIBMPI_RETURN_IF_ERROR(FindDecisions(state, &next));
    }
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    from = std::move(next);
  }
  return absl::OkStatus();
}

// Decisions of the records of a node, and the nodes that they tie to it.
absl::Status KeptClusters::FindDecisions(const NodeState& state, std::vector<NodeId>* tied) {
  for (const KeptRecord& record : state.records) {
    if (!record.decided) continue;
    std::vector<KeptDecision> decisions;
    LIBMPI_RETURN_IF_ERROR(nodes_.kept().ReadDecisions(record.number, &decisions));
    for (const KeptDecision& d : decisions) {
      LIBMPI_RETURN_IF_ERROR(nodes_.FetchNodeOf(d.other));
      const std::optional<NodeId> node = nodes_.node_of.Get(d.other);
      if (!node) continue;
      decisions_[{std::min(record.number, d.other), std::max(record.number, d.other)}] = d.same;
      if (d.same) tied->push_back(*node);
    }
  }
  return absl::OkStatus();
}

// Components that links for review tie to the decided ones: their persons stand.
absl::Status KeptClusters::FindTied() {
  std::vector<NodeId> from;
  for (NodeId n : decided_)
    for (const KeptEdge& e : nodes_.states.Get(n).edges)
      if (e.weight >= model_.thresholds().review && !decided_.contains(e.other)) from.push_back(e.other);
  return FindComponents(std::move(from), &tied_);
}

void KeptClusters::ListRecords() {
  std::vector<std::pair<const KeptRecord*, NodeId>> all;
  for (const std::set<NodeId>* nodes : {&decided_, &tied_})
    for (NodeId n : *nodes)
      for (const KeptRecord& record : nodes_.states.Get(n).records) all.emplace_back(&record, n);
  std::sort(all.begin(), all.end(), [](const auto& x, const auto& y) { return x.first->key < y.first->key; });
  absl::flat_hash_map<NodeId, uint32_t> number;
  std::vector<uint32_t> distinct_of;
  for (const auto& [record, node] : all) {
    const auto [it, is_new] = number.try_emplace(node, static_cast<uint32_t>(node_ids_.size()));
    if (is_new) node_ids_.push_back(node);
    place_[record->number] = static_cast<uint32_t>(records_.size());
    records_.push_back(record);
    distinct_of.push_back(it->second);
    if (decided_.contains(node)) person_before_[record->number] = record->person;
  }
  distinct_ = DistinctRecords::FromNumbers(distinct_of, node_ids_.size());
}

void KeptClusters::ListEdges() {
  absl::flat_hash_map<NodeId, uint32_t> number;
  for (uint32_t i = 0; i < node_ids_.size(); ++i) number[node_ids_[i]] = i;
  for (uint32_t i = 0; i < node_ids_.size(); ++i) {
    const bool decided = decided_.contains(node_ids_[i]);
    for (const KeptEdge& e : nodes_.states.Get(node_ids_[i]).edges) {
      const auto other = number.find(e.other);
      if (other == number.end() || other->second < i) continue;
      const Edge edge{i, other->second, e.weight, e.held};
      // An edge does not say whether its two may share a cluster all the same.
      if (!e.held) known_[PairKey(edge.a, edge.b)].weight = e.weight;
      const bool other_decided = decided_.contains(e.other);
      if (edge.a == edge.b) {
        if (decided && distinct_.CountOf(i) > 1) repeats_.push_back(edge);
      } else if (decided || other_decided) {
        edges_.push_back(edge);
        if (decided && other_decided) joining_.push_back(edge);
      }
    }
  }
}

// As a run scores the two: an edge says it, where there is one that is not held.
PairScore KeptClusters::Score(uint32_t a, uint32_t b) {
  if (const auto known = known_.find(PairKey(a, b)); known != known_.end()) return known->second;
  if (scorer_ == nullptr) {
    scorer_ = std::make_unique<PackedNodes>(model_);
    scored_.Update(nodes_.FetchContents(node_ids_));
    for (NodeId n : node_ids_)
      if (scored_.ok()) scored_.Update(scorer_->Add(nodes_.contents.Get(n)).status());
  }
  if (!scored_.ok()) return {};
  return known_[PairKey(a, b)] = scorer_->Score(a, b);
}

absl::Status KeptClusters::Cluster() {
  RecordPairs must, cannot;
  for (const auto& [pair, same] : decisions_) {
    const auto a = place_.find(pair.first), b = place_.find(pair.second);
    if (a == place_.end() || b == place_.end() || !IsDecided(a->second) || !IsDecided(b->second)) continue;
    (same ? must : cannot).emplace_back(std::min(a->second, b->second), std::max(a->second, b->second));
  }
  // Parts of one id are several persons: keys of one id stand together.
  for (uint32_t i = 0; i < records_.size(); ++i)
    for (uint32_t j = i + 1; j < records_.size() && records_[i]->key.source == records_[j]->key.source &&
                             records_[i]->key.record_id == records_[j]->key.record_id; ++j)
      if (records_[i]->key.part != 0 && IsDecided(i) && IsDecided(j)) cannot.emplace_back(i, j);
  std::sort(must.begin(), must.end());
  std::sort(cannot.begin(), cannot.end());
  const FixedWeight match = model_.thresholds().match;
  const ClusterNodes nodes = MakeClusterNodes(distinct_, joining_, repeats_, match, must, cannot, {});
  ClusteredRecords clustered = ClusterNodeRecords(
      distinct_, nodes, records_.size(), match, [this](int, uint32_t a, uint32_t b) { return Score(a, b); }, 1);
  cluster_ = std::move(clustered.cluster);
  doubtful_pairs_ = std::move(clustered.doubtful_pairs);
  // Those that are not decided again are in the clusters in which they were.
  absl::flat_hash_map<uint32_t, uint32_t> first_of_person;
  for (uint32_t i = 0; i < records_.size(); ++i)
    if (!IsDecided(i)) cluster_[i] = first_of_person.try_emplace(records_[i]->person, i).first->second;
  return scored_;
}

absl::Status KeptClusters::WritePersons() {
  std::vector<uint32_t> lowest(records_.size(), UINT32_MAX);  // by first record of the cluster
  for (uint32_t i = 0; i < records_.size(); ++i)
    if (IsDecided(i)) lowest[cluster_[i]] = std::min(lowest[cluster_[i]], records_[i]->rank);
  for (uint32_t i = 0; i < records_.size(); ++i) {
    if (!IsDecided(i)) continue;
    const uint32_t person = lowest[cluster_[i]];
    if (records_[i]->person != person)
      for (KeptRecord& r : nodes_.states.Change(node_ids_[distinct_.NumberOf(i)]).records)
        if (r.number == records_[i]->number) r.person = person;
    decided_records_.push_back(*records_[i]);
  }
  std::sort(decided_records_.begin(), decided_records_.end(),
            [](const KeptRecord& x, const KeptRecord& y) { return x.number < y.number; });
  return absl::OkStatus();
}

void KeptClusters::ListLinks(const std::vector<Edge>& doubtful_pairs) {
  LeftOut left_out;
  const LargeArray<Edge> edges =
      RecordEdges(distinct_, edges_, repeats_, false, MostEdges(records_.size()), &left_out.repeat_edges);
  std::vector<Link> links = DecideLinks(edges, cluster_, model_.thresholds().review);
  std::erase_if(links, [&](const Link& l) { return !IsDecided(l.a) && !IsDecided(l.b); });
  std::vector<Decision> decisions;
  for (const auto& [pair, same] : decisions_) {
    const auto a = place_.find(pair.first), b = place_.find(pair.second);
    if (a != place_.end() && b != place_.end()) decisions.push_back({a->second, b->second, same});
  }
  const std::vector<ReviewItem> review =
      MakeReviewList(links, cluster_, doubtful_pairs, decisions, model_.thresholds().match,
                     MostReviewCases(records_.size()), &left_out);
  for (const Link& l : links)
    links_.push_back({End(l.a), End(l.b), l.weight, l.decision, l.held});
  uint32_t last_case = 0;
  for (const ReviewItem& item : review) {
    if (item.review_case == last_case || (!IsDecided(item.a) && !IsDecided(item.b))) continue;
    last_case = item.review_case;  // the strongest pair of a case stands for it
    KeptReview out{End(item.a), End(item.b), item.weight, item.reason, item.priority};
    if (item.reason == ReviewReason::kLargeCluster)
      out.weight = Score(distinct_.NumberOf(item.a), distinct_.NumberOf(item.b)).weight;
    review_.push_back(out);
  }
}

}  // namespace libmpi
