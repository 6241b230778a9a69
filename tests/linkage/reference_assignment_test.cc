// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/reference_assignment.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace libmpi {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using Pairs = std::vector<std::pair<uint32_t, uint32_t>>;

// Records 0 to 2 are new, 3 to 5 the reference.
constexpr size_t kNew = 3, kAll = 6;
constexpr FixedWeight kMatch = 10;

TEST(AssignToReferenceTest, TakesTheBestPairsFirst) {
  const struct {
    std::string name;
    std::vector<Edge> edges;
    bool one_to_one;
    Pairs pairs;
    std::vector<uint32_t> cluster;
  } cases[] = {
      {"no edge", {}, false, {}, {0, 1, 2, 3, 4, 5}},
      {"the heavier of two", {{0, 3, 20}, {0, 4, 30}}, false, {{0, 4}}, {0, 1, 2, 3, 0, 5}},
      {"of equal ones the first", {{0, 4, 20}, {0, 3, 20}}, false, {{0, 3}}, {0, 1, 2, 0, 4, 5}},
      {"none below the threshold", {{0, 3, 9}, {1, 4, 10}}, false, {{1, 4}}, {0, 1, 2, 3, 1, 5}},
      {"none that is held", {{0, 3, 20, true}}, false, {}, {0, 1, 2, 3, 4, 5}},
      {"two new ones of one", {{0, 3, 20}, {2, 3, 30}}, false, {{2, 3}, {0, 3}}, {0, 1, 0, 0, 4, 5}},
      {"one to one: the best keeps it", {{0, 3, 20}, {2, 3, 30}}, true, {{2, 3}}, {0, 1, 2, 2, 4, 5}},
      {"one to one: the other takes its next", {{0, 3, 20}, {0, 5, 15}, {2, 3, 30}}, true, {{2, 3}, {0, 5}},
       {0, 1, 2, 2, 4, 0}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const ReferenceAssignment assignment =
        AssignToReference(LargeArray<Edge>(c.edges.begin(), c.edges.end()), kMatch, kNew, kAll, c.one_to_one);
    EXPECT_THAT(assignment.pairs, ElementsAreArray(c.pairs));
    EXPECT_THAT(assignment.cluster, ElementsAreArray(c.cluster));
  }
}

TEST(KeepAssignedLinksTest, LeavesTheRestForReview) {
  const ReferenceAssignment assignment = {.pairs = {{0, 3}}, .cluster = {}};
  std::vector<Link> links = {{.a = 0, .b = 3}, {.a = 0, .b = 4}};
  KeepAssignedLinks(assignment, links);
  EXPECT_THAT(links, ElementsAre(testing::Field(&Link::decision, LinkDecision::kMatch),
                                 testing::Field(&Link::decision, LinkDecision::kReview)));
}

}  // namespace
}  // namespace libmpi
