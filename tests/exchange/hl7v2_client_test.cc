// SPDX-License-Identifier: Apache-2.0
// Messages that begin here: ITI-10, ITI-64, queries; and what their answers say.
#include "libmpi/exchange/hl7v2/client_messages.h"

#include <algorithm>
#include <set>
#include <string>
#include <thread>

#include "gmock/gmock.h"
#include "libmpi/exchange/hl7v2/control_id.h"
#include "libmpi/exchange/hl7v2/message_hash.h"
#include "libmpi/exchange/hl7v2/message_head.h"
#include "libmpi/exchange/hl7v2/message_time.h"
#include "libmpi/exchange/hl7v2/query_message.h"
#include "libmpi/exchange/hl7v2/update_message.h"
#include "tests/exchange/hl7v2_lines.h"

namespace libmpi::hl7v2 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const MessageRoute kRoute = {{"NAYOSE", "", ""}, {"NETWORK", "", ""}, {"EMR", "", ""}, {"CLINIC", "", ""}};
const NewMessage kNew = {"id1", 1'795'834'800'000};
const pix::Authority kA = {"HOSP", "1.2.392.1", "ISO"}, kB = {"CLIN", "1.2.392.3", "ISO"};

std::string Lines(const MessageBuilder& builder) { return Unwired(builder.Utf8()); }

TEST(UpdateMessageTest, Iti10TellsAllIdentifiersAndNoName) {
  EXPECT_EQ(Lines(MakeUpdateMessage({{{"1", kA, "PI"}, {"9", kB}}}, kRoute, kNew)),
            "MSH|^~\\&|NAYOSE|NETWORK|EMR|CLINIC|20261128120000+0900||ADT^A31^ADT_A05|id1|P|2.5|||||||||ITI-10^IHE\n"
            "EVN||20261128120000+0900\n"
            "PID|||1^^^HOSP&1.2.392.1&ISO^PI~9^^^CLIN&1.2.392.3&ISO|| \n"
            "PV1||N\n");
}

TEST(UpdateMessageTest, Iti64TellsWhatALinkWasAndIs) {
  const MessageRoute route = {{"", "1.2.392.9", "ISO"}, {}, {"XDS", "", ""}, {"REGISTRY", "", ""}};
  LinkChange change{{"X1", {"", "1.2.392.8", "ISO"}}, {"1", kA}, {"X0", {"", "1.2.392.8", "ISO"}}, std::nullopt};
  auto message = MakeLinkChangeMessage(change, route, kNew);
  ASSERT_TRUE(message.ok()) << message.status();
  EXPECT_EQ(Lines(*message),
            "MSH|^~\\&|^1.2.392.9^ISO||XDS|REGISTRY|20261128120000+0900||ADT^A43^ADT_A43|id1|P|2.5|||||||||ITI-64^IHE\n"
            "EVN||20261128120000+0900\n"
            "PID|||X1^^^&1.2.392.8&ISO~1^^^HOSP&1.2.392.1&ISO|| \n"
            "MRG|X0^^^&1.2.392.8&ISO\n");
  change.previous_affinity = change.affinity;
  change.subsumed = pix::Identifier{"2", kA};
  message = MakeLinkChangeMessage(change, route, kNew);
  ASSERT_TRUE(message.ok());
  EXPECT_THAT(Lines(*message), testing::EndsWith("MRG|X1^^^&1.2.392.8&ISO~2^^^HOSP&1.2.392.1&ISO\n"));
  change.local.authority = {"HOSP", "", ""};
  EXPECT_TRUE(absl::IsInvalidArgument(MakeLinkChangeMessage(change, route, kNew).status()));
}

