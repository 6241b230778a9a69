// SPDX-License-Identifier: Apache-2.0
#include <ctime>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "exchange/feed_reading.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/exchange/feeds/dicom.h"
#include "libmpi/exchange/feeds/dicom_pn.h"
#include "libmpi/exchange/feeds/dicom_writer.h"
#include "libmpi/exchange/feeds/feed_format.h"

namespace libmpi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Reading Read(std::string_view bytes, const FeedOptions& options = {}) {
  return ReadFeed(NewDicomParser, bytes, options);
}

// Where libmpi is built without DCMTK.
bool IsAbsent() { return Read("x").status.code() == absl::StatusCode::kUnimplemented; }

#define SKIP_WITHOUT_DCMTK() \
  if (IsAbsent()) GTEST_SKIP() << "built without DCMTK"

struct GoldenFile {
  const char* name;
  RecordKey key;
  StatedName written;
  const char *birth, *sex, *encoding, *remark;
};
const GoldenFile kGolden[] = {
    {"ir87.dcm",
     {"1311234567", "00012345"},
     {"", "山田", "太郎", "", "やまだ", "たろう", "Yamada, Tarou"},
     "19700101",
     "M",
     "ISO-2022-JP",
     ""},
    // Kana of half width in the first group, and of full width in the third.
    {"ir13.dcm", {"ﾐﾎﾝ", "B-77"}, {"", "山田", "太郎", "", "ヤマダ", "タロウ", ""}, "19280315", "F", "ISO-2022-JP", ""},
    {"ir159.dcm",
     {"scan", "C-1"},
     {"", "山丂", "一", "", "", "", ""},
     "",
     "",
     "ISO-2022-JP",
     "the file's name stands for it"},
    {"utf8.dcm",
     {"見本病院", "D-1"},
     {"", "𠮷田", "二郎", "", "タナカ", "ジロウ", "Tanaka, Jiro Ken"},
     "",
     "",
     "UTF-8",
     ""},
    {"latin1.dcm", {"scan", "E-1"}, {"", "Müller", "Jörg", "", "", "", ""}, "", "", "ISO_IR 100", "stands for it"},
    {"gb18030.dcm",
     {"scan", "F-1"},
     {"", "王", "小东", "", "", "", "Wang, XiaoDong"},
     "",
     "",
     "GB18030",
     "stands for it"},
    {"undeclared_sjis.dcm",
     {"scan", "G-1"},
     {"", "高橋", "涼子", "", "", "", ""},
     "",
     "",
     "CP932",
     "does not say its character set"},
    {"bare_implicit.dcm",
     {"SAMPLE HOSPITAL", "H-1"},
     {"", "SUZUKI", "ICHIRO", "", "", "", ""},
     "19991231",
     "",
     "UTF-8",
     ""},
    {"big_endian.dcm", {"scan", "I-1"}, {"", "SATO", "HANAKO", "", "", "", ""}, "", "", "UTF-8", "stands for it"},
    {"deflated.dcm", {"scan", "J-1"}, {"", "山本", "花", "", "ヤマモト", "ハナ", ""}, "", "", "UTF-8", "stands for it"},
    {"worklist.wl", {"1.2.392.200119.6.1", "K-1"}, {"YAMADA TARO", "", "", "", "", "", ""}, "", "", "UTF-8", ""},
};

std::string GoldenBytes(const GoldenFile& file) { return Golden(std::string("dicom/") + file.name); }

FeedOptions OptionsOfPath() {
  FeedOptions options;
  options.path = "in/scan.dcm";
  return options;
}

TEST(DicomTest, FilesAreDetected) {
  for (const GoldenFile& file : kGolden)
    EXPECT_EQ(DetectFeedFormat(file.name, GoldenBytes(file)), FeedFormat::kDicom) << file.name;
}

