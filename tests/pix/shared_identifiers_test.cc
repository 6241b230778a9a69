// SPDX-License-Identifier: Apache-2.0
// A number of the region that parties state beside their own.
#include <algorithm>
#include <array>

#include "gmock/gmock.h"
#include "tests/pix/manager_folder.h"

namespace libmpi::pix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Kind = Feed::Kind;

// Somebody else than Says() is.
Record SaysAnother() {
  Record record = Says(1);
  record.names[0].family = "山之内";
  record.names[0].family_kana = "ヤマノウチ";
  return record;
}

// Too little to be linked by.
Record SaysLittle() {
  Record record;
  record.sexes.push_back("F");
  return record;
}

Requester Steward() {
  Requester by = Office();
  by.profession = Profession::kSteward;
  by.purpose = Purpose::kStewardship;
  return by;
}

Requester Hospital() {
  Requester by;
  by.actor = "his";
  by.facility = "hospital";
  by.profession = Profession::kSystem;
  by.purpose = Purpose::kRegistration;
  return by;
}

const Identifier kPatient = {"1", kHospitalId}, kOther = {"2", kHospitalId}, kAtClinic = {"9", kClinicId},
                 kOtherAtClinic = {"8", kClinicId}, kRegional = {"5", kRegionId}, kNextRegional = {"6", kRegionId};
const RecordKey kPatientKey = {"H", "1"}, kAtClinicKey = {"C", "9"}, kRegionalKey = {"R", "5"};

class SharedTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_.domains = DomainsWithShared();
    ASSERT_TRUE(folder_.Create());
  }

  FeedAnswer Take(const std::string& party, const Feed& feed, const MessageId& message = {}) {
    return folder_->Take(folder_.party(party), feed, message);
  }
  // True where it is held.
  bool Accept(const std::string& party, const Feed& feed) {
    const FeedAnswer answer = Take(party, feed);
    EXPECT_THAT(FaultsOf(answer.problems), IsEmpty()) << answer.problems[0].text;
    return answer.held;
  }
  bool Says(const std::string& party, std::vector<Identifier> identifiers, const Record& record) {
    return Accept(party, FeedOf(Kind::kRevise, std::move(identifiers), record));
  }
  std::vector<std::string> Known(const std::string& party, const Identifier& identifier) {
    const CrossReferenceAnswer answer = folder_->CrossReferences(folder_.party(party), {identifier, {}}, {});
    return answer.problems.empty() ? Texts(answer.identifiers)
                                   : std::vector{std::string(FaultName(answer.problems[0].fault))};
  }
  uint64_t Events() { return folder_.registry().GetStats()->events; }
  uint64_t Held() { return folder_.registry().GetStats()->held; }
  RecordStatus StatusOf(const RecordKey& key) {
    RecordStatus status = RecordStatus::kLive;
    EXPECT_TRUE(folder_.registry().Get(key, &status).ok());
    return status;
  }

  ManagerFolder folder_;
};

TEST_F(SharedTest, TwoPartiesThatStateOneAreCrossReferenced) {
  const Record patient = pix::Says();
  EXPECT_FALSE(Says("his", {kPatient, kRegional}, patient));
  EXPECT_THAT(Known("his", kPatient), ElementsAre("REGION:5"));
  EXPECT_FALSE(Says("emr", {kRegional, kAtClinic}, SaysLittle()));
  EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("HOSP:1", "REGION:5"));
  EXPECT_THAT(Known("emr", kRegional), ElementsAre("CLIN:9", "HOSP:1"));
  EXPECT_EQ(folder_.registry().Get(kRegionalKey, nullptr)->names, patient.names) << "who says less takes nothing away";
}

TEST_F(SharedTest, WhatIsSaidOfItLastStands) {
  Says("his", {kPatient, kRegional}, pix::Says());
  Record moved = pix::Says();
  moved.phones = {"0312345678"};
  Says("emr", {kAtClinic, kRegional}, moved);
  EXPECT_EQ(folder_.registry().Get(kRegionalKey, nullptr)->phones, moved.phones);
}

