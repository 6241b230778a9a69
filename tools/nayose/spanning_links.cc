// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/spanning_links.h"

#include <algorithm>

#include "libmpi/base/union_find.h"

namespace nayose {
namespace {

// Match links by falling weight; links come by (a, b), and those of one weight stay so. Two counting passes.
std::vector<uint32_t> ByFallingWeight(const std::vector<libmpi::Link>& links) {
  constexpr int kDigitBits = 11;
  constexpr uint32_t kDigits = 1u << kDigitBits;
  libmpi::FixedWeight highest = 0, lowest = 0;
  std::vector<uint32_t> order;
  for (uint32_t i = 0; i < links.size(); ++i) {
    if (links[i].decision != libmpi::LinkDecision::kMatch) continue;
    highest = order.empty() ? links[i].weight : std::max(highest, links[i].weight);
    lowest = order.empty() ? links[i].weight : std::min(lowest, links[i].weight);
    order.push_back(i);
  }
  const auto key = [&](uint32_t i) { return static_cast<uint32_t>(int64_t{highest} - links[i].weight); };
  std::vector<uint32_t> other(order.size());
  const auto range = static_cast<uint32_t>(int64_t{highest} - lowest);
  for (int shift = 0; shift == 0 || (shift < 32 && range >> shift > 0); shift += kDigitBits) {
    std::vector<uint32_t> next(kDigits + 1, 0);
    for (uint32_t i : order) ++next[(key(i) >> shift) % kDigits + 1];
    for (uint32_t d = 1; d <= kDigits; ++d) next[d] += next[d - 1];
    for (uint32_t i : order) other[next[(key(i) >> shift) % kDigits]++] = i;
    order.swap(other);
  }
  return order;
}

}  // namespace

std::vector<uint32_t> SpanningLinks(const std::vector<libmpi::Link>& links, size_t records) {
  std::vector<bool> wanted(links.size());
  for (size_t i = 0; i < links.size(); ++i) wanted[i] = links[i].decision != libmpi::LinkDecision::kMatch;
  libmpi::UnionFind trees(records);
  for (uint32_t i : ByFallingWeight(links)) {
    if (trees.Find(links[i].a) == trees.Find(links[i].b)) continue;
    trees.Join(links[i].a, links[i].b);
    wanted[i] = true;
  }
  std::vector<uint32_t> out;
  for (uint32_t i = 0; i < links.size(); ++i)
    if (wanted[i]) out.push_back(i);
  return out;
}

}  // namespace nayose
