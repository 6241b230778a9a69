// SPDX-License-Identifier: Apache-2.0
// What peers may send, damaged at random: the fuzzer of whole requests without a fuzzing compiler.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/fuzz/hl7_mutation.h"
#include "tests/fuzz/server_request.h"

namespace nayose {
namespace {

using libmpi::hl7v2::Hl7Mutation;
using libmpi::hl7v2::ServerRequests;

// By name, so that every machine has them in one order.
std::vector<std::string> Seeds() {
  std::vector<std::filesystem::path> files;
  const std::string folder = LIBMPI_SOURCE_DIR "/tests/fuzz/corpus/fuzz_server_request";
  for (const auto& file : std::filesystem::directory_iterator(folder))
    files.push_back(file.path());
  std::ranges::sort(files);
  std::vector<std::string> seeds;
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return seeds;
}

// ServerRequests aborts where a promise is broken, and says which.
TEST(ServerRequestTest, WhateverIsSentIsAnsweredAsPromised) {
  const std::vector<std::string> seeds = Seeds();
  ASSERT_GT(seeds.size(), 10u);
  ServerRequests requests;
  for (const std::string& seed : seeds) requests.Try(seed);
  const ServerRequests::Counts of_seeds = requests.counts();
  EXPECT_GT(of_seeds.accepted, 30u) << "the seeds are good messages";
  EXPECT_GE(of_seeds.told, 4u);
  std::vector<std::string> inputs = seeds;
  constexpr size_t kMostInputs = 200;
  const int most = std::getenv("LIBMPI_LONG") != nullptr ? 200'000 : 1'500;
  std::mt19937_64 random(1);
  for (int i = 0; i < most; ++i) {
    std::string& from = inputs[random() % inputs.size()];
    std::string input = Hl7Mutation(random()).Of(from, inputs[random() % inputs.size()]);
    if (input.size() > 4'000) input.resize(4'000);
    requests.Try(input);
    // Changes of changes: what came of a seed takes part, and some of it is forgotten for more.
    if (inputs.size() < kMostInputs) inputs.push_back(std::move(input));
    else if (i % 4 == 0) inputs[seeds.size() + random() % (inputs.size() - seeds.size())] = std::move(input);
  }
  requests.EndBatch();
  const ServerRequests::Counts& counts = requests.counts();
  RecordProperty("payloads", static_cast<int>(counts.payloads));
  RecordProperty("accepted", static_cast<int>(counts.accepted));
  EXPECT_GT(counts.accepted, of_seeds.accepted + 100);
  EXPECT_GT(counts.refused, 100u);
  EXPECT_GT(counts.unreadable, 20u);
  EXPECT_GT(counts.told, of_seeds.told + 10);
  EXPECT_GT(requests.refusals().size(), 20u);
}

}  // namespace
}  // namespace nayose
