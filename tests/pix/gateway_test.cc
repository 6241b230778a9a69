// SPDX-License-Identifier: Apache-2.0
#include "libmpi/pix/gateway.h"

#include <optional>

#include "gmock/gmock.h"
#include "tests/pix/manager_folder.h"

namespace libmpi::pix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Outcome = GatewayAnswer::Outcome;
using Kind = Feed::Kind;

const Authority kEastId = {"EAST", "1.2.392.100", "ISO"}, kWestId = {"WEST", "1.2.392.200", "ISO"};

Requester Steward() {
  Requester by = Office();
  by.profession = Profession::kSteward;
  by.purpose = Purpose::kStewardship;
  return by;
}

// A network whose enterprise IDs are `ours`, which knows the other one's as the domain X of a facility of its own.
struct TestNetwork {
  ManagerFolder folder;
  Authority ours;
  int demographics = 0, cross_references = 0;  // so often it was asked by the other
  size_t told = 0;                             // persons, when it was last
  bool down = false;

  bool Create(const Authority& own, const Authority& others, bool answer_subsumed = true) {
    ours = own;
    folder.domains = TestDomains();
    folder.domains.push_back({"N", own, "", "", false, true});
    folder.domains.push_back({"X", others, "other", "gate"});
    folder.facilities.push_back({"other", "network", true, true, {}});
    std::vector<Party> parties = TestParties();
    Party& gate = parties.emplace_back();
    gate.name = gate.application = "gate";
    gate.facility = "OTHER";
    gate.member = "other";
    gate.switches.answer_subsumed = answer_subsumed;
    return folder.Create({}, parties);
  }
  // As the other knows it.
  OtherNetwork AsOther() {
    const auto answer = [this](auto* asked, auto ask) {
      ++*asked;
      auto told_of = ask(folder.party("gate"));
      if (!down) return told_of;
      decltype(told_of) refused;
      refused.problems.push_back({Fault::kNotAllowed, 0, "down"});
      return refused;
    };
    return {"X", "gate", ours,
            [this, answer](const DemographicsQuestion& question) {
              return answer(&demographics, [&](const Party& gate) {
                DemographicsAnswer found = folder->Demographics(gate, question, {});
                told = found.persons.size();
                return found;
              });
            },
            [this, answer](const CrossReferenceQuestion& question) {
              return answer(&cross_references,
                            [&](const Party& gate) { return folder->CrossReferences(gate, question, {}); });
            }};
  }
  void Add(const std::string& party, const Identifier& identifier, const Record& record) {
    const FeedAnswer taken = folder->Take(folder.party(party), FeedOf(Kind::kAdd, {identifier}, record), {});
    ASSERT_THAT(FaultsOf(taken.problems), IsEmpty());
  }
  std::string IdOf(const RecordKey& key) {
    const auto found = folder.registry().Find(key);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? found->person.ToString() : "";
  }
  void OptIn() {
    AccessRules rules = AccessRules::Default();
    rules.basis = ConsentBasis::kOptIn;
    ASSERT_TRUE(folder.network().SetRules(rules, Office()).ok());
  }
  void Consent(ConsentKind kind, int day, const std::vector<std::string>& facilities = {}) {
    Requester clerk = Office();
    clerk.facility = "hospital";
    clerk.profession = Profession::kClerk;
    clerk.purpose = Purpose::kRegistration;
    ConsentStatement statement;
    statement.kind = kind;
    statement.from = {2026, 11, static_cast<uint8_t>(day)};
    statement.facilities = facilities;
    const auto taken = folder.network().TakeConsent({"H", "1"}, statement, clerk);
    ASSERT_TRUE(taken.ok()) << taken.status();
  }
  uint64_t events() { return folder.registry().GetStats()->events; }
  // How many identifiers of the other's are live here.
  size_t correlations() {
    size_t count = 0;
    const absl::Status read =
        folder.registry().ForEachPerson([&](const EnterpriseId&, const std::vector<RecordKey>& keys) {
          count += static_cast<size_t>(std::ranges::count(keys, "X", &RecordKey::source));
          return true;
        });
    EXPECT_TRUE(read.ok());
    return count;
  }
};

