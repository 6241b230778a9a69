// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/clustering.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/union_find.h"

namespace libmpi {
namespace {

// Outweighs all else in a component.
constexpr int64_t kMustLink = int64_t{1} << 22;

using Pairs = std::vector<std::pair<uint32_t, uint32_t>>;

// Members of one component and, of one that must be cut, what made it.
struct Component {
  std::vector<uint32_t> members;  // ascending
  std::vector<Edge> edges;
  Pairs must_links;
};

// The parts of a component that hang together at a threshold.
std::vector<Component> SplitIntoComponents(const Component& whole, FixedWeight threshold) {
  const std::vector<uint32_t>& members = whole.members;
  auto index_of = [&](uint32_t record) {
    return static_cast<uint32_t>(
        std::lower_bound(members.begin(), members.end(), record) - members.begin());
  };
  UnionFind joined(members.size());
  for (const Edge& e : whole.edges)
    if (e.Joins(threshold)) joined.Join(index_of(e.a), index_of(e.b));
  for (const auto& [a, b] : whole.must_links) joined.Join(index_of(a), index_of(b));
  std::vector<uint32_t> slot(members.size(), UINT32_MAX);
  std::vector<Component> components;
  for (uint32_t i = 0; i < members.size(); ++i) {
    const uint32_t root = joined.Find(i);
    if (slot[root] == UINT32_MAX) {
      slot[root] = static_cast<uint32_t>(components.size());
      components.emplace_back();
    }
    components[slot[root]].members.push_back(members[i]);
  }
  for (const Edge& e : whole.edges) {
    const uint32_t root = joined.Find(index_of(e.a));
    if (e.Joins(threshold) && root == joined.Find(index_of(e.b)))
      components[slot[root]].edges.push_back(e);
  }
  for (const auto& [a, b] : whole.must_links) components[slot[joined.Find(index_of(a))]].must_links.emplace_back(a, b);
  return components;
}

// The largest component whose pairs are all looked at: the largest allowed, or fewer records where all pairs would
// be too many. A larger component is taken to fall into parts of that size.
size_t LargestWhole(const std::vector<uint32_t>& sizes, uint64_t most_pairs, size_t largest_allowed) {
  const auto pairs = [&](uint64_t largest) {
    uint64_t sum = 0;
    for (const uint64_t size : sizes) sum += size * (std::min(size, largest) - 1) / 2;
    return sum;
  };
  if (largest_allowed <= kSmallestCut || pairs(largest_allowed) <= most_pairs) return largest_allowed;
  size_t fits = kSmallestCut, too_large = largest_allowed;
  while (too_large - fits > 1) {
    const size_t middle = (fits + too_large) / 2;
    (pairs(middle) <= most_pairs ? fits : too_large) = middle;
  }
  return fits;
}

class Clusterer {
 public:
  Clusterer(size_t count, std::span<const Edge> edges, const PairWeight& weight,
            const ClusteringOptions& options)
      : weight_(weight), options_(options) {
    result_.cluster.resize(count);
    std::iota(result_.cluster.begin(), result_.cluster.end(), 0);
    for (const auto& [a, b] : options.must_links) must_.insert(PairKey(a, b));
    for (const auto& [a, b] : options.cannot_links) cannot_.insert(PairKey(a, b));
    apart_ = options.apart;
    std::sort(apart_.begin(), apart_.end());
    if (!apart_.empty()) stands_apart_.resize(count);
    for (const auto& [record, group] : apart_) stands_apart_[record] = true;
    GatherComponents(count, edges);
  }

  Clustering Run() {
    constexpr size_t kGrain = 64;
    std::vector<std::vector<Edge>> doubtful((begin_.size() + kGrain - 1) / kGrain);
    ParallelChunks(begin_.size() - 1, kGrain, options_.threads,
                   [&](size_t begin, size_t end, int worker) {
                     for (size_t i = begin; i < end; ++i)
                       ClusterOne(worker, std::span(members_).subspan(begin_[i], begin_[i + 1] - begin_[i]),
                                  &doubtful[begin / kGrain]);
                   });
    for (const std::vector<Edge>& pairs : doubtful)
      result_.doubtful_pairs.insert(result_.doubtful_pairs.end(), pairs.begin(), pairs.end());
    std::sort(result_.doubtful_pairs.begin(), result_.doubtful_pairs.end(),
              [](const Edge& x, const Edge& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; });
    return std::move(result_);
  }

