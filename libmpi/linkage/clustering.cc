// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/clustering.h"

#include <algorithm>
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

// Clusters under construction with the sums of weights between them.
class Agglomeration {
 public:
  Agglomeration(size_t members, std::span<const uint32_t> counts,
                const std::function<int64_t(size_t, size_t)>& similarity)
      : size_(members), sum_(members * members, 0), forbidden_(members * members, false),
        count_(members, 1), alive_(members, true), label_(members), best_(members, 0) {
    std::iota(label_.begin(), label_.end(), 0);
    for (size_t i = 0; i < counts.size(); ++i) count_[i] = std::min(counts[i], kMostCounted);
    for (size_t i = 0; i < size_; ++i)
      for (size_t j = i + 1; j < size_; ++j) {
        const int64_t weight = similarity(i, j);
        forbidden_[Place(i, j)] = weight == kCannotLink;
        if (weight != kCannotLink) Sum(i, j) = weight * Pairs(i, j);
      }
    for (size_t i = 0; i < size_; ++i) FindBest(i);
  }

  // Merges the best pair if its average reaches the threshold.
  bool MergeBest(int64_t threshold) {
    size_t a = size_;
    for (size_t i = 0; i < size_; ++i)
      if (alive_[i] && best_[i] < size_ && (a == size_ || IsBetter(i, best_[i], a, best_[a])))
        a = i;
    if (a == size_) return false;
    const size_t b = best_[a];
    if (Sum(a, b) < threshold * Pairs(a, b)) return false;
    Merge(a, b);
    return true;
  }

  std::vector<uint32_t> labels() const { return label_; }

 private:
  // Repeats beyond this do not count: sums must fit 64 bits.
  static constexpr uint32_t kMostCounted = 1000;

  size_t Place(size_t a, size_t b) const { return std::min(a, b) * size_ + std::max(a, b); }
  int64_t& Sum(size_t a, size_t b) { return sum_[Place(a, b)]; }
  int64_t Pairs(size_t a, size_t b) const { return count_[a] * count_[b]; }

  // Averages compared exactly, as fractions; then the smaller records.
  bool IsBetter(size_t a, size_t b, size_t c, size_t d) {
    const __int128 left = static_cast<__int128>(Sum(a, b)) * Pairs(c, d);
    const __int128 right = static_cast<__int128>(Sum(c, d)) * Pairs(a, b);
    if (left != right) return left > right;
    return std::pair(std::min(a, b), std::max(a, b)) < std::pair(std::min(c, d), std::max(c, d));
  }

  void FindBest(size_t i) {
    best_[i] = size_;
    for (size_t j = 0; j < size_; ++j)
      if (j != i && alive_[j] && !forbidden_[Place(i, j)] &&
          (best_[i] == size_ || IsBetter(i, j, i, best_[i])))
        best_[i] = j;
  }

  void Merge(size_t a, size_t b) {
    if (b < a) std::swap(a, b);
    for (uint32_t& label : label_)
      if (label == b) label = static_cast<uint32_t>(a);
    alive_[b] = false;
    for (size_t i = 0; i < size_; ++i)
      if (alive_[i] && i != a) {
        Sum(a, i) += Sum(b, i);
        if (forbidden_[Place(b, i)]) forbidden_[Place(a, i)] = true;
      }
    count_[a] += count_[b];
    // Whoever pointed at either cluster looks again; others compare with the new one.
    for (size_t i = 0; i < size_; ++i) {
      if (!alive_[i]) continue;
      if (i == a || best_[i] == a || best_[i] == b) FindBest(i);
      else if (!forbidden_[Place(i, a)] && (best_[i] == size_ || IsBetter(i, a, i, best_[i])))
        best_[i] = a;
    }
  }

  size_t size_;
  std::vector<int64_t> sum_;
  std::vector<bool> forbidden_;  // holds a pair that must never share a cluster
  std::vector<int64_t> count_;
  std::vector<bool> alive_;
  std::vector<uint32_t> label_;
  std::vector<size_t> best_;
};

// Members of one component and the edges that made it.
struct Component {
  std::vector<uint32_t> members;
  std::vector<Edge> edges;
};

