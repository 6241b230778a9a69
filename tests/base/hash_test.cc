// SPDX-License-Identifier: Apache-2.0
#include "libmpi/base/hash.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace libmpi {
namespace {

// Cluster ids, samples and blocking keys are made of these: a change is a change of format.
TEST(HashTest, KeepsItsValues) {
  EXPECT_EQ(MixBits(0), 0xe220a8397b1dcdafULL);
  EXPECT_EQ(HashBytes(""), MixBits(0));
  EXPECT_EQ(HashBytes("a"), 0x63f7527cbdc6650cULL);
  EXPECT_EQ(HashBytes("山田 太郎"), 0x4853ef14b60c07a9ULL);
  EXPECT_EQ(HashCombine(1, 2), 0x981e55be48c665d7ULL);
}

TEST(HashTest, TellsTextsApart) {
  std::set<uint64_t> seen;
  std::string text;
  for (int i = 0; i < 300; ++i) {
    EXPECT_TRUE(seen.insert(HashBytes(text)).second) << i;
    text += '\0';  // lengths count, even of nothing
  }
  EXPECT_NE(HashBytes("ab", 1), HashBytes("ab", 2));
  EXPECT_NE(HashCombine(1, 2), HashCombine(2, 1));
}

// Byte by byte, as the definition has it.
uint64_t SlowHashBytes(std::string_view bytes, uint64_t seed) {
  uint64_t h = MixBits(seed ^ (bytes.size() * 0x9e3779b97f4a7c15ULL));
  for (size_t begin = 0; begin < bytes.size(); begin += 8) {
    uint64_t word = 0;
    for (size_t i = begin; i < bytes.size() && i < begin + 8; ++i)
      word |= uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * (i - begin));
    h = HashCombine(h, word);
  }
  return h;
}

TEST(HashTest, FastAndSlowAreOne) {
  std::string text;
  for (uint64_t i = 0; i < 70; ++i) {
    for (uint64_t seed : {uint64_t{0}, i}) EXPECT_EQ(HashBytes(text, seed), SlowHashBytes(text, seed)) << i;
    text += static_cast<char>(MixBits(i));
  }
}

TEST(SampleThresholdTest, TakesTheShareAsked) {
  EXPECT_EQ(SampleThreshold(1), UINT64_MAX);
  EXPECT_EQ(SampleThreshold(7), UINT64_MAX);
  const uint64_t threshold = SampleThreshold(0.25);
  int taken = 0;
  for (uint64_t i = 0; i < 100000; ++i) taken += MixBits(i) <= threshold;
  EXPECT_NEAR(taken, 25000, 600);
}

}  // namespace
}  // namespace libmpi
