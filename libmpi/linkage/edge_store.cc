// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/edge_store.h"

#include <algorithm>
#include <functional>

#include "libmpi/base/hash.h"

namespace libmpi {

void EdgeStore::Hand(Part* own) {
  const std::lock_guard lock(mutex_);
  if (lowest_ > 0)
    left_out_ += std::erase_if(own->edges, [this](const Edge& e) { return RankOf(e) < lowest_; });
  held_ += own->edges.size();
  parts_.push_back({own->chunk, own->edges});
  own->edges.clear();
  if (held_ > 2 * most_) Cut();
}

LargeArray<Edge> EdgeStore::Take(ArraySpace* space, uint64_t* left_out) {
  for (OwnPart& own : own_) Hand(&own.part);
  if (held_ > most_) Cut();
  std::stable_sort(parts_.begin(), parts_.end(), [](const Part& x, const Part& y) { return x.chunk < y.chunk; });
  LargeArray<Edge> all(space);
  all.reserve(held_);
  for (Part& part : parts_) {
    all.insert(all.end(), part.edges.begin(), part.edges.end());
    std::vector<Edge>().swap(part.edges);
  }
  parts_.clear();
  *left_out = left_out_;
  return all;
}

uint64_t EdgeStore::RankOf(const Edge& e) const {
  constexpr int64_t kBelowAll = int64_t{1} << 22;  // a fixed weight is less, either way
  const auto weight = static_cast<uint64_t>(kBelowAll + e.weight);
  return uint64_t{e.Joins(linking_)} << 63 | weight << 32 | MixBits(PairKey(e.a, e.b)) >> 32;
}

void EdgeStore::Cut() {
  std::vector<uint64_t> ranks;
  ranks.reserve(held_);
  for (const Part& part : parts_)
    for (const Edge& e : part.edges) ranks.push_back(RankOf(e));
  const auto last_kept = ranks.begin() + static_cast<ptrdiff_t>(most_ - 1);
  std::nth_element(ranks.begin(), last_kept, ranks.end(), std::greater<>());
  lowest_ = *last_kept;
  for (Part& part : parts_) {
    const size_t gone = std::erase_if(part.edges, [this](const Edge& e) { return RankOf(e) < lowest_; });
    held_ -= gone;
    left_out_ += gone;
  }
}

}  // namespace libmpi
