// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/review.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "libmpi/linkage/scorer.h"

namespace libmpi {

std::string_view ReviewReasonName(ReviewReason reason) {
  switch (reason) {
    case ReviewReason::kBetweenThresholds: return "between_thresholds";
    case ReviewReason::kSplitByClustering: return "split_by_clustering";
    case ReviewReason::kCommonName: return "common_name";
    case ReviewReason::kDoubtfulCluster: return "doubtful_cluster";
    case ReviewReason::kLargeCluster: return "large_cluster";
  }
  return "";
}

std::vector<Link> DecideLinks(std::span<const Edge> edges, const std::vector<uint32_t>& cluster,
                              FixedWeight review_threshold) {
  std::vector<Link> links;
  links.reserve(edges.size());
  for (const Edge& e : edges) {
    if (e.weight < review_threshold) continue;
    const bool same = cluster[e.a] == cluster[e.b];
    links.push_back(
        {e.a, e.b, e.weight, same ? LinkDecision::kMatch : LinkDecision::kReview, e.held});
  }
  std::sort(links.begin(), links.end(), [](const Link& x, const Link& y) {
    return x.a != y.a ? x.a < y.a : x.b < y.b;
  });
  return links;
}

namespace {

uint64_t PairOf(uint32_t c, uint32_t d) { return uint64_t{std::min(c, d)} << 32 | std::max(c, d); }

ReviewReason ReasonFor(const Link& link, FixedWeight match_threshold) {
  if (link.held) return ReviewReason::kCommonName;
  return link.weight >= match_threshold ? ReviewReason::kSplitByClustering
                                        : ReviewReason::kBetweenThresholds;
}

// The strongest pair of each two clusters that links for review tie together.
std::vector<ReviewItem> PairsOfClusters(std::span<const Link> links,
                                        const std::vector<uint32_t>& cluster,
                                        const std::vector<uint32_t>& size,
                                        FixedWeight match_threshold) {
  absl::flat_hash_map<uint64_t, size_t> row_of;  // two clusters -> row
  std::vector<ReviewItem> rows;
  for (const Link& link : links) {
    if (link.decision != LinkDecision::kReview) continue;
    const uint32_t c = cluster[link.a], d = cluster[link.b];
    const auto [it, fresh] = row_of.try_emplace(PairOf(c, d), rows.size());
    if (!fresh && rows[it->second].weight >= link.weight) continue;
    const ReviewItem item{link.a, link.b, link.weight, ReasonFor(link, match_threshold),
                          MatchProbability(link.weight) * size[c] * size[d]};
    if (fresh) rows.push_back(item);
    else rows[it->second] = item;
  }
  return rows;
}

}  // namespace

std::vector<ReviewItem> MakeReviewList(std::span<const Link> links,
                                       const std::vector<uint32_t>& cluster,
                                       std::span<const Edge> doubtful_pairs,
                                       std::span<const Decision> decisions,
                                       FixedWeight match_threshold) {
  std::vector<uint32_t> size(cluster.size(), 0);
  for (uint32_t c : cluster) ++size[c];
  std::vector<ReviewItem> rows = PairsOfClusters(links, cluster, size, match_threshold);
  absl::flat_hash_set<uint64_t> decided;  // clusters, or one twice: of a doubtful pair
  for (const Decision& d : decisions) decided.insert(PairOf(cluster[d.a], cluster[d.b]));
  std::erase_if(rows, [&](const ReviewItem& row) {
    return decided.contains(PairOf(cluster[row.a], cluster[row.b]));
  });
  // Taken apart, a cluster loses at least its doubtful record's pairs.
  for (const Edge& e : doubtful_pairs)
    if (!decided.contains(PairOf(cluster[e.a], cluster[e.a]))) rows.push_back({e.a, e.b, e.weight, ReviewReason::kDoubtfulCluster,
                    (1 - MatchProbability(e.weight)) * (size[cluster[e.a]] - 1)});
  std::vector<uint32_t> second(cluster.size(), 0);
  for (uint32_t i = 0; i < cluster.size(); ++i)
    if (size[cluster[i]] > kSuspiciousCluster && cluster[i] != i && second[cluster[i]] == 0) {
      second[cluster[i]] = i;
      rows.push_back({cluster[i], i, 0, ReviewReason::kLargeCluster,
                      static_cast<double>(size[cluster[i]])});
    }
  std::sort(rows.begin(), rows.end(), [](const ReviewItem& x, const ReviewItem& y) {
    if (x.priority != y.priority) return x.priority > y.priority;
    return x.a != y.a ? x.a < y.a : x.b < y.b;
  });
  return rows;
}

}  // namespace libmpi
