// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "exchange/document_reading.h"
#include "gmock/gmock.h"
#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/exchange/feeds/orca.h"

namespace libmpi {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Reading Read(std::string_view bytes, const FeedOptions& options = {}) {
  return ReadFeed(NewOrcaParser, bytes, options);
}

Record With(RecordKey key) {
  Record record;
  record.key = std::move(key);
  return record;
}

TEST(OrcaTest, FilesAreDetected) {
  for (const char* name : {"orca/patientgetv2.xml", "orca/patientlst1v2.json", "orca/mml.xml"})
    EXPECT_EQ(DetectFeedFormat(name, Golden(name)), FeedFormat::kOrca) << name;
  EXPECT_EQ(DetectFeedFormat("a.xml", ToUtf16(Golden("orca/patientgetv2.xml"), false)), FeedFormat::kOrca);
}

TEST(OrcaTest, AnAnswerInXml) {
  const Reading reading = Read(Golden("orca/patientgetv2.xml"), {.path = "in/clinic.2026.xml"});
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  Record expected = With({"clinic", "00012"});
  expected.names = {{"見本　花子", "", "", "ミホン　ハナコ", "", "", ""}, {"", "", "", "", "", "", "MIHON HANAKO"}};
  expected.births = {"1962-03-04"};
  expected.sexes = {"2"};
  expected.coverages = {{"138057", "０１", "１２３４５６７", "02"}, {"51136018", "", "1234566", ""}};
  expected.care = {{"131011", "0000098765"}};
  expected.addresses = {{"1000000", "", "", "", "東京都架空区見本町１−２−３"}};
  expected.phones = {"03-0000-1111", "03-0000-2222", "090-0000-5555"};
  expected.Normalize();
  // The minus of the file comes out in the one form that all charsets have.
  ASSERT_EQ(reading.records.size(), 1u);
  Record read = reading.records[0].record;
  ASSERT_EQ(read.addresses.size(), 1u);
  EXPECT_THAT(read.addresses[0].full, testing::AllOf(HasSubstr("東京都架空区見本町１"), HasSubstr("３")));
  expected.addresses[0].full = read.addresses[0].full;
  EXPECT_EQ(read, expected);
  EXPECT_EQ(reading.records[0].line, 1u);
  EXPECT_FALSE(reading.records[0].withdrawn);
  EXPECT_THAT(reading.remarks, IsEmpty());
  EXPECT_EQ(reading.encoding, "UTF-8");
}

TEST(OrcaTest, AListInJson) {
  const Reading reading = Read(Golden("orca/patientlst1v2.json"), {.source = "clinic"});
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  Record first = With({"clinic", "00001"});
  first.names = {{"仮名　一郎", "", "", "カメイ　イチロウ", "", "", ""}};
  first.births = {"1926-05-02"};
  first.sexes = {"1"};
  Record second = With({"clinic", "3"});
  second.names = {{"見本 𠮷子", "", "", "", "", "", ""}};
  second.births = {"2009-07-15"};
  second.sexes = {"2"};
  second.coverages = {{"01130012", "１２－３４", "５６", ""}, {"15136010", "", "7654321", ""}};
  ASSERT_EQ(reading.records.size(), 2u);
  EXPECT_EQ(reading.records[0].record, first);
  EXPECT_EQ(reading.records[1].record.names, second.names);
  EXPECT_EQ(reading.records[1].record.coverages.size(), 2u);
  EXPECT_EQ(reading.records[1].record.coverages[0].number, "５６");
  EXPECT_EQ(reading.records[1].record.coverages[1], second.coverages[1]);
  EXPECT_EQ(reading.records[1].record.key, second.key);
  EXPECT_EQ(reading.records[1].line, 4u);
  EXPECT_THAT(reading.remarks, ElementsAre("refused 2 : the facility says that it is a test patient",
                                           "refused 3 record_id: the patient has no number"));
}

TEST(OrcaTest, AnMmlDocument) {
  const Reading reading = Read(Golden("orca/mml.xml"));
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_EQ(reading.records.size(), 1u);
  const Record& read = reading.records[0].record;
  EXPECT_EQ(read.key, (RecordKey{"JPN000000000000", "00777"}));
  EXPECT_THAT(read.names, ElementsAre(StatedName{"", "見本", "能美", "ミホン　ノゾミ", "", "", "MIHON NOZOMI"}));
  EXPECT_THAT(read.births, ElementsAre("1975-06-07"));
  EXPECT_THAT(read.sexes, ElementsAre("female"));
  EXPECT_THAT(read.coverages, ElementsAre(StatedCoverage{"01130012", "１２", "３４５", ""},
                                          StatedCoverage{"15136010", "", "7654321", ""}));
  ASSERT_EQ(read.addresses.size(), 1u);
  EXPECT_EQ(read.addresses[0].postal_code, "100-0000");
  EXPECT_THAT(read.addresses[0].full, HasSubstr("東京都架空区表町４"));
  EXPECT_THAT(read.phones, ElementsAre("03-0000-7777", "090-0000-8888"));
  EXPECT_EQ(reading.encoding, "CP932");
  EXPECT_THAT(reading.remarks, IsEmpty());
}

struct Case {
  std::string_view bytes;
  std::vector<std::string> numbers;
  std::string_view said;  // a part of what is said beside
};

constexpr std::string_view kMmlPatient =
    "<Mml><MmlHeader><masterId><Id>9</Id></masterId></MmlHeader><MmlBody><MmlModuleItem>"
    "<docInfo contentModuleType='patientInfo'/><content><Name repCode='I'><fullname>A</fullname></Name>"
    "<birthday>1990-01-02</birthday></content></MmlModuleItem></MmlBody></Mml>";

TEST(OrcaTest, Forms) {
  const std::string two = std::string(kMmlPatient) + "\x04<?xml version='1.0'?>\n" + std::string(kMmlPatient) + "\x04";
  const std::vector<Case> cases = {
      {"<xmlio2><patientinfores><Api_Result>10</Api_Result></patientinfores></xmlio2>", {}, "something went wrong"},
      {"<xmlio2><patientlst1res><Api_Result>00</Api_Result></patientlst1res></xmlio2>", {}, ""},
      {"<xmlio2><r><Patient_Information><Patient_ID>1</Patient_ID><Sex>1</Sex></Patient_Information>"
       "<Patient_Information><Patient_ID>2</Patient_ID><Sex>1</Sex></Patient_Information></r></xmlio2>",
       {"1", "2"},
       ""},
      {"<xmlio2><r><Patient_Information/></r></xmlio2>", {}, ""},
      {"{\"Patient_Information\":{\"Patient_ID\":\"*\",\"Sex\":2}}", {}, "the patient is not registered yet"},
      {"{\"Patient_Information\":{\"Patient_ID\":\"9\"}}", {}, "nothing is said of the patient but the number"},
      {"[{\"Patient_Information\":{\"Patient_ID\":\"1\",\"Sex\":2}},{\"x\":{\"Patient_Information\":[{\"Patient_ID\":"
       "\"2\",\"Sex\":2}]}}]",
       {"1", "2"},
       ""},
      {"{\"Patient_Information\":{\"Patient_ID\":\"1\",\"Sex\":2}}\n{\"Patient_Information\":{\"Patient_ID\":\"2\","
       "\"Sex\":2}}\n",
       {"1", "2"},
       ""},
      {kMmlPatient, {"9"}, ""},
      {two, {"9", "9"}, ""},
      {"<Mml><MmlBody><MmlModuleItem><content><ClaimModule/></content></MmlModuleItem></MmlBody></Mml>",
       {},
       "says nothing of its patient"},
      {"<Mml><MmlBody><MmlModuleItem><content><HealthInsuranceModule><insuranceNumber>1</insuranceNumber>"
       "</HealthInsuranceModule></content></MmlModuleItem></MmlBody></Mml>",
       {},
       "the patient has no number"},
      {"<html><body/></html>", {}, "neither an answer of ORCA's API nor an MML document"},
      {"{\"resourceType\":\"Patient\"}", {}, "neither an answer of ORCA's API nor an MML document"},
      {"", {}, "the document is empty"},
      {" \n", {}, "the document is empty"},
      {"{\"a\":", {}, "not read as JSON: it is not well-formed, line 1"},
      {"{}{", {}, "not read as JSON: it is not well-formed, line 1"},
      {"{} x", {}, "neither an object nor a list"},
  };
  for (const Case& each : cases) {
    const Reading reading = Read(each.bytes);
    std::vector<std::string> numbers;
    for (const Record& record : RecordsOf(reading)) numbers.push_back(record.key.record_id);
    EXPECT_EQ(numbers, each.numbers) << each.bytes;
    EXPECT_THAT(reading.Messages(), HasSubstr(each.said)) << each.bytes;
    if (each.said.empty()) {
      EXPECT_TRUE(reading.status.ok()) << each.bytes << reading.status;
      EXPECT_EQ(reading.Messages(), "") << each.bytes;
    }
  }
}

// Beyond the limits of values in each other and of their number.
TEST(OrcaTest, HostileJsonIsRefused) {
  std::string deep, names = "{\"";
  for (int i = 0; i < 100000; ++i) deep += "[";
  EXPECT_THAT(Read(deep).status.message(), HasSubstr("more deeply than they may"));
  std::string many = "[";
  for (int i = 0; i < 200000; ++i) many += "0,";
  EXPECT_THAT(Read(many + "0]", {.max_document_bytes = size_t{1} << 20}).status.message(),
              HasSubstr("more values than a document may have"));
  // A long name is not kept for every item of its list.
  names += std::string(100000, 'x') + "\":[";
  for (int i = 0; i < 100000; ++i) names += "{},";
  EXPECT_FALSE(Read(names + "{}]}").status.ok());
}

// The answers that orca-api/orca-api keeps for its own tests: ORCA_API_RESPONSES names the folder of a copy.
TEST(OrcaTest, PublicAnswers) {
  const char* const folder = std::getenv("ORCA_API_RESPONSES");
  if (folder == nullptr) GTEST_SKIP() << "no copy of the public answers";
  size_t files = 0, patients = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const Reading reading = Read(bytes, {.path = entry.path().string()});
    ++files;
    patients += reading.records.size();
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(reading.status.ok()) << name << reading.status;
    if (name == "api01rv2_patientlst1v2.json") {
      EXPECT_EQ(reading.records.size(), 4u);
    }
    if (name == "api01rv2_patientgetv2.json") {
      ASSERT_EQ(reading.records.size(), 1u);
      const Record& record = reading.records[0].record;
      EXPECT_EQ(record.key.record_id, "00001");
      EXPECT_EQ(record.births, std::vector<std::string>{"1965-04-04"});
      EXPECT_THAT(record.coverages, ElementsAre(StatedCoverage{"320010", "１２３４５６７", "５５５５５５５", ""},
                                                StatedCoverage{"51326015", "", "", ""}));
      EXPECT_THAT(record.phones, ElementsAre("0852-22-2222", "0852-33-3333"));
      EXPECT_THAT(record.addresses, ElementsAre(StatedAddress{"6900051", "", "", "", "島根県松江市横浜町１１５５"}));
    }
  }
  std::cout << files << " files, " << patients << " patients\n";
}

}  // namespace
}  // namespace libmpi