TEST_F(SharedTest, ItIsStatedBesideOnesOwnOnly) {
  const struct {
    const char* what;
    const char* party;
    Feed feed;
    std::vector<Fault> faults;
  } kCases[] = {
      {"alone", "his", FeedOf(Kind::kAdd, {kRegional}, pix::Says()), {Fault::kNotItsSource}},
      {"by who feeds nothing", "till", FeedOf(Kind::kAdd, {kRegional}, pix::Says()), {Fault::kNotItsSource}},
      {"beside another's",
       "emr",
       FeedOf(Kind::kAdd, {kPatient, kRegional}, pix::Says()),
       {Fault::kNotItsSource, Fault::kNotItsSource}},
      {"that can't be one",
       "his",
       FeedOf(Kind::kAdd, {kPatient, {std::string("5\0", 2), kRegionId}}, pix::Says()),
       {Fault::kRefusedIdentifier}},
      {"without a value", "his", FeedOf(Kind::kAdd, {kPatient, {"", kRegionId}}, pix::Says()), {Fault::kNoIdentifier}},
      {"nothing else", "his", FeedOf(Kind::kAdd, {kPatient, kRegional}), {Fault::kNoDemographics}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(FaultsOf(Take(c.party, c.feed).problems), c.faults);
  }
  EXPECT_EQ(folder_.registry().GetStats()->records, 0u);
}

TEST_F(SharedTest, WithoutTheSwitchItIsAnothers) {
  folder_.domains.back().shared = false;
  ASSERT_TRUE(folder_.Create());
  EXPECT_THAT(FaultsOf(Take("his", FeedOf(Kind::kAdd, {kPatient, kRegional}, pix::Says())).problems),
              ElementsAre(Fault::kNotItsSource));
}

TEST_F(SharedTest, WhatIsSaidElsewhereCountsWhereItIsShared) {
  Feed feed = FeedOf(Kind::kAdd, {kPatient}, pix::Says());
  feed.beside = {{"7", {"NOWHERE", "", ""}}, {"", kRegionId}, {"3", kClinicId}, kRegional, kRegional};
  EXPECT_FALSE(Accept("his", feed));
  EXPECT_THAT(Known("his", kPatient), ElementsAre("REGION:5"));
}

TEST_F(SharedTest, AWrongNumberDoesNotMergeTwoPersons) {
  Says("his", {kPatient, kRegional}, pix::Says());
  for (const char* turn : {"first", "again"}) {
    SCOPED_TRACE(turn);
    EXPECT_TRUE(Says("emr", {kAtClinic, kRegional}, SaysAnother()));
    EXPECT_THAT(Known("emr", kAtClinic), IsEmpty());
    EXPECT_THAT(Known("his", kPatient), ElementsAre("REGION:5"));
    EXPECT_EQ(Held(), 1u);
  }
  // Others who know the patient go on, and the case waits on.
  Record moved = pix::Says();
  moved.phones = {"0312345678"};
  EXPECT_FALSE(Says("his", {kPatient, kRegional}, moved));
  EXPECT_EQ(Held(), 1u);
}

TEST_F(SharedTest, AStewardDecidesWhoseTheNumberIs) {
  Says("his", {kPatient, kRegional}, pix::Says());
  Says("emr", {kAtClinic, kRegional}, SaysAnother());
  ASSERT_TRUE(folder_.network().AcceptRevision(kRegionalKey, /*same_person=*/false, Steward()).ok());
  EXPECT_FALSE(Says("emr", {kAtClinic, kRegional}, SaysAnother()));
  EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("REGION:5"));
  EXPECT_THAT(Known("his", kPatient), IsEmpty());
  EXPECT_TRUE(Says("his", {kPatient, kRegional}, pix::Says())) << "now it is the hospital that is wrong";
  EXPECT_THAT(Known("his", kPatient), IsEmpty());
}

