// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/record_encoder.h"

#include <vector>

#include "evaluation/region_records.h"
#include "gtest/gtest.h"
#include "libmpi/linkage/blocking_keys.h"

namespace libmpi {
namespace {

// The long way, by features, is the reference of the encoder.
TEST(RecordEncoderTest, GivesWhatTheFeaturesGive) {
  RegionOptions options;
  options.persons = 3000;
  options.seed = 77;
  options.dirt = 1.5;
  const RegionRecords region = MakeRegionRecords(options);
  NameCounts counts;
  for (const Record& record : region.records) counts.Add(Standardizer().Standardize(record));
  const ReadingModel readings(counts.Readings());
  const Standardizer standardizer({{2026, 11, 25}}, &counts, &readings);
  TextDictionary texts;
  RecordEncoder encoder(&standardizer, &readings, &texts);
  RecordView view;
  for (const Record& record : region.records) {
    view.Assign(record);
    MoreValues more, more_wanted;
    std::vector<uint64_t> keys, keys_wanted;
    const EncodedRecord encoded = encoder.Encode(view, &more, &keys);
    const Features features = standardizer.Standardize(record);
    const EncodedRecord wanted = EncodeFeatures(features, readings, &texts, &more_wanted);
    AppendBlockingKeys(features, TermsOf(features.names, readings), wanted.given_initial, &keys_wanted);
    ASSERT_EQ(encoded, wanted) << record.key.ToString();
    ASSERT_EQ(more, more_wanted) << record.key.ToString();
    ASSERT_EQ(keys, keys_wanted) << record.key.ToString();
    ASSERT_EQ(encoder.findings(), features.findings) << record.key.ToString();
  }
}

}  // namespace
}  // namespace libmpi
