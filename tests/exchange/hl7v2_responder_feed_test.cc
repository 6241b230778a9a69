// SPDX-License-Identifier: Apache-2.0
// ITI-8 and its relatives: what is taken, what is refused, and in which words.
#include <random>

#include "gmock/gmock.h"
#include "tests/exchange/hl7v2_responder_folder.h"

namespace libmpi::hl7v2 {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class FeedMessageTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(folder_.Create()); }

  void Accept(const std::string& message) { ASSERT_EQ(folder_.Verdict(message), "AA") << folder_.Answer(message); }
  // What the clinic is told of one of its patients in the hospital's domains: "1 77", or the verdict.
  std::string Known(const std::string& identifier) {
    const Response response =
        folder_.Send("MSH|^~\\&|EMR|CLINIC|NAYOSE|NETWORK|||QBP^Q23^QBP_Q21|q|P|2.5\nQPD|IHE PIX Query|t|" +
                     identifier + "^^^CLIN|^^^HOSP~^^^CARD\nRCP|I\n");
    const absl::StatusOr<Message> message = Message::Parse(response.answer, {});
    if (!message.ok() || message->Find("PID") == nullptr) return ResponderFolder::Short(response.answer);
    std::string told;
    for (const Repetition& said : message->Find("PID")->field(3).all())
      told += (told.empty() ? "" : " ") + said.Text(1);
    return told;
  }

  ResponderFolder folder_;
};

TEST_F(FeedMessageTest, EachTriggerIsTakenInItsVersionAndForm) {
  Accept(ClinicMsh("A28", "c") + Pid("9^^^CLIN", kHanako));
  const struct {
    const char* trigger;
    const char* version;
  } kCases[] = {{"A04", "2.3.1"},          {"A01^ADT_A01", "2.3.1"}, {"A05", "2.3.1"},        {"A08", "2.3.1"},
                {"A08^ADT_A01", "2.3.1"},  {"A01^ADT_A01", "2.4"},   {"A05^ADT_A05", "2.5"},  {"A28^ADT_A05", "2.5"},
                {"A31^ADT_A05", "2.5.1"},  {"A08^ADT_A01", "2.6"},   {"A04^ADT_A01", "2.7.1"}, {"A28^ADT_A05", "2.8"},
                {"A08^ADT_A08", "2.8.2"}};
  int number = 0;
  for (const auto& c : kCases) {
    SCOPED_TRACE(std::string(c.trigger) + " " + c.version);
    const std::string id = std::to_string(++number);
    Accept("MSH|^~\\&|HIS|HOSPITAL|NAYOSE|NETWORK|20261128140000||ADT^" + std::string(c.trigger) + "|m" + id + "|P|" +
           c.version + "\nEVN||20261128140000\n" + Pid("1^^^HOSP", kHanako) + "PV1||O\n");
    EXPECT_EQ(Known("9"), "1");
  }
}

TEST_F(FeedMessageTest, AnIdentifierOfASharedDomainStandsBesideOnesOwn) {
  const std::string shared = Pid("1^^^HOSP~5^^^REGION", kHanako);
  folder_.manager().domains = pix::DomainsWithShared();
  ASSERT_TRUE(folder_.Create());
  Accept(HospitalMsh("A28", "s1") + shared);
  // In PID-19 as well.
  Accept(ClinicMsh("A28", "s2") + "PID|||9^^^CLIN|||||F|||||||||||5^^^REGION\n");
  EXPECT_EQ(Known("9"), "1");
  // There it is nothing where it is no shared domain's.
  for (const char* other : {"5", "5^^^NOWHERE", "1^^^HOSP", "^^^REGION"})
    Accept(ClinicMsh("A08", std::string("s3 ") + other) + "PID|||9^^^CLIN|||||F|||||||||||" + other + "\n");
  EXPECT_EQ(Known("9"), "AA NF");
  EXPECT_EQ(folder_.Verdict(HospitalMsh("A28", "s4") + Pid("5^^^REGION", kHanako)), "AE PID^1^3^1^4 204");
  EXPECT_EQ(folder_.Verdict(HospitalMsh("A40", "s5") + "PID|||5^^^REGION\nMRG|6^^^REGION\n"),
            "AE PID^1^3^1^4 204 MRG^1^1^1^4 204");
  folder_.manager().domains.back().shared = false;
  ASSERT_TRUE(folder_.Create());
  EXPECT_EQ(folder_.Verdict(HospitalMsh("A28", "s1") + shared), "AE PID^1^3^2^4 204");
}