TEST_F(SharedTest, AStewardsDecisionOnTheTwoStands) {
  Says("his", {kPatient, kRegional}, pix::Says());
  Says("emr", {kAtClinic, kRegional}, SaysAnother());
  ASSERT_TRUE(folder_.network().RefuseRevision(kRegionalKey, Steward()).ok());
  ASSERT_TRUE(folder_.network().Decide(kAtClinicKey, kRegionalKey, true, Steward()).ok());
  EXPECT_FALSE(Says("emr", {kAtClinic, kRegional}, SaysAnother())) << "it is not asked again";
  EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("HOSP:1", "REGION:5"));
  // Also when it is not stated any more.
  EXPECT_FALSE(Says("emr", {kAtClinic}, SaysAnother()));
  EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("HOSP:1", "REGION:5"));
  ASSERT_TRUE(folder_.network().Undecide(kAtClinicKey, kRegionalKey, Steward()).ok());
  ASSERT_TRUE(folder_.network().Decide(kAtClinicKey, kRegionalKey, false, Steward()).ok());
  EXPECT_FALSE(Says("emr", {kAtClinic, kRegional}, SaysAnother()));
  EXPECT_THAT(Known("his", kPatient), ElementsAre("REGION:5"));
}

TEST_F(SharedTest, OneThatBecomesAnotherPersonBitByBitIsUnlinked) {
  Says("his", {kPatient, kRegional}, pix::Says());
  Says("emr", {kAtClinic, kRegional}, SaysLittle());
  EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("HOSP:1", "REGION:5"));
  EXPECT_TRUE(Says("emr", {kAtClinic, kRegional}, SaysAnother()));
  EXPECT_THAT(Known("emr", kAtClinic), IsEmpty());
  EXPECT_THAT(Known("his", kPatient), ElementsAre("REGION:5"));
}

TEST_F(SharedTest, WhatIsHeldOfOnesOwnStatesNothing) {
  Says("his", {kPatient, kRegional}, pix::Says());
  EXPECT_TRUE(Says("his", {kPatient, kNextRegional}, SaysAnother()));
  EXPECT_THAT(Known("his", kPatient), ElementsAre("REGION:5"));
  EXPECT_THAT(Known("his", kNextRegional), ElementsAre("unknown_identifier"));
  ASSERT_TRUE(folder_.network().AcceptRevision(kPatientKey, false, Steward()).ok());
  EXPECT_FALSE(Says("his", {kPatient, kNextRegional}, SaysAnother()));
  EXPECT_THAT(Known("his", kPatient), ElementsAre("REGION:6"));
}

TEST_F(SharedTest, AnyOrderEndsAlike) {
  const struct {
    const char* party;
    std::vector<Identifier> identifiers;
    Record record;
  } kFeeds[] = {{"his", {kPatient, kRegional}, pix::Says()},
                {"emr", {kAtClinic, kRegional}, SaysLittle()},
                {"his", {kOther, kNextRegional}, SaysAnother()},
                {"emr", {kOtherAtClinic, kNextRegional}, SaysLittle()}};
  std::array<int, 4> order = {0, 1, 2, 3};
  do {
    ASSERT_TRUE(folder_.Create());
    SCOPED_TRACE(testing::PrintToString(order));
    for (const int i : order) EXPECT_FALSE(Says(kFeeds[i].party, kFeeds[i].identifiers, kFeeds[i].record));
    EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("HOSP:1", "REGION:5"));
    EXPECT_THAT(Known("emr", kOtherAtClinic), ElementsAre("HOSP:2", "REGION:6"));
  } while (std::ranges::next_permutation(order).found);
}

TEST_F(SharedTest, TheSameAgainChangesNothing) {
  const Feed feed = FeedOf(Kind::kRevise, {kPatient, kRegional}, pix::Says());
  ASSERT_THAT(Take("his", feed, Message("m1")).problems, IsEmpty());
  const uint64_t before = Events();
  EXPECT_TRUE(Take("his", feed, Message("m1")).repeated);
  EXPECT_FALSE(Take("his", feed, Message("m2")).repeated);
  EXPECT_EQ(Events(), before);
}

