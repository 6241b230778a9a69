// SPDX-License-Identifier: Apache-2.0
#include "libmpi/pix/continuations.h"

#include <set>

#include "gtest/gtest.h"

namespace libmpi::pix {
namespace {

Continuation Of(const std::string& tag, size_t from = 0) {
  auto matches = std::make_shared<Matches>();
  matches->tag = tag;
  return {matches, from};
}

TEST(ContinuationsTest, AreTheirPartysAlone) {
  Continuations kept({1000, 10, 100});
  const auto name = kept.Keep("a", Of("t", 7), 0);
  ASSERT_TRUE(name.ok());
  EXPECT_EQ(name->size(), 32u);
  ASSERT_TRUE(kept.Find("a", *name, 0).has_value());
  EXPECT_EQ(kept.Find("a", *name, 0)->from, 7u);
  EXPECT_FALSE(kept.Find("b", *name, 0).has_value());
  EXPECT_FALSE(kept.Find("a", "00112233445566778899aabbccddeeff", 0).has_value());
}

TEST(ContinuationsTest, ExpireAndAreCancelledByTag) {
  Continuations kept({1000, 10, 100});
  const std::string first = *kept.Keep("a", Of("t"), 0), second = *kept.Keep("a", Of("u"), 500);
  EXPECT_TRUE(kept.Find("a", first, 999).has_value());
  EXPECT_FALSE(kept.Find("a", first, 1000).has_value());
  EXPECT_TRUE(kept.Find("a", second, 1000).has_value());
  EXPECT_FALSE(kept.Cancel("b", "u", 1000));
  EXPECT_FALSE(kept.Cancel("a", "t", 1000));
  EXPECT_TRUE(kept.Cancel("a", "u", 1000));
  EXPECT_FALSE(kept.Find("a", second, 1000).has_value());
  EXPECT_FALSE(kept.Cancel("a", "u", 1000));
}

TEST(ContinuationsTest, AreBoundedByPartyAndInAll) {
  Continuations kept({1000000, 3, 5});
  std::vector<std::string> a, b;
  for (int i = 0; i < 4; ++i) a.push_back(*kept.Keep("a", Of("t"), i));
  EXPECT_FALSE(kept.Find("a", a[0], 5).has_value());
  EXPECT_TRUE(kept.Find("a", a[1], 5).has_value());
  for (int i = 0; i < 3; ++i) b.push_back(*kept.Keep("b", Of("t"), 10 + i));
  int left = 0;
  for (const std::string& name : a) left += kept.Find("a", name, 20).has_value();
  for (const std::string& name : b) left += kept.Find("b", name, 20).has_value();
  EXPECT_EQ(left, 5);
  EXPECT_TRUE(kept.Find("b", b[2], 20).has_value());
}

}  // namespace
}  // namespace libmpi::pix
