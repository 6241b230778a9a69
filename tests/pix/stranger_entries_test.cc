// SPDX-License-Identifier: Apache-2.0
#include "libmpi/pix/stranger_entries.h"

#include <string>

#include "gmock/gmock.h"

namespace libmpi::pix {
namespace {

using LeftOut = StrangerEntries::LeftOut;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kNow = 1'795'834'800'000;

TEST(StrangerEntriesTest, SoManyOfAnAddressAMinuteAndTheOthersAreCounted) {
  StrangerEntries entries({2, 100});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(entries.Take("a", kNow + i), i < 2) << i;
  EXPECT_TRUE(entries.Take("b", kNow + 10));
  EXPECT_THAT(entries.TakeLeftOut(kNow + StrangerEntries::kMinute - 1), IsEmpty());
  EXPECT_THAT(entries.TakeLeftOut(kNow + StrangerEntries::kMinute), ElementsAre(LeftOut{"a", 3}));
  EXPECT_THAT(entries.TakeLeftOut(kNow + StrangerEntries::kMinute), IsEmpty()) << "told once";
  EXPECT_TRUE(entries.Take("a", kNow + StrangerEntries::kMinute)) << "another minute";
}

TEST(StrangerEntriesTest, SoManyOfAllTogether) {
  StrangerEntries entries({2, 5});
  int taken = 0;
  for (int i = 0; i < 100; ++i) taken += entries.Take("address " + std::to_string(i), kNow);
  EXPECT_EQ(taken, 5);
  // Five addresses are known; the others are one.
  EXPECT_THAT(entries.TakeAllLeftOut(), ElementsAre(LeftOut{"", 95}));
}

TEST(StrangerEntriesTest, AClockThatIsSetBackEndsTheMinute) {
  StrangerEntries entries({1, 1});
  EXPECT_TRUE(entries.Take("a", kNow));
  EXPECT_FALSE(entries.Take("a", kNow));
  EXPECT_THAT(entries.TakeLeftOut(kNow - 1), ElementsAre(LeftOut{"a", 1}));
}

}  // namespace
}  // namespace libmpi::pix
