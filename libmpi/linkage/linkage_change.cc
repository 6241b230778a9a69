// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/linkage_change.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "libmpi/base/hash.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/distinct_records.h"
#include "libmpi/linkage/kept_clusters.h"

namespace libmpi {
namespace {

absl::Status Damaged() { return absl::DataLossError("the linkage that is kept does not fit together"); }

template <typename List>
auto FindEdge(List& edges, NodeId other) {
  const auto it = std::lower_bound(edges.begin(), edges.end(), other,
                                   [](const KeptEdge& e, NodeId n) { return e.other < n; });
  return it != edges.end() && it->other == other ? it : edges.end();
}

void InsertEdge(const KeptEdge& edge, std::vector<KeptEdge>* edges) {
  const auto it = std::lower_bound(edges->begin(), edges->end(), edge.other,
                                   [](const KeptEdge& e, NodeId n) { return e.other < n; });
  if (it != edges->end() && it->other == edge.other) *it = edge;
  else edges->insert(it, edge);
}

auto FindRecord(std::vector<KeptRecord>& records, uint32_t number) {
  return std::find_if(records.begin(), records.end(), [&](const KeptRecord& r) { return r.number == number; });
}

NodeId First(uint64_t pair) { return static_cast<NodeId>(pair >> 32); }
NodeId Second(uint64_t pair) { return static_cast<NodeId>(pair); }

}  // namespace

LinkageChange::LinkageChange(const KeptLinkage* kept, const FrozenModel* model, NodeId next_node)
    : nodes_(kept), model_(*model), next_node_(next_node), slots_(&nodes_) {}

absl::StatusOr<LinkageChange::Place> LinkageChange::Find(uint32_t record) {
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchNodeOf(record));
  const std::optional<NodeId> node = nodes_.node_of.Get(record);
  if (!node) return absl::NotFoundError("the record takes no part in the linkage");
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchStates({&*node, 1}));
  NodeState& state = nodes_.states.Change(*node);
  const auto it = FindRecord(state.records, record);
  if (it == state.records.end()) return Damaged();
  return Place{*node, &state, it};
}

absl::StatusOr<LinkageChange::Removed> LinkageChange::Remove(uint32_t record) {
  LIBMPI_ASSIGN_OR_RETURN(const Place place, Find(record));
  NodeState& state = *place.state;
  Removed removed{std::move(*place.record), place.node};
  state.records.erase(place.record);
  nodes_.node_of.Set(record, std::nullopt);
  gone_.push_back(removed.record);
  touched_.insert(place.node);
  if (state.records.size() == 1)
    if (const auto self = FindEdge(state.edges, place.node); self != state.edges.end()) state.edges.erase(self);
  if (state.records.empty()) LIBMPI_RETURN_IF_ERROR(RemoveNode(place.node));
  if (removed.record.decided) LIBMPI_RETURN_IF_ERROR(TouchDecided(record));
  return removed;
}

// Those that a decision ties to the record.
absl::Status LinkageChange::TouchDecided(uint32_t record) {
  std::vector<KeptDecision> decisions;
  LIBMPI_RETURN_IF_ERROR(nodes_.kept().ReadDecisions(record, &decisions));
  for (const KeptDecision& d : decisions) {
    LIBMPI_RETURN_IF_ERROR(nodes_.FetchNodeOf(d.other));
    if (const std::optional<NodeId> node = nodes_.node_of.Get(d.other)) touched_.insert(*node);
  }
  return absl::OkStatus();
}

absl::Status LinkageChange::Add(KeptRecord record, std::string packed, NodeId wanted) {
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchNodeOf(record.number));
  if (nodes_.node_of.Get(record.number)) return absl::AlreadyExistsError("the record takes part in the linkage");
  bool is_new;
  LIBMPI_ASSIGN_OR_RETURN(const NodeId node, NodeFor(std::move(packed), wanted, &is_new));
  record.person = 0;
  nodes_.node_of.Set(record.number, node);
  NodeState& state = nodes_.states.Change(node);
  state.records.push_back(std::move(record));
  std::sort(state.records.begin(), state.records.end(),
            [](const KeptRecord& x, const KeptRecord& y) { return x.number < y.number; });
  touched_.insert(node);
  if (state.records.size() == 2) repeated_.insert(node);
  return is_new ? slots_.Add(node) : absl::OkStatus();
}

absl::StatusOr<bool> LinkageChange::Says(uint32_t record, std::string_view packed) {
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchNodeOf(record));
  const std::optional<NodeId> node = nodes_.node_of.Get(record);
  if (!node) return absl::NotFoundError("the record takes no part in the linkage");
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchContents({&*node, 1}));
  return nodes_.contents.Get(*node) == packed;
}

absl::Status LinkageChange::Touch(uint32_t record, bool decided) {
  const absl::StatusOr<Place> place = Find(record);
  if (absl::IsNotFound(place.status())) return absl::OkStatus();
  LIBMPI_RETURN_IF_ERROR(place.status());
  place->record->decided = decided;
  touched_.insert(place->node);
  return absl::OkStatus();
}

