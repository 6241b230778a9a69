// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/pairs_apart.h"

#include <algorithm>
#include <map>
#include <queue>
#include <tuple>

#include "libmpi/base/hash.h"

namespace nayose {
namespace {

// The pairs with the smallest hashes among all that are added.
class PairSample {
 public:
  void Add(uint32_t a, uint32_t b) {
    const Pair pair(libmpi::HashCombine(a, b), a, b);
    if (kept_.size() == kMostPairsLookedInto) {
      if (pair > kept_.top()) return;
      kept_.pop();
    }
    kept_.push(pair);
  }
  std::vector<std::pair<uint32_t, uint32_t>> Take() {
    std::vector<std::pair<uint32_t, uint32_t>> pairs;
    for (; !kept_.empty(); kept_.pop()) pairs.emplace_back(std::get<1>(kept_.top()), std::get<2>(kept_.top()));
    std::sort(pairs.begin(), pairs.end());
    return pairs;
  }

 private:
  using Pair = std::tuple<uint64_t, uint32_t, uint32_t>;
  std::priority_queue<Pair> kept_;
};

}  // namespace

std::vector<std::pair<uint32_t, uint32_t>> PairsApart(std::span<const uint32_t> together,
                                                      std::span<const uint32_t> apart,
                                                      std::span<const uint8_t> list) {
  std::map<uint32_t, std::vector<uint32_t>> members;
  for (uint32_t i = 0; i < together.size(); ++i) members[together[i]].push_back(i);
  PairSample sample;
  for (const auto& [label, records] : members) {
    if (records.size() > kMostRecordsSearched) continue;
    for (size_t x = 0; x < records.size(); ++x)
      for (size_t y = x + 1; y < records.size(); ++y) {
        const uint32_t a = records[x], b = records[y];
        if (apart[a] != apart[b] && (list.empty() || list[a] != list[b])) sample.Add(a, b);
      }
  }
  return sample.Take();
}

}  // namespace nayose