TEST_F(FeedMessageTest, AnswersAsHl7OfThatVersionDoes) {
  const std::string old = HospitalMsh("A04", "m1", "2.3.1");
  EXPECT_EQ(folder_.Answer(old + Pid("1^^^HOSP", kHanako) + "PV1||O\n"),
            "MSH|^~\\&|NAYOSE|NETWORK|HIS|HOSPITAL|20261128120000+0900||ACK^A04^ACK|#|P|2.3.1\n"
            "MSA|AA|m1\n");
  EXPECT_EQ(folder_.Answer(old + Pid("1^^^NOWHERE", kHanako)),
            "MSH|^~\\&|NAYOSE|NETWORK|HIS|HOSPITAL|20261128120000+0900||ACK^A04^ACK|#|P|2.3.1\n"
            "MSA|AR|m1\n"
            "ERR|MSH^1^10^205&Duplicate key identifier&HL70357\n")
      << "the number was another message's";
  EXPECT_EQ(folder_.Answer(HospitalMsh("A28^ADT_A05", "m2") + Pid("1^^^NOWHERE~2^^^HOSP~3^^^CLIN", kHanako)),
            "MSH|^~\\&|NAYOSE|NETWORK|HIS|HOSPITAL|20261128120000+0900||ACK^A28^ACK|#|P|2.5|||||||||ITI-30^IHE\n"
            "MSA|AE|m2\n"
            "ERR||PID^1^3^1^4|204^Unknown key identifier^HL70357|E||||the assigning authority is not known\n"
            "ERR||PID^1^3^3^4|204^Unknown key identifier^HL70357|E||||"
            "the identity source of the assigning authority is another system\n");
  EXPECT_EQ(folder_.Answer("MSH|^~\\&|HIS|HOSPITAL|||20261128140000||ADT^A04|m3|T|2.5\n" + Pid("1^^^NOWHERE", kHanako)),
            "MSH|^~\\&|NAYOSE|NAYOSE|HIS|HOSPITAL|20261128120000+0900||ACK^A04^ACK|#|T|2.5|||||||||ITI-8^IHE\n"
            "MSA|AE|m3\n"
            "ERR||PID^1^3^1^4|204^Unknown key identifier^HL70357|E||||the assigning authority is not known\n");
}

