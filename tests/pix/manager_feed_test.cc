// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <thread>

#include "gmock/gmock.h"
#include "tests/pix/manager_folder.h"

namespace libmpi::pix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = Feed::Kind;

class FeedTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(folder_.Create()); }

  FeedAnswer Take(const std::string& party, const Feed& feed, const MessageId& message = {}) {
    return folder_->Take(folder_.party(party), feed, message);
  }
  void Accept(const std::string& party, const Feed& feed) {
    const FeedAnswer answer = Take(party, feed);
    ASSERT_THAT(FaultsOf(answer.problems), IsEmpty()) << answer.problems[0].text;
  }
  std::vector<std::string> Known(const std::string& party, const Identifier& identifier) {
    const CrossReferenceAnswer answer = folder_->CrossReferences(folder_.party(party), {identifier, {}}, {});
    return answer.problems.empty() ? Texts(answer.identifiers)
                                   : std::vector{std::string(FaultName(answer.problems[0].fault))};
  }

  ManagerFolder folder_;
};

TEST_F(FeedTest, AnAddMakesAnIdentifierKnownAndLinksIt) {
  Accept("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  Accept("emr", FeedOf(Kind::kAdd, {{"9", kClinicId}}, Says()));
  EXPECT_THAT(Known("emr", {"9", kClinicId}), ElementsAre("HOSP:1"));
  EXPECT_THAT(Known("his", {"1", kHospitalId}), ElementsAre("CLIN:9"));
}

TEST_F(FeedTest, ARevisionMovesThePatient) {
  Accept("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  Accept("emr", FeedOf(Kind::kAdd, {{"9", kClinicId}}, Says(1)));
  EXPECT_THAT(Known("emr", {"9", kClinicId}), IsEmpty());
  // Revisions of one that nobody knows are adds.
  Accept("emr", FeedOf(Kind::kRevise, {{"10", kClinicId}}, Says()));
  EXPECT_THAT(Known("his", {"1", kHospitalId}), ElementsAre("CLIN:10"));
}

TEST_F(FeedTest, ARevisionThatMakesAnotherPersonIsAcceptedAndHeld) {
  Accept("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  Record other = Says(1);
  other.names[0].family = "山之内";
  other.names[0].family_kana = "ヤマノウチ";
  const FeedAnswer answer = Take("his", FeedOf(Kind::kRevise, {{"1", kHospitalId}}, other));
  EXPECT_THAT(FaultsOf(answer.problems), IsEmpty());
  EXPECT_TRUE(answer.held);
}

TEST_F(FeedTest, AnIdentifierWithoutAuthorityIsOfThePartysFirstDomain) {
  Accept("his", FeedOf(Kind::kAdd, {{"1", {}}}, Says()));
  Accept("emr", FeedOf(Kind::kAdd, {{"9", {}}}, Says()));
  EXPECT_THAT(Known("emr", {"9", kClinicId}), ElementsAre("HOSP:1"));
}

TEST_F(FeedTest, SeveralIdentifiersOfASourceAreOnePatient) {
  Record sparse;  // nothing that would link by itself
  sparse.sexes.push_back("F");
  Accept("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}, {"77", kCardId}}, sparse));
  EXPECT_THAT(Known("his", {"1", kHospitalId}), ElementsAre("CARD:77"));
  const FeedAnswer again = Take("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}, {"77", kCardId}}, sparse));
  EXPECT_THAT(FaultsOf(again.problems), IsEmpty());
  EXPECT_EQ(again.event, 0u);
}

TEST_F(FeedTest, RefusesEachWithItsFault) {
  const struct {
    const char* what;
    const char* party;
    Feed feed;
    std::vector<Fault> faults;
  } kCases[] = {
      {"nothing", "his", FeedOf(Kind::kAdd, {}, Says()), {Fault::kNoIdentifier}},
      {"no value", "his", FeedOf(Kind::kAdd, {{"", kHospitalId}}, Says()), {Fault::kNoIdentifier}},
      {"unknown authority", "his", FeedOf(Kind::kAdd, {{"1", {"X", "", ""}}}, Says()), {Fault::kUnknownAuthority}},
      {"incomplete", "his", FeedOf(Kind::kAdd, {{"1", {"", "1.2.392.1", ""}}}, Says()), {Fault::kIncompleteAuthority}},
      {"contradictory",
       "his",
       FeedOf(Kind::kAdd, {{"1", {"CLIN", "1.2.392.1", "ISO"}}}, Says()),
       {Fault::kContradictoryAuthority}},
      {"another's domain", "emr", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()), {Fault::kNotItsSource}},
      {"a party that feeds nothing", "till", FeedOf(Kind::kAdd, {{"1", {}}}, Says()), {Fault::kNoAuthority}},
      {"each its own",
       "his",
       FeedOf(Kind::kAdd, {{"1", kHospitalId}, {"2", kClinicId}, {"", kCardId}}, Says()),
       {Fault::kNotItsSource, Fault::kNoIdentifier}},
      {"no demographics", "his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}), {Fault::kNoDemographics}},
      {"a zero byte",
       "his",
       FeedOf(Kind::kAdd, {{std::string("1\0", 2), kHospitalId}}, Says()),
       {Fault::kRefusedIdentifier}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(FaultsOf(Take(c.party, c.feed).problems), c.faults);
  }
  const auto stats = folder_.registry().GetStats();
  ASSERT_TRUE(stats.ok());
  EXPECT_EQ(stats->records, 0u);
}

TEST_F(FeedTest, WithoutFillingAnAuthorityHasToBeSaid) {
  std::vector<Party> parties = TestParties();
  parties[0].switches.fill_authority = false;
  ASSERT_TRUE(folder_.Create({}, parties));
  EXPECT_THAT(FaultsOf(Take("his", FeedOf(Kind::kAdd, {{"1", {}}}, Says())).problems),
              ElementsAre(Fault::kNoAuthority));
}

TEST_F(FeedTest, AMergeRetiresOneIdentifierForAnother) {
  Accept("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  Accept("his", FeedOf(Kind::kAdd, {{"2", kHospitalId}}, Says(1)));
  Accept("emr", FeedOf(Kind::kAdd, {{"9", kClinicId}}, Says()));
  Accept("his", FeedOf(Kind::kMerge, {{"1", kHospitalId}}, {}, {{"2", kHospitalId}}));
  EXPECT_THAT(Known("emr", {"9", kClinicId}), ElementsAre("HOSP:1"));
  // By the old one the patient is still found, under the new one.
  EXPECT_THAT(Known("his", {"2", kHospitalId}), ElementsAre("CLIN:9", "HOSP:1"));
  const FeedAnswer revised = Take("his", FeedOf(Kind::kRevise, {{"2", kHospitalId}}, Says(1)));
  EXPECT_THAT(FaultsOf(revised.problems), ElementsAre(Fault::kSubsumedIdentifier));
}

TEST_F(FeedTest, WithTheSwitchASubsumedIdentifierIsUnknown) {
  std::vector<Party> parties = TestParties();
  parties[0].switches.answer_subsumed = false;
  ASSERT_TRUE(folder_.Create({}, parties));
  Accept("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  Accept("his", FeedOf(Kind::kAdd, {{"2", kHospitalId}}, Says(1)));
  Accept("his", FeedOf(Kind::kMerge, {{"1", kHospitalId}}, {}, {{"2", kHospitalId}}));
  EXPECT_THAT(Known("his", {"2", kHospitalId}), ElementsAre("unknown_identifier"));
}

TEST_F(FeedTest, RefusesMergesEachWithItsFault) {
  for (const char* id : {"1", "2", "3", "4"}) Accept("his", FeedOf(Kind::kAdd, {{id, kHospitalId}}, Says(id[0] - '0')));
  Accept("his", FeedOf(Kind::kAdd, {{"1", kCardId}}, Says(3)));
  Accept("his", FeedOf(Kind::kMerge, {{"1", kHospitalId}}, {}, {{"2", kHospitalId}}));
  Accept("his", FeedOf(Kind::kRetire, {{"4", kHospitalId}}));
  const struct {
    const char* what;
    Identifier surviving, subsumed;
    Fault fault;
  } kCases[] = {
      {"across domains", {"1", kCardId}, {"3", kHospitalId}, Fault::kMergeAcrossAuthorities},
      {"into itself", {"3", kHospitalId}, {"3", kHospitalId}, Fault::kMergeIntoItself},
      {"an unknown one", {"3", kHospitalId}, {"8", kHospitalId}, Fault::kSubsumedUnknown},
      {"a withdrawn one", {"3", kHospitalId}, {"4", kHospitalId}, Fault::kSubsumedUnknown},
      {"one merged already", {"3", kHospitalId}, {"2", kHospitalId}, Fault::kSubsumedAlready},
      {"into an unknown one", {"8", kHospitalId}, {"3", kHospitalId}, Fault::kSurvivingUnknown},
      {"into a withdrawn one", {"4", kHospitalId}, {"3", kHospitalId}, Fault::kSurvivingUnknown},
      {"into one merged itself", {"2", kHospitalId}, {"3", kHospitalId}, Fault::kSurvivingSubsumed},
      {"of another source", {"9", kClinicId}, {"3", kHospitalId}, Fault::kNotItsSource},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    EXPECT_THAT(FaultsOf(Take("his", FeedOf(Kind::kMerge, {c.surviving}, {}, {c.subsumed})).problems),
                ElementsAre(c.fault));
  }
  EXPECT_THAT(FaultsOf(Take("his", FeedOf(Kind::kMerge, {{"3", kHospitalId}})).problems),
              ElementsAre(Fault::kNoIdentifier));
}

TEST_F(FeedTest, ALinkIsUndoneExactly) {
  Accept("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  Accept("his", FeedOf(Kind::kAdd, {{"2", kHospitalId}}, Says(1)));
  EXPECT_THAT(FaultsOf(Take("his", FeedOf(Kind::kUnlink, {{"1", kHospitalId}}, {}, {{"2", kHospitalId}})).problems),
              ElementsAre(Fault::kNotLinked));
  Accept("his", FeedOf(Kind::kLink, {{"1", kHospitalId}}, {}, {{"2", kHospitalId}}));
  EXPECT_THAT(Known("his", {"1", kHospitalId}), ElementsAre("HOSP:2"));
  Accept("his", FeedOf(Kind::kUnlink, {{"1", kHospitalId}}, {}, {{"2", kHospitalId}}));
  EXPECT_THAT(Known("his", {"1", kHospitalId}), IsEmpty());
}

TEST_F(FeedTest, ALinkDoesNotOverruleASteward) {
  Accept("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  Accept("his", FeedOf(Kind::kAdd, {{"2", kHospitalId}}, Says(1)));
  Requester steward = Office();
  steward.profession = Profession::kSteward;
  steward.purpose = Purpose::kStewardship;
  for (const bool same : {false, true}) {
    SCOPED_TRACE(same);
    ASSERT_TRUE(folder_.network().Decide({"H", "1"}, {"H", "2"}, same, steward).ok());
    const Kind kind = same ? Kind::kUnlink : Kind::kLink;
    EXPECT_THAT(FaultsOf(Take("his", FeedOf(kind, {{"1", kHospitalId}}, {}, {{"2", kHospitalId}})).problems),
                ElementsAre(Fault::kContradictsDecision));
    ASSERT_TRUE(folder_.network().Undecide({"H", "1"}, {"H", "2"}, steward).ok());
  }
}

TEST_F(FeedTest, TheSameMessageAgainChangesNothingAndIsAnsweredAsThen) {
  const Feed feed = FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says());
  const FeedAnswer first = Take("his", feed, Message("m1", "content", "ACK of m1"));
  EXPECT_FALSE(first.repeated);
  EXPECT_GT(first.event, 0u);
  const auto before = folder_.registry().GetStats();
  for (const bool reopened : {false, true}) {
    SCOPED_TRACE(reopened);
    ASSERT_TRUE(!reopened || folder_.Reopen());
    const FeedAnswer again = Take("his", feed, Message("m1", "content", "another ACK"));
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(again.stored_answer, "ACK of m1");
    EXPECT_THAT(FaultsOf(again.problems), IsEmpty());
  }
  EXPECT_EQ(folder_.registry().GetStats()->events, before->events);
  const FeedAnswer other = Take("his", FeedOf(Kind::kRevise, {{"1", kHospitalId}}, Says(1)), Message("m1", "other"));
  EXPECT_THAT(FaultsOf(other.problems), ElementsAre(Fault::kOtherContent));
  EXPECT_EQ(folder_.registry().GetStats()->events, before->events);
  // Numbers are a party's own.
  EXPECT_FALSE(Take("emr", FeedOf(Kind::kAdd, {{"9", kClinicId}}, Says()), Message("m1", "of emr")).repeated);
}

TEST_F(FeedTest, ARefusedMessageMayComeAgain) {
  const Feed feed = FeedOf(Kind::kMerge, {{"1", kHospitalId}}, {}, {{"2", kHospitalId}});
  EXPECT_THAT(FaultsOf(Take("his", feed, Message("m")).problems), ElementsAre(Fault::kSubsumedUnknown));
  Accept("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  Accept("his", FeedOf(Kind::kAdd, {{"2", kHospitalId}}, Says(1)));
  const FeedAnswer again = Take("his", feed, Message("m"));
  EXPECT_THAT(FaultsOf(again.problems), IsEmpty());
  EXPECT_FALSE(again.repeated);
  // A merge again would be refused; the same message is known.
  EXPECT_TRUE(Take("his", feed, Message("m")).repeated);
}

TEST_F(FeedTest, OneMessageByManyConnectionsAtOnceIsOneChange) {
  Accept("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  for (int round = 0; round < 10; ++round) {
    const std::string id = std::to_string(100 + round);
    Accept("his", FeedOf(Kind::kAdd, {{id, kHospitalId}}, Says(1)));
    const uint64_t before = folder_.registry().GetStats()->events;
    const Feed feed = FeedOf(Kind::kMerge, {{"1", kHospitalId}}, {}, {{id, kHospitalId}});
    std::atomic<int> accepted = 0, repeated = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
      threads.emplace_back([&] {
        const FeedAnswer answer = Take("his", feed, Message("merge " + id));
        accepted += answer.problems.empty() && !answer.repeated;
        repeated += answer.problems.empty() && answer.repeated;
      });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(accepted, 1);
    EXPECT_EQ(repeated, 7);
    EXPECT_EQ(folder_.registry().GetStats()->events, before + 1);
  }
}

TEST_F(FeedTest, ReceiptsAreBounded) {
  ManagerOptions options;
  options.remember_most = 5;
  ASSERT_TRUE(folder_.Create(options));
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(Take("his", FeedOf(Kind::kRevise, {{std::to_string(i), kHospitalId}}, Says(i)),
                     Message("m" + std::to_string(i)))
                    .problems.empty());
  size_t receipts = 0;
  const auto count = [&](std::string_view, std::string_view) { return ++receipts > 0; };
  ASSERT_TRUE(folder_.registry().ReadSide([&](const SideReader& rows) { return rows.Scan("im", count); }).ok());
  EXPECT_EQ(receipts, 5u);
}

TEST_F(FeedTest, WhatWasRefusedIsInTheTrail) {
  Take("emr", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()), Message("m1"));
  Take("his", FeedOf(Kind::kMerge, {{"1", kHospitalId}}, {}, {{"2", kHospitalId}}), Message("m2"));
  Requester auditor = Office();
  auditor.profession = Profession::kAuditor;
  auditor.purpose = Purpose::kAudit;
  const auto entries = folder_.network().Audit(1, 100, auditor);
  ASSERT_TRUE(entries.ok());
  std::vector<std::string> seen;
  for (const AuditEntry& e : *entries)
    if (!e.by.transaction.empty()) seen.push_back(e.action + " " + e.by.request + " " + e.detail);
  EXPECT_THAT(seen, ElementsAre("put m1 not_its_source", "subsume m2 subsumed_unknown"));
}

TEST_F(FeedTest, IsInTheTrailWithItsMessage) {
  ASSERT_TRUE(Take("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()), Message("m1")).problems.empty());
  Requester auditor = Office();
  auditor.profession = Profession::kAuditor;
  auditor.purpose = Purpose::kAudit;
  const auto entries = folder_.network().Audit(1, 100, auditor);
  ASSERT_TRUE(entries.ok()) << entries.status();
  const auto put = std::ranges::find(*entries, "put", &AuditEntry::action);
  ASSERT_NE(put, entries->end());
  EXPECT_EQ(put->by.actor, "his");
  EXPECT_EQ(put->by.facility, "hospital");
  EXPECT_EQ(put->by.application, "HIS");
  EXPECT_EQ(put->by.request, "m1");
  EXPECT_EQ(put->by.transaction, "ITI-8");
  EXPECT_EQ(put->by.peer, "192.0.2.1");
  EXPECT_GT(put->event, 0u);
  EXPECT_THAT(*folder_.network().VerifyTrail({}, auditor), IsEmpty());
}

}  // namespace
}  // namespace libmpi::pix
