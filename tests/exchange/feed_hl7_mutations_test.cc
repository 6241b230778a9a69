// SPDX-License-Identifier: Apache-2.0
// Thousands of broken files, the same ones in each run.
#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "libmpi/exchange/feeds/hl7v2.h"
#include "libmpi/exchange/feeds/ss_mix2.h"
#include "tests/exchange/hl7_feed_sink.h"

namespace libmpi {
namespace {

class Mutator {
 public:
  explicit Mutator(std::vector<std::string> seeds) : seeds_(std::move(seeds)) {}

  std::string Next() {
    std::string bytes = seeds_[Below(seeds_.size())];
    for (size_t i = 0, count = 1 + Below(8); i < count && !bytes.empty(); ++i) Mutate(&bytes);
    return bytes;
  }

 private:
  size_t Below(size_t size) { return random_() % size; }

  void Mutate(std::string* bytes) {
    static const std::vector<std::string> kPieces = {
        "\r",       "\n",     "\x0B",         "\x1C\r",  "|",       "^",        "~",    "\\",
        "&",        "\x1B$B", "\x1B(B",       "\x1B(J",  "\xE5",    "\x8F\x5C", "\"\"", "MSH|",
        "\rPID|||", "\rIN1|", "\rMSH|^~\\&|", "\rBTS|9", "\\X1B\\", "\x1B$(D"};
    const size_t at = Below(bytes->size());
    const size_t length = std::min(bytes->size() - at, 1 + Below(40));
    switch (Below(5)) {
      case 0:
        (*bytes)[at] = static_cast<char>(random_());
        return;
      case 1:
        bytes->insert(at, kPieces[Below(kPieces.size())]);
        return;
      case 2:
        bytes->erase(at, length);
        return;
      case 3:
        bytes->insert(Below(bytes->size()), bytes->substr(at, length));
        return;
      default:
        bytes->resize(at);
        return;
    }
  }

  const std::vector<std::string> seeds_;
  std::mt19937_64 random_{20261130};
};

TEST(Hl7FeedMutationsTest, EndInWordsWhateverTheyAre) {
  std::vector<std::string> seeds;
  for (const char* file : {"lab_batch_cr_jis.hl7", "adt_mllp_utf8.hl7", "oru_lf_cp932.hl7"})
    seeds.push_back(Golden("hl7v2/" + std::string(file)));
  Mutator mutator(seeds);
  FeedOptions options;
  options.max_line_bytes = 400;
  options.max_document_bytes = 800;
  const auto start = std::chrono::steady_clock::now();
  size_t taken = 0, refused = 0;
  for (int i = 0; i < 6000; ++i) {
    const std::string bytes = mutator.Next();
    options.path = i % 2 == 0 ? "x.hl7" : "r/12_-_/12_-_ADT-00_9_20260101120000000_-_" + std::to_string(i / 2 % 3);
    const NewParser parser = i % 2 == 0 ? NewHl7v2Parser : NewSsMix2Parser;
    const Hl7Reading whole = ReadWith(parser, bytes, options);
    EXPECT_EQ(ReadWith(parser, bytes, options, 7).lines, whole.lines) << i;
    for (const FeedRecord& record : whole.records) {
      EXPECT_FALSE(record.record.key.record_id.empty());
      EXPECT_FALSE(record.record.key.source.empty());
      Record normal = record.record;
      normal.Normalize();
      EXPECT_EQ(normal, record.record);
      ++taken;
    }
    for (const std::string& line : whole.lines) refused += line.find(" refused ") != std::string::npos;
    // No value of a file stands in a message: those of the seeds are Japanese.
    for (const std::string& line : whole.lines) {
      if (line.find(" taken ") != std::string::npos || line.find(" withdrawn ") != std::string::npos) continue;
      const auto beyond_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
      EXPECT_TRUE(std::ranges::none_of(line, beyond_ascii)) << line;
    }
  }
  EXPECT_GT(taken, 3000u);
  EXPECT_GT(refused, 1000u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

}  // namespace
}  // namespace libmpi
