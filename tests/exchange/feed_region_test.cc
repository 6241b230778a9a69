// SPDX-License-Identifier: Apache-2.0
// A region's patients, written in every format and read back: what a format carries comes back as it was said.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "exchange/feed_reading.h"
#include "gtest/gtest.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/exchange/feeds/feed_writer.h"

namespace libmpi {
namespace {

constexpr char kSource[] = "1312345670";

std::vector<Record> PatientsOfARegion() {
  std::vector<Record> records;
  RegionOptions options;
  options.persons = 400;
  options.seed = 20261130;
  GenerateRegion(options, [&](const RegionRow& row) {
    Record record = RecordOf(row);
    // One facility, which knows each by a number of its own.
    record.key = {kSource, std::to_string(10'000'000 + records.size()), 0};
    record.Normalize();
    records.push_back(std::move(record));
  });
  return records;
}

class FeedRegion : public ::testing::TestWithParam<FeedFormat> {};

TEST_P(FeedRegion, IsReadBackAsFarAsTheFormatCarriesIt) {
  const FeedFormat format = GetParam();
  const std::vector<Record> records = PatientsOfARegion();
  ASSERT_GT(records.size(), 500u);
  std::vector<FeedFile> files;
  FeedWriterOptions written;
  written.institution = kSource;
  written.day = {2026, 11, 30};
  written.take = [&files](FeedFile&& file) {
    files.push_back(std::move(file));
    return absl::OkStatus();
  };
  const std::unique_ptr<FeedWriter> writer = NewFeedWriter(format, written);
  ASSERT_NE(writer, nullptr);
  std::map<RecordKey, Record> expected;
  for (const Record& record : records) {
    const absl::Status added = writer->Add(record);
    ASSERT_TRUE(added.ok()) << added;
    AddStatements(AsCarried(format, record), &expected);
  }
  ASSERT_TRUE(writer->End().ok());
  Reading read;
  for (const FeedFile& file : files) {
    EXPECT_EQ(DetectFeedFormat(file.path, file.bytes), format) << file.path;
    FeedOptions options;
    options.source = kSource;
    options.path = file.path;
    const std::unique_ptr<FeedParser> parser = NewFeedParser(format, options, &read);
    const absl::Status taken = TakeInPieces(parser.get(), file.bytes, 0);
    ASSERT_TRUE(taken.ok()) << taken;
    EXPECT_EQ(parser->malformed_characters(), 0u);
  }
  EXPECT_TRUE(read.refused.empty()) << read.Remarks();
  for (const FeedRecord& patient : read.records) EXPECT_FALSE(patient.withdrawn);
  const std::map<RecordKey, Record> all = read.ByKey();
  EXPECT_EQ(all.size(), expected.size());
  size_t other = 0;
  for (const auto& [key, record] : expected) {
    const auto found = all.find(key);
    if (found != all.end() && found->second == record) continue;
    ++other;
    EXPECT_TRUE(found != all.end() || other > 1) << "a number is gone";
  }
  EXPECT_EQ(other, 0u) << "of " << expected.size();
}

INSTANTIATE_TEST_SUITE_P(Formats, FeedRegion,
                         ::testing::Values(FeedFormat::kUke, FeedFormat::kNsips, FeedFormat::kHl7v2, FeedFormat::kSsMix2,
                                           FeedFormat::kDicom, FeedFormat::kOrca, FeedFormat::kCheckup,
                                           FeedFormat::kEligibility, FeedFormat::kFhir),
                         [](const auto& test) {
                           std::string name(FeedFormatName(test.param));
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace libmpi
