// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/review.h"

#include <algorithm>
#include <numeric>

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

namespace {

// By both records: first by the first one, of which there are few each. O(links + records).
std::vector<Link> InOrder(const std::vector<Link>& links, size_t records) {
  LargeArray<size_t> place(records + 1, 0);
  for (const Link& link : links) ++place[link.a + 1];
  std::partial_sum(place.begin(), place.end(), place.begin());
  std::vector<Link> sorted(links.size());
  for (const Link& link : links) sorted[place[link.a]++] = link;
  for (size_t begin = 0, end; begin < sorted.size(); begin = end) {
    for (end = begin + 1; end < sorted.size() && sorted[end].a == sorted[begin].a;) ++end;
    std::sort(sorted.begin() + static_cast<ptrdiff_t>(begin), sorted.begin() + static_cast<ptrdiff_t>(end),
              [](const Link& x, const Link& y) { return x.b < y.b; });
  }
  return sorted;
}

}  // namespace

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
  return InOrder(links, cluster.size());
}

namespace {

ReviewReason ReasonFor(const Link& link, FixedWeight match_threshold) {
  if (link.held) return ReviewReason::kCommonName;
  return link.weight >= match_threshold ? ReviewReason::kSplitByClustering
                                        : ReviewReason::kBetweenThresholds;
}

// More pairs of two clusters tell a person nothing new.
constexpr size_t kMostPairsACase = 30;

// One question: are two clusters one person, or is a cluster two.
using Case = std::vector<ReviewItem>;

bool Stronger(const ReviewItem& x, const ReviewItem& y) {
  if (x.weight != y.weight) return x.weight > y.weight;
  return x.a != y.a ? x.a < y.a : x.b < y.b;
}

void KeepStrongest(Case* pairs) {
  std::sort(pairs->begin(), pairs->end(), Stronger);
  if (pairs->size() > kMostPairsACase) pairs->resize(kMostPairsACase);
}

// Cases of two clusters.
class CasesOfLinks {
 public:
  CasesOfLinks(std::span<const Link> links, const std::vector<uint32_t>& cluster, const std::vector<uint32_t>& size)
      : links_(links), cluster_(cluster), size_(size) {}

  // The pairs of each two clusters that links for review tie together, strongest first.
  std::vector<Case> Make(FixedWeight match_threshold, uint64_t most_cases, LeftOut* left_out) {
    std::vector<uint32_t> asked;  // links
    for (uint32_t i = 0; i < links_.size(); ++i)
      if (links_[i].decision == LinkDecision::kReview) asked.push_back(i);
    const bool all = asked.size() <= most_cases;
    if (!all) OpenMostValuable(asked, most_cases);
    for (uint32_t i : asked) {
      const Link& link = links_[i];
      Case* pairs = CaseOf(link, all);
      if (pairs == nullptr) {
        ++left_out->review_links;
        continue;
      }
      pairs->push_back({link.a, link.b, link.weight, ReasonFor(link, match_threshold)});
      if (pairs->size() == 4 * kMostPairsACase) KeepStrongest(pairs);
    }
    if (!all) left_out->review_cases = cases_.size();
    for (Case& pairs : cases_) {
      KeepStrongest(&pairs);
      const ReviewItem& first = pairs.front();
      const double priority = PriorityOf(first.a, first.b, first.weight);
      for (ReviewItem& item : pairs) item.priority = priority;
    }
    return std::move(cases_);
  }

 private:
  double PriorityOf(uint32_t a, uint32_t b, FixedWeight weight) const {
    return MatchProbability(weight) * size_[cluster_[a]] * size_[cluster_[b]];
  }

  Case* CaseOf(const Link& link, bool open) {
    const uint64_t clusters = PairKey(cluster_[link.a], cluster_[link.b]);
    if (!open) {
      const auto it = case_of_.find(clusters);
      return it == case_of_.end() ? nullptr : &cases_[it->second];
    }
    const auto [it, fresh] = case_of_.try_emplace(clusters, cases_.size());
    if (fresh) cases_.emplace_back();
    return &cases_[it->second];
  }

  // Opens the cases of so many links; a case has the priority of its strongest pair.
  void OpenMostValuable(const std::vector<uint32_t>& asked, uint64_t most) {
    std::vector<std::pair<double, uint32_t>> order;
    order.reserve(asked.size());
    for (uint32_t i : asked) order.emplace_back(-PriorityOf(links_[i].a, links_[i].b, links_[i].weight), i);
    std::nth_element(order.begin(), order.begin() + static_cast<ptrdiff_t>(most), order.end());
    order.resize(most);
    for (const auto& [priority, i] : order) CaseOf(links_[i], true);
  }

  std::span<const Link> links_;
  const std::vector<uint32_t>& cluster_;
  const std::vector<uint32_t>& size_;                // by cluster
  absl::flat_hash_map<uint64_t, size_t> case_of_;    // two clusters -> case
  std::vector<Case> cases_;
};

// All rows, the most valuable case first.
std::vector<ReviewItem> InOrder(std::vector<Case> cases) {
  std::sort(cases.begin(), cases.end(), [](const Case& x, const Case& y) {
    const ReviewItem &a = x.front(), &b = y.front();
    if (a.priority != b.priority) return a.priority > b.priority;
    return a.a != b.a ? a.a < b.a : a.b < b.b;
  });
  std::vector<ReviewItem> rows;
  for (size_t c = 0; c < cases.size(); ++c)
    for (ReviewItem& item : cases[c]) {
      item.review_case = static_cast<uint32_t>(c + 1);
      rows.push_back(item);
    }
  return rows;
}

}  // namespace

std::vector<ReviewItem> MakeReviewList(std::span<const Link> links,
                                       const std::vector<uint32_t>& cluster,
                                       std::span<const Edge> doubtful_pairs,
                                       std::span<const Decision> decisions,
                                       FixedWeight match_threshold, uint64_t most_cases, LeftOut* left_out) {
  std::vector<uint32_t> size(cluster.size(), 0);
  for (uint32_t c : cluster) ++size[c];
  std::vector<Case> cases = CasesOfLinks(links, cluster, size).Make(match_threshold, most_cases, left_out);
  absl::flat_hash_set<uint64_t> decided;  // clusters, or one twice: of a doubtful pair
  for (const Decision& d : decisions) decided.insert(PairKey(cluster[d.a], cluster[d.b]));
  const auto is_decided = [&](uint32_t a, uint32_t b) {
    return decided.contains(PairKey(cluster[a], cluster[b]));
  };
  std::erase_if(cases, [&](const Case& c) { return is_decided(c.front().a, c.front().b); });
  // Taken apart, a cluster loses at least its doubtful record's pairs.
  for (const Edge& e : doubtful_pairs)
    if (!is_decided(e.a, e.b))
      cases.push_back({{e.a, e.b, e.weight, ReviewReason::kDoubtfulCluster,
                        (1 - MatchProbability(e.weight)) * (size[cluster[e.a]] - 1)}});
  std::vector<bool> told(cluster.size(), false);
  for (uint32_t i = 0; i < cluster.size(); ++i)
    if (size[cluster[i]] > kSuspiciousCluster && cluster[i] != i && !told[cluster[i]]) {
      told[cluster[i]] = true;
      cases.push_back({{cluster[i], i, 0, ReviewReason::kLargeCluster,
                        static_cast<double>(size[cluster[i]])}});
    }
  return InOrder(std::move(cases));
}

}  // namespace libmpi
