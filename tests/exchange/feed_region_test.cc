// SPDX-License-Identifier: Apache-2.0
// A region's patients, written in every format and read back: what a format carries comes back as it was said.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/exchange/feeds/feed_writer.h"

namespace libmpi {
namespace {

constexpr char kSource[] = "1312345670";

// What is said under each number, of however many records of the file.
using ByNumber = std::map<RecordKey, Record>;

void AddTo(ByNumber* all, const Record& record) {
  Record& whole = (*all)[record.key];
  whole.key = record.key;
  const auto append = [](const auto& from, auto* to) { to->insert(to->end(), from.begin(), from.end()); };
  append(record.names, &whole.names);
  append(record.former_names, &whole.former_names);
  append(record.births, &whole.births);
  append(record.sexes, &whole.sexes);
  append(record.coverages, &whole.coverages);
  append(record.care, &whole.care);
  append(record.addresses, &whole.addresses);
  append(record.phones, &whole.phones);
  whole.Normalize();
}

class Collecting : public FeedSink {
 public:
  void Take(FeedRecord&& patient) override {
    EXPECT_FALSE(patient.withdrawn);
    AddTo(&all, patient.record);
  }
  void Refuse(FeedRemark&& remark) override { ADD_FAILURE() << "refused: " << remark.field << " " << remark.reason; }
  void Note(FeedRemark&&) override {}
  ByNumber all;
};

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
  ByNumber expected;
  for (const Record& record : records) {
    const absl::Status added = writer->Add(record);
    ASSERT_TRUE(added.ok()) << added;
    AddTo(&expected, AsCarried(format, record));
  }
  ASSERT_TRUE(writer->End().ok());
  Collecting read;
  for (const FeedFile& file : files) {
    EXPECT_EQ(DetectFeedFormat(file.path, file.bytes), format) << file.path;
    FeedOptions options;
    options.source = kSource;
    options.path = file.path;
    const std::unique_ptr<FeedParser> parser = NewFeedParser(format, options, &read);
    const absl::Status taken = parser->Take(file.bytes);
    ASSERT_TRUE(taken.ok()) << taken;
    ASSERT_TRUE(parser->End().ok());
    EXPECT_EQ(parser->malformed_characters(), 0u);
  }
  EXPECT_EQ(read.all.size(), expected.size());
  size_t other = 0;
  for (const auto& [key, record] : expected) {
    const auto found = read.all.find(key);
    if (found != read.all.end() && found->second == record) continue;
    ++other;
    EXPECT_TRUE(found != read.all.end() || other > 1) << "a number is gone";
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