TEST_F(SharedTest, CutShortItIsTakenAgainFromTheStart) {
  const Feed feed = FeedOf(Kind::kRevise, {kPatient, kRegional}, pix::Says());
  const auto whole = [&] {
    const FeedAnswer answer = Take("his", feed, Message("m"));
    EXPECT_THAT(FaultsOf(answer.problems), IsEmpty());
    EXPECT_FALSE(answer.repeated);
    EXPECT_THAT(Known("his", kPatient), ElementsAre("REGION:5"));
    // And what it made is withdrawn as ever.
    Says("his", {kPatient}, pix::Says());
    EXPECT_THAT(Known("his", kPatient), IsEmpty());
  };
  const Requester his = Hospital();
  Record own = pix::Says(), shared = pix::Says();
  own.key = kPatientKey;
  shared.key = kRegionalKey;
  {
    SCOPED_TRACE("after its own");
    ASSERT_TRUE(folder_.network().Put(own, his).ok());
    whole();
  }
  {
    SCOPED_TRACE("after the shared one");
    ASSERT_TRUE(folder_.Create());
    ASSERT_TRUE(folder_.network().Put(own, his).ok());
    ASSERT_TRUE(folder_.network().StateShared(kPatientKey, shared, true, his).ok());
    whole();
  }
  {
    SCOPED_TRACE("within a withdrawal");
    ASSERT_TRUE(folder_.Create());
    Says("his", {kPatient, kNextRegional}, pix::Says());
    ASSERT_TRUE(folder_.network().Unlink(kPatientKey, {"R", "6"}, his).ok());
    whole();
    EXPECT_EQ(StatusOf({"R", "6"}), RecordStatus::kRetired);
  }
}

TEST_F(SharedTest, WhatIsNotStatedAnyMoreIsWithdrawn) {
  Says("his", {kPatient, kRegional}, pix::Says());
  Says("his", {kPatient, kNextRegional}, pix::Says());
  EXPECT_THAT(Known("his", kPatient), ElementsAre("REGION:6"));
  EXPECT_EQ(StatusOf(kRegionalKey), RecordStatus::kRetired);
  // It is free for whose it is.
  EXPECT_FALSE(Says("emr", {kAtClinic, kRegional}, SaysAnother()));
  EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("REGION:5"));
  EXPECT_THAT(Known("his", kPatient), ElementsAre("REGION:6"));
}

TEST_F(SharedTest, WithdrawnByOneItIsTheOthers) {
  Says("his", {kPatient, kRegional}, pix::Says());
  Says("emr", {kAtClinic, kRegional}, SaysLittle());
  Says("his", {kPatient}, pix::Says());
  EXPECT_THAT(Known("his", kPatient), IsEmpty());
  EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("REGION:5"));
  EXPECT_THAT(folder_.registry().Get(kRegionalKey, nullptr)->names, IsEmpty()) << "what the hospital said of it";
  Says("his", {kPatient, kRegional}, pix::Says());
  EXPECT_THAT(Known("his", kPatient), ElementsAre("CLIN:9", "REGION:5"));
}

TEST_F(SharedTest, TheOneWhoWasWrongWithdrawsAndTheOtherIsNotHeldAnyMore) {
  Says("his", {kPatient, kRegional}, pix::Says());
  EXPECT_TRUE(Says("emr", {kAtClinic, kRegional}, SaysAnother()));
  EXPECT_FALSE(Says("his", {kPatient}, pix::Says()));
  EXPECT_EQ(Held(), 0u);
  EXPECT_FALSE(Says("emr", {kAtClinic, kRegional}, SaysAnother()));
  EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("REGION:5"));
  EXPECT_THAT(Known("his", kPatient), IsEmpty());
}

TEST_F(SharedTest, SeveralOfOnesOwnAreLinkedByIt) {
  const Identifier card = {"77", kCardId};
  Says("his", {kPatient, card, kRegional}, SaysLittle());
  EXPECT_THAT(Known("his", kPatient), ElementsAre("CARD:77", "REGION:5"));
  const uint64_t before = Events();
  Says("his", {card, kPatient, kRegional}, SaysLittle());
  EXPECT_THAT(Known("his", kPatient), ElementsAre("CARD:77", "REGION:5"));
  EXPECT_GT(Events(), before);
  Says("his", {kPatient, card}, SaysLittle());
  EXPECT_THAT(Known("his", kPatient), ElementsAre("CARD:77"));
}

TEST_F(SharedTest, AWithdrawnRecordStatesNothing) {
  Says("his", {kPatient, kRegional}, pix::Says());
  Says("emr", {kAtClinic, kRegional}, SaysLittle());
  Accept("his", FeedOf(Kind::kRetire, {kPatient}));
  EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("REGION:5"));
  Accept("emr", FeedOf(Kind::kRetire, {kAtClinic}));
  EXPECT_EQ(StatusOf(kRegionalKey), RecordStatus::kRetired);
}

