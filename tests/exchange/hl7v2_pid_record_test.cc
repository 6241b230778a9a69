// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/pid_record.h"

#include <algorithm>
#include <string>

#include "gtest/gtest.h"
#include "tests/exchange/hl7v2_lines.h"

namespace libmpi::hl7v2 {
namespace {

Message Parse(const std::string& lines) {
  return ParseLines("MSH|^~\\&|||||||ADT^A28|1|P|2.5\n" + lines + "\n");
}

Record Read(const std::string& lines) {
  const Message message = Parse(lines);
  Record record;
  for (const Segment& segment : message.segments()) {
    if (segment.name() == "PID") ReadPid(segment, &record);
    if (segment.name() == "IN1") ReadIn1(segment, &record);
  }
  return record;
}

StatedName Name(const std::string& family, const std::string& given, const std::string& family_kana = "",
                const std::string& given_kana = "", const std::string& latin = "") {
  StatedName name;
  name.family = family;
  name.given = given;
  name.family_kana = family_kana;
  name.given_kana = given_kana;
  name.latin = latin;
  return name;
}
StatedName Full(const std::string& full, const std::string& kana = "") {
  StatedName name;
  name.full = full;
  name.full_kana = kana;
  return name;
}

TEST(PidRecordTest, ReadsNames) {
  const struct {
    const char* what;
    const char* pid5;
    std::vector<StatedName> names;
    std::vector<std::string> former;
  } kCases[] = {
      {"both scripts by their codes", "山田^太郎^^^^^L^I~ヤマダ^タロウ^^^^^L^P", {Name("山田", "太郎", "ヤマダ", "タロウ")}, {}},
      {"kana first", "ヤマダ^タロウ^^^^^L^P~山田^太郎^^^^^L^I", {Name("山田", "太郎", "ヤマダ", "タロウ")}, {}},
      {"both codes one component too early", "山田^太郎^^^^L^I~ヤマダ^タロウ^^^^L^P", {Name("山田", "太郎", "ヤマダ", "タロウ")}, {}},
      {"three scripts", "山田^太郎^^^^^L^I~ヤマダ^タロウ^^^^^L^P~YAMADA^TARO^^^^^L^A",
       {Name("山田", "太郎", "ヤマダ", "タロウ", "YAMADA, TARO")}, {}},
      {"without codes", "山田^太郎~ﾔﾏﾀﾞ^ﾀﾛｳ", {Name("山田", "太郎", "ﾔﾏﾀﾞ", "ﾀﾛｳ")}, {}},
      {"Latin alone", "SMITH^JOHN^PAUL^^^^L", {Name("SMITH", "JOHN PAUL")}, {}},
      {"kana alone", "ヤマダ^タロウ", {Name("", "", "ヤマダ", "タロウ")}, {}},
      {"katakana said to be ideographic", "スミス^ジョン^^^^^L^I", {Name("スミス", "ジョン")}, {}},
      {"kanji said to be phonetic", "山田^太郎^^^^^L^P", {Name("山田", "太郎")}, {}},
      {"in one piece", "山田　太郎^^^^^^L^I~ヤマダ　タロウ^^^^^^L^P", {Full("山田　太郎", "ヤマダ　タロウ")}, {}},
      {"a maiden name", "山田^花子^^^^^L^I~鈴木^花子^^^^^M^I~鈴木^^^^^^B^I", {Name("山田", "花子")}, {"鈴木", "鈴木 花子"}},
      {"an alias", "金^哲洙^^^^^L^I~金田^哲^^^^^A^I", {Name("金", "哲洙"), Name("金田", "哲")}, {}},
      {"names of nobody", "山田^太郎^^^^^L^I~^^^^^^S~たっちゃん^^^^^^N", {Name("山田", "太郎")}, {}},
      {"the nameless answer of ITI-9", "~^^^^^^S", {}, {}},
      {"a space", " ", {}, {}},
      {"to be deleted", "\"\"", {}, {}},
      {"delimiters in it", "O\\T\\HARA^A\\S\\B", {Name("O&HARA", "A^B")}, {}},
      {"a surname with its parts", "van Dyck&van&Dyck^Anna", {Name("van Dyck", "Anna")}, {}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const Record record = Read(std::string("PID|||1||") + c.pid5);
    std::vector<StatedName> names = c.names;
    std::sort(names.begin(), names.end());
    EXPECT_EQ(record.names, names);
    EXPECT_EQ(record.former_names, c.former);
  }
  EXPECT_EQ(Read("PID|||1||\"\"||||金田^哲").names, std::vector<StatedName>{Name("金田", "哲")}) << "PID-9";
}

TEST(PidRecordTest, ReadsBirths) {
  const struct {
    const char *said, *birth;
  } kCases[] = {{"19600401", "19600401"}, {"19600401093000", "19600401"}, {"196004010930+0900", "19600401"},
                {"1960", "1960"},         {"196004", "1960-04"},          {"S35.4.1", "S35.4.1"},
                {"3350401", "3350401"},   {"", ""},                       {"1960-04-01", "1960-04-01"}};
  for (const auto& c : kCases) EXPECT_EQ(BirthOf(c.said), c.birth);
  EXPECT_EQ(Read("PID|||1||||19600401^D|M").births, std::vector<std::string>{"19600401"});
}

TEST(PidRecordTest, ReadsAddressesAndPhones) {
  const std::string whole = "東京都目黒区東が丘2丁目5番21号";
  const struct {
    const char* pid11;
    std::vector<StatedAddress> addresses;
  } kAddresses[] = {
      {"^^^^152-8621^JPN^H^東京都目黒区東が丘2丁目5番21号", {{"152-8621", "", "", "", whole}}},
      {"東が丘2-5-21^国病ビル^目黒区^東京都^152-8621^JPN^H", {{"152-8621", "東京都", "目黒区", "東が丘2-5-21 国病ビル", ""}}},
      {"東京都目黒区東が丘2丁目5番21号", {{"", "", "", "", whole}}},
      {"1 Main St&Main&1^^Boston^MA^02134^USA", {{"02134", "MA", "Boston", "1 Main St", ""}}},
      {"^^^^152-8621^JPN^H^東京都目黒区東が丘2丁目5番21号~^^^^100-0001^JPN^O^会社", {{"152-8621", "", "", "", whole}}},
      {"^^目黒区^東京都^^^H^^^^I~^^メグロク^トウキョウト^^^H^^^^P", {{"", "東京都", "目黒区", "", ""}}},
      {"\"\"", {}},
      {"^^^^^JPN^H", {}},
  };
  for (const auto& c : kAddresses)
    EXPECT_EQ(Read(std::string("PID|||1||||||||") + c.pid11).addresses, c.addresses) << c.pid11;
  const struct {
    const char* pid13;
    std::vector<std::string> phones;
  } kPhones[] = {
      {"^PRN^PH^^^^^^^^^03-5712-5050", {"03-5712-5050"}},
      {"03-5712-5050", {"03-5712-5050"}},
      {"^PRN^PH^^81^3^57125050", {"03-57125050"}},
      {"^PRN^CP^^^^^^090-1234-5678", {"090-1234-5678"}},
      {"^NET^Internet^taro@example.jp~^PRN^PH^^^^^^^^^03-5712-5050", {"03-5712-5050"}},
      {"^PRN^FX^^^^^^^^^03-5712-5051", {}},
      {"\"\"", {}},
  };
  for (const auto& c : kPhones) EXPECT_EQ(Read(std::string("PID|||1||||||||||") + c.pid13).phones, c.phones) << c.pid13;
  EXPECT_EQ(Read("PID|||1||||||||||03-1111-2222|06-1111-2222").phones,
            (std::vector<std::string>{"03-1111-2222", "06-1111-2222"}));
}

TEST(PidRecordTest, ReadsCards) {
  const struct {
    std::string in1;
    std::vector<StatedCoverage> coverages;
    std::vector<StatedCareInsurance> care;
  } kCases[] = {
      {"IN1|1|67^国民健康保険退職者^JHSD0001|67999991|||||||123~1234567~01|||||MI", {{"67999991", "123", "1234567", "01"}}, {}},
      {"IN1|1|39^後期高齢者^JHSD0001|39131156|||||||12345678", {{"39131156", "", "12345678", ""}}, {}},
      {"IN1|1|06^組合^JHSD0001|06130017|||||||~777", {{"06130017", "", "777", ""}}, {}},
      {"IN1|1|12^生活保護^JHSD0001|12131234|||||||1234567|||||PE", {{"12131234", "", "1234567", ""}}, {}},
      {"IN1|1|C0^国保^JHSD0001|138016" + std::string(33, '|') + "A12", {{"138016", "", "A12", ""}}, {}},
      {"IN1|1|OT^介護保険^JHSD0001|131011|||||||0000123456", {}, {{"131011", "0000123456"}}},
      {"IN1|1|OE^自費^JHSD0001", {}, {}},
  };
  for (const auto& c : kCases) {
    const Record record = Read("PID|||1\n" + c.in1);
    EXPECT_EQ(record.coverages, c.coverages) << c.in1;
    EXPECT_EQ(record.care, c.care) << c.in1;
  }
}

// The PID of a message of a hospital that was really sent so, its people made up.
TEST(PidRecordTest, ReadsAPidOfSsMix2) {
  const Record record = Read(
      "PID|0001||0123456789^^^^PI||国病^太郎^^^^^L^I~コクビョウ^タロウ^^^^^L^P||20040401|M|||"
      "^^^^152-8621^JPN^H^東京都目黒区東が丘2丁目5番21号||^PRN^PH^^^^^^^^^03-5712-5050|^WPN^PH^^^^^^^^^03-5712-5051");
  EXPECT_EQ(record.names, std::vector<StatedName>{Name("国病", "太郎", "コクビョウ", "タロウ")});
  EXPECT_EQ(record.births, std::vector<std::string>{"20040401"});
  EXPECT_EQ(record.sexes, std::vector<std::string>{"M"});
  EXPECT_EQ(record.phones.size(), 2u);
  const Message message = Parse("PID|||0123456789^^^^PI~7^^^A&1.2.3&ISO^MR~");
  const std::vector<pix::Identifier> identifiers = ReadIdentifiers(message.segments()[1].field(3));
  ASSERT_EQ(identifiers.size(), 3u);
  EXPECT_EQ(identifiers[0], (pix::Identifier{"0123456789", {}, "PI"}));
  EXPECT_EQ(identifiers[1], (pix::Identifier{"7", {"A", "1.2.3", "ISO"}, "MR"}));
  EXPECT_EQ(identifiers[2], pix::Identifier());
}

std::string Written(const Record& record, bool kanji_only = false, Version version = kVersion25) {
  MessageBuilder builder;
  SetPid(record, kanji_only, version, &builder.Add("PID"));
  const std::string text = builder.Utf8();
  return text.substr(text.find("PID"), text.size() - 1 - text.find("PID"));
}

TEST(PidRecordTest, WritesGoldenRecords) {
  Record record;
  record.names.push_back(Name("山田", "太郎", "ヤマダ", "タロウ", "YAMADA, TARO"));
  record.former_names.push_back("鈴木");
  record.births.push_back("昭和35年4月1日");
  record.sexes.push_back("男");
  record.addresses.push_back({"152-8621", "東京都", "目黒区", "東が丘2-5-21", ""});
  record.phones = {"03-5712-5050", "090-1234-5678"};
  EXPECT_EQ(Written(record),
            "PID|||||山田^太郎^^^^^L^I~ヤマダ^タロウ^^^^^L^P~YAMADA^TARO^^^^^L^A~鈴木^^^^^^M^I||19600401|M|||"
            "東が丘2-5-21^^目黒区^東京都^152-8621^JPN^H||03-5712-5050^PRN^PH^^^^^^^^^03-5712-5050~"
            "090-1234-5678^PRN^CP^^^^^^^^^090-1234-5678");
  EXPECT_EQ(Written(record, true, kOldestVersion),
            "PID|||||山田^太郎^^^^^L^I~鈴木^^^^^^M^I||19600401|M|||東が丘2-5-21^^目黒区^東京都^152-8621^JPN^H||"
            "03-5712-5050^PRN^PH~090-1234-5678^PRN^CP");
  EXPECT_EQ(Written({}), "PID");
  Record elsewhere;
  elsewhere.addresses.push_back({"30495", "CA", "Fresno", "123 W34 St", ""});
  EXPECT_EQ(Written(elsewhere), "PID|||||||||||123 W34 St^^Fresno^CA^30495^^H") << "nobody said Japan";
  const struct {
    const char *birth, *written;
  } kBirths[] = {{"1960-04-01", "19600401"}, {"1960-04", "196004"}, {"1960", "1960"}, {"H1.1.8", "19890108"},
                 {"3350401", "19600401"}, {"someday", ""}};
  for (const auto& c : kBirths) EXPECT_EQ(Hl7DateOf(c.birth), c.written) << c.birth;
  const struct {
    const char *sex, *written;
  } kSexes[] = {{"1", "M"}, {"女", "F"}, {"その他", "O"}, {"O", "O"}, {"不明", "U"}};
  for (const auto& c : kSexes) {
    Record said;
    said.sexes.push_back(c.sex);
    EXPECT_EQ(Written(said), std::string("PID||||||||") + c.written) << c.sex;
  }
}

TEST(PidRecordTest, WhatIsWrittenIsReadAsItWas) {
  Record record;
  record.names.push_back(Name("山^田", "太|郎", "ヤマダ", "タロウ"));
  record.births.push_back("19600401");
  record.sexes.push_back("M");
  record.addresses.push_back({"152-8621", "", "", "", "東京都目黒区東が丘2丁目5番21号 A&B"});
  record.phones.push_back("03-5712-5050");
  for (const Version& version : {kOldestVersion, kVersion25}) EXPECT_EQ(Read(Written(record, false, version)), record);
  // A whole name is parted where it has a space.
  Record whole;
  whole.names.push_back(Full("山田　太郎", "ヤマダ タロウ"));
  whole.names.push_back(Full("佐藤花子"));
  whole.Normalize();
  EXPECT_EQ(Written(whole), "PID|||||佐藤花子^^^^^^L^I~山田^太郎^^^^^L^I~ヤマダ^タロウ^^^^^L^P");
}

}  // namespace
}  // namespace libmpi::hl7v2