TEST_F(FeedMessageTest, WhatIsMissingOrWrongIsNamed) {
  Accept(HospitalMsh("A28", "a1") + Pid("1^^^HOSP", kHanako));
  Accept(HospitalMsh("A28", "a2") + Pid("2^^^HOSP", kJiro));
  Accept(HospitalMsh("A28", "a3") + Pid("3^^^HOSP", kJiro));
  Accept(HospitalMsh("A40", "a4") + "PID|||2^^^HOSP\nMRG|3^^^HOSP\n");
  const auto merge = [](const std::string& pid3, const std::string& mrg1) {
    return "PID|||" + pid3 + "\nMRG|" + mrg1 + "\n";
  };
  const struct {
    const char* what;
    std::string trigger, rest, verdict;
  } kCases[] = {
      {"no PID", "A28", "PV1||O\n", "AE PID^1 100"},
      {"no identifier", "A28", Pid("", kHanako), "AE PID^1^3 101"},
      {"nothing but an authority", "A28", Pid("^^^HOSP", kHanako), "AE PID^1^3^1^1 101"},
      {"an ID without its type", "A28", Pid("1^^^&1.2.392.1", kHanako), "AE PID^1^3^1^4 101"},
      {"a type without an ID", "A28", Pid("1^^^&&ISO", kHanako), "AE PID^1^3^1^4 101"},
      {"parts that contradict", "A28", Pid("1^^^CLIN&1.2.392.1&ISO", kHanako), "AE PID^1^3^1^4 204"},
      {"an unknown authority", "A28", Pid("1^^^X", kHanako), "AE PID^1^3^1^4 204"},
      {"another's domain", "A28", Pid("1^^^HOSP~9^^^CLIN", kHanako), "AE PID^1^3^2^4 204"},
      {"no demographics", "A28", Pid("5^^^HOSP", ""), "AE PID^1^5 101"},
      {"demographics to be deleted", "A28", Pid("5^^^HOSP", "\"\"||\"\"|\"\""), "AE PID^1^5 101"},
      {"a subsumed identifier", "A08", Pid("3^^^HOSP", kJiro), "AE PID^1^3^1^1 204"},
      {"no MRG", "A40", "PID|||1^^^HOSP\n", "AE MRG^1 100"},
      {"an empty MRG-1", "A40", merge("1^^^HOSP", ""), "AE MRG^1^1 101"},
      {"two pairs", "A40", merge("1^^^HOSP", "2^^^HOSP") + merge("1^^^HOSP", "2^^^HOSP"), "AE MRG^2 100"},
      {"across authorities", "A40", merge("1^^^HOSP", "77^^^CARD"), "AE MRG^1^1^1^4 204"},
      {"into itself", "A40", merge("1^^^HOSP", "1^^^HOSP"), "AE MRG^1^1^1^1 205"},
      {"subsumed unknown", "A40", merge("1^^^HOSP", "999^^^HOSP"), "AE MRG^1^1^1^1 204"},
      {"subsumed already", "A40", merge("1^^^HOSP", "3^^^HOSP"), "AE MRG^1^1^1^1 204"},
      {"surviving unknown", "A40", merge("999^^^HOSP", "1^^^HOSP"), "AE PID^1^3^1^1 204"},
      {"surviving subsumed", "A40", merge("3^^^HOSP", "1^^^HOSP"), "AE PID^1^3^1^1 204"},
      {"MRG-1 of an unknown authority", "A40", merge("1^^^HOSP", "2^^^X"), "AE MRG^1^1^1^4 204"},
      {"PID-3 of an unknown authority", "A40", merge("1^^^X", "2^^^HOSP"), "AE PID^1^3^1^4 204"},
      {"no second PID", "A24", "PID|||1^^^HOSP\n", "AE PID^2 100"},
      {"what was not linked", "A37", "PID|||1^^^HOSP\nPID|||2^^^HOSP\n", "AE PID^2^3^1^1 204"},
  };
  int number = 0;
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const Response response = folder_.Send(HospitalMsh(c.trigger, "b" + std::to_string(++number)) + c.rest);
    EXPECT_EQ(ResponderFolder::Short(response.answer), c.verdict) << Lines(response.answer);
    EXPECT_TRUE(response.poison);
    EXPECT_EQ(response.party, "his");
    EXPECT_FALSE(response.problems.empty() && response.reason.empty());
  }
  // OHIE-CR-17: a merge by a system that does not own the domain.
  EXPECT_EQ(folder_.Verdict(ClinicMsh("A40", "b") + merge("1^^^HOSP", "2^^^HOSP")),
            "AE PID^1^3^1^4 204 MRG^1^1^1^4 204");
}

TEST_F(FeedMessageTest, AnAuthorityThatIsNotSaidIsFilledInOrRefused) {
  Accept(ClinicMsh("A28", "c1") + Pid("9^^^CLIN", kHanako));
  Accept(HospitalMsh("A28", "h1") + Pid("1^^^^PI", kHanako));
  EXPECT_EQ(Known("9"), "1");
  std::vector<pix::Party> parties = pix::TestParties();
  parties[0].switches.fill_authority = false;
  parties[1].switches.errors_as_rejects = true;
  ASSERT_TRUE(folder_.Create(parties));
  EXPECT_EQ(folder_.Verdict(HospitalMsh("A28", "h1") + Pid("1^^^^PI", kHanako)), "AE PID^1^3^1^4 101");
  EXPECT_EQ(folder_.Verdict(ClinicMsh("A28", "c1") + Pid("9^^^X", kHanako)), "AR PID^1^3^1^4 204");
}