TEST(UpdateMessageTest, ReadsAcknowledgements) {
  const auto read = [](const std::string& rest) {
    return ReadAcknowledgement(ParseLines("MSH|^~\\&|EMR|CLINIC|NAYOSE|NETWORK|||ACK^A31^ACK|7|P|2.5\n" + rest));
  };
  auto said = read("MSA|AA|id1\n");
  ASSERT_TRUE(said.ok());
  EXPECT_EQ(said->control_id, "id1");
  EXPECT_TRUE(said->accepted() && !said->refused());
  said = read("MSA|AE|id1\nERR||PID^1^3^1^4|204^Unknown key identifier^HL70357|E||||not ours\n");
  ASSERT_TRUE(said.ok());
  EXPECT_TRUE(said->refused());
  EXPECT_THAT(said->errors, ElementsAre(WireError{{"PID", 1, 3, 1, 4}, 204, "not ours"}));
  said = read("MSA|AR|id1\nERR|PID^1^3^204&Unknown key identifier~MSH^1^9^200\n");
  ASSERT_TRUE(said.ok());
  EXPECT_FALSE(said->accepted() || said->refused()) << "to be sent again";
  EXPECT_THAT(said->errors, ElementsAre(WireError{{"PID", 1, 3}, 204}, WireError{{"MSH", 1, 9}, 200}));
  said = read("MSA|AA|id1\nERR||PID^1^3|0|W||||narrow\nERR|||x|I\n");
  ASSERT_TRUE(said.ok());
  EXPECT_THAT(said->errors, ElementsAre(WireError{{"PID", 1, 3}, 0, "narrow", Severity::kWarning},
                                        WireError{{"", 0}, 207, "", Severity::kInformation}));
  EXPECT_FALSE(read("").ok());
  EXPECT_FALSE(read("MSA|OK|id1\n").ok());
}

TEST(ClientMessagesTest, MakesIti9AndItsAnswerIsRead) {
  const pix::CrossReferenceQuestion question = {{"9", kB}, {kA, {"CARD", "", ""}}};
  const MessageBuilder query = MakeCrossReferenceQuery(question, "t1", kRoute, kNew);
  EXPECT_EQ(Lines(query),
            "MSH|^~\\&|NAYOSE|NETWORK|EMR|CLINIC|20261128120000+0900||QBP^Q23^QBP_Q21|id1|P|2.5|||||||||ITI-9^IHE\n"
            "QPD|IHE PIX Query|t1|9^^^CLIN&1.2.392.3&ISO|^^^HOSP&1.2.392.1&ISO~^^^CARD\n"
            "RCP|I\n");
  const CrossReferenceQuery read = ReadCrossReferenceQuery(ParseLines(query.Utf8()));
  EXPECT_THAT(read.errors, IsEmpty());
  EXPECT_EQ(read.question.identifier, question.identifier);
  EXPECT_EQ(read.question.domains, question.domains);

  const auto answer = ReadQueryAnswer(
      ParseLines("MSH|^~\\&|EMR|CLINIC|NAYOSE|NETWORK|||RSP^K23^RSP_K23|7|P|2.5\nMSA|AA|id1\nQAK|t1|OK\n"
            "QPD|IHE PIX Query|t1|9^^^CLIN\nPID|||1^^^HOSP&1.2.392.1&ISO~2^^^HOSP&1.2.392.1&ISO||~^^^^^^S\n"));
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->code + answer->control_id + answer->status + answer->tag, "AAid1OKt1");
  ASSERT_EQ(answer->persons.size(), 1u);
  EXPECT_THAT(answer->persons[0].identifiers, ElementsAre(pix::Identifier{"1", kA}, pix::Identifier{"2", kA}));
  EXPECT_EQ(answer->persons[0].record, Record());
}

