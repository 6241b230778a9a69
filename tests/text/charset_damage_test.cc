// SPDX-License-Identifier: Apache-2.0
// Text in every character set, damaged at random: the fuzzer of charsets without a fuzzing compiler.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "gtest/gtest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace libmpi {
namespace {

void Try(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

std::string Damaged(std::string bytes, std::mt19937_64* random) {
  const auto any = [random](size_t below) { return (*random)() % below; };
  for (size_t changes = 1 + any(4); changes > 0; --changes) {
    const size_t at = any(bytes.size());
    switch (any(4)) {
      case 0: bytes.erase(at, 1); break;
      case 1: bytes.insert(at, 1, static_cast<char>(any(256))); break;
      case 2: bytes.insert(at, bytes.substr(any(bytes.size()), 1 + any(8))); break;
      default: bytes[at] = static_cast<char>(any(256));
    }
    if (bytes.empty()) return bytes;
  }
  return bytes;
}

TEST(CharsetDamageTest, WhatIsReadIsWrittenAndReadAgainAsTheSame) {
  std::mt19937_64 random(1);
  int seeds = 0;
  for (const auto& path : std::filesystem::directory_iterator(LIBMPI_SOURCE_DIR "/tests/fuzz/corpus/fuzz_charsets")) {
    std::ifstream file(path.path(), std::ios::binary);
    const std::string seed{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    ASSERT_FALSE(seed.empty());
    ++seeds;
    Try(seed);
    for (int i = 0; i < 1'000; ++i) Try(Damaged(seed, &random));
  }
  EXPECT_GE(seeds, 7);
}

}  // namespace
}  // namespace libmpi
