// SPDX-License-Identifier: Apache-2.0
// What is written is read again as what the formats carry.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/evaluation/region.h"
#include "libmpi/exchange/feeds/hl7v2.h"
#include "libmpi/exchange/feeds/hl7v2_writer.h"
#include "libmpi/exchange/feeds/ss_mix2.h"
#include "libmpi/exchange/feeds/ss_mix2_writer.h"
#include "libmpi/text/charset.h"
#include "tests/exchange/hl7_feed_sink.h"

namespace libmpi {
namespace {

struct Format {
  std::string name;
  std::unique_ptr<FeedWriter> (*new_writer)(const FeedWriterOptions&);
  NewParser new_parser;
  Record (*carried)(const Record&, const std::string&);
};
const std::vector<Format>& Formats() {
  static const std::vector<Format> formats = {{"hl7", NewHl7v2Writer, NewHl7v2Parser, Hl7v2AsCarried},
                                              {"ss-mix2", NewSsMix2Writer, NewSsMix2Parser, SsMix2AsCarried}};
  return formats;
}
const std::vector<std::string> kEncodings = {"", "ISO-2022-JP", "CP932", "EUC-JP", "UTF-8"};

struct Written {
  std::vector<FeedFile> files;
  absl::Status status;
};
Written Write(const Format& format, const std::vector<Record>& records, const std::string& encoding = "") {
  Written written;
  FeedWriterOptions options;
  options.day = {2026, 4, 1};
  options.encoding = encoding;
  options.take = [&](FeedFile&& file) {
    written.files.push_back(std::move(file));
    return absl::OkStatus();
  };
  const auto writer = format.new_writer(options);
  for (const Record& record : records)
    if (written.status.ok()) written.status = writer->Add(record);
  if (written.status.ok()) written.status = writer->End();
  return written;
}

// Read again, with nothing odd in it.
std::vector<Record> ReadAgain(const Format& format, const std::vector<FeedFile>& files) {
  std::vector<Record> records;
  for (const FeedFile& file : files) {
    FeedOptions options;
    options.path = "in/" + file.path;
    Hl7Reading read = ReadWith(format.new_parser, file.bytes, options);
    EXPECT_TRUE(read.status.ok()) << read.status;
    EXPECT_EQ(read.lines.size(), read.records.size()) << (read.lines.empty() ? "" : read.lines.back());
    for (FeedRecord& record : read.records) records.push_back(std::move(record.record));
  }
  return records;
}

void ExpectCarried(const Format& format, const std::vector<Record>& records) {
  for (const std::string& encoding : kEncodings) {
    SCOPED_TRACE(format.name + " in " + encoding);
    const Written written = Write(format, records, encoding);
    ASSERT_TRUE(written.status.ok()) << written.status;
    const std::vector<Record> again = ReadAgain(format, written.files);
    ASSERT_EQ(again.size(), records.size());
    for (size_t i = 0; i < records.size(); ++i) {
      Record carried = format.carried(records[i], encoding);
      if (format.name == "ss-mix2") carried.key.source = "1312345670";
      ASSERT_EQ(TextOf(again[i]), TextOf(carried)) << i;
      ASSERT_EQ(again[i], carried);
      ASSERT_EQ(format.carried(carried, encoding), carried) << "what is carried is carried whole";
    }
  }
}

TEST(Hl7FeedWritersTest, ARegionIsReadAgain) {
  RegionOptions options;
  options.persons = 400;
  std::vector<Record> records;
  GenerateRegion(options, [&](const RegionRow& row) { records.push_back(RecordOf(row)); });
  ASSERT_GT(records.size(), 400u);
  for (const Format& format : Formats()) ExpectCarried(format, records);
}

TEST(Hl7FeedWritersTest, OddRecordsAreReadAgain) {
  const auto record = [](const auto& fill) {
    static int number = 0;
    Record r;
    r.key = {"S&1", "A-" + std::to_string(++number)};
    fill(&r);
    r.Normalize();
    return r;
  };
  const std::vector<Record> records = {
      record([](Record*) {}),
      record([](Record* r) {
        r->names = {{"", "高|橋^", "一~\\&郎", "", "タカ\rハシ", "イチロウ", "TAKAHASHI,ICHIRO"}};
      }),
      record([](Record* r) {
        r->names = {{"髙橋　𠮷男", "", "", "ﾀｶﾊｼ ﾖｼｵ", "", "", ""}};
      }),
      record([](Record* r) {
        r->names = {{"", "山田", "", "", "ヤマダ", "", ""}, {"別名", "", "", "", "", "", ""}};
      }),
      record([](Record* r) {
        r->names = {{"", "", "太郎", "", "", "", "漢字"}};
      }),
      record([](Record* r) {
        r->names = {{"", "", "", "山田", "", "", "YAMADA TARO"}};
      }),
      record([](Record* r) {
        r->names = {{"", "", "", "", "", "", "SMITH,"}};
      }),
      record([](Record* r) {
        r->names = {{"\"\"", "", "", "", "", "", ""}};
      }),
      record([](Record* r) {
        r->former_names = {"鈴木 花子", " 旧 ", "\"\""};
      }),
      record([](Record* r) {
        r->births = {"昭和35年4月1日", "19600402"}, r->sexes = {"2"};
      }),
      record([](Record* r) { r->births = {"1960-04"}, r->sexes = {"不明"}; }),
      record([](Record* r) { r->births = {"no date"}, r->sexes = {"その他"}; }),
      record([](Record* r) {
        r->addresses = {{"100-0001", "東京都", "千代田区", "千代田1-1", "else"},
                        {"", "", "", "3-2-1", ""},
                        {"", "", "", "", "京都府〜１－２"},
                        {"5300001", "", "", "", ""}};
      }),
      record([](Record* r) {
        r->phones = {"03-0000-0001", "090-0000-0001 携帯", " "};
      }),
      record([](Record* r) {
        r->coverages = {
            {"06130017", "１２－３", "４５", "01"}, {"138057", "", "7", ""}, {"12131234", "", "1234567", "2"},
            {"01010016", "記号", "", ""},           {"", "", "", "3"},       {"67999991", "", "", ""}};
        r->care = {{"131011", "0000123456"}, {"131012", ""}, {"", "H1"}};
      }),
  };
  for (const Format& format : Formats()) ExpectCarried(format, records);
}

TEST(Hl7FeedWritersTest, CharactersThatASetDoesNotHave) {
  Record record;
  record.key = {"s", "1234567"};
  record.names = {{"", "髙橋", "𠮷男", "ﾀｶﾊｼ", "", "", ""}};
  EXPECT_EQ(TextOf(SsMix2AsCarried(record, "UTF-8")), "s:1234567 names=髙橋|𠮷男|ﾀｶﾊｼ");
  EXPECT_EQ(TextOf(SsMix2AsCarried(record, "CP932")), "s:1234567 names=髙橋|■男|ﾀｶﾊｼ");
  EXPECT_EQ(TextOf(SsMix2AsCarried(record)), "s:1234567 names=■橋|■男|タカハシ");
}

TEST(Hl7FeedWritersTest, AnSsMix2FileAsHospitalsWriteIt) {
  Record record;
  record.key = {"s", "0123456789"};
  record.names = {{"", "本山", "京", "", "モトヤマ", "キョウ", ""}};
  record.births = {"S35.4.1"};
  record.sexes = {"女"};
  record.addresses = {{"422-8033", "静岡県", "静岡市", "登呂1", ""}};
  record.phones = {"054-000-0001"};
  record.coverages = {{"06130017", "12", "345", "01"}};
  const Written written = Write(Formats()[1], {record});
  ASSERT_EQ(written.files.size(), 1u);
  EXPECT_EQ(written.files[0].path,
            "1312345670/012/345/0123456789/-/ADT-00/0123456789_-_ADT-00_999999999999999_20260401000000000_-_1");
  const std::string& bytes = written.files[0].bytes;
  EXPECT_EQ(bytes.find('\n'), std::string::npos);
  EXPECT_NE(bytes.find("\x1B$B"), std::string::npos);
  std::string text = DecodeText(bytes, Charset::kIso2022Jp).utf8;
  std::replace(text.begin(), text.end(), '\r', '\n');
  EXPECT_EQ(text,
            "MSH|^~\\&|HIS|1312345670|GW|RCV|20260401000000.000||ADT^A08^ADT_A01|00000000000000000001|P|2.5||||||"
            "~ISO IR87||ISO 2022-1994|SS-MIX2_1.20^SS-MIX2^1.2.392.200250.2.1.100.1.2.120^ISO\n"
            "EVN||20260401000000\n"
            "PID|0001||0123456789^^^^PI||本山^京^^^^^L^I~モトヤマ^キョウ^^^^^L^P||19600401|F|||"
            "^^^^422-8033^JPN^H^静岡県静岡市登呂1||054-000-0001^PRN^PH^^^^^^^^^054-000-0001||||||||||||||||||||"
            "20260401000000\n"
            "PV1|0001|N\n"
            "IN1|1|06^^JHSD0001|06130017|||||||12~345~01|||||MI\n");
}

TEST(Hl7FeedWritersTest, RefusesWhatCantBeWritten) {
  const auto with_number = [](const std::string& number) {
    Record record;
    record.key = {"s", number};
    return std::vector<Record>{record};
  };
  for (const char* number : {"", "../x", "a/b", "a_b", ".", "山", "a b"})
    EXPECT_EQ(Write(Formats()[1], with_number(number)).status.code(), absl::StatusCode::kInvalidArgument) << number;
  EXPECT_EQ(Write(Formats()[0], with_number(" ")).status.code(), absl::StatusCode::kInvalidArgument);
  for (const Format& format : Formats())
    EXPECT_EQ(Write(format, with_number("1"), "latin1").status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Write(Formats()[1], with_number("12")).files[0].path.substr(0, 19), "1312345670/12/-/12/");
}

TEST(Hl7FeedWritersTest, FilesAreOfABoundedSize) {
  Record record;
  record.key = {"s", "1"};
  record.phones.assign(50, "");
  for (size_t i = 0; i < record.phones.size(); ++i) record.phones[i] = std::string(100, 'x') + std::to_string(i);
  const Written written = Write(Formats()[0], std::vector<Record>(2000, record));
  EXPECT_GT(written.files.size(), 1u);
  EXPECT_EQ(written.files[1].path, "1312345670_20260401_0002.hl7");
  EXPECT_EQ(ReadAgain(Formats()[0], written.files).size(), 2000u);
}

}  // namespace
}  // namespace libmpi
