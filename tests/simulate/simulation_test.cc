// SPDX-License-Identifier: Apache-2.0
// A small network of each kind of need, from its files to its answers.
#include "tools/simulate/simulation.h"

#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/registry/store_testing.h"
#include "tools/simulate/simulation_page.h"

namespace nayose {
namespace {

SimulationResult Simulated(const std::string& network, double scale, int days, uint64_t questions, uint64_t seed = 1) {
  const auto config = FindNetwork(network);
  EXPECT_TRUE(config.ok()) << config.status();
  SimulationOptions options;
  options.scale = scale;
  options.days = days;
  options.questions = questions;
  options.seed = seed;
  const libmpi::store_testing::TempFolder folder("simulate_" + network);
  auto result = Simulate(*config, options, folder.path(), nullptr);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : SimulationResult{};
}

class SmallNetwork : public ::testing::TestWithParam<const char*> {};

TEST_P(SmallNetwork, AnswersRightlyAndMeetsItsNeeds) {
  const SimulationResult result = Simulated(GetParam(), 0.01, 3, 300);
  ASSERT_FALSE(result.days.empty());
  const std::string page = SimulationPage(result);
  EXPECT_TRUE(result.Good()) << page;
  EXPECT_GT(result.questions.meant, 0u);
  EXPECT_EQ(result.lost_records, 0u);
  EXPECT_EQ(result.questions.right, result.questions.asked);
  EXPECT_GE(result.questions.cross_references, 300u);
  EXPECT_GT(result.accuracy.pairs.precision, 0.99) << page;
  EXPECT_EQ(result.needs.size(), result.config.needs.size());
  EXPECT_THAT(page, ::testing::HasSubstr("## Known and assumed"));
}

// Of all needs each once: the others run by tools/check --networks.
INSTANTIATE_TEST_SUITE_P(Networks, SmallNetwork,
                         ::testing::Values("swan", "mirai-kanae", "hatamaru", "shachi-brain", "kuroshio", "biwako-asagao",
                                           "hareyaka", "okinawa-shinryo", "mmwin"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(Simulation, IsTheSameForTheSameSeed) {
  const SimulationResult a = Simulated("tokyo-kuseibu", 0.03, 2, 50), b = Simulated("tokyo-kuseibu", 0.03, 2, 50);
  EXPECT_EQ(a.days.back().records, b.days.back().records);
  EXPECT_EQ(a.days.back().persons, b.days.back().persons);
  EXPECT_EQ(a.days.back().registered, b.days.back().registered);
  EXPECT_EQ(a.accuracy.correct_pairs, b.accuracy.correct_pairs);
  EXPECT_EQ(a.questions.answered, b.questions.answered);
}

}  // namespace
}  // namespace nayose
