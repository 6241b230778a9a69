// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>
#include <vector>

#include "evaluation/region_records.h"
#include "gtest/gtest.h"
#include "libmpi/linkage/learning.h"
#include "libmpi/record/standardize.h"

namespace libmpi {
namespace {

using CountedName = std::tuple<int, int, std::string, uint32_t>;
std::vector<CountedName> EntriesOf(const NameCounts& counts) {
  std::vector<CountedName> out;
  for (const NameCounts::Entry& e : counts.Entries())
    out.emplace_back(static_cast<int>(e.part), static_cast<int>(e.script), e.key, e.count);
  return out;
}

using CountedReading = std::tuple<int, std::string, std::string, uint32_t>;
std::vector<CountedReading> ReadingsOf(const NameCounts& counts) {
  std::vector<CountedReading> out;
  for (const ReadingObservation& r : counts.Readings())
    out.emplace_back(static_cast<int>(r.part), r.kanji, r.kana, r.count);
  return out;
}

// Plain names are counted by the numbers of their words; features counted one by one are the reference.
TEST(NameCountingTest, CountsWhatTheFeaturesSay) {
  const RegionRecords region = MakeRegionRecords({.persons = 3000, .seed = 78, .dirt = 1.5});
  NameCounts wanted;
  for (const Record& record : region.records) wanted.Add(Standardizer().Standardize(record));
  for (int threads : {1, 3}) {
    LinkOptions options;
    options.threads = threads;
    const auto counted = CountData(
        region.records.size(), [&](size_t i, RecordView* out) { out->Assign(region.records[i]); }, options);
    ASSERT_TRUE(counted.ok()) << counted.status();
    EXPECT_EQ(EntriesOf(counted->names), EntriesOf(wanted)) << threads;
    EXPECT_EQ(ReadingsOf(counted->names), ReadingsOf(wanted)) << threads;
    for (NamePart part : {NamePart::kFamily, NamePart::kGiven})
      for (NameCounts::Script script : {NameCounts::Script::kKanji, NameCounts::Script::kKana})
        EXPECT_EQ(counted->names.Total(part, script), wanted.Total(part, script));
  }
}

}  // namespace
}  // namespace libmpi