TEST(ClientMessagesTest, MakesIti21AndItsAnswerIsRead) {
  pix::DemographicsQuestion question;
  question.identifiers = {{"9", kB}};
  question.criteria.family = "山*";
  question.criteria.given = "太郎";
  question.criteria.birth = "昭和35年4月";
  question.criteria.sex = "M";
  question.criteria.city = "札幌市";
  question.criteria.postal_code = "060-0001";
  question.criteria.phone = "011-234-5671";
  question.domains = {kA};
  question.page = 20;
  question.tag = "t1";
  const MessageBuilder query = MakeDemographicsQuery(question, "p1", kRoute, kNew);
  EXPECT_EQ(Lines(query),
            "MSH|^~\\&|NAYOSE|NETWORK|EMR|CLINIC|20261128120000+0900||QBP^Q22^QBP_Q21|id1|P|2.5|||||||||ITI-21^IHE\n"
            "QPD|IHE PDQ Query|t1|@PID.3.1^9~@PID.3.4.1^CLIN~@PID.3.4.2^1.2.392.3~@PID.3.4.3^ISO~"
            "@PID.5.1.1^山*~@PID.5.2^太郎~@PID.7^196004~@PID.8^M~@PID.11.3^札幌市~@PID.11.5^060-0001~"
            "@PID.13^011-234-5671|||||^^^HOSP&1.2.392.1&ISO\n"
            "RCP|I|20^RD\n"
            "DSC|p1|I\n");
  const DemographicsQuery read = ReadDemographicsQuery(ParseLines(query.Utf8()), {});
  EXPECT_THAT(read.errors, IsEmpty());
  EXPECT_EQ(read.continuation, "p1");
  EXPECT_EQ(read.question.identifiers, question.identifiers);
  EXPECT_EQ(read.question.domains, question.domains);
  EXPECT_EQ(read.question.page, 20u);
  EXPECT_EQ(read.question.tag, "t1");
  EXPECT_EQ(read.question.criteria.family, "山*");
  EXPECT_EQ(read.question.criteria.birth, "1960-04");
  EXPECT_EQ(read.question.criteria.city, "札幌市");
  EXPECT_EQ(Lines(MakeCancellation("t1", kRoute, kNew)),
            "MSH|^~\\&|NAYOSE|NETWORK|EMR|CLINIC|20261128120000+0900||QCN^J01^QCN_J01|id1|P|2.5|||||||||ITI-21^IHE\n"
            "QID|t1|IHE PDQ Query\n");

  const auto answer = ReadQueryAnswer(
      ParseLines("MSH|^~\\&|EMR|CLINIC|NAYOSE|NETWORK|||RSP^K22^RSP_K21|7|P|2.5\nMSA|AA|id1\nQAK|t1|OK\n"
            "QPD|IHE PDQ Query|t1|@PID.8^M\n"
            "PID|1||1^^^HOSP&1.2.392.1&ISO||山田^太郎^^^^^L^I||19600401|M\nQRI|0.9987\n"
            "PID|2||2^^^HOSP&1.2.392.1&ISO||山本^次郎^^^^^L^I\nDSC|p2|I\n"));
  ASSERT_TRUE(answer.ok());
  ASSERT_EQ(answer->persons.size(), 2u);
  EXPECT_EQ(answer->persons[0].record.names[0].family, "山田");
  EXPECT_DOUBLE_EQ(answer->persons[0].probability, 0.9987);
  EXPECT_EQ(answer->persons[1].probability, 0);
  EXPECT_EQ(answer->continuation, "p2");
}

TEST(MessageHeadTest, ReadsVersions) {
  EXPECT_EQ(ParseVersion("2.3.1"), (Version{2, 3, 1}));
  EXPECT_EQ(ParseVersion("2.5"), kVersion25);
  for (const char* none : {"", "2", "2.", "2..5", ".2.5", "2.5.1.1", "2.10", "2.5x", "two"})
    EXPECT_EQ(ParseVersion(none), std::nullopt) << none;
}

TEST(MessageTimeTest, IsJapans) {
  EXPECT_EQ(MessageTime(0), "19700101090000+0900");
  EXPECT_EQ(MessageTime(1'795'834'800'999), "20261128120000+0900");
  EXPECT_EQ(MessageTime(-1), "19700101085959+0900");
}

TEST(ControlIdTest, IsTwentyLettersAndNeverTheSame) {
  std::set<std::string> seen[2];
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) seen[1].insert(NewControlId());
  });
  for (int i = 0; i < 1000; ++i) seen[0].insert(NewControlId());
  other.join();
  EXPECT_EQ(seen[0].begin()->size(), 20u);
  seen[0].merge(seen[1]);
  EXPECT_EQ(seen[0].size(), 2000u);
}

TEST(MessageHashTest, IsOfAllButTheTimeOfSending) {
  const auto hash = [](const std::string& time, const std::string& rest) {
    return *MessageHash(ParseLines("MSH|^~\\&|HIS|H|N|N|" + time + "||ADT^A28|1|P|2.5\n" + rest));
  };
  EXPECT_EQ(hash("20261128", "PID|||1\n").size(), 32u);
  EXPECT_EQ(hash("20261128", "PID|||1\n"), hash("20261129", "PID|||1\n"));
  EXPECT_EQ(hash("", "PID|||1\n"), hash("20261129", "PID|||1\n"));
  EXPECT_NE(hash("20261128", "PID|||1\n"), hash("20261128", "PID|||2\n"));
  EXPECT_NE(hash("20261128", "PID|||1\n"), hash("20261128", "PID|||1\nPID|||1\n"));
  EXPECT_NE(hash("20261128", "PID|||1\nPV1||N\n"), hash("20261128", "PID|||1\nPV1||I\n"));
}

}  // namespace
}  // namespace libmpi::hl7v2
