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