TEST_F(FeedMessageTest, MergesLinksAndUnlinks) {
  Accept(ClinicMsh("A28", "c1") + Pid("9^^^CLIN", kHanako));
  Accept(HospitalMsh("A28", "h1") + Pid("1^^^HOSP", kHanako));
  Accept(HospitalMsh("A28", "h2") + Pid("2^^^HOSP", kJiro));
  EXPECT_EQ(Known("9"), "1");
  Accept(HospitalMsh("A24^ADT_A24", "h3") + "PID|||1^^^HOSP\nPID|||2^^^HOSP\n");
  EXPECT_EQ(Known("9"), "1 2");
  Accept(HospitalMsh("A37^ADT_A37", "h4") + "PID|||1^^^HOSP\nPID|||2^^^HOSP\n");
  EXPECT_EQ(Known("9"), "1");
  // The structures that are met: A39 and A40, a card beside the number, demographics that do not count.
  Accept(HospitalMsh("A40^ADT_A39", "h5", "2.3.1") + Pid("77^^^CARD~1^^^HOSP", kJiro) + "MRG|2^^^HOSP\nPV1||O\n");
  EXPECT_EQ(Known("9"), "1");
  EXPECT_EQ(folder_.Verdict(HospitalMsh("A40^ADT_A40", "h6") + "PID|||1^^^HOSP\nMRG|2^^^HOSP\n"),
            "AE MRG^1^1^1^1 204");
}

TEST_F(FeedMessageTest, TheSameMessageAgainChangesNothingAndIsAnsweredAsThen) {
  const std::string message = HospitalMsh("A28", "m1") + Pid("1^^^HOSP", kHanako);
  const Response first = folder_.Send(message);
  EXPECT_EQ(first.code, "AA");
  EXPECT_FALSE(first.repeated);
  std::string later = message;
  later.replace(later.find("20261128140000"), 14, "20261128150000");  // MSH-7
  const Response again = folder_.Send(later);
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.code, "AA");
  EXPECT_EQ(again.answer, first.answer) << "its MSH-10 too";
  const Response other = folder_.Send(HospitalMsh("A28", "m1") + Pid("1^^^HOSP", kJiro));
  EXPECT_EQ(ResponderFolder::Short(other.answer), "AR MSH^1^10 205");
  EXPECT_TRUE(other.poison);
  // Another party may have the same number.
  Accept(ClinicMsh("A28", "m1") + Pid("9^^^CLIN", kHanako));
  EXPECT_EQ(Known("9"), "1");
}

TEST_F(FeedMessageTest, AnOverlayIsAcknowledgedAndHeld) {
  Accept(HospitalMsh("A28", "m1") + Pid("1^^^HOSP", kHanako));
  const Response response = folder_.Send(HospitalMsh("A08", "m2") + Pid("1^^^HOSP", kJiro));
  EXPECT_EQ(response.code, "AA");
  EXPECT_TRUE(response.held);
  EXPECT_FALSE(response.poison);
}

TEST_F(FeedMessageTest, EnhancedAcknowledgementAsItIsAskedFor) {
  const struct {
    const char* accept;
    const char* application;
    const char *taken, *refused, *rejected;
  } kCases[] = {
      {"", "", "AA", "AE", "AR"},   {"AL", "NE", "CA", "CE", "CR"}, {"AL", "AL", "AA", "AE", "AR"},
      {"NE", "AL", "AA", "AE", "AR"}, {"AL", "", "AA", "AE", "AR"},   {"NE", "NE", "", "", ""},
      {"ER", "NE", "", "CE", "CR"},  {"SU", "NE", "CA", "", ""},      {"AL", "ER", "CA", "AE", "AR"},
      {"AL", "SU", "AA", "CE", "CR"}, {"", "NE", "", "", ""},
  };
  int number = 0;
  for (const auto& c : kCases) {
    SCOPED_TRACE(std::string(c.accept) + "/" + c.application);
    const auto send = [&](const std::string& type, const std::string& pid3) {
      return folder_.Send("MSH|^~\\&|HIS|HOSPITAL|NAYOSE|NETWORK|||ADT^" + type + "|e" + std::to_string(++number) +
                          "|P|2.5|||" + c.accept + "|" + c.application + "\n" + Pid(pid3, kHanako));
    };
    const std::pair<Response, const char*> kAnswers[] = {
        {send("A28", "1^^^HOSP"), c.taken}, {send("A28", "1^^^X"), c.refused}, {send("A99", "1^^^HOSP"), c.rejected}};
    for (const auto& [response, code] : kAnswers) {
      EXPECT_EQ(response.code, code);
      EXPECT_EQ(response.answer.empty(), response.code.empty());
      if (response.answer.empty()) continue;
      EXPECT_THAT(response.answer, HasSubstr("\rMSA|" + response.code + "|e"));
    }
  }
}