// The hospital of the east asks; its patient, and that of the west's hospital, is 1.
class GatewayTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(east_.Create(kEastId, kWestId) && west_.Create(kWestId, kEastId));
    to_west_.emplace(&east_.folder.manager(), west_.AsOther());
    to_east_.emplace(&west_.folder.manager(), east_.AsOther());
    east_.Add("his", {"1", kHospitalId}, Says());
  }
  GatewayAnswer Ask(const Identifier& identifier = {"1", kHospitalId}, const std::string& party = "his") {
    return to_west_->Ask(east_.folder.party(party), identifier, {"q1", "ITI-55", "192.0.2.1"});
  }
  void ExpectTold(const GatewayAnswer& answer, const std::vector<std::string>& told) {
    EXPECT_THAT(FaultsOf(answer.problems), IsEmpty());
    EXPECT_EQ(answer.outcome, Outcome::kTold);
    EXPECT_EQ(Texts(answer.identifiers), told);
  }
  void ExpectNothing(const GatewayAnswer& answer, Outcome outcome) {
    EXPECT_THAT(FaultsOf(answer.problems), IsEmpty());
    EXPECT_EQ(answer.outcome, outcome);
    EXPECT_THAT(Texts(answer.identifiers), IsEmpty());
  }

  TestNetwork east_, west_;
  std::optional<Gateway> to_west_, to_east_;
};

TEST_F(GatewayTest, EachFindsWhomTheOtherKnows) {
  west_.Add("his", {"5", kHospitalId}, Says());
  west_.Add("emr", {"7", kClinicId}, Says());
  west_.Add("emr", {"8", kClinicId}, Says(1));
  const std::vector<std::string> told = {"CLIN:7", "HOSP:5"};
  ExpectTold(Ask(), told);
  ExpectTold(Ask({"1", kHospitalId}, "till"), told);
  ExpectTold(Ask({east_.IdOf({"H", "1"}), kEastId}), told);
  EXPECT_EQ(west_.demographics, 1) << "then the correlation is held";
  EXPECT_EQ(west_.cross_references, 3);
  // It is one more identifier of the patient.
  const std::string west_id = west_.IdOf({"H", "5"});
  EXPECT_EQ(east_.IdOf({"X", west_id}), east_.IdOf({"H", "1"}));
  EXPECT_EQ(east_.correlations(), 1u);
  // And back; neither is told its own IDs.
  ExpectTold(to_east_->Ask(west_.folder.party("emr"), {"7", kClinicId}, {}), {"HOSP:1"});
  ExpectTold(Ask(), told);
}

TEST_F(GatewayTest, ConsentOfBothIsAskedFor) {
  west_.Add("his", {"1", kHospitalId}, Says());
  east_.OptIn();
  west_.OptIn();
  ExpectNothing(Ask(), Outcome::kNotDisclosed);
  east_.Consent(ConsentKind::kRegistered, 1, {"clinic"});
  ExpectNothing(Ask(), Outcome::kNotDisclosed);
  EXPECT_EQ(west_.demographics, 0) << "nothing was asked";
  east_.Consent(ConsentKind::kRegistered, 2);
  ExpectNothing(Ask(), Outcome::kNobodyThere);
  EXPECT_EQ(west_.demographics, 1);
  EXPECT_EQ(east_.correlations(), 0u);
  west_.Consent(ConsentKind::kRegistered, 1);
  ExpectTold(Ask(), {"HOSP:1"});
  // That the other network may be told says nothing of who asks.
  east_.Consent(ConsentKind::kRegistered, 3, {"other"});
  ExpectNothing(Ask(), Outcome::kNotDisclosed);
}