absl::Status LinkageChange::SetRank(uint32_t record, uint32_t rank) {
  LIBMPI_ASSIGN_OR_RETURN(const Place place, Find(record));
  place.record->rank = rank;
  touched_.insert(place.node);
  return absl::OkStatus();
}

// The node that says this, or a new one.
absl::StatusOr<NodeId> LinkageChange::NodeFor(std::string packed, NodeId wanted, bool* is_new) {
  const SlotKey content{HashBytes(packed), SlotKey::kContentStep};
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchSlots({&content, 1}));
  const std::vector<NodeId> candidates = nodes_.slots.Get(content).nodes;
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchContents(candidates));
  for (NodeId node : candidates)
    if (nodes_.contents.Get(node) == packed) {
      LIBMPI_RETURN_IF_ERROR(nodes_.FetchStates({&node, 1}));
      *is_new = false;
      return node;
    }
  if (wanted >= next_node_) wanted = 0;  // of another linkage: it will be given to somebody
  if (wanted != 0) {
    LIBMPI_RETURN_IF_ERROR(nodes_.FetchContents({&wanted, 1}));
    if (!nodes_.contents.Get(wanted).empty()) wanted = 0;
  }
  if (next_node_ == UINT32_MAX) return absl::ResourceExhaustedError("4 billion nodes: link the registry anew");
  const NodeId node = wanted != 0 ? wanted : next_node_++;
  KeySlot& slot = nodes_.slots.Change(content);
  ++slot.count;
  slot.nodes.insert(std::lower_bound(slot.nodes.begin(), slot.nodes.end(), node), node);
  nodes_.contents.Set(node, std::move(packed));
  nodes_.states.Set(node, NodeState());
  new_nodes_.push_back(node);
  *is_new = true;
  return node;
}

absl::Status LinkageChange::RemoveNode(NodeId node) {
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchContents({&node, 1}));
  LIBMPI_RETURN_IF_ERROR(slots_.Remove(node));
  const std::vector<KeptEdge> edges = std::move(nodes_.states.Change(node).edges);
  nodes_.states.Change(node).edges.clear();
  std::vector<NodeId> others;
  for (const KeptEdge& e : edges)
    if (e.other != node) others.push_back(e.other);
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchStates(others));
  for (NodeId other : others) {
    std::vector<KeptEdge>& back = nodes_.states.Change(other).edges;
    const auto it = FindEdge(back, node);
    if (it == back.end()) return Damaged();
    if (it->weight >= model_.thresholds().review) touched_.insert(other);
    back.erase(it);
  }
  const SlotKey content{HashBytes(nodes_.contents.Get(node)), SlotKey::kContentStep};
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchSlots({&content, 1}));
  KeySlot& slot = nodes_.slots.Change(content);
  if (std::erase(slot.nodes, node) != 1) return Damaged();
  slot.count = slot.nodes.size();
  gone_nodes_.emplace_back(node, nodes_.contents.Get(node));
  nodes_.contents.Set(node, std::string());
  std::erase(new_nodes_, node);
  touched_.erase(node);
  return absl::OkStatus();
}

absl::Status LinkageChange::RemoveEdge(NodeId a, NodeId b) {
  for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
    std::vector<KeptEdge>& edges = nodes_.states.Change(from).edges;
    const auto it = FindEdge(edges, to);
    if (it == edges.end()) return Damaged();
    if (it->weight >= model_.thresholds().review) touched_.insert(from);
    edges.erase(it);
  }
  return absl::OkStatus();
}

absl::Status LinkageChange::AddEdge(NodeId a, NodeId b, const PairScore& score) {
  if (score.weight < model_.lowest() && a != b) return absl::OkStatus();
  InsertEdge({b, score.weight, score.held}, &nodes_.states.Change(a).edges);
  if (a != b) InsertEdge({a, score.weight, score.held}, &nodes_.states.Change(b).edges);
  if (score.weight >= model_.thresholds().review) touched_.insert({a, b});
  return absl::OkStatus();
}

// Brings the edges to what the keys hold together now.
absl::Status LinkageChange::UpdateEdges() {
  const auto is_there = [this](NodeId n) { return !nodes_.contents.Get(n).empty(); };
  for (const uint64_t pair : slots_.lost()) {
    const NodeId a = First(pair), b = Second(pair);
    const NodeId both[] = {a, b};
    LIBMPI_RETURN_IF_ERROR(nodes_.FetchContents(both));
    if (!is_there(a) || !is_there(b)) continue;
    LIBMPI_RETURN_IF_ERROR(nodes_.FetchStates(both));
    const std::vector<KeptEdge>& edges = nodes_.states.Get(a).edges;
    if (FindEdge(edges, b) == edges.end()) continue;
    bool meet;
    LIBMPI_RETURN_IF_ERROR(slots_.Meet(a, b, &meet));
    if (!meet) LIBMPI_RETURN_IF_ERROR(RemoveEdge(a, b));
  }
  return ScoreGained();
}

