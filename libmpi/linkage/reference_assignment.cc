// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/reference_assignment.h"

#include <algorithm>
#include <numeric>

#include "absl/container/flat_hash_set.h"

namespace libmpi {

ReferenceAssignment AssignToReference(const LargeArray<Edge>& edges, FixedWeight match_threshold, size_t new_count,
                                      size_t count, bool one_to_one) {
  LargeArray<Edge> best = edges;
  std::sort(best.begin(), best.end(), [](const Edge& x, const Edge& y) {
    if (x.weight != y.weight) return x.weight > y.weight;
    return x.a != y.a ? x.a < y.a : x.b < y.b;
  });
  ReferenceAssignment out;
  std::vector<uint32_t>& cluster = out.cluster;
  cluster.resize(count);
  std::iota(cluster.begin(), cluster.end(), 0);
  std::vector<uint32_t> smallest(count), taken(count, 0);
  std::iota(smallest.begin(), smallest.end(), 0);
  for (const Edge& e : best) {
    if (!e.Joins(match_threshold) || taken[e.a] || (one_to_one && taken[e.b])) continue;
    taken[e.a] = taken[e.b] = 1;
    out.pairs.emplace_back(e.a, e.b);
    smallest[e.b] = std::min(smallest[e.b], e.a);
  }
  for (const auto& [a, b] : out.pairs) cluster[a] = smallest[b];
  for (size_t b = new_count; b < count; ++b) cluster[b] = smallest[b];
  return out;
}

void KeepAssignedLinks(const ReferenceAssignment& assignment, std::span<Link> links) {
  absl::flat_hash_set<uint64_t> assigned;
  for (const auto& [a, b] : assignment.pairs) assigned.insert(PairKey(a, b));
  for (Link& link : links)
    if (!assigned.contains(PairKey(link.a, link.b))) link.decision = LinkDecision::kReview;
}

}  // namespace libmpi