TEST_F(GatewayTest, ACorrelationGoesWithConsentThere) {
  west_.Add("his", {"1", kHospitalId}, Says());
  int day = 0;
  for (const bool both_ways : {false, true}) {
    SCOPED_TRACE(both_ways);
    ExpectTold(Ask(), {"HOSP:1"});
    // Then they go on to tell us of the record that we have there.
    if (both_ways) ExpectTold(to_east_->Ask(west_.folder.party("his"), {"1", kHospitalId}, {}), {"HOSP:1"});
    west_.Consent(ConsentKind::kWithdrawn, ++day);
    ExpectNothing(Ask(), Outcome::kNobodyThere);
    EXPECT_EQ(east_.correlations(), 0u);
    ExpectNothing(Ask(), Outcome::kNobodyThere);
    EXPECT_EQ(east_.correlations(), 0u);
    west_.Consent(ConsentKind::kRegistered, ++day);
  }
  ExpectTold(Ask(), {"HOSP:1"});
}

TEST_F(GatewayTest, ACorrelationGoesWithConsentHere) {
  west_.Add("his", {"1", kHospitalId}, Says());
  const Identifier by_all[] = {
      {"1", kHospitalId}, {east_.IdOf({"H", "1"}), kEastId}, {west_.IdOf({"H", "1"}), kWestId}};
  int day = 0;
  for (const Identifier& identifier : by_all) {
    SCOPED_TRACE(identifier.authority.namespace_id);
    ExpectTold(Ask(), {"HOSP:1"});
    east_.Consent(ConsentKind::kWithdrawn, ++day);
    const int asked = west_.demographics + west_.cross_references;
    const GatewayAnswer answer = Ask(identifier);
    // By an ID of theirs nobody is found then, as by any other facility's.
    if (identifier.authority == kWestId) {
      EXPECT_THAT(FaultsOf(answer.problems), ElementsAre(Fault::kUnknownIdentifier));
    } else {
      ExpectNothing(answer, Outcome::kNotDisclosed);
      EXPECT_EQ(east_.correlations(), 0u);
    }
    EXPECT_EQ(west_.demographics + west_.cross_references, asked);
    east_.Consent(ConsentKind::kRegistered, ++day);
  }
}

TEST_F(GatewayTest, NoStrangersRecordStays) {
  const struct {
    const char* what;
    Record here, there;
    bool tried;  // resembles so much that only the linkage can tell
  } kCases[] = {
      {"a common name and a birth date",
       [] {
         Record record;
         record.names.push_back({.family = "佐藤", .given = "恵子"});
         record.births = {"1950-03-10"};
         return record;
       }(),
       [] {
         Record record;
         record.names.push_back({.family = "佐藤", .given = "恵子"});
         record.births = {"1950-03-10"};
         record.phones = {"0112345671"};
         return record;
       }(), true},
      {"a twin",
       Says(2),
       [] {
         Record record = Says(2);
         record.names[0].given = "二枝";
         record.names[0].given_kana = "フタエ";
         return record;
       }(), false},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    ASSERT_TRUE(east_.Create(kEastId, kWestId) && west_.Create(kWestId, kEastId));
    to_west_.emplace(&east_.folder.manager(), west_.AsOther());
    to_east_.emplace(&west_.folder.manager(), east_.AsOther());
    east_.Add("his", {"1", kHospitalId}, c.here);
    west_.Add("his", {"1", kHospitalId}, c.there);
    const uint64_t events = east_.events();
    west_.demographics = 0;
    ExpectNothing(to_west_->Ask(east_.folder.party("his"), {"1", kHospitalId}, {}), Outcome::kNobodyThere);
    EXPECT_EQ(west_.demographics, 1);
    EXPECT_EQ(west_.told, 1u);
    EXPECT_EQ(east_.correlations(), 0u);
    // Who could not be linked is not even written; who was tried is withdrawn.
    EXPECT_EQ(east_.events(), c.tried ? events + 2 : events);
  }
}

TEST_F(GatewayTest, WhoIsNotLinkedAfterAllIsWithdrawnAgain) {
  west_.Add("his", {"1", kHospitalId}, Says());
  ExpectTold(Ask(), {"HOSP:1"});
  const RecordKey held = {"X", west_.IdOf({"H", "1"})};
  ASSERT_TRUE(east_.folder.network().Decide(held, {"H", "1"}, false, Steward()).ok());
  EXPECT_EQ(east_.correlations(), 1u);
  ExpectNothing(Ask(), Outcome::kNobodyThere);
  EXPECT_EQ(east_.correlations(), 0u);
  ExpectNothing(Ask(), Outcome::kNobodyThere);
  EXPECT_EQ(east_.correlations(), 0u);
}

