// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/region.h"

#include "gtest/gtest.h"
#include "libmpi/base/hash.h"

namespace libmpi {
namespace {

RegionStatistics Make(const RegionOptions& options, uint64_t* hash) {
  *hash = 0;
  return GenerateRegion(options, [&](const RegionRow& r) {
    for (const std::string* f : {&r.record_id, &r.source, &r.name, &r.kana, &r.birth, &r.street, &r.number})
      *hash = HashCombine(*hash, HashBytes(*f));
  });
}

// Pins the region to the facts, so that it never becomes easy.
TEST(RegionTest, SharesAreThoseOfTheFacts) {
  uint64_t hash;
  const RegionStatistics s = Make({20000, 3, 1.0}, &hash);
  const double records = static_cast<double>(s.records), persons = static_cast<double>(s.persons);
  const auto in = [](double value, double low, double high) { return value >= low && value <= high; };
  EXPECT_TRUE(in(records / persons, 1.7, 2.1)) << records / persons;
  EXPECT_TRUE(in(persons / static_cast<double>(s.households), 1.8, 2.5)) << persons / static_cast<double>(s.households);
  EXPECT_TRUE(in(static_cast<double>(s.twin_pairs) / persons, 0.0015, 0.007)) << s.twin_pairs;
  EXPECT_TRUE(in(s.kana_only_rows / records, 0.05, 0.18)) << s.kana_only_rows / records;
  EXPECT_TRUE(in(s.kanji_only_rows / records, 0.06, 0.20)) << s.kanji_only_rows / records;
  EXPECT_TRUE(in(s.romaji_rows / records, 0.010, 0.020)) << s.romaji_rows / records;
  EXPECT_TRUE(in(s.unsplit_rows / records, 0.04, 0.16)) << s.unsplit_rows / records;
  EXPECT_TRUE(in(s.swapped_rows / records, 0.009, 0.015)) << s.swapped_rows / records;
  EXPECT_TRUE(in(s.missing_branch_rows / records, 0.3, 0.6)) << s.missing_branch_rows / records;
  EXPECT_TRUE(in(s.movers / persons, 0.10, 0.32)) << s.movers / persons;
  EXPECT_TRUE(in(s.foreign_persons / persons, 0.015, 0.035)) << s.foreign_persons / persons;
  EXPECT_TRUE(in(s.turned_75 / persons, 0.04, 0.14)) << s.turned_75 / persons;
}

TEST(RegionTest, RepeatsForItsSeed) {
  uint64_t a, b, c;
  Make({2000, 3, 1.0}, &a);
  Make({2000, 3, 1.0}, &b);
  Make({2000, 4, 1.0}, &c);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
}

TEST(RegionTest, DirtDoublesErrors) {
  uint64_t hash;
  const RegionStatistics clean = Make({20000, 3, 1.0}, &hash), dirty = Make({20000, 3, 2.0}, &hash);
  EXPECT_NEAR(static_cast<double>(dirty.swapped_rows) / static_cast<double>(clean.swapped_rows), 2, 0.35);
}

}  // namespace
}  // namespace libmpi
