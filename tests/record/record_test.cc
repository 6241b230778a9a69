// SPDX-License-Identifier: Apache-2.0
#include "libmpi/record/record.h"

#include <gtest/gtest.h>

#include <set>

#include "libmpi/record/features.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

TEST(RecordTest, KeysAreNamedBySourceAndId) {
  EXPECT_EQ((RecordKey{"H001", "123", 0}).ToString(), "H001:123");
  EXPECT_EQ((RecordKey{"H001", "123", 2}).ToString(), "H001:123#2");
  EXPECT_LT((RecordKey{"H001", "123", 0}), (RecordKey{"H001", "123", 1}));
}

TEST(RecordTest, EqualStatementsInAnyOrderAreOneRecord) {
  Record a = ParseRecord("1|山田 太郎|ヤマダ タロウ|19800102|1|01130012/1/2/01|東京都/千代田区/霞が関2|03-5253-1111");
  const Record more = ParseRecord("1|山田 次郎||S55.1.2|M|138057//777/|/渋谷区/本町1|090-2345-6789");
  Record b = more;
  auto append = [](const Record& from, Record* to) {
    to->names.insert(to->names.end(), from.names.begin(), from.names.end());
    to->births.insert(to->births.end(), from.births.begin(), from.births.end());
    to->sexes.insert(to->sexes.end(), from.sexes.begin(), from.sexes.end());
    to->coverages.insert(to->coverages.end(), from.coverages.begin(), from.coverages.end());
    to->addresses.insert(to->addresses.end(), from.addresses.begin(), from.addresses.end());
    to->phones.insert(to->phones.end(), from.phones.begin(), from.phones.end());
  };
  append(a, &b);
  append(more, &a);
  append(more, &a);  // said twice
  EXPECT_NE(a, b);
  a.Normalize();
  b.Normalize();
  EXPECT_EQ(a, b);
  EXPECT_EQ(a.names.size(), 2u);
  EXPECT_EQ(a.births.size(), 2u);
}

TEST(RecordTest, FindingsHaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(kLastFindingCode); ++code) {
    const std::string_view name = FindingName(static_cast<FindingCode>(code));
    EXPECT_FALSE(name.empty()) << code;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(FindingName(FindingCode::kImpossibleDate), "impossible_date");
}

}  // namespace
}  // namespace libmpi
