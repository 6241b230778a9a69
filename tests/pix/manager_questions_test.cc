// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <set>

#include "gmock/gmock.h"
#include "tests/pix/manager_folder.h"

namespace libmpi::pix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class QuestionsTest : public testing::Test {
 protected:
  // The hospital's 1 is to be told of to nobody else.
  void Object() {
    Requester clerk = Office();
    clerk.facility = "hospital";
    clerk.profession = Profession::kClerk;
    clerk.purpose = Purpose::kRegistration;
    ConsentStatement withdrawn;
    withdrawn.kind = ConsentKind::kWithdrawn;
    withdrawn.from = {2026, 11, 1};
    ASSERT_TRUE(folder_.network().TakeConsent({"H", "1"}, withdrawn, clerk).ok());
  }
  void SetUp() override { ASSERT_TRUE(folder_.Create()); }

  void Add(const std::string& party, const Identifier& identifier, const Record& record) {
    const FeedAnswer answer = folder_->Take(folder_.party(party), FeedOf(Feed::Kind::kAdd, {identifier}, record), {});
    ASSERT_THAT(FaultsOf(answer.problems), IsEmpty());
  }
  CrossReferenceAnswer Ask(const std::string& party, const Identifier& identifier,
                           const std::vector<Authority>& domains = {}) {
    return folder_->CrossReferences(folder_.party(party), {identifier, domains}, {"q1", "ITI-9", "192.0.2.1"});
  }
  DemographicsAnswer Look(const std::string& party, const DemographicsQuestion& question) {
    return folder_->Demographics(folder_.party(party), question, {"q2", "ITI-21", "192.0.2.1"});
  }
  static DemographicsQuestion ByFamily(const std::string& family, size_t page = 0) {
    DemographicsQuestion question;
    question.criteria.family = family;
    question.page = page;
    question.tag = "tag";
    return question;
  }

  ManagerFolder folder_;
};

