// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "exchange/document_reading.h"
#include "gmock/gmock.h"
#include "libmpi/exchange/feeds/document_feed.h"
#include "libmpi/exchange/feeds/eligibility.h"
#include "libmpi/exchange/feeds/feed_format.h"

namespace libmpi {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Reading Read(std::string_view bytes, const FeedOptions& options = {}) {
  return ReadFeed(NewEligibilityParser, bytes, options);
}

TEST(EligibilityTest, FilesAreDetected) {
  for (const char* name : {"eligibility/face.xml", "eligibility/bulk.xml"})
    EXPECT_EQ(DetectFeedFormat(name, Golden(name)), FeedFormat::kEligibility) << name;
}

// Two cards of one patient, one of them lost, in Shift_JIS.
TEST(EligibilityTest, OnePatient) {
  const Reading reading = Read(Golden("eligibility/face.xml"));
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_EQ(reading.records.size(), 1u);
  const Record& read = reading.records[0].record;
  EXPECT_EQ(read.key, (RecordKey{"1312345670", "00012"}));
  EXPECT_THAT(read.names, ElementsAre(StatedName{"表　花子", "", "", "ｵﾓﾃ ﾊﾅｺ", "", "", ""},
                                      StatedName{"見本　花子", "", "", "ﾐﾎﾝ ﾊﾅｺ", "", "", ""}));
  EXPECT_THAT(read.births, ElementsAre("19620304"));
  EXPECT_THAT(read.sexes, ElementsAre("2"));
  ASSERT_EQ(read.coverages.size(), 2u);
  EXPECT_EQ(read.coverages[0], (StatedCoverage{"00138057", "０１", "１２３４５６７", "02"}));
  EXPECT_EQ(read.coverages[1].insurer, "01130012");
  EXPECT_EQ(read.coverages[1].branch, "00");
  ASSERT_EQ(read.addresses.size(), 1u);
  EXPECT_EQ(read.addresses[0].postal_code, "100-0000");
  EXPECT_THAT(reading.remarks, IsEmpty());
  EXPECT_EQ(reading.encoding, "CP932");
}

TEST(EligibilityTest, ManyPatients) {
  const Reading reading = Read(Golden("eligibility/bulk.xml"));
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_EQ(reading.records.size(), 3u) << reading.Messages();
  EXPECT_EQ(reading.records[0].record.key, (RecordKey{"1312345670", "10"}));
  EXPECT_EQ(reading.records[1].record.key.record_id, NumberOfCard({"06132013", "7", "1", "1"}, ""));
  EXPECT_THAT(reading.records[1].record.coverages, ElementsAre(StatedCoverage{"06132013", "7", "001", "01"}));
  EXPECT_THAT(reading.records[2].record.coverages, ElementsAre(StatedCoverage{"12131012", "", "7654321", ""}));
  EXPECT_EQ(reading.records[2].record.key.record_id, NumberOfCard({"12131012", "", "7654321", ""}, "19900304"));
  EXPECT_THAT(reading.remarks,
              ElementsAre(HasSubstr("note 2 record_id: the patient has no number"), HasSubstr("note 3 record_id"),
                          "refused 4 record_id: the patient has neither a number nor an insured number"));
}

TEST(EligibilityTest, AnswersWithoutResults) {
  const Reading none =
      Read("<XmlMsg><MessageHeader><SegmentOfResult>3</SegmentOfResult></MessageHeader><MessageBody/></XmlMsg>");
  EXPECT_TRUE(none.status.ok());
  EXPECT_THAT(none.remarks, ElementsAre("note 0 : an answer has no result"));
  EXPECT_EQ(Read("<other/>").status.code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace libmpi