TEST(DicomTest, PatientsInEveryCharacterSetAndSyntax) {
  SKIP_WITHOUT_DCMTK();
  for (const GoldenFile& file : kGolden) {
    const Reading reading = Read(GoldenBytes(file), OptionsOfPath());
    ASSERT_TRUE(reading.status.ok()) << file.name << reading.status;
    ASSERT_EQ(reading.records.size(), 1u) << file.name << reading.Remarks();
    const Record& record = reading.records[0].record;
    EXPECT_EQ(record.key, file.key) << file.name;
    EXPECT_THAT(record.names, ElementsAre(file.written)) << file.name;
    EXPECT_EQ(record.births.empty() ? "" : record.births[0], file.birth) << file.name;
    EXPECT_EQ(record.sexes.empty() ? "" : record.sexes[0], file.sex) << file.name;
    EXPECT_EQ(reading.encoding, file.encoding) << file.name;
    EXPECT_EQ(reading.malformed, 0u) << file.name;
    if (*file.remark == '\0')
      EXPECT_EQ(reading.Remarks(), "") << file.name;
    else
      EXPECT_THAT(reading.Remarks(), HasSubstr(file.remark)) << file.name;
  }
}

TEST(DicomTest, WhatElseAPatientSays) {
  SKIP_WITHOUT_DCMTK();
  const Record record = Read(Golden("dicom/ir87.dcm")).records.at(0).record;
  EXPECT_THAT(record.former_names, ElementsAre("本村 太郎"));  // a backslash is within its bytes
  EXPECT_THAT(record.addresses, ElementsAre(StatedAddress{"", "", "", "", "東京都架空区見本町１の２"}));
  EXPECT_THAT(record.phones, ElementsAre("03-0000-1234", "090-0000-5678"));
}

TEST(DicomTest, OptionsTellWhatTheFileDoesNot) {
  SKIP_WITHOUT_DCMTK();
  FeedOptions options;
  options.source = "H1";
  EXPECT_EQ(Read(Golden("dicom/utf8.dcm"), options).records.at(0).record.key.source, "H1");
  EXPECT_EQ(Read(Golden("dicom/ir87.dcm"), options).records.at(0).record.key.source, "1311234567");
  options.encoding = "CP932";
  const Reading told = Read(Golden("dicom/undeclared_sjis.dcm"), options);
  EXPECT_EQ(told.Remarks(), "");
  EXPECT_EQ(told.records.at(0).record.names.at(0).family, "高橋");
}

TEST(DicomTest, NamesByTheirLetters) {
  struct Case {
    const char* pn;
    std::vector<StatedName> names;
  };
  const Case kCases[] = {
      {"", {}},
      {"^^^^", {}},
      {"==", {}},
      {"山田^太郎", {{"", "山田", "太郎", "", "", "", ""}}},
      {"ヤマダ^タロウ", {{"", "", "", "", "ヤマダ", "タロウ", ""}}},
      {"YAMADA^TARO^^DR^JR", {{"", "YAMADA", "TARO", "", "", "", ""}}},
      {"=山田　太郎^", {{"山田　太郎", "", "", "", "", "", ""}}},
      {"=^太郎=ヤマダタロウ", {{"太郎", "", "", "ヤマダタロウ", "", "", ""}}},
      {"ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=スズキ^タロウ",
       {{"", "山田", "太郎", "", "ﾔﾏﾀﾞ", "ﾀﾛｳ", ""}, {"", "", "", "", "スズキ", "タロウ", ""}}},
      {"KIM^MINSU^X", {{"", "KIM", "MINSU X", "", "", "", ""}}},
      {"A^B=C^D=E^F=G^H",
       {{"", "A", "B", "", "", "", ""}, {"", "C", "D", "", "", "", ""}, {"", "E", "F", "", "", "", ""}}},
      {"?^?=山^田", {{"", "山", "田", "", "", "", ""}}},
  };
  for (const Case& c : kCases) {
    std::vector<StatedName> names;
    AddDicomName(c.pn, &names);
    if (std::string_view(c.pn).starts_with("?")) continue;  // any reading of it will do
    EXPECT_EQ(names, c.names) << c.pn;
  }
}

