// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/feed_format.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libmpi/text/charset.h"

namespace libmpi {
namespace {

TEST(FeedFormat, NamesAreUniqueAndReadBack) {
  for (const FeedFormat format : FeedFormats()) EXPECT_EQ(FeedFormatOf(FeedFormatName(format)), format);
  EXPECT_EQ(FeedFormats().size(), 10);
  for (const char* name : {"", "UKE", "xml", "csv "}) EXPECT_EQ(FeedFormatOf(name), std::nullopt) << name;
}

TEST(FeedFormat, IsDetectedByHowAFileBegins) {
  constexpr const char* kSsMix2 = "s/012/345/0123456789/-/ADT-00/0123456789_-_ADT-00_0000_20261130090000000_-_1";
  struct Case {
    const char* path;
    std::string begin;
    std::optional<FeedFormat> format;
  };
  const Case cases[] = {
      // UKE
      {"", "IR,2,13,1,1234567,,x,202611,00,", FeedFormat::kUke},
      {"", "\r\n \xEF\xBB\xBF", std::nullopt},
      {"", "\xEF\xBB\xBFUK,1,13,3,1234567,,x,202611,,00\r\n", FeedFormat::kUke},
      {"", "YK,1,13,4,1234567,x,202611", FeedFormat::kUke},
      {"", "HM,2,1,6,1234567,x,202611\r\nGO\r\n", FeedFormat::kUke},
      {"", "RE,1,1112,202610,x", FeedFormat::kUke},
      {"", "\"IR\",\"2\",\"13\"", FeedFormat::kUke},
      {"", "IR,name,id\n", FeedFormat::kCsv},
      {"", "IR", std::nullopt},
      // NSIPS
      {"", "VER010501,20261130090000,", FeedFormat::kNsips},
      {"", "\"VER010501\",\"20261130090000\"", FeedFormat::kNsips},
      {"", "version,id\n1,2\n", FeedFormat::kCsv},
      {"", "2,261130000001,1,A,20261130,,20261130,20261130,0\r\n1,42,x,y,1,19800101\r\n3,1,247\r\n",
       FeedFormat::kNsips},
      {"", "1,42,x,y,1,19800101\n2,2611,1,A,20261130,,20261130,20261130,0\n", FeedFormat::kNsips},
      {"", "1,42,x,y,1,19800101\n2,43,x,y,1,19800101,20200101,20200101\n3,44\n", std::nullopt},  // a numbered list
      {"", "1,42,x,y\n", std::nullopt},
      // HL7 v2 and SS-MIX2
      {"adt.hl7", "MSH|^~\\&|A|B|C|D|20261130||ADT^A08|1|P|2.5\r", FeedFormat::kHl7v2},
      {kSsMix2, "MSH|^~\\&|A|B|C|D|20261130||ADT^A08|1|P|2.5\r", FeedFormat::kSsMix2},
      {"batch", "FHS|^~\\&|A\rBHS|^~\\&|A\r", FeedFormat::kHl7v2},
      {"", "MSHX,a\n", std::nullopt},
      // DICOM
      {"", std::string(128, '\0') + "DICM\x02", FeedFormat::kDicom},
      {"", std::string("\x08\0\x05\0CS\x0a\0", 8), FeedFormat::kDicom},
      // XML
      {"", "<?xml version=\"1.0\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\">", FeedFormat::kCheckup},
      {"", "<?xml version=\"1.0\"?>\n<XmlMsg><MessageHeader>", FeedFormat::kEligibility},
      {"", "<xmlio2><patientinfores type=\"record\">", FeedFormat::kOrca},
      {"", "<Mml version=\"2.3\" xmlns:mmlPi=\"http://www.medxml.net/MML/ContentModule/PatientInfo/1.0\">",
       FeedFormat::kOrca},
      {"", "<html><body>", std::nullopt},
      // JSON
      {"", "{\"resourceType\": \"Patient\", \"id\": \"1\"}", FeedFormat::kFhir},
      {"", " {\"patientinfores\": {\"Patient_Information\": {}}}", FeedFormat::kOrca},
      {"", "{\"a\": 1}", std::nullopt},
      // Patient lists
      {"h.csv", "record_id,name\n1,x\n", FeedFormat::kCsv},
      {"h.csv", EncodeText("患者番号\t漢字氏名\n1\t山田\n", Charset::kCp932).bytes, FeedFormat::kCsv},
      {"h.csv", "\"患者ID\";\"氏名\"\n", FeedFormat::kCsv},
      {"h.csv", "宛名番号,氏名\n1,x\n", FeedFormat::kCsv},
      {"h.csv", "依頼番号,カルテＮｏ\n1,x\n", FeedFormat::kCsv},
      {"h.csv", "a,b\n1,2\n", std::nullopt},
      // Nothing
      {"", "", std::nullopt},
      {"", " \r\n", std::nullopt},
      {"", "plain words", std::nullopt},
  };
  for (const Case& c : cases) EXPECT_EQ(DetectFeedFormat(c.path, c.begin), c.format) << c.path << ": " << c.begin;
}

}  // namespace
}  // namespace libmpi
