// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/unlinked_pairs.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "libmpi/base/hash.h"

namespace libmpi {
namespace {

uint64_t PairsOf(uint64_t records) { return records == 0 ? 0 : records * (records - 1) / 2; }

}  // namespace

UnlinkedPairs::UnlinkedPairs(std::span<const uint32_t> cluster, std::span<const Pair> links) {
  std::vector<Cluster> all(cluster.size());
  std::vector<uint32_t> place(cluster.size());  // of a record in its cluster
  for (uint32_t i = 0; i < cluster.size(); ++i) {
    if (cluster[i] == kLeftOut) continue;
    place[i] = static_cast<uint32_t>(all[cluster[i]].records.size());
    all[cluster[i]].records.push_back(i);
  }
  for (const auto& [a, b] : links)
    if (cluster[a] == cluster[b] && cluster[a] != kLeftOut)
      all[cluster[a]].links.push_back(PairsOf(std::max(place[a], place[b])) + std::min(place[a], place[b]));
  begin_.push_back(0);
  for (Cluster& c : all) {
    const uint64_t unlinked = PairsOf(c.records.size()) - c.links.size();
    if (unlinked == 0) continue;
    std::sort(c.links.begin(), c.links.end());
    begin_.push_back(begin_.back() + unlinked);
    clusters_.push_back(std::move(c));
  }
}

UnlinkedPairs::Pair UnlinkedPairs::Get(uint64_t number) const {
  const auto at = std::upper_bound(begin_.begin(), begin_.end(), number) - 1;
  const Cluster& c = clusters_[static_cast<size_t>(at - begin_.begin())];
  const uint64_t wanted = number - *at;
  // The i-th link has links[i] - i unlinked pairs before it.
  size_t low = 0, high = c.links.size();
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (c.links[middle] - middle <= wanted) low = middle + 1;
    else high = middle;
  }
  const uint64_t pair = wanted + low;
  auto y = static_cast<uint64_t>((1 + std::sqrt(1 + 8 * static_cast<double>(pair))) / 2);
  while (PairsOf(y) > pair) --y;
  while (PairsOf(y + 1) <= pair) ++y;
  return {c.records[pair - PairsOf(y)], c.records[y]};
}

std::vector<uint64_t> UnlinkedPairs::Draw(size_t count, uint64_t seed) const {
  const size_t wanted = static_cast<size_t>(std::min<uint64_t>(count, size()));
  std::vector<uint64_t> drawn;
  std::unordered_set<uint64_t> seen;
  for (uint64_t turn = 0; drawn.size() < wanted; ++turn)
    if (const uint64_t number = MixBits(HashCombine(seed, turn)) % size(); seen.insert(number).second)
      drawn.push_back(number);
  return drawn;
}

}  // namespace libmpi