TEST_F(GatewayTest, AnothersCorrelationStays) {
  west_.Add("his", {"1", kHospitalId}, Says());
  ExpectTold(Ask(), {"HOSP:1"});
  // The same statements, and a steward says they are another's: the correlation stays with the first.
  east_.Add("emr", {"9", kClinicId}, Says());
  const RecordKey held = {"X", west_.IdOf({"H", "1"})};
  for (const RecordKey& other : {RecordKey{"H", "1"}, held})
    ASSERT_TRUE(east_.folder.network().Decide({"C", "9"}, other, false, Steward()).ok());
  const uint64_t events = east_.events();
  ExpectNothing(Ask({"9", kClinicId}), Outcome::kNobodyThere);
  EXPECT_EQ(east_.events(), events);
  ExpectTold(Ask(), {"HOSP:1"});
}

TEST_F(GatewayTest, WhereTheOtherDoesNotAnswerNothingChanges) {
  west_.Add("his", {"1", kHospitalId}, Says());
  for (const size_t held : {0u, 1u}) {
    SCOPED_TRACE(held);
    const uint64_t events = east_.events();
    west_.down = true;
    const GatewayAnswer answer = Ask();
    EXPECT_THAT(FaultsOf(answer.problems), ElementsAre(Fault::kUnavailable));
    EXPECT_THAT(answer.identifiers, IsEmpty());
    EXPECT_EQ(east_.events(), events);
    EXPECT_EQ(east_.correlations(), held);
    west_.down = false;
    ExpectTold(Ask(), {"HOSP:1"});
  }
}

TEST_F(GatewayTest, AnIdThatBecamePartOfAnotherStillFinds) {
  for (const bool answer_subsumed : {true, false}) {
    SCOPED_TRACE(answer_subsumed);
    ASSERT_TRUE(east_.Create(kEastId, kWestId) && west_.Create(kWestId, kEastId, answer_subsumed));
    Gateway gateway(&east_.folder.manager(), west_.AsOther());
    const auto ask = [&] { return gateway.Ask(east_.folder.party("his"), {"1", kHospitalId}, {}); };
    east_.Add("his", {"1", kHospitalId}, Says());
    west_.Add("his", {"5", kHospitalId}, Says(1));
    west_.Add("emr", {"7", kClinicId}, Says());
    ExpectTold(ask(), {"CLIN:7"});
    const std::string before = west_.IdOf({"C", "7"});
    ASSERT_TRUE(west_.folder.network().Decide({"H", "5"}, {"C", "7"}, true, Steward()).ok());
    ASSERT_NE(west_.IdOf({"C", "7"}), before);
    // Where the old one is unknown by the switch, the new one is found in its place.
    if (!answer_subsumed) ExpectNothing(ask(), Outcome::kNobodyThere);
    ExpectTold(ask(), {"CLIN:7", "HOSP:5"});
    EXPECT_EQ(east_.correlations(), 1u);
  }
}

TEST_F(GatewayTest, RefusesWhatCanNotBeAsked) {
  EXPECT_THAT(FaultsOf(Ask({"99", kHospitalId}).problems), ElementsAre(Fault::kUnknownIdentifier));
  EXPECT_THAT(FaultsOf(Ask({"1", {"NOWHERE", "", ""}}).problems), ElementsAre(Fault::kUnknownAuthority));
  for (const bool has_domain : {false, true}) {
    OtherNetwork other = west_.AsOther();
    if (has_domain) other.demographics = nullptr;
    else other.domain = "Y";
    Gateway gateway(&east_.folder.manager(), other);
    EXPECT_THAT(FaultsOf(gateway.Ask(east_.folder.party("his"), {"1", kHospitalId}, {}).problems),
                ElementsAre(Fault::kInternal));
  }
  EXPECT_EQ(west_.demographics, 0);
}

}  // namespace
}  // namespace libmpi::pix