TEST_F(FeedMessageTest, AMshAtFaultIsRejected) {
  const auto msh = [](const std::string& names, const std::string& type, const std::string& rest) {
    return "MSH|^~\\&|" + names + "|||" + type + "|" + rest + "\n" + Pid("1^^^HOSP", kHanako);
  };
  const std::string names = "HIS|HOSPITAL|NAYOSE|NETWORK";
  const struct {
    std::string message, verdict;
  } kCases[] = {
      {msh(names, "ORU^R01", "m1|P|2.5"), "AR MSH^1^9^1^1 200"},
      {msh(names, "", "m1|P|2.5"), "AR MSH^1^9^1^1 200"},
      {msh(names, "ADT^A99", "m1|P|2.5"), "AR MSH^1^9^1^2 201"},
      {msh(names, "QBP^Q99", "m1|P|2.5"), "AR MSH^1^9^1^2 201"},
      {msh(names, "ADT^A99", "m1|P|2.3.1"), "AR MSH^1^9^201&Unsupported trigger event&HL70357"},
      {msh(names, "ADT^A28", "m1|P|2.2"), "AR MSH^1^12 203"},
      {msh(names, "ADT^A28", "m1|P|2.9"), "AR MSH^1^12 203"},
      {msh(names, "ADT^A28", "m1|P|x"), "AR MSH^1^12 203"},
      {msh(names, "ADT^A28", "m1|P"), "AR MSH^1^12 101"},
      {msh(names, "ADT^A28", "m1|X|2.5"), "AR MSH^1^11 202"},
      {msh(names, "ADT^A28", "|P|2.5"), "AR MSH^1^10 101"},
      {msh("HIS|CLINIC|NAYOSE|NETWORK", "ADT^A28", "m1|P|2.5"), "AR MSH^1^3 103"},
      {msh("|||", "ADT^A28", "m1|P|2.5"), "AR MSH^1^3 103"},
  };
  for (const auto& c : kCases) EXPECT_EQ(folder_.Verdict(c.message), c.verdict) << c.message;
  EXPECT_EQ(folder_.Answer(msh(names, "ORU^R01^ORU_R01", "m1|P|2.5")),
            "MSH|^~\\&|NAYOSE|NETWORK|HIS|HOSPITAL|20261128120000+0900||ACK^R01^ACK|#|P|2.5\n"
            "MSA|AR|m1\n"
            "ERR||MSH^1^9^1^1|200^Unsupported message type^HL70357|E||||messages of this type are not taken\n");
  // A trigger that EVN alone says.
  Accept("MSH|^~\\&|HIS|HOSPITAL|NAYOSE|NETWORK|||ADT|m9|P|2.3.1\nEVN|A04\n" + Pid("1^^^HOSP", kHanako));
}

TEST_F(FeedMessageTest, TheReceiverIsCheckedWhereThatIsAskedFor) {
  ResponderOptions options;
  options.check_receiver = true;
  options.facility = "NETWORK";
  ASSERT_TRUE(folder_.Create(pix::TestParties(), options));
  Accept(HospitalMsh("A28", "m1") + Pid("1^^^HOSP", kHanako));
  EXPECT_EQ(folder_.Verdict("MSH|^~\\&|HIS|HOSPITAL|OTHER|NETWORK|||ADT^A28|m2|P|2.5\n" + Pid("1^^^HOSP", kHanako)),
            "AR MSH^1^5 103");
  EXPECT_EQ(folder_.Verdict("MSH|^~\\&|HIS|HOSPITAL|NAYOSE||||ADT^A28|m2|P|2.5\n" + Pid("1^^^HOSP", kHanako)),
            "AR MSH^1^6 103");
}

