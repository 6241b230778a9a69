// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/key_order.h"

#include <algorithm>
#include <numeric>

namespace libmpi {

std::vector<uint32_t> KeyOrder(std::span<const Record> records) {
  std::vector<uint32_t> order(records.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return records[a].key < records[b].key; });
  return order;
}

namespace {

template <typename Pair>
std::vector<Pair> PairsByKeyOrder(std::span<const uint32_t> order, std::span<const Pair> pairs) {
  std::vector<Pair> out(pairs.begin(), pairs.end());
  if (out.empty()) return out;
  std::vector<uint32_t> place(order.size());
  for (uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i;
  for (Pair& p : out) {
    if (p.a < place.size()) p.a = place[p.a];
    if (p.b < place.size()) p.b = place[p.b];
  }
  return out;
}

}  // namespace

std::vector<Decision> DecisionsByKeyOrder(std::span<const uint32_t> order,
                                          std::span<const Decision> decisions) {
  return PairsByKeyOrder(order, decisions);
}

std::vector<LabelledPair> LabelsByKeyOrder(std::span<const uint32_t> order,
                                           std::span<const LabelledPair> labels) {
  return PairsByKeyOrder(order, labels);
}

void ToCallersOrder(std::span<const uint32_t> order, LinkResult* result) {
  std::vector<uint32_t> cluster(order.size());
  for (size_t i = 0; i < order.size(); ++i) cluster[order[i]] = order[result->cluster[i]];
  result->cluster = std::move(cluster);
  const auto to_callers = [&](auto* pair) {
    const uint32_t a = order[pair->a], b = order[pair->b];
    pair->a = std::min(a, b);
    pair->b = std::max(a, b);
  };
  for (Link& link : result->links) to_callers(&link);
  for (ReviewItem& item : result->review) to_callers(&item);  // stays by priority
  for (auto& [record, finding] : result->findings) record = order[record];
  std::sort(result->links.begin(), result->links.end(), [](const Link& x, const Link& y) {
    return x.a != y.a ? x.a < y.a : x.b < y.b;
  });
  std::stable_sort(result->findings.begin(), result->findings.end(),
                   [](const auto& x, const auto& y) { return x.first < y.first; });
}

}  // namespace libmpi