 private:
  void GatherComponents(size_t count, std::span<const Edge> edges) {
    UnionFind joined(count);
    for (const Edge& e : edges)
      if (e.Joins(options_.threshold)) joined.Join(e.a, e.b);
    for (const auto& [a, b] : options_.must_links) joined.Join(a, b);
    LargeArray<uint32_t> size(count, 0);
    for (uint32_t i = 0; i < count; ++i) ++size[joined.Find(i)];
    std::vector<uint32_t> sizes;
    for (const uint32_t n : size)
      if (n > 1) sizes.push_back(n);
    if (!sizes.empty()) result_.largest_component = *std::max_element(sizes.begin(), sizes.end());
    largest_ = LargestWhole(sizes, std::max<uint64_t>(options_.most_pairs, kMostPairsARecord * count),
                            options_.largest_component);
    // Only components that must be cut need what made them.
    const auto is_cut = [&](uint32_t root) { return size[root] > largest_; };
    std::map<uint32_t, Component> cut;  // by root, which is their smallest member
    for (const Edge& e : edges)
      if (const uint32_t root = joined.Find(e.a); e.Joins(options_.threshold) && is_cut(root))
        cut[root].edges.push_back(e);
    for (const auto& [a, b] : options_.must_links)
      if (const uint32_t root = joined.Find(a); is_cut(root)) cut[root].must_links.emplace_back(a, b);
    PlaceMembers(size, &joined);
    if (!cut.empty())
      for (uint32_t i = 0; i < count; ++i)
        if (const uint32_t root = joined.Find(i); is_cut(root)) cut[root].members.push_back(i);
    for (auto& [root, component] : cut) AddOrCut(std::move(component), options_.threshold);
  }

  // The members of all components that are not too large.
  void PlaceMembers(const LargeArray<uint32_t>& size, UnionFind* joined) {
    const auto count = static_cast<uint32_t>(size.size());
    const auto is_placed = [&](uint32_t root) { return size[root] > 1 && size[root] <= largest_; };
    LargeArray<uint32_t> next(count);  // by root
    size_t components = 0;
    uint32_t members = 0;
    for (uint32_t i = 0; i < count; ++i) components += is_placed(i);
    begin_.reserve(components + 1);
    for (uint32_t i = 0; i < count; ++i) {
      if (!is_placed(i)) continue;
      next[i] = members;
      members += size[i];
      begin_.push_back(members);
    }
    members_.resize(members);
    for (uint32_t i = 0; i < count; ++i)
      if (const uint32_t root = joined->Find(i); is_placed(root)) members_[next[root]++] = i;
  }

  void AddOrCut(Component&& component, FixedWeight threshold) {
    constexpr FixedWeight kStep = 2 * 1024, kHighest = 60 * 1024;
    if (component.members.size() <= largest_) {
      members_.insert(members_.end(), component.members.begin(), component.members.end());
      begin_.push_back(static_cast<uint32_t>(members_.size()));
      return;
    }
    result_.cut.count += threshold == options_.threshold;
    result_.cut.beyond = largest_;
    if (threshold > kHighest) {
      result_.cut.left_apart += component.members.size();
      return;
    }
    for (Component& part : SplitIntoComponents(component, threshold + kStep))
      if (part.members.size() > 1) AddOrCut(std::move(part), threshold + kStep);
  }

  // Pairs of members that stand in one group, by PairKey of their numbers.
  absl::flat_hash_set<uint64_t> PairsApart(std::span<const uint32_t> members) const {
    Pairs group_and_member;
    for (uint32_t i = 0; i < members.size(); ++i)
      for (auto it = std::lower_bound(apart_.begin(), apart_.end(), std::pair(members[i], uint32_t{0}));
           it != apart_.end() && it->first == members[i]; ++it)
        group_and_member.emplace_back(it->second, i);
    std::sort(group_and_member.begin(), group_and_member.end());
    absl::flat_hash_set<uint64_t> pairs;
    for (size_t i = 0; i < group_and_member.size(); ++i)
      for (size_t j = i; j-- > 0 && group_and_member[j].first == group_and_member[i].first;)
        if (group_and_member[i].second != group_and_member[j].second)
          pairs.insert(PairKey(group_and_member[i].second, group_and_member[j].second));
    return pairs;
  }

  // Whether two that an edge joins may be told apart.
  bool MayNotShare(uint32_t a, uint32_t b) const {
    if (cannot_.contains(PairKey(a, b))) return true;
    return !stands_apart_.empty() && stands_apart_[a] && stands_apart_[b];
  }

  // Not cut to the limit.
  int64_t Similarity(int worker, uint32_t a, uint32_t b) const {
    const uint64_t key = PairKey(a, b);
    if (cannot_.contains(key)) return kCannotLink;
    if (must_.contains(key)) return kMustLink;
    return weight_(worker, a, b);
  }