TEST_F(FeedMessageTest, WhatCantBeReadIsRejectedIfItBeginsAsAMessage) {
  for (const char* nothing : {"", "hello", "PID|||1\n", "\x01\x02\x03"}) {
    const Response response = folder_.Send(nothing);
    EXPECT_EQ(response.answer, "");
    EXPECT_EQ(response.code, "");
    EXPECT_FALSE(response.reason.empty());
  }
  EXPECT_THAT(folder_.Answer(HospitalMsh("A28", "m1") + "PID|||1^^^HOSP||\xFF\xFE\n"),
              StartsWith("MSH|^~\\&|NAYOSE|NETWORK|HIS|HOSPITAL|20261128120000+0900||ACK^A28^ACK|#|P|2.5\nMSA|AR|m1\n"
                         "ERR|||100^Segment sequence error^HL70357|E||||"));
  EXPECT_EQ(folder_.Verdict(HospitalMsh("A28", "m1", "2.3.1") + "lower|\n"),
            "AR ^^^100&Segment sequence error&HL70357");
  EXPECT_EQ(folder_.Verdict(HospitalMsh("A28", "m1") + "PID|||" + std::string(2 << 20, 'x') + "\n"), "AR  207");
  EXPECT_EQ(folder_.Answer("MSHHHH"),
            "MSH|^~\\&|NAYOSE|NAYOSE|||20261128120000+0900||ACK|#|P|2.5\nMSA|AR\n"
            "ERR|||100^Segment sequence error^HL70357|E||||" + folder_.Send("MSHHHH").reason + "\n");
}

TEST_F(FeedMessageTest, WhateverComesIsAnsweredWithAMessageOrNotAtAll) {
  const std::string query = "MSH|^~\\&|EMR|CLINIC|NAYOSE|NETWORK|||QBP^Q22^QBP_Q21|q1|P|2.5\n"
                            "QPD|IHE PDQ Query|t1|@PID.3.1^9~@PID.3.4.1^CLIN~@PID.5.1^北*~@PID.7^1950|||||^^^HOSP\n"
                            "RCP|I|5^RD\n";
  const std::string messages[] = {HospitalMsh("A28", "m1") + Pid("1^^^HOSP", kHanako) + "IN1|1|06|1|||||||1~2~3\n",
                                  HospitalMsh("A40", "m2") + "PID|||1^^^HOSP\nMRG|2^^^HOSP\n", query};
  std::mt19937 random(7);
  for (int round = 0; round < 600; ++round) {
    std::string text = messages[round % 3];
    for (int edits = 1 + static_cast<int>(random() % 4); edits > 0; --edits) {
      const size_t at = random() % text.size();
      if (random() % 3 == 0) text.erase(at, 1 + random() % 9);
      else text[at] = random() % 2 ? "|^~\\&\n\"*@."[random() % 10] : static_cast<char>(random());
      if (text.empty()) text = "M";
    }
    const Response response = folder_.Send(text);
    EXPECT_EQ(response.answer.empty(), response.code.empty()) << round;
    ParseOptions options;
    options.otherwise = *CharacterSetOfName("UTF-8");
    EXPECT_TRUE(response.answer.empty() || Message::Parse(response.answer, options).ok()) << round;
  }
}

TEST_F(FeedMessageTest, ReportsWhatItDidWithoutValues) {
  const Response response = folder_.Send(HospitalMsh("A28^ADT_A05", "m1") + Pid("1^^^X", kHanako));
  EXPECT_EQ(response.type, "ADT^A28");
  EXPECT_EQ(response.control_id, "m1");
  EXPECT_EQ(response.party, "his");
  ASSERT_EQ(response.problems.size(), 1u);
  EXPECT_EQ(response.problems[0].fault, pix::Fault::kUnknownAuthority);
  EXPECT_EQ(folder_.Send("MSH|^~\\&|HIS|HOSPITAL|||||A\x01?^<b>|m\x02" "1|P|2.5\n").type, "A^b");
}