// Pairs that a key brings together and that are there, ascending, and nodes of whose records there are two.
absl::Status LinkageChange::PairsToScore(std::vector<uint64_t>* pairs) {
  std::vector<NodeId> nodes(repeated_.begin(), repeated_.end());
  for (const uint64_t pair : slots_.gained()) {
    nodes.push_back(First(pair));
    nodes.push_back(Second(pair));
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchContents(nodes));
  const auto is_there = [this](NodeId n) { return !nodes_.contents.Get(n).empty(); };
  for (const uint64_t pair : slots_.gained()) {
    if (!is_there(First(pair)) || !is_there(Second(pair))) continue;
    bool meet = true;
    if (slots_.lost().contains(pair)) LIBMPI_RETURN_IF_ERROR(slots_.Meet(First(pair), Second(pair), &meet));
    if (meet) pairs->push_back(pair);
  }
  for (NodeId n : repeated_)
    if (is_there(n) && nodes_.states.Get(n).records.size() > 1) pairs->push_back(PairKey(n, n));
  std::sort(pairs->begin(), pairs->end());
  return absl::OkStatus();
}

absl::Status LinkageChange::ScoreGained() {
  std::vector<uint64_t> pairs;
  LIBMPI_RETURN_IF_ERROR(PairsToScore(&pairs));
  if (pairs.empty()) return absl::OkStatus();
  std::optional<PackedNodes> packed;
  absl::flat_hash_map<NodeId, uint32_t> number;
  std::vector<std::pair<uint64_t, PairScore>> edges;
  std::vector<NodeId> ends;
  for (const uint64_t pair : pairs) {
    const NodeId both[] = {First(pair), Second(pair)};
    PairScore score;
    if (const PairScore* known = KnownScore(both[0], both[1]); known != nullptr) {
      score = *known;
    } else {
      if (!packed) packed.emplace(model_);
      for (const NodeId n : both) {
        if (number.contains(n)) continue;
        LIBMPI_ASSIGN_OR_RETURN(number[n], packed->Add(nodes_.contents.Get(n)));
      }
      score = packed->Score(number[both[0]], number[both[1]]);
    }
    if (score.weight < model_.lowest() && both[0] != both[1]) continue;
    edges.emplace_back(pair, score);
    ends.insert(ends.end(), {both[0], both[1]});
  }
  LIBMPI_RETURN_IF_ERROR(nodes_.FetchStates(ends));
  for (const auto& [pair, score] : edges) LIBMPI_RETURN_IF_ERROR(AddEdge(First(pair), Second(pair), score));
  return absl::OkStatus();
}

const PairScore* LinkageChange::KnownScore(NodeId a, NodeId b) const {
  if (known_scores_ == nullptr || a == b || !known_scores_->IsOf(nodes_.contents.Get(b))) return nullptr;
  return known_scores_->Find(a, nodes_.contents.Get(a));
}

absl::Status LinkageChange::Finish() {
  LIBMPI_RETURN_IF_ERROR(UpdateEdges());
  KeptClusters clusters(&nodes_, model_);
  LIBMPI_RETURN_IF_ERROR(clusters.Decide({touched_.begin(), touched_.end()}));
  decided_ = clusters.decided();
  person_before_ = clusters.persons_before();
  absl::flat_hash_map<uint32_t, size_t> place;
  std::set<uint32_t> before, after;
  for (const KeptRecord& gone : gone_) {
    if (gone.person == 0) continue;  // came and went in this change
    place[gone.number] = persons_.size();
    persons_.push_back({gone.number, gone.person, 0, gone.key});
    before.insert(gone.person);
  }
  for (const KeptRecord& record : decided_) {
    const uint32_t was = person_before_.at(record.number);
    if (was != 0) before.insert(was);
    after.insert(record.person);
    if (const auto it = place.find(record.number); it != place.end()) persons_[it->second].after = record.person;
    else if (was != record.person) persons_.push_back({record.number, was, record.person, record.key});
  }
  more_persons_ = static_cast<int64_t>(after.size()) - static_cast<int64_t>(before.size());
  std::sort(persons_.begin(), persons_.end(),
            [](const PersonChange& x, const PersonChange& y) { return x.record < y.record; });
  links_ = clusters.links();
  review_ = clusters.review();
  return absl::OkStatus();
}

std::vector<std::pair<uint32_t, uint32_t>> LinkageChange::others_of(uint32_t record) const {
  std::vector<std::pair<uint32_t, uint32_t>> others;
  for (const KeptRecord& other : decided_)
    if (const uint32_t before = person_before_.at(other.number); other.number != record && before != 0)
      others.emplace_back(before, other.person);
  return others;
}

}  // namespace libmpi
