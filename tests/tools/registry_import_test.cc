// SPDX-License-Identifier: Apache-2.0
// Exports and lines of records, damaged at random: the fuzzer of imports without a fuzzing compiler.
#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace nayose {
namespace {

using Lines = std::vector<std::string>;

Lines SplitLines(const std::string& text) {
  Lines lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string Joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// An export with everything that one can say, lines as people write them, and a larger export.
std::vector<Lines> Seeds() {
  std::vector<Lines> seeds;
  for (const char* name : {"fuzz/corpus/fuzz_registry_import/export.ndjson",
                           "fuzz/corpus/fuzz_registry_import/lines.ndjson",
                           "golden/registry_format_1/export.ndjson"}) {
    std::ifstream file(std::string(LIBMPI_SOURCE_DIR "/tests/") + name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    EXPECT_FALSE(text.empty()) << name;
    seeds.push_back(SplitLines(text));
  }
  return seeds;
}

class Damage {
 public:
  explicit Damage(uint64_t seed) : random_(seed) {}

  std::string Of(const Lines& seed, const Lines& other) {
    Lines lines = seed;
    for (uint64_t change = Any(4); change > 0 && !lines.empty(); --change) ChangeLine(&lines, other);
    if (Any(4) == 0) CountAgain(&lines);  // else most are refused for their end alone, which is quick
    std::string text = Joined(lines);
    if (Any(3) == 0)
      for (uint64_t change = 1 + Any(3); change > 0; --change) ChangeByte(&text);
    return text;
  }

 private:
  uint64_t Any(uint64_t below) { return random_() % below; }

  void ChangeLine(Lines* lines, const Lines& other) {
    const size_t at = Any(lines->size()), from = Any(lines->size());
    switch (Any(6)) {
      case 0: lines->erase(lines->begin() + static_cast<ptrdiff_t>(at)); break;
      case 1: lines->insert(lines->begin() + static_cast<ptrdiff_t>(at), std::string((*lines)[from])); break;
      case 2: std::swap((*lines)[at], (*lines)[from]); break;
      case 3: lines->insert(lines->begin() + static_cast<ptrdiff_t>(at), other[Any(other.size())]); break;
      default: ExchangeToken(&(*lines)[at], (*lines)[from]);
    }
  }

  // What stands between quotation marks, for something of another line.
  void ExchangeToken(std::string* line, const std::string& other) {
    const auto token = [&](const std::string& text) -> std::pair<size_t, size_t> {
      const size_t begin = text.find('"', Any(text.size() + 1));
      const size_t end = begin == std::string::npos ? begin : text.find('"', begin + 1);
      return end == std::string::npos ? std::pair<size_t, size_t>{0, 0} : std::pair{begin, end + 1 - begin};
    };
    const auto [begin, size] = token(*line);
    const auto [other_begin, other_size] = token(other);
    line->replace(begin, size, other.substr(other_begin, other_size));
  }

  static void CountAgain(Lines* lines) {
    std::erase_if(*lines, [](const std::string& line) { return line.starts_with("{\"kind\":\"end\""); });
    const auto records = std::count_if(lines->begin(), lines->end(), [](const std::string& line) {
      return line.starts_with("{\"kind\":\"record\"");
    });
    lines->push_back("{\"kind\":\"end\",\"records\":" + std::to_string(records) + "}");
  }

  void ChangeByte(std::string* text) {
    if (text->empty()) return;
    const size_t at = Any(text->size());
    switch (Any(4)) {
      case 0: (*text)[at] = static_cast<char>(random_()); break;
      case 1: (*text)[at] = static_cast<char>((*text)[at] ^ (1 << Any(8))); break;
      case 2: text->resize(at); break;
      default: text->insert(at, 1 + Any(9), static_cast<char>(Any(2) ? '[' : random_()));
    }
  }

  std::mt19937_64 random_;
};

void Try(const std::string& text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

TEST(RegistryImportTest, WhateverIsImportedOrPutCountsAndIsSound) {
  const std::vector<Lines> seeds = Seeds();
  for (const Lines& seed : seeds) Try(Joined(seed));
  const bool long_run = std::getenv("LIBMPI_LONG") != nullptr;
  const uint64_t rounds = long_run ? 200'000 : 2'000;
  Damage damage(20261128);
  const auto start = std::chrono::steady_clock::now();
  // Lines are put into a registry nearly always, exports seldom come so far.
  constexpr size_t kShares[] = {0, 0, 0, 0, 1, 2, 2, 2};
  for (uint64_t round = 0; round < rounds; ++round) {
    const size_t seed = kShares[round % std::size(kShares)];
    Try(damage.Of(seeds[seed], seeds[(seed + 1) % seeds.size()]));
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%" PRIu64 " damaged imports, %.2f ms each\n", rounds, took.count() * 1e3 / static_cast<double>(rounds));
}

}  // namespace
}  // namespace nayose