TEST(DicomTest, BrokenFiles) {
  SKIP_WITHOUT_DCMTK();
  const std::string good = Golden("dicom/ir87.dcm");
  const size_t id = good.find("00012345");
  EXPECT_EQ(Read("").status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Read("MSH|^~\\&|").status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Read(std::string(1 << 20, 'x')).status.code(), absl::StatusCode::kInvalidArgument);
  for (size_t size = 0; size <= good.size(); ++size) {
    const Reading cut = Read(good.substr(0, size));
    // Whoever has a number is taken.
    EXPECT_EQ(cut.records.size(), size >= id + 8 ? 1u : 0u) << size;
    EXPECT_TRUE(cut.status.ok() || cut.status.code() == absl::StatusCode::kInvalidArgument);
  }
  std::string no_id = good;
  no_id.replace(id, 8, "        ");
  EXPECT_EQ(Read(no_id).Remarks(), "refused 1 record_id: the patient has no ID\n");
  std::string directory = good;
  const std::string image = "1.2.840.10008.5.1.4.1.1.7";
  directory.replace(directory.find(image), image.size(), std::string("1.2.840.10008.1.3.10") + std::string(5, '\0'));
  EXPECT_THAT(Read(directory).Remarks(), HasSubstr("DICOMDIR"));
}

std::string Little(uint32_t number, size_t bytes) {
  std::string out;
  for (size_t i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i));
  return out;
}
// Of implicit representation.
std::string Element(uint16_t group, uint16_t element, std::string_view value, uint32_t length = 0) {
  return Little(group, 2) + Little(element, 2) + Little(length == 0 ? static_cast<uint32_t>(value.size()) : length, 4) +
         std::string(value);
}

TEST(DicomTest, HostileHeadsAreRefusedInTime) {
  SKIP_WITHOUT_DCMTK();
  const std::string head = Element(8, 5, "ISO_IR 6"), id = Element(0x10, 0x20, "77");
  std::string deep = head, backwards = head, items = head;
  for (int i = 0; i < 300000; ++i)
    deep +=
        Element(8, 0x1110, "", 0xFFFFFFFF).substr(0, 8) + Little(0xFFFE, 2) + Little(0xE000, 2) + Little(0xFFFFFFFF, 4);
  for (int i = 0; i < 500000; ++i)
    backwards += Element(static_cast<uint16_t>(8 - i / 65536), static_cast<uint16_t>(65535 - i % 65536), "");
  items += Element(8, 0x1110, "", 0xFFFFFFFF).substr(0, 8);
  for (int i = 0; i < 500000; ++i) items += Little(0xFFFE, 2) + Little(0xE000, 2) + Little(0, 4);
  for (const std::string& bytes : {deep, backwards, items}) {
    const std::clock_t begin = std::clock();
    const Reading reading = Read(bytes);
    const double took = SecondsSince(begin);
    EXPECT_THAT(reading.records, IsEmpty());
    EXPECT_LT(took, 10.0);
  }
  // Long values are skipped, where they are there.
  const std::string blob(100000, 'b');
  EXPECT_EQ(Read(head + Element(9, 0x1010, blob) + id).records.size(), 1u);
  EXPECT_THAT(Read(head + Element(9, 0x1010, blob, 0x7FFFFFFE) + id).records, IsEmpty());
  EXPECT_THAT(Read(head + Element(0x10, 0x10, blob) + id).records.at(0).record.names, IsEmpty());
  FeedOptions options;
  options.max_document_bytes = 50000;
  EXPECT_EQ(Read(head + Element(9, 0x1010, blob) + id, options).Remarks(),
            "refused 1 : the head is larger than a document may be\n");
  EXPECT_EQ(Read(head + id + Element(0x7FE0, 0x10, blob), options).records.size(), 1u);
}

TEST(DicomTest, InPiecesAsInOne) {
  SKIP_WITHOUT_DCMTK();
  for (const GoldenFile& file : kGolden) ExpectSameInPieces(NewDicomParser, GoldenBytes(file), OptionsOfPath());
  const std::string blob(300000, 'b');
  ExpectSameInPieces(
      NewDicomParser,
      Element(8, 5, "ISO_IR 6") + Element(9, 0x1010, blob) + Element(0x10, 0x20, "77") + Element(0x7FE0, 0x10, blob),
      {});
}

