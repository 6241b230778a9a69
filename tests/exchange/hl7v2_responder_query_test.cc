// SPDX-License-Identifier: Apache-2.0
// ITI-9 and ITI-21, case by case; the answers are written by hand from the transactions' texts.
#include "gmock/gmock.h"
#include "tests/exchange/hl7v2_responder_folder.h"

namespace libmpi::hl7v2 {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class QueryTest : public testing::Test {
 protected:
  // Hanako is known to the hospital by 1, 2 and a card, to the clinic by 9; Jiro to the clinic alone, by 10.
  void SetUp() override { ASSERT_TRUE(Fill(pix::TestParties())); }

  bool Fill(std::vector<pix::Party> parties, ResponderOptions options = {}) {
    if (!folder_.Create(std::move(parties), std::move(options))) return false;
    Accept(HospitalMsh("A28", "f1") + Pid("1^^^HOSP", kHanako));
    Accept(HospitalMsh("A28", "f2") + Pid("2^^^HOSP", kHanako));
    Accept(HospitalMsh("A28", "f3") + Pid("77^^^CARD", kHanako));
    Accept(ClinicMsh("A28", "f4") + Pid("9^^^CLIN", kHanako));
    Accept(ClinicMsh("A28", "f5") + Pid("10^^^CLIN", kJiro));
    return !testing::Test::HasFailure();
  }
  void Accept(const std::string& message) { ASSERT_EQ(folder_.Verdict(message), "AA") << folder_.Answer(message); }

  static std::string Query(const std::string& trigger, const std::string& qpd, const std::string& rest = "RCP|I\n",
                           const std::string& id = "q1", const std::string& version = "2.5") {
    return "MSH|^~\\&|EMR|CLINIC|NAYOSE|NETWORK|20261128140000||QBP^" + trigger + "^QBP_Q21|" + id + "|P|" + version +
           "\nQPD|" + qpd + "\n" + rest;
  }
  static std::string PixQuery(const std::string& rest) { return Query("Q23", "IHE PIX Query|t1|" + rest); }
  static std::string PdqQuery(const std::string& criteria, const std::string& rest = "RCP|I\n") {
    return Query("Q22", "IHE PDQ Query|t1|" + criteria, rest);
  }
  // PID-3 of a message's PIDs.
  static std::vector<std::string> Told(const Response& response) {
    std::vector<std::string> told;
    const absl::StatusOr<Message> message = Message::Parse(response.answer, {});
    if (!message.ok()) return {std::string(message.status().message())};
    for (const Segment& segment : message->segments())
      if (segment.name() == "PID") told.emplace_back(segment.field(3).raw());
    return told;
  }

