// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/record_edges.h"

#include <algorithm>
#include <numeric>

namespace libmpi {
namespace {

Edge Between(uint32_t x, uint32_t y, const Edge& like) {
  Edge edge = like;
  edge.a = std::min(x, y);
  edge.b = std::max(x, y);
  return edge;
}

// As many as AddRepeats adds.
uint64_t CountRepeats(uint64_t records) {
  const uint64_t paired = std::min(records, DistinctRecords::kMostPairedRepeats);
  return paired * (paired - 1) / 2 + (records - paired);
}

void AddRepeats(std::span<const uint32_t> records, const Edge& like, LargeArray<Edge>* edges) {
  const size_t paired = std::min<size_t>(records.size(), DistinctRecords::kMostPairedRepeats);
  for (size_t i = 0; i < paired; ++i)
    for (size_t j = i + 1; j < paired; ++j) edges->push_back(Between(records[i], records[j], like));
  for (size_t j = paired; j < records.size(); ++j)
    edges->push_back(Between(records[0], records[j], like));
}

// Nodes of distinct record d: order[begin[d] .. begin[d + 1]).
struct NodesOfDistinct {
  std::vector<uint32_t> begin, order;
  std::span<const uint32_t> Of(uint32_t d) const {
    return {order.data() + begin[d], begin[d + 1] - begin[d]};
  }
};

NodesOfDistinct IndexNodes(const std::vector<uint32_t>& distinct_of_node, size_t distinct) {
  NodesOfDistinct index;
  index.begin.assign(distinct + 1, 0);
  for (uint32_t d : distinct_of_node) ++index.begin[d + 1];
  std::partial_sum(index.begin.begin(), index.begin.end(), index.begin.begin());
  index.order.resize(distinct_of_node.size());
  std::vector<uint32_t> next(index.begin.begin(), index.begin.end() - 1);
  for (uint32_t n = 0; n < distinct_of_node.size(); ++n)
    index.order[next[distinct_of_node[n]]++] = n;
  return index;
}

void PlaceNodes(const DistinctRecords& distinct, const std::vector<bool>& each, ClusterNodes* nodes) {
  nodes->first_record.reserve(distinct.size());
  nodes->distinct.reserve(distinct.size());
  nodes->count.reserve(distinct.size());
  std::vector<bool> met(distinct.size(), false);
  for (uint32_t record = 0; record < distinct.records(); ++record) {
    const uint32_t d = distinct.NumberOf(record);
    if (met[d] && !each[d]) continue;
    met[d] = true;
    nodes->first_record.push_back(record);
    nodes->distinct.push_back(d);
    nodes->count.push_back(each[d] ? 1 : static_cast<uint32_t>(distinct.CountOf(d)));
  }
}

// each[d] for a distinct record with two repeats in one group.
void MarkRepeatsOfOneGroup(const DistinctRecords& distinct, const RecordPairs& apart, std::vector<bool>* each) {
  std::vector<std::pair<uint32_t, uint32_t>> group_and_distinct;
  for (const auto& [record, group] : apart) group_and_distinct.emplace_back(group, distinct.NumberOf(record));
  std::sort(group_and_distinct.begin(), group_and_distinct.end());
  for (size_t i = 1; i < group_and_distinct.size(); ++i)
    if (group_and_distinct[i] == group_and_distinct[i - 1]) (*each)[group_and_distinct[i].second] = true;
}

}  // namespace

LargeArray<Edge> RecordEdges(const DistinctRecords& distinct, std::span<const Edge> pairs,
                             std::span<const Edge> repeats, bool every_first, uint64_t most, uint64_t* left_out,
                             ArraySpace* space) {
  const auto of_first = [&](uint32_t d, uint64_t paired) {
    return every_first ? distinct.CountOf(d) : std::min(distinct.CountOf(d), paired);
  };
  const auto of_second = [&](uint32_t d, uint64_t paired) { return std::min(distinct.CountOf(d), paired); };
  const auto edges_with = [&](uint64_t paired) {
    uint64_t sum = 0;
    for (const Edge& e : pairs) sum += of_first(e.a, paired) * of_second(e.b, paired);
    return sum;
  };
  uint64_t paired = DistinctRecords::kMostPairedRepeats;
  const uint64_t all = edges_with(paired);
  uint64_t kept = all;
  while (kept > most && paired > 1) kept = edges_with(--paired);
  *left_out = all - kept;
  uint64_t of_repeats = 0;
  for (const Edge& e : repeats) of_repeats += CountRepeats(distinct.CountOf(e.a));
  LargeArray<Edge> edges(space);
  edges.reserve(kept + of_repeats);
  for (const Edge& e : pairs)
    for (uint32_t x : distinct.RecordsOf(e.a).first(of_first(e.a, paired)))
      for (uint32_t y : distinct.RecordsOf(e.b).first(of_second(e.b, paired))) edges.push_back(Between(x, y, e));
  for (const Edge& e : repeats) AddRepeats(distinct.RecordsOf(e.a), e, &edges);
  return edges;
}

ClusterNodes MakeClusterNodes(const DistinctRecords& distinct, std::span<const Edge> pairs,
                              std::span<const Edge> repeats, FixedWeight threshold,
                              const RecordPairs& must_links, const RecordPairs& cannot_links,
                              const RecordPairs& apart, ArraySpace* space) {
  std::vector<bool> each(distinct.size());  // whose repeats are a node each
  for (uint32_t d = 0; d < distinct.size(); ++d) each[d] = distinct.CountOf(d) > 1;
  for (const Edge& e : repeats)
    if (e.Joins(threshold)) each[e.a] = false;
  for (const auto& [a, b] : cannot_links)
    if (distinct.NumberOf(a) == distinct.NumberOf(b)) each[distinct.NumberOf(a)] = true;
  MarkRepeatsOfOneGroup(distinct, apart, &each);
  ClusterNodes nodes;
  nodes.edges = LargeArray<Edge>(space);
  nodes.edges.reserve(pairs.size());
  PlaceNodes(distinct, each, &nodes);
  const NodesOfDistinct index = IndexNodes(nodes.distinct, distinct.size());
  for (const Edge& e : pairs) {
    if (!e.Joins(threshold)) continue;
    // What hangs together tells components apart, whatever the threshold: no need of all pairs.
    const auto a = index.Of(e.a), b = index.Of(e.b);
    for (uint32_t y : b) nodes.edges.push_back(Between(a[0], y, e));
    for (uint32_t x : a.subspan(1)) nodes.edges.push_back(Between(x, b[0], e));
  }
  // Repeats that were told apart by a decision still agree with each other.
  for (const Edge& e : repeats)
    if (e.Joins(threshold)) AddRepeats(index.Of(e.a), e, &nodes.edges);
  const auto node_of = [&](uint32_t record) {
    const auto of_distinct = index.Of(distinct.NumberOf(record));  // by first record
    if (of_distinct.size() == 1) return of_distinct.front();
    return *std::lower_bound(of_distinct.begin(), of_distinct.end(), record,
                             [&](uint32_t n, uint32_t r) { return nodes.first_record[n] < r; });
  };
  for (const auto& [a, b] : cannot_links) nodes.cannot_links.emplace_back(node_of(a), node_of(b));
  for (const auto& [a, b] : must_links)
    if (const uint32_t x = node_of(a), y = node_of(b); x != y) nodes.must_links.emplace_back(x, y);
  for (const auto& [record, group] : apart) nodes.apart.emplace_back(node_of(record), group);
  return nodes;
}

std::vector<uint32_t> RecordClusters(const DistinctRecords& distinct, const ClusterNodes& nodes,
                                     std::span<const uint32_t> node_cluster, size_t records) {
  std::vector<uint32_t> cluster(records);
  for (uint32_t n = 0; n < nodes.distinct.size(); ++n) {
    const uint32_t name = nodes.first_record[node_cluster[n]];
    cluster[nodes.first_record[n]] = name;
    if (nodes.count[n] > 1)
      for (uint32_t record : distinct.RecordsOf(nodes.distinct[n])) cluster[record] = name;
  }
  return cluster;
}

ClusteredRecords ClusterNodeRecords(const DistinctRecords& distinct, const ClusterNodes& nodes, size_t records,
                                    FixedWeight match_threshold, const DistinctScore& score, int threads) {
  // How far below the match threshold a held pair counts at most where clusters are averaged.
  constexpr FixedWeight kHeldInClusters = -512;
  ClusteringOptions options;
  options.threshold = match_threshold;
  options.weight_limit = std::max(options.weight_limit, match_threshold + 5 * 1024);
  options.threads = threads;
  options.counts = nodes.count;
  options.must_links = nodes.must_links;
  options.cannot_links = nodes.cannot_links;
  options.apart = nodes.apart;
  const PairWeight weight = [&](int worker, uint32_t a, uint32_t b) {
    const PairScore of_pair = score(worker, nodes.distinct[a], nodes.distinct[b]);
    if (of_pair.apart) return kNeverTogether;
    return of_pair.held ? std::min(of_pair.weight, match_threshold + kHeldInClusters) : of_pair.weight;
  };
  const Clustering clustering = ClusterRecords(nodes.distinct.size(), nodes.edges, weight, options);
  ClusteredRecords out;
  out.cluster = RecordClusters(distinct, nodes, clustering.cluster, records);
  for (const Edge& e : clustering.doubtful_pairs)
    out.doubtful_pairs.push_back({nodes.first_record[e.a], nodes.first_record[e.b], e.weight});
  out.cut = clustering.cut;
  return out;
}

}  // namespace libmpi