// The six cases of ITI-9 (ITI TF-2a 3.9.4.2.2.6).
TEST_F(QuestionsTest, CrossReferencesAnswerInSixCases) {
  Add("his", {"1", kHospitalId}, Says());
  Add("his", {"2", kHospitalId}, Says());
  Add("emr", {"9", kClinicId}, Says());
  Add("emr", {"10", kClinicId}, Says(1));
  const struct {
    const char* what;
    Identifier identifier;
    std::vector<Authority> domains;
    std::vector<Fault> faults;
    std::vector<std::string> told;
  } kCases[] = {
      {"1: all domains", {"1", kHospitalId}, {}, {}, {"CLIN:9", "HOSP:2"}},
      {"1: a requested domain", {"1", kHospitalId}, {{"CLIN", "", ""}}, {}, {"CLIN:9"}},
      {"1: the own domain", {"1", kHospitalId}, {kHospitalId}, {}, {"HOSP:2"}},
      {"2: none in the requested domain", {"1", kHospitalId}, {kCardId}, {}, {}},
      {"2: nobody else at all", {"10", kClinicId}, {}, {}, {}},
      {"3: unknown identifier", {"77", kHospitalId}, {}, {Fault::kUnknownIdentifier}, {}},
      {"4: unknown authority", {"1", {"X", "", ""}}, {}, {Fault::kUnknownAuthority}, {}},
      {"5: an unknown requested one",
       {"1", kHospitalId},
       {kClinicId, {"X", "", ""}},
       {Fault::kUnknownRequestedAuthority},
       {}},
      {"5: two of them",
       {"1", kHospitalId},
       {{"X", "", ""}, kClinicId, {"Y", "", ""}},
       {Fault::kUnknownRequestedAuthority, Fault::kUnknownRequestedAuthority},
       {}},
      {"4 and 5",
       {"1", {"X", "", ""}},
       {{"Y", "", ""}},
       {Fault::kUnknownAuthority, Fault::kUnknownRequestedAuthority},
       {}},
      {"6: several of one domain", {"9", kClinicId}, {}, {}, {"HOSP:1", "HOSP:2"}},
      {"no authority", {"1", {}}, {}, {Fault::kNoAuthority}, {}},
      {"no value", {"", kHospitalId}, {}, {Fault::kNoIdentifier}, {}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const CrossReferenceAnswer answer = Ask("emr", c.identifier, c.domains);
    EXPECT_EQ(FaultsOf(answer.problems), c.faults);
    EXPECT_EQ(Texts(answer.identifiers), c.told);
  }
  EXPECT_EQ(Ask("emr", {"1", kHospitalId}, {{"X", "", ""}, kClinicId, {"Y", "", ""}}).problems[1].which, 2u);
}

TEST_F(QuestionsTest, TheAskedIdentifierIsToldWithTheSwitch) {
  std::vector<Party> parties = TestParties();
  parties[1].switches.return_asked_identifier = true;
  ASSERT_TRUE(folder_.Create({}, parties));
  Add("his", {"1", kHospitalId}, Says());
  Add("emr", {"9", kClinicId}, Says());
  EXPECT_THAT(Texts(Ask("emr", {"9", kClinicId}).identifiers), ElementsAre("CLIN:9", "HOSP:1"));
}

TEST_F(QuestionsTest, WhoObjectedIsUnknownToOthers) {
  Add("his", {"1", kHospitalId}, Says());
  Add("emr", {"9", kClinicId}, Says());
  Object();
  EXPECT_THAT(FaultsOf(Ask("till", {"1", kHospitalId}).problems), ElementsAre(Fault::kUnknownIdentifier));
  EXPECT_THAT(Texts(Ask("emr", {"9", kClinicId}).identifiers), IsEmpty());
  EXPECT_THAT(Look("till", ByFamily("北大路")).persons, IsEmpty());
}

TEST_F(QuestionsTest, DemographicsTellEachPersonOnce) {
  Add("his", {"1", kHospitalId}, Says());
  Add("emr", {"9", kClinicId}, Says());
  Add("emr", {"10", kClinicId}, Says(1));
  const DemographicsAnswer answer = Look("till", ByFamily("北大路"));
  EXPECT_THAT(FaultsOf(answer.problems), IsEmpty());
  ASSERT_EQ(answer.persons.size(), 2u);
  std::set<std::vector<std::string>> told;
  for (const MatchedPerson& person : answer.persons) {
    told.insert(Texts(person.identifiers));
    ASSERT_EQ(person.record.names.size(), 1u);
    EXPECT_EQ(person.record.names[0].family, "北大路");
    EXPECT_EQ(person.record.names[0].family_kana, "キタオオジ");
  }
  EXPECT_THAT(told, ElementsAre(std::vector<std::string>{"CLIN:10"}, std::vector<std::string>{"CLIN:9", "HOSP:1"}));
  EXPECT_THAT(answer.continuation, IsEmpty());
}

TEST_F(QuestionsTest, DemographicsSayWhereMoreFitThanAreTold) {
  ASSERT_TRUE(folder_.LoadSatos(600));
  DemographicsAnswer answer = Look("till", ByFamily("佐藤"));
  EXPECT_THAT(FaultsOf(answer.problems), IsEmpty());
  EXPECT_LE(answer.persons.size(), kMostMatches);
  EXPECT_GT(answer.persons.size(), kMostMatches / 2);
  EXPECT_TRUE(answer.incomplete);
  EXPECT_THAT(answer.continuation, IsEmpty());
  // On every page.
  answer = Look("till", ByFamily("佐藤", 300));
  EXPECT_TRUE(answer.incomplete);
  ASSERT_FALSE(answer.continuation.empty());
  answer = folder_->Continue(folder_.party("till"), answer.continuation, 300, {"q3", "ITI-21", "192.0.2.1"});
  EXPECT_TRUE(answer.incomplete);
  EXPECT_THAT(answer.continuation, IsEmpty());
  // Who says more is told all.
  DemographicsQuestion question = ByFamily("佐藤");
  question.criteria.birth = "1940";
  answer = Look("till", question);
  EXPECT_FALSE(answer.persons.empty());
  EXPECT_FALSE(answer.incomplete);
}

// ITI-21 (ITI TF-2a 3.21.4.2.2.8): what-domains-returned.
TEST_F(QuestionsTest, DemographicsInRequestedDomains) {
  Add("his", {"1", kHospitalId}, Says());
  Add("emr", {"9", kClinicId}, Says());
  Add("emr", {"10", kClinicId}, Says(1));
  DemographicsQuestion question = ByFamily("北大路");
  question.domains = {kHospitalId};
  const DemographicsAnswer known = Look("till", question);
  ASSERT_EQ(known.persons.size(), 1u);  // who has no identifier there is left out
  EXPECT_THAT(Texts(known.persons[0].identifiers), ElementsAre("HOSP:1"));
  question.domains = {{"X", "", ""}, kHospitalId, {"Y", "", ""}};
  const DemographicsAnswer unknown = Look("till", question);
  EXPECT_THAT(FaultsOf(unknown.problems),
              ElementsAre(Fault::kUnknownRequestedAuthority, Fault::kUnknownRequestedAuthority));
  EXPECT_EQ(unknown.problems[1].which, 2u);
}

TEST_F(QuestionsTest, DemographicsByIdentifiers) {
  Add("his", {"1", kHospitalId}, Says());
  Add("emr", {"9", kClinicId}, Says());
  Add("emr", {"1", kClinicId}, Says(1));
  const struct {
    const char* what;
    std::vector<Identifier> identifiers;
    std::string family;
    size_t persons;
    std::vector<Fault> faults;
  } kCases[] = {
      {"one", {{"1", kHospitalId}}, "", 1, {}},
      {"of any authority", {{"1", {}}}, "", 2, {}},
      {"both of one person", {{"1", kHospitalId}, {"9", {"CLIN", "", ""}}}, "", 1, {}},
      {"of two persons", {{"1", kHospitalId}, {"1", kClinicId}}, "", 0, {}},
      {"with a name that fits", {{"1", kHospitalId}}, "北大路", 1, {}},
      {"with a name that does not", {{"1", kHospitalId}}, "山田", 0, {}},
      {"unknown", {{"55", kHospitalId}}, "", 0, {}},
      {"unknown authority", {{"1", {"X", "", ""}}}, "", 0, {Fault::kUnknownAuthority}},
      {"no value", {{"", kHospitalId}}, "", 0, {Fault::kNoIdentifier}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    DemographicsQuestion question;
    question.identifiers = c.identifiers;
    question.criteria.family = c.family;
    const DemographicsAnswer answer = Look("till", question);
    EXPECT_EQ(FaultsOf(answer.problems), c.faults);
    EXPECT_EQ(answer.persons.size(), c.persons);
  }
}

// Where enterprise IDs are identifiers: Hanako is the hospital's 1 and the clinic's 9; the clinic's 10 is another person.
class EnterpriseIdsTest : public QuestionsTest {
 protected:
  void SetUp() override { ASSERT_TRUE(Fill(TestParties())); }
  bool Fill(std::vector<Party> parties) {
    folder_.domains = DomainsWithEnterprise();
    if (!folder_.Create({}, std::move(parties))) return false;
    Add("his", {"1", kHospitalId}, Says());
    Add("emr", {"9", kClinicId}, Says());
    Add("emr", {"10", kClinicId}, Says(1));
    hanako_ = IdOf({"H", "1"});
    other_ = IdOf({"C", "10"});
    return !HasFailure();
  }
  std::string IdOf(const RecordKey& key) {
    const auto found = folder_.registry().Find(key);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? found->person.ToString() : "";
  }
  // Makes one person of both.
  void MakeOne() {
    Requester steward = Office();
    steward.profession = Profession::kSteward;
    steward.purpose = Purpose::kStewardship;
    ASSERT_TRUE(folder_.network().Decide({"H", "1"}, {"C", "10"}, true, steward).ok());
    ASSERT_EQ(IdOf({"C", "10"}), hanako_);
  }
  static DemographicsQuestion ByIdentifiers(const std::vector<Identifier>& identifiers) {
    DemographicsQuestion question;
    question.identifiers = identifiers;
    return question;
  }

  const std::string nobodys_ = std::string(32, '0');
  std::string hanako_, other_;
};

TEST_F(EnterpriseIdsTest, AreIdentifiersInCrossReferences) {
  std::string in_capitals = hanako_;
  for (char& c : in_capitals) c = static_cast<char>(std::toupper(c));
  const struct {
    const char* what;
    Identifier identifier;
    std::vector<Authority> domains;
    std::vector<Fault> faults;
    std::vector<std::string> told;
  } kCases[] = {
      {"all domains, it is the last", {"9", kClinicId}, {}, {}, {"HOSP:1", "NET:" + hanako_}},
      {"it alone", {"9", kClinicId}, {kNetworkId}, {}, {"NET:" + hanako_}},
      {"it first", {"9", kClinicId}, {kNetworkId, kHospitalId}, {}, {"HOSP:1", "NET:" + hanako_}},
      {"not it", {"9", kClinicId}, {kHospitalId}, {}, {"HOSP:1"}},
      {"who has no other", {"10", kClinicId}, {}, {}, {"NET:" + other_}},
      {"by it", {hanako_, kNetworkId}, {}, {}, {"CLIN:9", "HOSP:1"}},
      {"by it in capitals", {in_capitals, {"NET", "", ""}}, {}, {}, {"CLIN:9", "HOSP:1"}},
      {"by it, a requested domain", {hanako_, kNetworkId}, {kHospitalId}, {}, {"HOSP:1"}},
      {"by it, its own domain", {hanako_, kNetworkId}, {kNetworkId}, {}, {}},
      {"nobody's", {nobodys_, kNetworkId}, {}, {Fault::kUnknownIdentifier}, {}},
      {"none", {"12", kNetworkId}, {}, {Fault::kUnknownIdentifier}, {}},
      {"no value", {"", kNetworkId}, {}, {Fault::kNoIdentifier}, {}},
      {"none, and an unknown domain", {"12", kNetworkId}, {{"X", "", ""}}, {Fault::kUnknownRequestedAuthority}, {}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const CrossReferenceAnswer answer = Ask("emr", c.identifier, c.domains);
    EXPECT_EQ(FaultsOf(answer.problems), c.faults);
    EXPECT_EQ(Texts(answer.identifiers), c.told);
  }
  Requester auditor = Office();
  auditor.profession = Profession::kAuditor;
  auditor.purpose = Purpose::kAudit;
  const auto entries = folder_.network().Audit(1, 100, auditor);
  ASSERT_TRUE(entries.ok());
  EXPECT_EQ(std::ranges::count(*entries, "find", &AuditEntry::action), static_cast<ptrdiff_t>(std::size(kCases)));
}

TEST_F(EnterpriseIdsTest, OfAPersonWhoIsPartOfAnotherAnswerAsMergedIdentifiers) {
  std::vector<Party> parties = TestParties();
  parties[0].switches.answer_subsumed = false;
  parties[2].switches.return_asked_identifier = true;
  ASSERT_TRUE(Fill(parties));
  EXPECT_THAT(Texts(Ask("till", {other_, kNetworkId}).identifiers), ElementsAre("CLIN:10", "NET:" + other_));
  MakeOne();
  EXPECT_THAT(Texts(Ask("emr", {other_, kNetworkId}).identifiers),
              ElementsAre("CLIN:10", "CLIN:9", "HOSP:1", "NET:" + hanako_));
  EXPECT_THAT(FaultsOf(Ask("his", {other_, kNetworkId}).problems), ElementsAre(Fault::kUnknownIdentifier));
  EXPECT_THAT(Look("emr", ByIdentifiers({{other_, kNetworkId}})).persons, IsEmpty());
  EXPECT_EQ(Look("emr", ByIdentifiers({{hanako_, kNetworkId}})).persons.size(), 1u);
}

TEST_F(EnterpriseIdsTest, OfWhoObjectedTellOthersNothing) {
  Object();
  EXPECT_THAT(FaultsOf(Ask("till", {hanako_, kNetworkId}).problems), ElementsAre(Fault::kUnknownIdentifier));
  EXPECT_THAT(Look("till", ByIdentifiers({{hanako_, kNetworkId}})).persons, IsEmpty());
  EXPECT_THAT(Texts(Ask("emr", {hanako_, kNetworkId}).identifiers), ElementsAre("CLIN:9")) << "its own";
}

TEST_F(EnterpriseIdsTest, AreIdentifiersInDemographics) {
  const Identifier hanakos = {hanako_, kNetworkId};
  const struct {
    const char* what;
    std::vector<Identifier> identifiers;
    std::string family;
    size_t persons;
  } kCases[] = {
      {"one", {hanakos}, "", 1},
      {"twice", {hanakos, hanakos}, "", 1},
      {"with another of the person", {hanakos, {"9", kClinicId}}, "", 1},
      {"after another", {{"9", kClinicId}, hanakos}, "", 1},
      {"with another person's", {hanakos, {"10", kClinicId}}, "", 0},
      {"of two persons", {hanakos, {other_, kNetworkId}}, "", 0},
      {"with a name that fits", {hanakos}, "北大路", 1},
      {"with a name that does not", {hanakos}, "山田", 0},
      {"nobody's", {{nobodys_, kNetworkId}}, "", 0},
      {"none", {{"9", kNetworkId}}, "", 0},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    DemographicsQuestion question = ByIdentifiers(c.identifiers);
    question.criteria.family = c.family;
    const DemographicsAnswer answer = Look("till", question);
    EXPECT_THAT(FaultsOf(answer.problems), IsEmpty());
    ASSERT_EQ(answer.persons.size(), c.persons);
    if (c.persons == 0) continue;
    EXPECT_THAT(Texts(answer.persons[0].identifiers), ElementsAre("CLIN:9", "HOSP:1", "NET:" + hanako_));
    EXPECT_EQ(answer.persons[0].probability, 1);
  }
  DemographicsQuestion question = ByFamily("北大路");
  question.domains = {kNetworkId};
  std::vector<std::string> told;
  for (const MatchedPerson& person : Look("till", question).persons)
    for (const std::string& text : Texts(person.identifiers)) told.push_back(text);
  EXPECT_THAT(told, UnorderedElementsAre("NET:" + hanako_, "NET:" + other_));
}

TEST_F(EnterpriseIdsTest, AreFedByNobody) {
  using Kind = Feed::Kind;
  for (const Feed& feed : {FeedOf(Kind::kRevise, {{hanako_, kNetworkId}}, Says()),
                           FeedOf(Kind::kRevise, {{"1", kHospitalId}, {hanako_, kNetworkId}}, Says()),
                           FeedOf(Kind::kMerge, {{"1", kHospitalId}}, {}, {{other_, kNetworkId}})})
    EXPECT_THAT(FaultsOf(folder_->Take(folder_.party("his"), feed, {}).problems), ElementsAre(Fault::kNotItsSource));
}

TEST_F(QuestionsTest, RefusesWhatCanNotBeLookedFor) {
  EXPECT_THAT(FaultsOf(Look("till", {}).problems), ElementsAre(Fault::kNoCriteria));
  DemographicsQuestion question;
  question.criteria.birth = "sometime";
  EXPECT_THAT(FaultsOf(Look("till", question).problems), ElementsAre(Fault::kUnreadableCriterion));
}

TEST_F(QuestionsTest, PagesTellEverybodyOnce) {
  for (int i = 0; i < 11; ++i) Add("emr", {std::to_string(i), kClinicId}, Says(i));
  for (const size_t page : {1u, 4u, 10u, 11u, 50u}) {
    SCOPED_TRACE(page);
    std::multiset<std::string> told;
    DemographicsAnswer answer = Look("till", ByFamily("北大路", page));
    for (size_t turn = 0; turn < 20; ++turn) {
      ASSERT_THAT(FaultsOf(answer.problems), IsEmpty());
      EXPECT_LE(answer.persons.size(), page);
      for (const MatchedPerson& person : answer.persons)
        for (const std::string& text : Texts(person.identifiers)) told.insert(text);
      EXPECT_EQ(answer.left, 11 - told.size());
      EXPECT_EQ(answer.continuation.empty(), answer.left == 0);
      if (answer.continuation.empty()) break;
      const std::string continuation = answer.continuation;
      EXPECT_THAT(FaultsOf(folder_->Continue(folder_.party("emr"), continuation, page, {}).problems),
                  ElementsAre(Fault::kUnknownContinuation));  // another party's
      answer = folder_->Continue(folder_.party("till"), continuation, page, {});
    }
    EXPECT_EQ(told.size(), 11u);
    EXPECT_EQ(std::set<std::string>(told.begin(), told.end()).size(), 11u);
  }
}

TEST_F(QuestionsTest, ACancelledAnswerIsNotContinued) {
  for (int i = 0; i < 3; ++i) Add("emr", {std::to_string(i), kClinicId}, Says(i));
  const DemographicsAnswer answer = Look("till", ByFamily("北大路", 1));
  ASSERT_FALSE(answer.continuation.empty());
  EXPECT_FALSE(folder_->Cancel(folder_.party("emr"), "tag"));
  EXPECT_TRUE(folder_->Cancel(folder_.party("till"), "tag"));
  EXPECT_THAT(FaultsOf(folder_->Continue(folder_.party("till"), answer.continuation, 1, {}).problems),
              ElementsAre(Fault::kUnknownContinuation));
}

TEST_F(QuestionsTest, AreInTheTrail) {
  Add("his", {"1", kHospitalId}, Says());
  Ask("till", {"1", kHospitalId});
  Look("till", ByFamily("北大路"));
  Ask("till", {"1", {"X", "", ""}});
  Look("till", {});
  folder_->Continue(folder_.party("till"), "none", 1, {"q3", "ITI-21", ""});
  Requester auditor = Office();
  auditor.profession = Profession::kAuditor;
  auditor.purpose = Purpose::kAudit;
  const auto entries = folder_.network().Audit(1, 100, auditor);
  ASSERT_TRUE(entries.ok());
  std::vector<std::string> seen;
  for (const AuditEntry& entry : *entries)
    if (!entry.by.transaction.empty() && entry.by.actor == "till")
      seen.push_back(entry.action + " " + entry.by.transaction + " " + entry.by.request + " " +
                     std::string(AuditOutcomeName(entry.outcome)) + " " + entry.detail);
  EXPECT_THAT(seen, ElementsAre("find ITI-9 q1 done ", "search ITI-21 q2 done family", "describe ITI-21 q2 done ",
                                "find ITI-9 q1 failed unknown_authority", "search ITI-21 q2 failed no_criteria",
                                "describe ITI-21 q3 failed unknown_continuation"));
}

}  // namespace
}  // namespace libmpi::pix
