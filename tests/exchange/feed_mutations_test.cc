// SPDX-License-Identifier: Apache-2.0
// Every reader of feeds under many damaged files: nothing crashes, nothing hangs, memory stays, and what is said has no
// value in it. A slice in the suite; with LIBMPI_LONG a million (tools/studies/feed_mutations).
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exchange/feed_reading.h"
#include "gtest/gtest.h"
#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/exchange/feeds/feed_writer.h"
#include "libmpi/exchange/patient_files.h"

namespace libmpi {
namespace {

namespace fs = std::filesystem;

constexpr size_t kSlice = 1500, kLong = 100'000;
constexpr double kMostSeconds = 2;                  // of a processor, for one file
constexpr uint64_t kMostBytes = uint64_t{1} << 30;  // more memory than before

size_t Inputs() { return std::getenv("LIBMPI_LONG") != nullptr ? kLong : kSlice; }

uint64_t PeakBytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

struct Seed {
  std::string path, bytes;
};

std::string GoldenFolderOf(FeedFormat format) {
  switch (format) {
    case FeedFormat::kHl7v2: return "hl7v2";
    case FeedFormat::kSsMix2: return "ss_mix2";
    default: return std::string(FeedFormatName(format));
  }
}

// Golden files, and what the writer of the format makes of some records.
std::vector<Seed> SeedsOf(FeedFormat format) {
  std::vector<Seed> seeds;
  for (const auto& entry : fs::recursive_directory_iterator(GoldenPath(GoldenFolderOf(format)), fs::directory_options::none))
    if (entry.is_regular_file() && entry.file_size() < 20'000) seeds.push_back({entry.path().string(), BytesOf(entry.path().string())});
  FeedWriterOptions options;
  options.day = {2026, 11, 30};
  options.take = [&](FeedFile&& file) {
    if (file.bytes.size() < 50'000) seeds.push_back({std::move(file.path), std::move(file.bytes)});
    return absl::OkStatus();
  };
  const std::unique_ptr<FeedWriter> writer = NewFeedWriter(format, options);
  for (const Record& record : ManyRecords(12)) (void)writer->Add(record);
  EXPECT_TRUE(writer->End().ok());
  return seeds;
}

// Dates, telephone and card numbers: the runs of seven and more digits that stand in a file.
std::set<std::string> NumbersIn(std::string_view bytes) {
  std::set<std::string> numbers;
  for (size_t i = 0; i < bytes.size();) {
    const size_t end = std::min(bytes.find_first_not_of("0123456789", i), bytes.size());
    if (end - i >= 7) numbers.emplace(bytes.substr(i, end - i));
    i = end + 1;
  }
  return numbers;
}

// Names and addresses are beyond ASCII in all seeds, but for some in letters.
bool HasNoValue(const std::string& text, const std::string& file) {
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) return false;
  const std::set<std::string> said = NumbersIn(text), there = said.empty() ? said : NumbersIn(file);
  return std::ranges::none_of(said, [&](const std::string& number) { return there.contains(number); }) &&
         text.find("YAMAZAKI") == std::string::npos && text.find("GARCIA") == std::string::npos;
}

class FeedMutations : public ::testing::TestWithParam<FeedFormat> {
 protected:
  static void ReadOne(FeedFormat format, const Seed& seed, const std::string& bytes) {
    (void)DetectFeedFormat(seed.path, bytes);
    if (format == FeedFormat::kCsv) return ReadList(bytes);
    Reading reading;
    FeedOptions options;
    options.path = seed.path;
    options.source = "1312345670";
    const std::unique_ptr<FeedParser> parser = NewFeedParser(format, options, &reading);
    const absl::Status status = TakeInPieces(parser.get(), bytes, 0);
    EXPECT_TRUE(HasNoValue(std::string(status.message()), bytes)) << status;
    EXPECT_TRUE(HasNoValue(reading.Messages(), bytes)) << reading.Messages();
    for (const FeedRecord& said : reading.records) EXPECT_FALSE(said.record.key.record_id.empty());
  }

  static void ReadList(const std::string& bytes) {
    const std::string path = (::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : ::testing::TempDir()) +
                             "/libmpi_mutated." + std::to_string(::getpid()) + ".csv";
    std::ofstream(path, std::ios::binary) << bytes;
    ReadOptions options;
    options.threads = 1;
    const std::vector<std::string> paths = {path};
    const auto files = PatientFiles::Read(paths, options);
    if (files.ok()) {
      Record record;
      for (size_t i = 0; i < files->size(); ++i) files->Get(i, &record);
      EXPECT_EQ(files->files()[0].rows_read, files->files()[0].rows_accepted + files->files()[0].rows_rejected);
      for (const Reject& reject : files->rejects()) EXPECT_TRUE(HasNoValue(reject.reason, bytes)) << reject.reason;
    }
    std::error_code error;
    fs::remove(path, error);
  }
};

TEST_P(FeedMutations, EndInTimeAndInWords) {
  const FeedFormat format = GetParam();
  const std::vector<Seed> seeds = SeedsOf(format);
  ASSERT_FALSE(seeds.empty());
  std::mt19937 random(20261130 + static_cast<uint32_t>(format));
  for (const Seed& seed : seeds) ReadOne(format, seed, seed.bytes);
  const uint64_t before = PeakBytes();
  double slowest = 0;
  for (size_t i = 0; i < Inputs() && !HasFailure(); ++i) {
    const Seed& seed = seeds[random() % seeds.size()];
    const std::string bytes = Mutated(seed.bytes, &random);
    const std::clock_t begin = std::clock();
    ReadOne(format, seed, bytes);
    slowest = std::max(slowest, SecondsSince(begin));
  }
  EXPECT_LT(slowest, kMostSeconds);
  EXPECT_LT(PeakBytes() - before, kMostBytes);
  std::printf("%-12s %zu damaged files: slowest %.3f s, %.0f MB more at most\n", std::string(FeedFormatName(format)).c_str(),
              Inputs(), slowest, static_cast<double>(PeakBytes() - before) / 1e6);
}

std::vector<FeedFormat> ReadHere() {
  std::vector<FeedFormat> formats;
  for (const FeedFormat format : FeedFormats()) formats.push_back(format);
  return formats;
}

INSTANTIATE_TEST_SUITE_P(Formats, FeedMutations, ::testing::ValuesIn(ReadHere()), [](const auto& test) {
  std::string name(FeedFormatName(test.param));
  std::erase(name, '-');
  return name;
});

}  // namespace
}  // namespace libmpi