TEST_F(SharedTest, AMergeIsOfOnesOwnAndTakesTheNumberAlong) {
  Says("his", {kPatient}, pix::Says());
  Says("his", {kOther, kRegional}, SaysLittle());
  Says("emr", {kAtClinic, kRegional}, SaysLittle());
  const Feed alone = FeedOf(Kind::kMerge, {kRegional}, {}, {kNextRegional});
  EXPECT_THAT(FaultsOf(Take("his", alone).problems), ElementsAre(Fault::kNotItsSource, Fault::kNotItsSource));
  const Feed merge = FeedOf(Kind::kMerge, {kNextRegional, kPatient}, {}, {kRegional, kOther});
  ASSERT_THAT(FaultsOf(Take("his", merge, Message("m")).problems), IsEmpty());
  EXPECT_TRUE(Take("his", merge, Message("m")).repeated);
  EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("HOSP:1", "REGION:5"));
  EXPECT_THAT(Known("his", kNextRegional), ElementsAre("unknown_identifier"));
  // The one that is left states what its last feed does.
  Says("his", {kPatient}, pix::Says());
  EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("REGION:5"));
}

TEST_F(SharedTest, LinksAreOfOnesOwn) {
  Says("his", {kPatient, kRegional}, pix::Says());
  Says("his", {kOther, kNextRegional}, SaysAnother());
  Accept("his", FeedOf(Kind::kLink, {kRegional, kPatient}, {}, {kNextRegional, kOther}));
  EXPECT_THAT(Known("his", kPatient), ElementsAre("HOSP:2", "REGION:5", "REGION:6"));
  Accept("his", FeedOf(Kind::kUnlink, {kPatient, kRegional}, {}, {kOther, kNextRegional}));
  EXPECT_THAT(Known("his", kPatient), ElementsAre("REGION:5"));
  EXPECT_THAT(Known("his", kOther), ElementsAre("REGION:6"));
}

TEST_F(SharedTest, UpdatesTellOfIt) {
  const Party& till = folder_.party("till");
  ASSERT_THAT(folder_->UpdatesFor(till, 100)->updates, IsEmpty());
  Says("his", {kPatient, kRegional}, pix::Says());
  Says("emr", {kAtClinic, kRegional}, SaysLittle());
  const auto updates = folder_->UpdatesFor(till, 100);
  ASSERT_TRUE(updates.ok());
  ASSERT_THAT(updates->updates, SizeIs(1));
  EXPECT_THAT(Texts(updates->updates[0].identifiers), ElementsAre("CLIN:9", "HOSP:1", "REGION:5"));
}

TEST_F(SharedTest, ItIsToldAsOthersAre) {
  AccessRules rules = AccessRules::Default();
  rules.basis = ConsentBasis::kOptIn;
  ASSERT_TRUE(folder_.network().SetRules(rules, Office()).ok());
  Says("his", {kPatient, kRegional}, pix::Says());
  EXPECT_THAT(Known("his", kPatient), IsEmpty());
  EXPECT_THAT(Known("his", kRegional), ElementsAre("unknown_identifier"));
  ConsentStatement agreed;
  agreed.kind = ConsentKind::kRegistered;
  agreed.from = {2020, 1, 1};
  Requester clerk = Office();
  clerk.facility = "hospital";
  clerk.profession = Profession::kClerk;
  clerk.purpose = Purpose::kRegistration;
  ASSERT_TRUE(folder_.network().TakeConsent(kPatientKey, agreed, clerk).ok());
  EXPECT_THAT(Known("his", kPatient), ElementsAre("REGION:5"));
  EXPECT_FALSE(folder_.network().TakeConsent(kRegionalKey, agreed, clerk).ok()) << "it is nobody's own";
}

// A domain that a system feeds, too: the nation's register.
class SourcedTest : public SharedTest {
 protected:
  void SetUp() override {
    folder_.domains = TestDomains();
    folder_.domains[1].shared = true;  // CARD is the hospital's
    ASSERT_TRUE(folder_.Create());
  }
  const Identifier card_ = {"77", kCardId};
};

