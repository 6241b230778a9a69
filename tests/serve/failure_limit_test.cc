// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/failure_limit.h"

#include <gtest/gtest.h>

#include <string>

namespace nayose {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const FailureLimit::Clock::time_point kBegin{std::chrono::hours(1)};

TEST(FailureLimitTest, SoManyAtOnceThenSoManyAMinute) {
  FailureLimit limit(3);
  auto now = kBegin;
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(limit.IsReached("a", now)) << i;
    limit.Failed("a", now += milliseconds(1));
  }
  EXPECT_TRUE(limit.IsReached("a", now));
  EXPECT_FALSE(limit.IsReached("b", now)) << "another address is not meant";
  EXPECT_TRUE(limit.IsReached("a", now + seconds(19)));
  now += seconds(20);
  EXPECT_FALSE(limit.IsReached("a", now));
  limit.Failed("a", now);
  EXPECT_TRUE(limit.IsReached("a", now + seconds(1)));
  EXPECT_FALSE(limit.IsReached("a", now + minutes(1)));
}

TEST(FailureLimitTest, FailuresThatHadBegunBeforeCountAsWell) {
  FailureLimit limit(6);
  for (int i = 0; i < 60; ++i) limit.Failed("a", kBegin);
  EXPECT_TRUE(limit.IsReached("a", kBegin + minutes(9)));
  EXPECT_FALSE(limit.IsReached("a", kBegin + minutes(10)));
}

TEST(FailureLimitTest, ThereMayBeNone) {
  FailureLimit limit(0);
  for (int i = 0; i < 100; ++i) limit.Failed("a", kBegin);
  EXPECT_FALSE(limit.IsReached("a", kBegin));
}

TEST(FailureLimitTest, ManyAddressesTakeNoMoreRoom) {
  FailureLimit limit(1);
  for (size_t i = 0; i < 3 * FailureLimit::kMostAddresses; ++i) limit.Failed(std::to_string(i), kBegin);
  EXPECT_TRUE(limit.IsReached(std::to_string(3 * FailureLimit::kMostAddresses - 1), kBegin));
}

}  // namespace
}  // namespace nayose
