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

void PlaceNodes(const DistinctRecords& distinct, const std::vector<bool>& apart, ClusterNodes* nodes) {
  std::vector<std::pair<uint32_t, uint32_t>> first_and_distinct;
  first_and_distinct.reserve(distinct.size());
  for (uint32_t d = 0; d < distinct.size(); ++d)
    for (uint32_t record : distinct.RecordsOf(d).first(apart[d] ? distinct.CountOf(d) : 1))
      first_and_distinct.emplace_back(record, d);
  std::sort(first_and_distinct.begin(), first_and_distinct.end());
  nodes->first_record.reserve(first_and_distinct.size());
  nodes->distinct.reserve(first_and_distinct.size());
  nodes->count.reserve(first_and_distinct.size());
  for (const auto& [record, d] : first_and_distinct) {
    nodes->first_record.push_back(record);
    nodes->distinct.push_back(d);
    nodes->count.push_back(apart[d] ? 1 : static_cast<uint32_t>(distinct.CountOf(d)));
  }
}

}  // namespace

LargeArray<Edge> RecordEdges(const DistinctRecords& distinct, std::span<const Edge> pairs,
                             std::span<const Edge> repeats, bool every_first, ArraySpace* space) {
  const auto count_of_a = [&](uint32_t a) { return every_first ? distinct.CountOf(a) : distinct.PairedCountOf(a); };
  uint64_t all = 0;
  for (const Edge& e : pairs) all += count_of_a(e.a) * distinct.PairedCountOf(e.b);
  for (const Edge& e : repeats) all += CountRepeats(distinct.CountOf(e.a));
  LargeArray<Edge> edges(space);
  edges.reserve(all);
  for (const Edge& e : pairs) {
    const auto a = distinct.RecordsOf(e.a), b = distinct.RecordsOf(e.b);
    for (uint32_t x : a.first(count_of_a(e.a)))
      for (uint32_t y : b.first(distinct.PairedCountOf(e.b))) edges.push_back(Between(x, y, e));
  }
  for (const Edge& e : repeats) AddRepeats(distinct.RecordsOf(e.a), e, &edges);
  return edges;
}

ClusterNodes MakeClusterNodes(const DistinctRecords& distinct, std::span<const Edge> pairs,
                              std::span<const Edge> repeats, FixedWeight threshold,
                              const RecordPairs& must_links, const RecordPairs& cannot_links,
                              ArraySpace* space) {
  std::vector<bool> apart(distinct.size());
  for (uint32_t d = 0; d < distinct.size(); ++d) apart[d] = distinct.CountOf(d) > 1;
  for (const Edge& e : repeats)
    if (e.Joins(threshold)) apart[e.a] = false;
  for (const auto& [a, b] : cannot_links)
    if (distinct.NumberOf(a) == distinct.NumberOf(b)) apart[distinct.NumberOf(a)] = true;
  ClusterNodes nodes;
  nodes.edges = LargeArray<Edge>(space);
  nodes.edges.reserve(pairs.size());
  PlaceNodes(distinct, apart, &nodes);
  const NodesOfDistinct index = IndexNodes(nodes.distinct, distinct.size());
  for (const Edge& e : pairs) {
    if (!e.Joins(threshold)) continue;
    for (uint32_t x : index.Of(e.a))
      for (uint32_t y : index.Of(e.b)) nodes.edges.push_back(Between(x, y, e));
  }
  // Repeats that were told apart by a decision still agree with each other.
  for (const Edge& e : repeats)
    if (e.Joins(threshold)) AddRepeats(index.Of(e.a), e, &nodes.edges);
  const auto node_of = [&](uint32_t record) {
    const uint32_t d = distinct.NumberOf(record);
    for (uint32_t n : index.Of(d))
      if (!apart[d] || nodes.first_record[n] == record) return n;
    return index.Of(d).front();
  };
  for (const auto& [a, b] : cannot_links) nodes.cannot_links.emplace_back(node_of(a), node_of(b));
  for (const auto& [a, b] : must_links)
    if (const uint32_t x = node_of(a), y = node_of(b); x != y) nodes.must_links.emplace_back(x, y);
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

}  // namespace libmpi