std::vector<FeedFile> Written(const std::vector<Record>& records, const std::string& encoding) {
  FeedWriterOptions options;
  options.encoding = encoding;
  std::vector<FeedFile> files;
  options.take = [&](FeedFile&& file) {
    files.push_back(std::move(file));
    return absl::OkStatus();
  };
  const std::unique_ptr<FeedWriter> writer = NewDicomWriter(options);
  for (const Record& record : records) EXPECT_TRUE(writer->Add(record).ok());
  EXPECT_TRUE(writer->End().ok());
  return files;
}

TEST(DicomTest, WhatIsWrittenIsReadAsItIsCarried) {
  SKIP_WITHOUT_DCMTK();
  const std::vector<Record> records = ManyRecords(1500);
  for (const char* encoding : {"", "ISO-2022-JP", "UTF-8"}) {
    const std::vector<FeedFile> files = Written(records, encoding);
    ASSERT_EQ(files.size(), records.size());
    size_t japanese = 0;
    for (size_t i = 0; i < records.size(); ++i) {
      const Reading reading = Read(files[i].bytes);
      ASSERT_EQ(reading.records.size(), 1u) << reading.Remarks() << reading.status;
      EXPECT_EQ(reading.Remarks(), "");
      ASSERT_EQ(reading.records[0].record, DicomAsCarried(records[i])) << i << encoding;
      japanese += reading.encoding == "ISO-2022-JP" ? 1 : 0;
    }
    EXPECT_EQ(japanese > records.size() / 2, std::string_view(encoding) != "UTF-8");
  }
}

TEST(DicomTest, WhatIsCarried) {
  Record record;
  record.key = {"1312345670", "7", 1};
  record.names = {{"山田 花", "", "", "ヤマダ　ハナ", "", "", "YAMADA HANA"}};
  record.former_names = {"石田"};
  record.births = {"昭和45年1月2日"};
  record.sexes = {"女"};
  record.coverages = {{"138057", "", "１２３", "1"}};
  record.addresses = {{"100-0000", "東京都", "架空区", "見本町1", ""}};
  record.phones = {"03-0000-1234"};
  Record expected;
  expected.key = {"1312345670", "7"};
  expected.names = {{"", "山田", "花", "", "ヤマダ", "ハナ", "YAMADA, HANA"}};
  expected.former_names = record.former_names;
  expected.births = {"19700102"};
  expected.sexes = {"F"};
  expected.addresses = {{"", "", "", "", "東京都架空区見本町1"}};
  expected.phones = record.phones;
  EXPECT_EQ(DicomAsCarried(record), expected);
}

// As many at once as there are files.
TEST(DicomTest, SideBySide) {
  SKIP_WITHOUT_DCMTK();
  std::vector<std::string> files;
  for (const GoldenFile& file : kGolden) files.push_back(GoldenBytes(file));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&files] {
      for (int i = 0; i < 50; ++i)
        for (const std::string& bytes : files) EXPECT_FALSE(Read(bytes).records.empty());
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// Damaged files are read or refused, each at once; no word of theirs is in a remark.
TEST(DicomTest, DamagedFiles) {
  SKIP_WITHOUT_DCMTK();
  std::mt19937 random(20261130);
  FeedOptions options = OptionsOfPath();
  options.max_document_bytes = size_t{1} << 16;
  std::vector<std::string> seeds;
  for (const GoldenFile& file : kGolden) seeds.push_back(GoldenBytes(file));
  const std::clock_t begin = std::clock();
  for (int i = 0; i < 6000; ++i) {
    const std::string bytes = Mutated(seeds[random() % seeds.size()], &random);
    const Reading reading = ReadFeed(NewDicomParser, bytes, options, i % 3 == 0 ? 7 : SIZE_MAX);
    EXPECT_THAT(reading.Remarks() + std::string(reading.status.message()), Not(HasSubstr("山")));
    EXPECT_LE(reading.records.size(), 1u);
  }
  const double took = SecondsSince(begin);
  EXPECT_LT(took, 60.0);
}

}  // namespace
}  // namespace libmpi