TEST_F(SourcedTest, TheSourcesWordIsNotOverruled) {
  EXPECT_FALSE(Says("his", {card_}, pix::Says())) << "it is its own, also alone";
  Record moved = pix::Says();
  moved.phones = {"0312345678"};
  EXPECT_FALSE(Says("emr", {kAtClinic, card_}, moved));
  EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("CARD:77"));
  EXPECT_EQ(folder_.registry().Get({"K", "77"}, nullptr)->phones, pix::Says().phones);
  EXPECT_TRUE(Says("emr", {kOtherAtClinic, card_}, SaysAnother()));
  EXPECT_THAT(Known("emr", kOtherAtClinic), IsEmpty());
  // What others do not state any more is the source's as before.
  Says("emr", {kAtClinic}, SaysLittle());
  EXPECT_THAT(Known("emr", kAtClinic), IsEmpty());
  EXPECT_EQ(StatusOf({"K", "77"}), RecordStatus::kLive);
}

TEST_F(SourcedTest, NobodyHasANumberBeforeItsSourceSaysSo) {
  Says("emr", {kAtClinic, card_}, pix::Says());
  EXPECT_TRUE(absl::IsNotFound(folder_.registry().Get({"K", "77"}, nullptr).status()));
  EXPECT_THAT(Known("emr", kAtClinic), IsEmpty());
  Says("his", {card_}, pix::Says());
  Says("emr", {kAtClinic, card_}, SaysLittle());
  EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("CARD:77"));
  // What the source withdraws nobody brings back.
  Accept("his", FeedOf(Kind::kRetire, {card_}));
  Says("emr", {kAtClinic, card_}, pix::Says());
  EXPECT_EQ(StatusOf({"K", "77"}), RecordStatus::kRetired);
}

TEST_F(SourcedTest, OthersNeverWithdrawWhatWasLoadedForIt) {
  Record loaded = pix::Says();
  loaded.key = {"K", "78", 0};
  ASSERT_TRUE(folder_.registry().Put(loaded, {"load", ""}).ok());
  Says("emr", {kAtClinic, {"78", kCardId}}, pix::Says());
  Says("emr", {kAtClinic}, pix::Says());
  EXPECT_EQ(StatusOf({"K", "78"}), RecordStatus::kLive);
}

TEST_F(SourcedTest, WhatTheSourceMergesIsFollowed) {
  const Identifier old = {"66", kCardId};
  Says("his", {card_}, pix::Says());
  Says("his", {old}, SaysLittle());
  Says("emr", {kAtClinic, old}, SaysLittle());
  Accept("his", FeedOf(Kind::kMerge, {card_}, {}, {old}));
  EXPECT_FALSE(Says("emr", {kAtClinic, old}, SaysLittle()));
  EXPECT_THAT(Known("emr", kAtClinic), ElementsAre("CARD:77"));
}

TEST_F(SharedTest, InTheNetworkAFacilityHasNoOtherRightOverIt) {
  Says("his", {kPatient, kRegional}, pix::Says());
  const Requester his = Hospital();
  Record shared = pix::Says();
  shared.key = kRegionalKey;
  Network& network = folder_.network();
  const absl::Status refused[] = {network.Put(shared, his).status(),
                                  network.Retire(kRegionalKey, his).status(),
                                  network.Subsume(kRegionalKey, {"R", "6"}, his).status(),
                                  network.Link(kRegionalKey, {"R", "6"}, his).status(),
                                  network.Link(kAtClinicKey, kRegionalKey, his).status(),
                                  network.StateShared(kAtClinicKey, shared, true, his).status(),
                                  network.StateShared(kRegionalKey, shared, true, his).status(),
                                  network.WithdrawShared(kAtClinicKey, kRegionalKey, his).status()};
  for (const absl::Status& status : refused) EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
  Record anothers = shared;
  anothers.key = kAtClinicKey;
  EXPECT_TRUE(absl::IsPermissionDenied(network.StateShared(kPatientKey, anothers, true, his).status()))
      << "an authority that is not shared";
}

}  // namespace
}  // namespace libmpi::pix