  // Of two that must never meet, a third that would match both is neither's, unless it is one's rather than the other's
  // by odds that would make a match; then it is not the other's. `weights` of n members, i < j; which are told apart
  // becomes kCannotLink. O(n) for each two that must never meet; components have a thousand members at most.
  void LeaveOutAmbiguous(size_t n, std::vector<int64_t>* weights) const {
    const auto place = [n](size_t i, size_t j) { return std::min(i, j) * n + std::max(i, j); };
    const auto is_weight = [](int64_t weight) {
      return weight != kCannotLink && weight != kMustLink && weight != kNeverTogether;
    };
    std::vector<bool> told_apart(n * n, false);
    for (size_t i = 0; i < n; ++i)
      for (size_t j = i + 1; j < n; ++j) {
        if ((*weights)[place(i, j)] != kNeverTogether) continue;
        told_apart[place(i, j)] = true;
        for (size_t third = 0; third < n; ++third) {
          if (third == i || third == j) continue;
          const int64_t to_i = (*weights)[place(third, i)], to_j = (*weights)[place(third, j)];
          if (!is_weight(to_i) || !is_weight(to_j) || std::min(to_i, to_j) < options_.threshold) continue;
          const bool ambiguous = std::abs(to_i - to_j) < options_.threshold;
          if (ambiguous || to_i < to_j) told_apart[place(third, i)] = true;
          if (ambiguous || to_j < to_i) told_apart[place(third, j)] = true;
        }
      }
    for (size_t pair = 0; pair < told_apart.size(); ++pair)
      if (told_apart[pair]) (*weights)[pair] = kCannotLink;
  }

  // Whom stewards make one person by several decisions are one as by one decision on each two, whatever the records
  // say: nor may two of them be held for twins. O(n^2).
  static void JoinDecided(size_t n, std::vector<int64_t>* weights) {
    UnionFind joined(n);
    for (uint32_t i = 0; i < n; ++i)
      for (uint32_t j = i + 1; j < n; ++j)
        if ((*weights)[i * n + j] == kMustLink) joined.Join(i, j);
    for (uint32_t i = 0; i < n; ++i)
      for (uint32_t j = i + 1; j < n; ++j)
        if (int64_t& weight = (*weights)[i * n + j]; weight != kCannotLink && joined.Find(i) == joined.Find(j))
          weight = kMustLink;
  }

  void ClusterOne(int worker, std::span<const uint32_t> members, std::vector<Edge>* doubtful) {
    if (members.size() == 2 && !MayNotShare(members[0], members[1])) {
      result_.cluster[members[1]] = members[0];
      return;
    }
    std::vector<uint32_t> counts;
    if (!options_.counts.empty())
      for (uint32_t member : members) counts.push_back(options_.counts[member]);
    absl::flat_hash_set<uint64_t> apart;
    if (!apart_.empty()) apart = PairsApart(members);
    const size_t n = members.size();
    std::vector<int64_t> uncut(n * n);  // similarities, of i < j
    bool any_decided = false, any_never_together = false;
    for (uint32_t i = 0; i < n; ++i)
      for (uint32_t j = i + 1; j < n; ++j) {
        const bool told_apart = !apart.empty() && apart.contains(PairKey(i, j));
        uncut[i * n + j] = told_apart ? kCannotLink : Similarity(worker, members[i], members[j]);
        any_decided = any_decided || uncut[i * n + j] == kMustLink;
        any_never_together = any_never_together || uncut[i * n + j] == kNeverTogether;
      }
    if (any_decided) JoinDecided(n, &uncut);
    if (any_never_together) LeaveOutAmbiguous(n, &uncut);
    std::vector<Edge> weak;  // by numbers of members
    const std::vector<uint32_t> label = AverageLinkage(
        n, counts,
        [&](size_t i, size_t j) -> int64_t {
          const int64_t weight = uncut[i * n + j];
          if (weight == kCannotLink || weight == kMustLink) return weight;
          if (weight <= kDoubtfulWeight)
            weak.push_back({static_cast<uint32_t>(i), static_cast<uint32_t>(j), static_cast<FixedWeight>(weight)});
          return std::clamp<int64_t>(weight, -options_.weight_limit, options_.weight_limit);
        },
        options_.threshold);
    for (size_t i = 0; i < members.size(); ++i)
      result_.cluster[members[i]] = members[label[i]];
    KeepWeakest(members, label, weak, doubtful);
  }

  static void KeepWeakest(std::span<const uint32_t> members, const std::vector<uint32_t>& label,
                          const std::vector<Edge>& weak, std::vector<Edge>* doubtful) {
    absl::flat_hash_map<uint32_t, Edge> weakest;  // by label
    for (const Edge& e : weak) {
      if (label[e.a] != label[e.b]) continue;
      const auto [it, fresh] = weakest.try_emplace(label[e.a], e);
      if (!fresh && e.weight < it->second.weight) it->second = e;  // ties: the first in order
    }
    for (const auto& [cluster, e] : weakest)
      doubtful->push_back({members[e.a], members[e.b], e.weight});
  }

  const PairWeight& weight_;
  const ClusteringOptions& options_;
  // Components: members_[begin_[c] .. begin_[c + 1]).
  std::vector<uint32_t> begin_ = {0}, members_;
  absl::flat_hash_set<uint64_t> must_, cannot_;
  Pairs apart_;                     // ascending
  std::vector<bool> stands_apart_;  // by record, whether apart_ has it; empty where that is
  size_t largest_ = 0;  // component that is not cut
  Clustering result_;
};

}  // namespace

Clustering ClusterRecords(size_t count, std::span<const Edge> edges, const PairWeight& weight,
                          const ClusteringOptions& options) {
  return Clusterer(count, edges, weight, options).Run();
}

}  // namespace libmpi
