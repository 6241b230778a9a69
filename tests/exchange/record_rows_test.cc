// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/record_rows.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/exchange/patient_files.h"

namespace libmpi {
namespace {

class RecordRowsTest : public ::testing::Test {
 protected:
  ~RecordRowsTest() override { std::filesystem::remove(path_); }

  static std::string Header() {
    std::string header;
    for (const Field field : RecordRowColumns()) header += (header.empty() ? "" : ",") + std::string(FieldName(field));
    return header + "\n";
  }
  // The rows with their header through a file.
  PatientFiles Read(const std::string& rows) {
    std::ofstream(path_, std::ios::binary) << Header() << rows;
    const std::vector<std::string> paths = {path_};
    auto files = PatientFiles::Read(paths, {});
    EXPECT_TRUE(files.ok()) << files.status();
    return *std::move(files);
  }

  const std::string path_ = ::testing::TempDir() + "/record_rows." + std::to_string(getpid()) + ".csv";
};

// Any text that a field may say, with what CSV and UTF-8 have trouble with.
std::string RandomText(std::mt19937* random) {
  static constexpr const char* kParts[] = {"a",  "Z",  "1",  ",", "\"", ";", "\t", "'", " ",
                                           "　", "山", "𠮷", "ﾐ", "〓", "#", "|",  "\\"};
  std::string text;
  for (size_t n = 1 + (*random)() % 6; n > 0; --n) text += kParts[(*random)() % std::size(kParts)];
  // Blanks at the ends are none of a value's.
  return "x" + text + "x";
}

// Statements of one person: rows of two would be taken apart when they are read.
Record RandomRecord(std::mt19937* random, size_t number) {
  const auto chance = [random](size_t n) { return (*random)() % n == 0; };
  const auto maybe = [&] { return chance(2) ? RandomText(random) : std::string(); };
  Record r;
  std::string more = chance(4) ? RandomText(random) : "";
  std::erase(more, '\t');  // ids with control characters are refused
  r.key = {chance(2) ? "S1" : "病院,\"2\"", std::to_string(number) + more};
  const size_t most = chance(10) ? 40 : 4;
  for (size_t n = (*random)() % most; n > 0; --n)
    r.names.push_back({.full = "山田 " + std::string(chance(2) ? "太郎" : "太朗"),
                       .full_kana = chance(2) ? "ヤマダ タロウ" : "",
                       .latin = chance(3) ? "YAMADA TARO" : ""});
  if (chance(3))
    r.names.push_back({.family = "山田", .given = "太郎", .family_kana = "ヤマダ", .given_kana = "タロウ"});
  for (size_t n = (*random)() % 3; n > 0; --n) r.former_names.push_back(RandomText(random));
  for (size_t n = (*random)() % 3; n > 0; --n) r.births.push_back(chance(2) ? "1980-01-02" : "昭和55年1月2日");
  for (size_t n = (*random)() % 3; n > 0; --n) r.sexes.push_back(chance(2) ? "M" : "男");
  for (size_t n = (*random)() % most; n > 0; --n) r.coverages.push_back({maybe(), maybe(), maybe(), maybe()});
  for (size_t n = (*random)() % 3; n > 0; --n) r.care.push_back({maybe(), maybe()});
  for (size_t n = (*random)() % most; n > 0; --n) r.addresses.push_back({maybe(), maybe(), maybe(), maybe(), maybe()});
  for (size_t n = (*random)() % most; n > 0; --n) r.phones.push_back(RandomText(random));
  std::erase(r.coverages, StatedCoverage());
  std::erase(r.care, StatedCareInsurance());
  std::erase(r.addresses, StatedAddress());
  r.Normalize();
  return r;
}

TEST_F(RecordRowsTest, AnyRecordsAreReadBackAsTheyWere) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    std::mt19937 random(seed);
    std::map<RecordKey, Record> written;
    std::string rows;
    for (size_t i = 0; i < 1000; ++i) {
      const Record record = RandomRecord(&random, i);
      const size_t before = static_cast<size_t>(std::ranges::count(rows, '\n'));
      const size_t count = AppendRecordRows(record, &rows);
      EXPECT_EQ(static_cast<size_t>(std::ranges::count(rows, '\n')), before + count);
      written[record.key] = record;
    }
    const PatientFiles files = Read(rows);
    EXPECT_THAT(files.rejects(), ::testing::IsEmpty());
    ASSERT_EQ(files.size(), written.size()) << seed;
    size_t i = 0;
    for (const auto& [key, record] : written) EXPECT_EQ(files.Get(i++), record) << seed << " " << key.ToString();
  }
}

TEST_F(RecordRowsTest, ARowForEachStatementOfTheLongestList) {
  Record record;
  record.key = {"S", "1"};
  std::string rows;
  EXPECT_EQ(AppendRecordRows(record, &rows), 1);
  EXPECT_EQ(rows, "1,S" + std::string(RecordRowColumns().size() - 2, ',') + "\n");
  record.phones = {"1", "2", "3"};
  record.names = {{.full = "a,\"b\""}};
  rows.clear();
  EXPECT_EQ(AppendRecordRows(record, &rows), 3);
  EXPECT_THAT(rows, ::testing::StartsWith("1,S,\"a,\"\"b\"\"\","));
  EXPECT_EQ(Read(rows).Get(0), record);
}

TEST_F(RecordRowsTest, LineEndsWithinATextBecomeSpaces) {
  Record record;
  record.key = {"S", "1"};
  record.names = {{.full = "a\r\nb\nc"}};
  std::string rows;
  EXPECT_EQ(AppendRecordRows(record, &rows), 1);
  EXPECT_EQ(std::ranges::count(rows, '\n'), 1);
  EXPECT_EQ(Read(rows).Get(0).names[0].full, "a  b c");
}

}  // namespace
}  // namespace libmpi
