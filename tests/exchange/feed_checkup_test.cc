// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "exchange/document_reading.h"
#include "gmock/gmock.h"
#include "libmpi/exchange/feeds/checkup.h"
#include "libmpi/exchange/feeds/document_feed.h"
#include "libmpi/exchange/feeds/feed_format.h"

namespace libmpi {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Reading Read(std::string_view bytes, const FeedOptions& options = {}) {
  return ReadFeed(NewCheckupParser, bytes, options);
}

TEST(CheckupTest, FilesAreDetected) {
  for (const char* name : {"checkup/checkup.xml", "checkup/later_elderly.xml", "checkup/odd_ids.xml"})
    EXPECT_EQ(DetectFeedFormat(name, Golden(name)), FeedFormat::kCheckup) << name;
}

TEST(CheckupTest, ADocument) {
  const Reading reading = Read(Golden("checkup/checkup.xml"));
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_EQ(reading.records.size(), 1u);
  const Record& read = reading.records[0].record;
  const StatedCoverage card{"06132013", "１２３", "４５６７", "01"};
  EXPECT_EQ(read.key, (RecordKey{"1312345670", NumberOfCard(card, "19620304")}));
  EXPECT_THAT(read.names, ElementsAre(StatedName{"", "", "", "ミホン　ハナコ", "", "", ""}));
  EXPECT_THAT(read.births, ElementsAre("19620304"));
  EXPECT_THAT(read.sexes, ElementsAre("2"));
  EXPECT_THAT(read.coverages, ElementsAre(card));
  ASSERT_EQ(read.addresses.size(), 1u);
  EXPECT_EQ(read.addresses[0].postal_code, "100-0000");
  EXPECT_THAT(read.addresses[0].full, HasSubstr("東京都架空区見本町１"));
  EXPECT_THAT(read.phones, ElementsAre("03-0000-1111"));
  EXPECT_THAT(reading.remarks,
              ElementsAre("note 1 record_id: the patient has no number of the institution: one made of the card "
                          "stands for it"));
}

TEST(CheckupTest, PrefixesUtf16AndANumberOfTheInstitution) {
  const Reading reading = Read(Golden("checkup/later_elderly.xml"), {.source = "center"});
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_EQ(reading.records.size(), 1u);
  const Record& read = reading.records[0].record;
  EXPECT_EQ(read.key, (RecordKey{"center", "P-0042"}));
  EXPECT_THAT(read.names, ElementsAre(StatedName{"", "", "", "ﾐﾎﾝ ｷﾖ", "", "", ""}));
  EXPECT_THAT(read.births, ElementsAre("19350102"));
  EXPECT_THAT(read.coverages, ElementsAre(StatedCoverage{"39131010", "", "01234567", ""}));
  EXPECT_THAT(read.addresses, ElementsAre(StatedAddress{"1000000", "", "", "", ""}));
  EXPECT_THAT(reading.remarks, IsEmpty());
  EXPECT_EQ(reading.encoding, "UTF-16");
}

TEST(CheckupTest, OddIdsAndFormsOfNames) {
  const Reading reading = Read(Golden("checkup/odd_ids.xml"), {.path = "x/odd_ids.xml"});
  ASSERT_EQ(reading.records.size(), 1u) << reading.Messages();
  const Record& read = reading.records[0].record;
  EXPECT_EQ(read.key.source, "odd_ids");
  EXPECT_THAT(read.coverages, ElementsAre(StatedCoverage{"00138057", "国", "９８７", "03"}));
  EXPECT_EQ(read.names.size(), 3u);
  EXPECT_THAT(read.names, testing::Contains(StatedName{"", "見本", "桜", "", "", "", ""}));
  EXPECT_THAT(read.names, testing::Contains(StatedName{"", "", "", "", "ミホン", "サクラ", ""}));
  EXPECT_THAT(read.names, testing::Contains(StatedName{"", "", "", "", "", "", "MIHON SAKURA"}));
  EXPECT_THAT(read.births, ElementsAre("1996-12"));
  EXPECT_THAT(reading.Messages(), HasSubstr("note 1 number: symbol, number and branch stand under the ids of tickets"));
}

std::string DocumentWith(std::string_view ids, std::string_view beside = "") {
  return "<ClinicalDocument><recordTarget><patientRole>" + std::string(ids) +
         "<patient><name>ミホン</name><birthTime value='19620304'/></patient></patientRole></recordTarget>" +
         std::string(beside) + "</ClinicalDocument>";
}

TEST(CheckupTest, WhoIsMeant) {
  const std::string insurer = "<id root='1.2.392.200119.6.101' extension='06132013'/>";
  const std::string number = "<id root='1.2.392.200119.6.205' extension='７'/>";
  const std::string branch = "<id root='1.2.392.200119.6.211' extension='01'/>";
  const std::string ticket =
      "<participant><associatedEntity><id root='1.2.392.200119.6.209.106132013' extension='26X'/></associatedEntity>"
      "</participant>";
  const auto id_of = [](const std::string& document) {
    const Reading reading = Read(document);
    return reading.records.empty() ? reading.Messages() : reading.records[0].record.key.record_id;
  };
  EXPECT_EQ(id_of(DocumentWith(insurer + number + branch)), NumberOfCard({"06132013", "", "7", "1"}, ""));
  EXPECT_EQ(id_of(DocumentWith(insurer + number)), NumberOfCard({"06132013", "", "7", ""}, "1962-03-04"));
  EXPECT_EQ(id_of(DocumentWith(insurer + number, ticket)), NumberOfCard({"06132013", "", "7", ""}, "19620304"));
  EXPECT_EQ(id_of(DocumentWith(insurer, ticket)), "26X");
  EXPECT_EQ(id_of(DocumentWith(insurer + "<id root='1.2.3' extension='L1'/>")), "L1");
  EXPECT_EQ(id_of(DocumentWith("<id root='1.2.392.200119.6.51.1' extension='L2'/>" + number)), "L2");
  EXPECT_THAT(id_of(DocumentWith(insurer)), HasSubstr("neither a number nor an insured number"));
  EXPECT_THAT(id_of("<ClinicalDocument/>"), HasSubstr("names no patient"));
  EXPECT_THAT(id_of("<index/>"), HasSubstr("no CDA document"));
  EXPECT_NE(NumberOfCard({"06132013", "", "7", "1"}, ""), NumberOfCard({"06132013", "", "7", "2"}, ""));
  EXPECT_NE(NumberOfCard({"06132013", "", "7", ""}, "19620304"), NumberOfCard({"06132013", "", "7", ""}, "19620305"));
}

}  // namespace
}  // namespace libmpi