  ResponderFolder folder_;
};

TEST_F(QueryTest, Iti9Case1AnIdentifierInARequestedDomain) {
  EXPECT_EQ(folder_.Answer(PixQuery("9^^^CLIN&1.2.392.3&ISO|^^^CARD&1.2.392.2&ISO")),
            "MSH|^~\\&|NAYOSE|NETWORK|EMR|CLINIC|20261128120000+0900||RSP^K23^RSP_K23|#|P|2.5|||||||||ITI-9^IHE\n"
            "MSA|AA|q1\n"
            "QAK|t1|OK\n"
            "QPD|IHE PIX Query|t1|9^^^CLIN&1.2.392.3&ISO|^^^CARD&1.2.392.2&ISO\n"
            "PID|||77^^^CARD&1.2.392.2&ISO||~^^^^^^S\n");
}

TEST_F(QueryTest, Iti9Case2NoIdentifierInAnyRequestedDomain) {
  EXPECT_EQ(folder_.Answer(PixQuery("10^^^CLIN|^^^CARD")),
            "MSH|^~\\&|NAYOSE|NETWORK|EMR|CLINIC|20261128120000+0900||RSP^K23^RSP_K23|#|P|2.5|||||||||ITI-9^IHE\n"
            "MSA|AA|q1\n"
            "QAK|t1|NF\n"
            "QPD|IHE PIX Query|t1|10^^^CLIN|^^^CARD\n");
  EXPECT_EQ(folder_.Verdict(PixQuery("10^^^CLIN")), "AA NF");
}

TEST_F(QueryTest, Iti9Case3AnUnknownIdentifier) {
  EXPECT_EQ(folder_.Answer(PixQuery("999^^^CLIN")),
            "MSH|^~\\&|NAYOSE|NETWORK|EMR|CLINIC|20261128120000+0900||RSP^K23^RSP_K23|#|P|2.5|||||||||ITI-9^IHE\n"
            "MSA|AE|q1\n"
            "ERR||QPD^1^3^1^1|204^Unknown key identifier^HL70357|E||||the patient identifier is not known\n"
            "QAK|t1|AE\n"
            "QPD|IHE PIX Query|t1|999^^^CLIN\n");
}

TEST_F(QueryTest, Iti9Case4AnUnknownDomain) {
  EXPECT_EQ(folder_.Answer(PixQuery("9^^^NOWHERE")),
            "MSH|^~\\&|NAYOSE|NETWORK|EMR|CLINIC|20261128120000+0900||RSP^K23^RSP_K23|#|P|2.5|||||||||ITI-9^IHE\n"
            "MSA|AE|q1\n"
            "ERR||QPD^1^3^1^4|204^Unknown key identifier^HL70357|E||||the assigning authority is not known\n"
            "QAK|t1|AE\n"
            "QPD|IHE PIX Query|t1|9^^^NOWHERE\n");
}

TEST_F(QueryTest, Iti9Case5OneOfTheUnknownRequestedDomains) {
  EXPECT_EQ(folder_.Answer(PixQuery("9^^^CLIN|^^^CARD~^^^NOWHERE~^^^&9.9&ISO")),
            "MSH|^~\\&|NAYOSE|NETWORK|EMR|CLINIC|20261128120000+0900||RSP^K23^RSP_K23|#|P|2.5|||||||||ITI-9^IHE\n"
            "MSA|AE|q1\n"
            "ERR||QPD^1^4^2|204^Unknown key identifier^HL70357|E||||a requested assigning authority is not known\n"
            "QAK|t1|AE\n"
            "QPD|IHE PIX Query|t1|9^^^CLIN|^^^CARD~^^^NOWHERE~^^^&9.9&ISO\n");
}

TEST_F(QueryTest, Iti9Case6IdentifiersOfOneDomainStandTogether) {
  const std::string answer = folder_.Answer(PixQuery("9^^^CLIN"));
  EXPECT_THAT(answer, HasSubstr("QAK|t1|OK\n"));
  EXPECT_THAT(answer, EndsWith("PID|||1^^^HOSP&1.2.392.1&ISO~2^^^HOSP&1.2.392.1&ISO~77^^^CARD&1.2.392.2&ISO||"
                               "~^^^^^^S\n"));
}

TEST_F(QueryTest, Iti9TakesAuthoritiesInEveryForm) {
  const struct {
    const char* identifier;
    const char* verdict;
  } kCases[] = {
      {"9^^^CLIN", "AA OK"},
      {"9^^^&1.2.392.3&ISO", "AA OK"},
      {"9^^^CLIN&1.2.392.3&ISO", "AA OK"},
      {"9^^^CLIN&1.2.392.3&ISO^PI", "AA OK"},
      {"9^^^HOSP&1.2.392.3&ISO", "AE QPD^1^3^1^4 204"},
      {"9^^^&1.2.392.3", "AE QPD^1^3^1^4 101"},
      {"9^^^&&ISO", "AE QPD^1^3^1^4 101"},
      {"9", "AE QPD^1^3^1^4 101"},
      {"^^^CLIN", "AE QPD^1^3^1^1 101"},
      {"", "AE QPD^1^3^1^1 101"},
      {"9^^^CLIN~10^^^CLIN", "AE QPD^1^3^2 102"},
  };
  for (const auto& c : kCases) EXPECT_EQ(folder_.Verdict(PixQuery(c.identifier)), c.verdict) << c.identifier;
}

TEST_F(QueryTest, EnterpriseIdsAreIdentifiersOfTheirDomain) {
  folder_.manager().domains = pix::DomainsWithEnterprise();
  ASSERT_TRUE(Fill(pix::TestParties()));
  const auto found = folder_.manager().registry().Find(RecordKey{"C", "10"});
  ASSERT_TRUE(found.ok());
  const std::string id = found->person.ToString();
  EXPECT_EQ(folder_.Answer(PixQuery("10^^^CLIN|^^^NET")),
            "MSH|^~\\&|NAYOSE|NETWORK|EMR|CLINIC|20261128120000+0900||RSP^K23^RSP_K23|#|P|2.5|||||||||ITI-9^IHE\n"
            "MSA|AA|q1\n"
            "QAK|t1|OK\n"
            "QPD|IHE PIX Query|t1|10^^^CLIN|^^^NET\n"
            "PID|||" + id + "^^^NET&1.2.392.8&ISO||~^^^^^^S\n");
  EXPECT_THAT(folder_.Answer(PixQuery(id + "^^^&1.2.392.8&ISO")),
              EndsWith("PID|||10^^^CLIN&1.2.392.3&ISO||~^^^^^^S\n"));
  EXPECT_EQ(folder_.Verdict(PixQuery("10^^^NET")), "AE QPD^1^3^1^1 204");
  EXPECT_EQ(Told(folder_.Send(PdqQuery("@PID.3.1^" + id + "~@PID.3.4.1^NET"))),
            std::vector<std::string>{"10^^^CLIN&1.2.392.3&ISO~" + id + "^^^NET&1.2.392.8&ISO"});
  EXPECT_EQ(folder_.Verdict(PdqQuery("@PID.3.1^10~@PID.3.4.1^NET")), "AA NF");
  EXPECT_EQ(folder_.Verdict(ClinicMsh("A31", "f6") + Pid("10^^^CLIN~" + id + "^^^NET", kJiro)), "AE PID^1^3^2^4 204");
}

TEST_F(QueryTest, AQueryWithoutItsPartsIsRefused) {
  const std::string msh = "MSH|^~\\&|EMR|CLINIC|NAYOSE|NETWORK|20261128140000||QBP^Q23^QBP_Q21|q1|P|2.5\n";
  EXPECT_EQ(folder_.Verdict(msh + "RCP|I\n"), "AE QPD^1 100");
  EXPECT_EQ(folder_.Verdict(msh + "QPD|IHE PIX Query||9^^^CLIN\nRCP|I\n"), "AE QPD^1^2 101");
  EXPECT_EQ(folder_.Verdict(msh + "QPD|IHE PIX Query|t1|9^^^CLIN\nRCP|D\n"), "AE RCP^1^1 103");
  // Without RCP it is answered at once, as all are.
  EXPECT_EQ(folder_.Verdict(msh + "QPD|IHE PIX Query|t1|9^^^CLIN\n"), "AA OK");
}

TEST_F(QueryTest, SwitchesAreTheParties) {
  std::vector<pix::Party> parties = pix::TestParties();
  parties[1].switches.return_asked_identifier = true;
  parties[1].switches.space_in_empty_name = true;
  ASSERT_TRUE(Fill(parties));
  EXPECT_THAT(folder_.Answer(PixQuery("9^^^CLIN|^^^CLIN")), EndsWith("PID|||9^^^CLIN&1.2.392.3&ISO|| \n"));
  // The other one of Hanako's hospital numbers merged into the first: by default it still finds her.
  Accept(HospitalMsh("A40", "m1") + "PID|||1^^^HOSP\nMRG|2^^^HOSP\n");
  const std::string by_old = PixQuery("2^^^HOSP|^^^CLIN");
  EXPECT_EQ(folder_.Verdict(by_old), "AA OK");
  parties[1].switches.answer_subsumed = false;
  ASSERT_TRUE(Fill(parties));
  Accept(HospitalMsh("A40", "m1") + "PID|||1^^^HOSP\nMRG|2^^^HOSP\n");
  EXPECT_EQ(folder_.Verdict(by_old), "AE QPD^1^3^1^1 204");
}

TEST_F(QueryTest, Iti21TellsWhatIsKnownInBothScripts) {
  EXPECT_EQ(folder_.Answer(PdqQuery("@PID.3.1^10~@PID.3.4.1^CLIN", "RCP|I|5^RD\n")),
            "MSH|^~\\&|NAYOSE|NETWORK|EMR|CLINIC|20261128120000+0900||RSP^K22^RSP_K21|#|P|2.5|||||"
            "|UNICODE UTF-8|||ITI-21^IHE\n"
            "MSA|AA|q1\n"
            "QAK|t1|OK\n"
            "QPD|IHE PDQ Query|t1|@PID.3.1^10~@PID.3.4.1^CLIN\n"
            "PID|1||10^^^CLIN&1.2.392.3&ISO||四月一日^次郎^^^^^L^I~ワタヌキ^ジロウ^^^^^L^P||19610411|M|||"
            "^^^^060-0001^JPN^H^北海道札幌市中央区北一条西2丁目||011-234-5671^PRN^PH^^^^^^^^^011-234-5671\n"
            "QRI|1.0\n");
  const std::string whole = folder_.Answer(
      PdqQuery("@PID.5.1.1^四月一日~@PID.5.2^次郎~@PID.7^19610411~@PID.8^M~@PID.13^0112345671"));
  EXPECT_THAT(whole, testing::ContainsRegex("\nQRI.(1\\.0|0\\.99[0-9]*)\n$"));
}

TEST_F(QueryTest, Iti21CasesByDomain) {
  // 1: all identifiers; 2: those of the requested domains alone, and of nobody who has none there; 3: an unknown domain
  // each.
  const std::string hanako = "@PID.5.1.1^北大路~@PID.5.2^花子||||";
  EXPECT_EQ(Told(folder_.Send(PdqQuery("@PID.5.1.1^北大路"))),
            std::vector<std::string>{"9^^^CLIN&1.2.392.3&ISO~1^^^HOSP&1.2.392.1&ISO~2^^^HOSP&1.2.392.1&ISO~"
                                     "77^^^CARD&1.2.392.2&ISO"});
  EXPECT_EQ(Told(folder_.Send(PdqQuery(hanako + "|^^^CARD~^^^&1.2.392.3&ISO"))),
            std::vector<std::string>{"9^^^CLIN&1.2.392.3&ISO~77^^^CARD&1.2.392.2&ISO"});
  EXPECT_EQ(folder_.Verdict(PdqQuery("@PID.5.1.1^四月一日|||||^^^CARD")), "AA NF");
  EXPECT_EQ(folder_.Verdict(PdqQuery(hanako + "|^^^X~^^^CARD~^^^Y")), "AE QPD^1^8^1 204 QPD^1^8^3 204");
  EXPECT_EQ(folder_.Verdict(PdqQuery("@PID.5.1.1^誰^^")), "AA NF");
}

TEST_F(QueryTest, Iti21TakesEachCriterionInEachForm) {
  const char* const kJiroOnly[] = {
      "@PID.3.1^10~@PID.3.4.1^CLIN",
      "@PID.3.1^10~@PID.3.4.2^1.2.392.3~@PID.3.4.3^ISO",
      "@PID.3.1^10~@PID.3.4.1^CLIN~@PID.3.4.2^1.2.392.3~@PID.3.4.3^ISO",
      "@PID.3.1^10~@PID.3.4^CLIN",
      "@PID.3.1^10~@PID.3.4^&1.2.392.3&ISO",
      "@PID.3.4.1^CLIN~@PID.3.1^10",
      "@pid.3.1^10~@pid.3.4.1^CLIN",
      "PID.3.1^10~PID.3.4.1^CLIN",
      "@PID.18.1^10",
      "@PID.5.1.1^四月一日",
      "@PID.5.1^四月一日~@PID.5.2^次郎",
      "@PID.5.1.1^ワタヌキ",
      "@PID.5.1.1^watanuki",
      "@PID.5^四月一日 次郎",
      "@PID.5.1.1^四月*",
      "@PID.5.1.1^四月%",
      "@PID.5.1.1^*~@PID.8^M",
      "@PID.5.2^次郎~@PID.7^1961",
      "@PID.5.2^次郎~@PID.7^196104",
      "@PID.7^19610411",
      "@PID.7.1^19610411093000",
      "@PID.8^M~@PID.7^19610411",
      "@PID.8.1^M~@PID.7^19610411",
      "@PID.11.5^060-0001",
      "@PID.11.5^0600001~@PID.11.3^札幌市",
      "@PID.11.5^0600001~@PID.11.3^札幌市~@PID.11.4^北海道",
      "@PID.13^011-234-5671",
      "@PID.13.1^0112345671",
      "@PID.5.1.1^四月一日~@PID.8^",
  };
  for (const char* criteria : kJiroOnly)
    EXPECT_EQ(Told(folder_.Send(PdqQuery(criteria))), std::vector<std::string>{"10^^^CLIN&1.2.392.3&ISO"})
        << criteria << "\n" << folder_.Answer(PdqQuery(criteria));
}

// Dates of the calendar, as OHIE-CR-14-50 has them: not wrong, and nobody's.
TEST_F(QueryTest, Iti21FindsNobodyOfABirthThatNobodyHas) {
  for (const char* birth : {"1900", "190001", "19000101", "1899", "2099", "20991231"})
    EXPECT_EQ(folder_.Verdict(PdqQuery("@PID.8^F~@PID.7^" + std::string(birth))), "AA NF") << birth;
  for (const char* birth : {"19840230", "198413", "someday"})
    EXPECT_EQ(folder_.Verdict(PdqQuery("@PID.8^F~@PID.7^" + std::string(birth))), "AE QPD^1^3^2 102") << birth;
}

TEST_F(QueryTest, Iti21NamesWhatItCantLookFor) {
  const struct {
    const char* criteria;
    const char* verdict;
  } kCases[] = {
      {"", "AE QPD^1^3 101"},
      {"@PID.8^", "AE QPD^1^3 101"},
      {"@PID.6.1^北大路", "AE QPD^1^3^1 103"},
      {"@PID.8^F~@NK1.2^北", "AE QPD^1^3^2 103"},
      {"@PID.8^F~@PID.5.7^L", "AE QPD^1^3^2 103"},
      {"@PID.11.1^北一条", "AE QPD^1^3^1 103"},
      {"@PID.8^F~@PID.11.4^北海道", "AE QPD^1^3^2 103"},
      {"@PID.8^F~@PID.7^someday", "AE QPD^1^3^2 102"},
      {"@PID.5.1.1^*路", "AE QPD^1^3^1 102"},
      {"@PID.8^F~@PID.8^M", "AE QPD^1^3^2 102"},
      {"@PID.8^F~@PID.3.1^10", "AE QPD^1^3^2 101"},
      {"@PID.8^F~@PID.3.4.1^CLIN", "AE QPD^1^3^2 101"},
      {"@PID.8^F~@PID.3.1^10~@PID.3.4.1^X", "AE QPD^1^3^3 204"},
      {"@PID.3.1^10~@PID.3.4.2^1.2.392.3", "AE QPD^1^3^2 101"},
  };
  for (const auto& c : kCases) EXPECT_EQ(folder_.Verdict(PdqQuery(c.criteria)), c.verdict) << c.criteria;
  EXPECT_EQ(folder_.Verdict(PdqQuery("@PID.8^F", "RCP|I|many^RD\n")), "AE RCP^1^2^1^1 102");
  EXPECT_EQ(folder_.Verdict(PdqQuery("@PID.8^F", "RCP|I|0^RD\n")), "AE RCP^1^2^1^1 102");
}

TEST_F(QueryTest, Iti21GoesOnUntilThereAreNoMore) {
  const std::string who = "@PID.5^北*";
  Accept(ClinicMsh("A28", "g1") + Pid("21^^^CLIN", "北山^一^^^^^L^I||19310101|M"));
  Accept(ClinicMsh("A28", "g2") + Pid("22^^^CLIN", "北川^二美^^^^^L^I||19420202|F"));
  const Response first = folder_.Send(PdqQuery(who, "RCP|I|2^RD\n"));
  ASSERT_EQ(Told(first).size(), 2u) << Lines(first.answer);
  const absl::StatusOr<Message> message = Message::Parse(first.answer, {});
  ASSERT_TRUE(message.ok());
  const Segment* const dsc = message->Find("DSC");
  ASSERT_NE(dsc, nullptr);
  const std::string pointer = dsc->field(1).Text();
  EXPECT_FALSE(pointer.empty());
  EXPECT_EQ(dsc->Text(2), "I");
  // The same query, with a number of its own.
  const std::string again = Query("Q22", "IHE PDQ Query|t1|" + who, "RCP|I|2^RD\nDSC|" + pointer + "|I\n", "q2");
  const Response second = folder_.Send(again);
  EXPECT_EQ(Told(second).size(), 1u) << Lines(second.answer);
  EXPECT_THAT(Lines(second.answer), HasSubstr("MSA|AA|q2\nQAK|t1|OK\nQPD|IHE PDQ Query|t1|@PID.5^北*\nPID|1|"));
  EXPECT_THAT(second.answer, Not(HasSubstr("\rDSC|")));
  EXPECT_EQ(folder_.Verdict(Query("Q22", "IHE PDQ Query|t1|" + who, "RCP|I|2^RD\nDSC|nobody's|I\n")),
            "AE DSC^1^1 204");
}

TEST_F(QueryTest, Iti21SaysWhereMoreFitThanAreTold) {
  ResponderFolder many;
  ASSERT_TRUE(many.Create());
  ASSERT_TRUE(many.manager().LoadSatos(600));
  const std::string answer = many.Answer(PdqQuery("@PID.5.1.1^佐藤", "RCP|I|2^RD\n"));
  EXPECT_THAT(answer, HasSubstr("MSA|AA|q1\n"
                                "ERR||QPD^1^3|0^Message accepted^HL70357|W||||more patients may fit than are told; "
                                "say more of the patient\n"
                                "QAK|t1|OK\n"
                                "QPD|IHE PDQ Query|t1|@PID.5.1.1^佐藤\n"
                                "PID|1|"));
  EXPECT_THAT(answer, HasSubstr("\nDSC|"));
  const std::string old = many.Answer(Query("Q22", "IHE PDQ Query|t1|@PID.5.1.1^佐藤", "RCP|I|2^RD\n", "q1", "2.4"));
  EXPECT_THAT(old, HasSubstr("MSA|AA|q1\nERR|QPD^1^3^0&Message accepted&HL70357\nQAK|t1|OK\n"));
  EXPECT_EQ(many.Verdict(PdqQuery("@PID.5.1.1^佐藤~@PID.7^1940")), "AA OK");
  EXPECT_EQ(many.Verdict(PdqQuery("@PID.5.1.1^鈴木")), "AA NF");
}

TEST_F(QueryTest, Iti21IsCancelled) {
  Accept(ClinicMsh("A28", "g1") + Pid("21^^^CLIN", "北山^一^^^^^L^I||19310101|M"));
  const Response first = folder_.Send(PdqQuery("@PID.5^北*", "RCP|I|1^RD\n"));
  const absl::StatusOr<Message> message = Message::Parse(first.answer, {});
  ASSERT_TRUE(message.ok());
  ASSERT_NE(message->Find("DSC"), nullptr);
  const std::string cancel =
      "MSH|^~\\&|EMR|CLINIC|NAYOSE|NETWORK|20261128140000||QCN^J01|q3|P|2.5\nQID|t1|IHE PDQ Query\n";
  EXPECT_EQ(folder_.Answer(cancel),
            "MSH|^~\\&|NAYOSE|NETWORK|EMR|CLINIC|20261128120000+0900||ACK^J01^ACK|#|P|2.5|||||||||ITI-21^IHE\n"
            "MSA|AA|q3\n");
  EXPECT_EQ(folder_.Verdict(PdqQuery("@PID.5^北*", "RCP|I|1^RD\nDSC|" + message->Find("DSC")->Text(1) + "|I\n")),
            "AE DSC^1^1 204");
  EXPECT_EQ(folder_.Verdict(cancel), "AA") << "what is over is cancelled as well";
  EXPECT_EQ(folder_.Verdict("MSH|^~\\&|EMR|CLINIC|NAYOSE|NETWORK|||QCN^J01|q4|P|2.5\n"), "AE QID^1 100");
}

TEST_F(QueryTest, NamesMetInQpd1AreTaken) {
  EXPECT_EQ(folder_.Verdict(Query("Q22", "Q22^Find Candidates^HL7|t1|@PID.5.1.1^四月一日")), "AA OK");
  EXPECT_EQ(folder_.Verdict(Query("Q23", "Q23^Get Corresponding IDs^HL7|t1|9^^^CLIN")), "AA OK");
}

TEST_F(QueryTest, AnswersAreInTheRequestsCharactersAndDelimiters) {
  const std::string jis = "MSH|^~\\&|EMR|CLINIC|NAYOSE|NETWORK|||QBP^Q22^QBP_Q21|q1|P|2.5|||||"
                          "|~ISO IR87||ISO 2022-1994\nQPD|IHE PDQ Query|t1|@PID.5.2^\x1B$B<!O:\x1B(B\nRCP|I\n";
  const Response response = folder_.Send(jis);
  EXPECT_THAT(response.answer, HasSubstr("|P|2.5||||||~ISO IR87||ISO 2022-1994|ITI-21^IHE\r"));
  EXPECT_THAT(response.answer, HasSubstr("\rQPD|IHE PDQ Query|t1|@PID.5.2^\x1B$B<!O:\x1B(B\r"));
  EXPECT_THAT(response.answer, HasSubstr("^\x1B$B<!O:\x1B(B^^^^^L^I~"));
  const std::string other = folder_.Answer(
      "MSH|$~?!|EMR|CLINIC|NAYOSE|NETWORK|||QBP$Q23$QBP_Q21|q1|P|2.5\nQPD|IHE PIX Query|t1|9$$$CLIN|$$$CARD\nRCP|I\n");
  EXPECT_THAT(other, StartsWith("MSH|$~?!|NAYOSE|NETWORK|EMR|CLINIC|"));
  EXPECT_THAT(other, EndsWith("PID|||77$$$CARD!1.2.392.2!ISO||~$$$$$$S\n"));
}

TEST_F(QueryTest, ThePartySaysWhatBecomesOfCharactersItsSetDoesNotHave) {
  using pix::Unencodable;
  const struct {
    Unencodable unencodable;
    const char* family;
    const char* verdict;
  } kCases[] = {{Unencodable::kGeta, "〓橋", "AA OK"},
                {Unencodable::kVariant, "高橋", "AA OK"},
                {Unencodable::kRefuse, nullptr, "AE MSH^1^18 103"}};
  for (const auto& c : kCases) {
    std::vector<pix::Party> parties = pix::TestParties();
    parties[1].switches.unencodable = c.unencodable;
    ASSERT_TRUE(Fill(parties));
    Accept(ClinicMsh("A28", "g1") + Pid("21^^^CLIN", "髙橋^一^^^^^L^I||19310101|M"));
    const std::string head = "MSH|^~\\&|EMR|CLINIC|NAYOSE|NETWORK|||QBP^Q22^QBP_Q21|q1|P|2.5||||||";
    const std::string query = "\nQPD|IHE PDQ Query|t1|@PID.7^19310101\nRCP|I\n";
    const Response jis = folder_.Send(head + "~ISO IR87||ISO 2022-1994" + query);
    EXPECT_EQ(ResponderFolder::Short(jis.answer), c.verdict);
    const absl::StatusOr<Message> told = Message::Parse(jis.answer, {});
    ASSERT_TRUE(told.ok());
    const Segment* const pid = told->Find("PID");
    ASSERT_EQ(pid != nullptr, c.family != nullptr);
    if (pid != nullptr) {
      EXPECT_EQ(pid->Text(5, 1), c.family);
    }
    EXPECT_THAT(folder_.Answer(head + "UNICODE UTF-8" + query), HasSubstr("|髙橋^一^"));
    // What the set has is told by any of them.
    EXPECT_EQ(folder_.Verdict(head + "~ISO IR87||ISO 2022-1994\nQPD|IHE PDQ Query|t1|@PID.8^F\nRCP|I\n"), "AA OK");
  }
}

TEST_F(QueryTest, OriginalNamesOnlyLeavesKanaOut) {
  std::vector<pix::Party> parties = pix::TestParties();
  parties[1].switches.original_names_only = true;
  ASSERT_TRUE(Fill(parties));
  EXPECT_THAT(folder_.Answer(PdqQuery("@PID.5.1.1^四月一日")), HasSubstr("||四月一日^次郎^^^^^L^I||19610411|M|"));
}

TEST_F(QueryTest, WhoAsksIsKnownOrRefused) {
  EXPECT_EQ(folder_.Answer("MSH|^~\\&|WHO|CLINIC|NAYOSE|NETWORK|||QBP^Q23^QBP_Q21|q1|P|2.5\n"
                           "QPD|IHE PIX Query|t1|9^^^CLIN\nRCP|I\n"),
            "MSH|^~\\&|NAYOSE|NETWORK|WHO|CLINIC|20261128120000+0900||RSP^K23^RSP_K23|#|P|2.5|||||||||ITI-9^IHE\n"
            "MSA|AR|q1\n"
            "ERR||MSH^1^3|103^Table value not found^HL70357|E||||nobody of this name is known here\n"
            "QAK|t1|AR\n"
            "QPD|IHE PIX Query|t1|9^^^CLIN\n");
  const std::string query = PixQuery("9^^^CLIN");
  EXPECT_EQ(folder_.Send(query, {"192.0.2.7", {"emr"}}).code, "AA");
  const Response other = folder_.Send(query, {"192.0.2.7", {"his", "till"}});
  EXPECT_EQ(other.code, "AR");
  EXPECT_EQ(other.party, "");
  EXPECT_FALSE(other.poison);
}

TEST_F(QueryTest, ANewerQueryIsAnsweredInItsVersion) {
  EXPECT_THAT(folder_.Answer(Query("Q23", "IHE PIX Query|t1|999^^^CLIN", "RCP|I\n", "q1", "2.8")),
              HasSubstr("|P|2.8|"));
  EXPECT_EQ(folder_.Answer(Query("Q23", "IHE PIX Query|t1|999^^^CLIN", "RCP|I\n", "q1", "2.4")),
            "MSH|^~\\&|NAYOSE|NETWORK|EMR|CLINIC|20261128120000+0900||RSP^K23^RSP_K23|#|P|2.4\n"
            "MSA|AE|q1\n"
            "ERR|QPD^1^3^204&Unknown key identifier&HL70357\n"
            "QAK|t1|AE\n"
            "QPD|IHE PIX Query|t1|999^^^CLIN\n");
}

}  // namespace
}  // namespace libmpi::hl7v2