// Of messages by this address what each entry says.
std::vector<std::string> EntriesOf(Network& network, const std::string& address) {
  Requester auditor = pix::Office();
  auditor.profession = Profession::kAuditor;
  auditor.purpose = Purpose::kAudit;
  const auto entries = network.Audit(1, 10'000, auditor);
  EXPECT_TRUE(entries.ok()) << entries.status();
  std::vector<std::string> seen;
  for (const AuditEntry& e : *entries)
    if (e.by.peer == address)
      seen.push_back(e.by.actor + "|" + e.by.facility + "|" + std::string(OperationName(e.operation)) + "|" + e.action +
                     "|" + e.by.transaction + "|" + e.by.request + "|" + std::string(AuditOutcomeName(e.outcome)) +
                     "|" + e.detail);
  return seen;
}

TEST_F(FeedMessageTest, WhatIsRefusedBeforeItIsAskedIsInTheTrail) {
  const MessagePeer peer{"192.0.2.9", {}};
  const std::string query = "MSH|^~\\&|EMR|CLINIC|NAYOSE|NETWORK|||QBP^Q23^QBP_Q21|q|P|2.5\n";
  for (const std::string& message :
       {std::string("北大路"), HospitalMsh("A28", "n1") + "pid|北大路\n",
        "MSH|^~\\&|HIS\n" + std::string(2'000, 'X') + "\n", HospitalMsh("A28", "n2") + std::string(size_t{1} << 20, 'X'),
        AdtMsh("X|Y", "A28", "n3", "2.5") + Pid("1^^^HOSP", kHanako),
        HospitalMsh("A03", "n4") + Pid("1^^^HOSP", kHanako), AdtMsh("X|Y", "A28", "", "2.5") + Pid("1^^^HOSP", kHanako),
        HospitalMsh("A28", "n5") + "PV1||O\n", query + "RCP|I\n"})
    folder_.Send(message, peer);
  EXPECT_THAT(EntriesOf(folder_.manager().network(), "192.0.2.9"),
              testing::ElementsAre("unknown||feed|message|||failed|unreadable",
                                   "unknown||feed|message|||failed|unreadable",
                                   "unknown||feed|message|||failed|unreadable",
                                   "unknown||feed|message|||failed|too_large",
                                   "unknown||feed|message|ITI-30|n3|failed|unknown_party",
                                   "his|hospital|feed|message||n4|failed|unsupported_trigger_event",
                                   "unknown||feed|message|ITI-30||failed|required_field_missing",
                                   "his|hospital|feed|message|ITI-30|n5|failed|segment_sequence_error",
                                   "emr|clinic|find|message|ITI-9|q|failed|segment_sequence_error"));
}

TEST_F(FeedMessageTest, AFloodOfNonsenseLeavesFewEntriesAndItsCount) {
  for (int i = 0; i < 500; ++i) folder_.Send("MSH|nonsense\n", {"192.0.2.9", {}});
  for (int i = 0; i < 5; ++i) folder_.Send(AdtMsh("X|Y", "A28", "m", "2.5"), {"192.0.2.10", {}});
  EXPECT_EQ(EntriesOf(folder_.manager().network(), "192.0.2.9").size(), 10u);
  EXPECT_EQ(EntriesOf(folder_.manager().network(), "192.0.2.10").size(), 5u);
  ASSERT_TRUE(folder_.manager().Reopen());
  const std::vector<std::string> entries = EntriesOf(folder_.manager().network(), "192.0.2.9");
  ASSERT_EQ(entries.size(), 11u);
  EXPECT_EQ(entries.back(), "unknown||feed|message|||failed|left_out 490");
  EXPECT_EQ(EntriesOf(folder_.manager().network(), "192.0.2.10").size(), 5u);
}

}  // namespace
}  // namespace libmpi::hl7v2
