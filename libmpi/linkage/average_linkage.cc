// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/average_linkage.h"

#include <algorithm>
#include <numeric>

namespace libmpi {
namespace {

// An average as it is compared: exactly.
struct Average {
  int64_t sum = 0;
  int64_t pairs = 1;
};
bool IsMore(const Average& x, const Average& y) {
  return static_cast<__int128>(x.sum) * y.pairs > static_cast<__int128>(y.sum) * x.pairs;
}

// Clusters under construction with the sums of weights between them.
class Agglomeration {
 public:
  Agglomeration(size_t members, std::span<const uint32_t> counts,
                const std::function<int64_t(size_t, size_t)>& similarity)
      : size_(members), sum_(members * members, 0), forbidden_(members * members, false),
        count_(members, 1), alive_(members, true), label_(members), best_(members) {
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
    while (true) {
      size_t a = size_;
      for (size_t i = 0; i < size_; ++i)
        if (alive_[i] && best_[i].partner < size_ && (a == size_ || IsMore(best_[i].average, best_[a].average))) a = i;
      if (a == size_ || best_[a].average.sum < threshold * best_[a].average.pairs) return false;
      if (!best_[a].bound_only) {
        Merge(a, best_[a].partner);
        return true;
      }
      FindBest(a);
    }
  }

  std::vector<uint32_t> labels() const { return label_; }

 private:
  // Repeats beyond this do not count: sums must fit 64 bits.
  static constexpr uint32_t kMostCounted = 1000;

  // Of a cluster, the best of those with larger numbers, the first of equal ones.
  struct Best {
    size_t partner = 0;
    Average average;
    bool bound_only = false;  // the partner is gone or has become worse: no average is above this one
  };

  size_t Place(size_t a, size_t b) const { return std::min(a, b) * size_ + std::max(a, b); }
  int64_t& Sum(size_t a, size_t b) { return sum_[Place(a, b)]; }
  int64_t Pairs(size_t a, size_t b) const { return count_[a] * count_[b]; }
  Average AverageOf(size_t a, size_t b) const { return {sum_[Place(a, b)], Pairs(a, b)}; }

  void FindBest(size_t i) {
    best_[i] = {size_, {}, false};
    for (size_t j = i + 1; j < size_; ++j) {
      if (!alive_[j] || forbidden_[Place(i, j)]) continue;
      const Average average = AverageOf(i, j);
      if (best_[i].partner == size_ || IsMore(average, best_[i].average)) best_[i] = {j, average, false};
    }
  }

  // a < b
  void Merge(size_t a, size_t b) {
    for (uint32_t& label : label_)
      if (label == b) label = static_cast<uint32_t>(a);
    alive_[b] = false;
    for (size_t i = 0; i < size_; ++i)
      if (alive_[i] && i != a) {
        Sum(a, i) += Sum(b, i);
        if (forbidden_[Place(b, i)]) forbidden_[Place(a, i)] = true;
      }
    count_[a] += count_[b];
    for (size_t i = 0; i < a; ++i)
      if (alive_[i]) Update(i, a, b);
    FindBest(a);
    for (size_t i = a + 1; i < b; ++i)
      if (best_[i].partner == b) best_[i].bound_only = true;
  }

  // i's best after b went into a; i < a < b.
  void Update(size_t i, size_t a, size_t b) {
    Best& best = best_[i];
    const bool was_best = best.partner == a || best.partner == b;
    if (forbidden_[Place(i, a)]) {
      if (was_best) best.bound_only = true;
      return;
    }
    const Average average = AverageOf(i, a);
    const bool more = IsMore(average, best.average), less = IsMore(best.average, average);
    // None with a smaller number than the first best one has an average as high.
    const bool first = was_best || a < best.partner;
    if (best.partner == size_ || more || (!less && !best.bound_only && first)) best = {a, average, false};
    else if (was_best) best.bound_only = true;
  }

  size_t size_;
  std::vector<int64_t> sum_;
  std::vector<bool> forbidden_;  // holds a pair that must never share a cluster
  std::vector<int64_t> count_;
  std::vector<bool> alive_;
  std::vector<uint32_t> label_;
  std::vector<Best> best_;
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

}  // namespace libmpi
