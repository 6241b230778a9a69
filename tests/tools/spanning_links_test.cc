// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/spanning_links.h"

#include <algorithm>
#include <random>
#include <set>
#include <tuple>
#include <vector>

#include "gtest/gtest.h"

namespace nayose {
namespace {

using libmpi::Link;
using libmpi::LinkDecision;

// The same by the book: the heaviest link left that closes no circle, its records painted in one colour.
std::vector<uint32_t> Reference(const std::vector<Link>& links, size_t records) {
  std::vector<uint32_t> order(links.size()), out;
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](uint32_t x, uint32_t y) {
    return std::tuple(-links[x].weight, links[x].a, links[x].b) < std::tuple(-links[y].weight, links[y].a, links[y].b);
  });
  std::vector<size_t> colour(records);
  for (size_t r = 0; r < records; ++r) colour[r] = r;
  for (uint32_t i : order) {
    const Link& link = links[i];
    if (link.decision == LinkDecision::kMatch) {
      const size_t from = colour[link.a], to = colour[link.b];
      if (from == to) continue;
      std::replace(colour.begin(), colour.end(), from, to);
    }
    out.push_back(i);
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST(SpanningLinksTest, AgreesWithReference) {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    const uint32_t records = 1 + random() % 12;
    std::set<std::pair<uint32_t, uint32_t>> pairs;
    for (int n = static_cast<int>(random() % 40); n > 0; --n) {
      const uint32_t a = random() % records, b = random() % records;
      if (a < b) pairs.emplace(a, b);
    }
    const int spread = round % 3 == 0 ? 3 : round % 3 == 1 ? 5000 : 2'000'000;  // ties; one digit; two
    std::vector<Link> links;
    for (const auto& [a, b] : pairs)
      links.push_back({a, b, static_cast<int>(random() % static_cast<unsigned>(spread)) - spread / 2,
                       random() % 4 == 0 ? LinkDecision::kReview : LinkDecision::kMatch});
    ASSERT_EQ(SpanningLinks(links, records), Reference(links, records)) << round;
  }
  EXPECT_TRUE(SpanningLinks({}, 0).empty());
  const std::vector<Link> extremes = {{0, 1, INT32_MIN + 1}, {0, 2, INT32_MAX}, {1, 2, 0}};
  EXPECT_EQ(SpanningLinks(extremes, 3), (std::vector<uint32_t>{1, 2}));
}

}  // namespace
}  // namespace nayose