std::vector<Component> SplitIntoComponents(std::span<const uint32_t> members,
                                           std::span<const Edge> edges, FixedWeight threshold,
                                           std::span<const std::pair<uint32_t, uint32_t>> must) {
  auto index_of = [&](uint32_t record) {
    return static_cast<uint32_t>(
        std::lower_bound(members.begin(), members.end(), record) - members.begin());
  };
  UnionFind joined(members.size());
  for (const Edge& e : edges)
    if (e.Joins(threshold)) joined.Join(index_of(e.a), index_of(e.b));
  for (const auto& [a, b] : must)
    if (std::binary_search(members.begin(), members.end(), a) &&
        std::binary_search(members.begin(), members.end(), b))
      joined.Join(index_of(a), index_of(b));
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
  for (const Edge& e : edges) {
    const uint32_t root = joined.Find(index_of(e.a));
    if (e.Joins(threshold) && root == joined.Find(index_of(e.b)))
      components[slot[root]].edges.push_back(e);
  }
  return components;
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
    std::vector<uint32_t> size(count, 0);
    for (uint32_t i = 0; i < count; ++i) ++size[joined.Find(i)];
    const auto is_too_large = [&](uint32_t root) { return size[root] > options_.largest_component; };
    std::map<uint32_t, Component> too_large;  // by root, which is their smallest member
    for (const Edge& e : edges)  // only components that must be cut need their edges
      if (const uint32_t root = joined.Find(e.a); e.Joins(options_.threshold) && is_too_large(root))
        too_large[root].edges.push_back(e);
    PlaceMembers(size, &joined);
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t root = joined.Find(i);
      result_.largest_component = std::max<uint64_t>(result_.largest_component, size[root] < 2 ? 0 : size[root]);
      if (is_too_large(root)) too_large[root].members.push_back(i);
    }
    for (auto& [root, component] : too_large) AddOrCut(std::move(component), options_.threshold);
  }

  // The members of all components that are not too large.
  void PlaceMembers(const std::vector<uint32_t>& size, UnionFind* joined) {
    const auto count = static_cast<uint32_t>(size.size());
    const auto is_placed = [&](uint32_t root) { return size[root] > 1 && size[root] <= options_.largest_component; };
    std::vector<uint32_t> next(count);  // by root
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
    if (component.members.size() <= options_.largest_component) {
      members_.insert(members_.end(), component.members.begin(), component.members.end());
      begin_.push_back(static_cast<uint32_t>(members_.size()));
      return;
    }
    if (threshold > kHighest) return;  // indistinguishable at any weight: left apart, told by cut_components
    ++result_.cut_components;
    for (Component& part : SplitIntoComponents(component.members, component.edges,
                                               threshold + kStep, options_.must_links))
      if (part.members.size() > 1) AddOrCut(std::move(part), threshold + kStep);
  }

  int64_t Similarity(int worker, uint32_t a, uint32_t b) const {
    const uint64_t key = PairKey(a, b);
    if (cannot_.contains(key)) return kCannotLink;
    if (must_.contains(key)) return kMustLink;
    return std::clamp(weight_(worker, a, b), -options_.weight_limit, options_.weight_limit);
  }

  void ClusterOne(int worker, std::span<const uint32_t> members, std::vector<Edge>* doubtful) {
    if (members.size() == 2 && cannot_.empty()) {
      result_.cluster[members[1]] = members[0];
      return;
    }
    std::vector<uint32_t> counts;
    if (!options_.counts.empty())
      for (uint32_t member : members) counts.push_back(options_.counts[member]);
    std::vector<Edge> weak;  // by numbers of members
    const std::vector<uint32_t> label = AverageLinkage(
        members.size(), counts,
        [&](size_t i, size_t j) {
          const int64_t similarity = Similarity(worker, members[i], members[j]);
          if (similarity <= kDoubtfulWeight && similarity != kCannotLink)
            weak.push_back({static_cast<uint32_t>(i), static_cast<uint32_t>(j),
                            weight_(worker, members[i], members[j])});  // uncut
          return similarity;
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
  Clustering result_;
};

}  // namespace

std::vector<uint32_t> AverageLinkage(size_t members, std::span<const uint32_t> counts,
                                     const std::function<int64_t(size_t, size_t)>& similarity,
                                     int64_t threshold) {
  Agglomeration agglomeration(members, counts, similarity);
  while (agglomeration.MergeBest(threshold)) {
  }
  return agglomeration.labels();
}

Clustering ClusterRecords(size_t count, std::span<const Edge> edges, const PairWeight& weight,
                          const ClusteringOptions& options) {
  return Clusterer(count, edges, weight, options).Run();
}

}  // namespace libmpi
