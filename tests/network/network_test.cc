// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/network.h"

#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/network/network_folder.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

using enum Profession;
using Code = absl::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kYamada =
    "1|山田 太郎|ヤマダ タロウ|1960-04-01|男|06270017/12-34/567/01|東京都/港区/芝1-2-3|03-1234-5678";
constexpr std::string_view kSuzuki =
    "1|鈴木 次郎|スズキ ジロウ|1972-08-30|男|01130012/77/88|大阪府/大阪市北区/梅田1-1|06-1111-2222";

class NetworkTest : public testing::Test {
 protected:
  NetworkTest() { network_.Create(); }

  static Record RecordAt(const std::string& authority, const std::string& id, std::string_view line = kYamada) {
    Record record = ParseRecord(line);
    record.key = {authority, id, 0};
    return record;
  }
  ChangeAnswer Put(const std::string& authority, const std::string& id, const std::string& facility,
                   std::string_view line = kYamada) {
    auto answer = network_->Put(RecordAt(authority, id, line), Clerk(facility));
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *std::move(answer) : ChangeAnswer();
  }
  Consent Say(ConsentKind kind, const RecordKey& of, const std::string& facility, CivilDate from = {2026, 4, 1},
              std::vector<std::string> to = {}) {
    ConsentStatement statement;
    statement.kind = kind;
    statement.from = from;
    statement.facilities = std::move(to);
    auto consent = network_->TakeConsent(of, statement, Clerk(facility));
    EXPECT_TRUE(consent.ok()) << consent.status();
    return consent.ok() ? *consent : Consent();
  }
  static Requester Clerk(const std::string& facility) { return Asker(kClerk, Purpose::kRegistration, facility); }
  static Requester Doctor(const std::string& facility) { return Asker(kPhysician, Purpose::kTreatment, facility); }
  static Requester Emergency(const std::string& facility) { return Asker(kPhysician, Purpose::kEmergency, facility); }
  static Requester Steward() { return Asker(kSteward, Purpose::kStewardship, ""); }
  static Requester Auditor() { return Asker(kAuditor, Purpose::kAudit, ""); }
  static Requester Operator() { return Asker(kOperator, Purpose::kOperations, ""); }

  std::vector<RecordKey> Found(const RecordKey& key, const Requester& by) {
    const auto found = network_->Find(key, {}, by);
    EXPECT_TRUE(found.ok() || found.status().code() == Code::kNotFound) << found.status();
    return found.ok() ? found->identifiers : std::vector<RecordKey>();
  }
  static constexpr auto kYes = ConsentKind::kRegistered, kNo = ConsentKind::kWithdrawn;
  const RecordKey hospital_ = {"H1", "10", 0}, clinic_ = {"C1", "20", 0}, care_ = {"R1", "30", 0};
  NetworkFolder network_;
};

TEST_F(NetworkTest, LinkedIsOneThingAndToldOfAnother) {
  Put("H1", "10", "hospital");
  const ChangeAnswer second = Put("C1", "20", "clinic");
  EXPECT_EQ(second.outcome, PersonOutcome::kCreated);  // whom it met is not the clinic's to know
  EXPECT_THAT(second.links, IsEmpty());
  EXPECT_THAT(second.moves, SizeIs(1));
  EXPECT_THAT(network_.registry().Find(clinic_)->identifiers, ElementsAre(clinic_, hospital_));
  EXPECT_THAT(Found(clinic_, Doctor("clinic")), ElementsAre(clinic_));
  EXPECT_THAT(Found(hospital_, Doctor("clinic")), IsEmpty());
  EXPECT_THAT(Found(hospital_, Doctor("pharmacy")), IsEmpty());
  EXPECT_THAT(Found(hospital_, Steward()), ElementsAre(clinic_, hospital_));

  EXPECT_EQ(Say(kYes, clinic_, "clinic").state, ConsentState::kRegistered);
  EXPECT_THAT(Found(clinic_, Doctor("clinic")), ElementsAre(clinic_, hospital_));
  EXPECT_THAT(Found(hospital_, Doctor("pharmacy")), ElementsAre(clinic_, hospital_));
  EXPECT_EQ(Say(kNo, hospital_, "hospital", {2026, 5, 1}).state, ConsentState::kWithdrawn);
  EXPECT_THAT(Found(clinic_, Doctor("clinic")), ElementsAre(clinic_));
  EXPECT_THAT(Found(hospital_, Doctor("pharmacy")), IsEmpty());
  ASSERT_TRUE(network_.Reopen());
  EXPECT_THAT(Found(hospital_, Doctor("pharmacy")), IsEmpty());
  EXPECT_EQ(Say(kYes, clinic_, "clinic", {2026, 6, 1}, {"pharmacy"}).state, ConsentState::kReconsented);
  EXPECT_THAT(Found(hospital_, Doctor("pharmacy")), ElementsAre(clinic_, hospital_));
  EXPECT_THAT(Found(clinic_, Doctor("clinic")), ElementsAre(clinic_));  // not named
}

TEST_F(NetworkTest, WhoIsNotToldOfIsAsOneWhoIsNotThere) {
  const ChangeAnswer put = Put("H1", "10", "hospital");
  Put("H1", "11", "hospital", kSuzuki);
  ASSERT_TRUE(network_->Retire({"H1", "11", 0}, Clerk("hospital")).ok());
  const absl::Status hidden = network_->Find(hospital_, {}, Doctor("clinic")).status();
  EXPECT_EQ(network_->Find(RecordKey{"H1", "999", 0}, {}, Doctor("clinic")).status(), hidden);
  EXPECT_EQ(network_->Find(RecordKey{"H1", "11", 0}, {}, Doctor("clinic")).status(), hidden);
  EXPECT_EQ(network_->Find(put.person, Doctor("clinic")).status(), hidden);
  EXPECT_EQ(network_->Find(EnterpriseId(), Doctor("clinic")).status(), hidden);
  EXPECT_EQ(network_->Get(hospital_, nullptr, Doctor("clinic")).status(), hidden);
  // Of their own they hear what it is.
  EXPECT_EQ(network_->Find(RecordKey{"H1", "11", 0}, {}, Doctor("hospital")).status().code(),
            Code::kFailedPrecondition);
  EXPECT_TRUE(network_->Get(hospital_, nullptr, Doctor("hospital")).ok());
}

TEST_F(NetworkTest, SearchTellsOfThoseWhoMayBeToldOfAsIfThereWereNoOthers) {
  Put("H1", "10", "hospital");
  Put("C1", "20", "clinic");
  Record asked = RecordAt("", "");
  SearchCriteria typed;
  typed.full = "山田 太郎";
  for (const bool by_record : {true, false}) {
    const auto search = [&](const Requester& by) {
      auto found = by_record ? network_->Search(asked, 5, by) : network_->Search(typed, 5, by);
      EXPECT_TRUE(found.ok()) << found.status();
      return found.ok() ? *std::move(found) : SearchAnswer();
    };
    EXPECT_THAT(search(Doctor("pharmacy")).candidates, IsEmpty());
    const SearchAnswer own = search(Doctor("clinic"));
    ASSERT_THAT(own.candidates, SizeIs(1));
    EXPECT_THAT(own.candidates[0].identifiers, ElementsAre(clinic_));
    EXPECT_EQ(own.candidates[0].best, clinic_);
    EXPECT_THAT(search(Steward()).candidates[0].identifiers, ElementsAre(clinic_, hospital_));
    EXPECT_THAT(search(Emergency("pharmacy")).candidates, SizeIs(1));
  }
  Say(kYes, clinic_, "clinic");
  EXPECT_THAT(network_->Search(asked, 5, Doctor("pharmacy"))->candidates[0].identifiers,
              ElementsAre(clinic_, hospital_));
}

TEST_F(NetworkTest, FacilitiesDoWhatTheirRoleIs) {
  Put("H1", "10", "hospital");
  Say(kYes, hospital_, "hospital");
  EXPECT_EQ(network_->Put(RecordAt("P1", "1"), Clerk("pharmacy")).status().code(), Code::kPermissionDenied);
  EXPECT_EQ(network_->Put(RecordAt("H1", "1"), Clerk("clinic")).status().code(), Code::kPermissionDenied);
  EXPECT_EQ(network_->Retire(hospital_, Clerk("clinic")).status().code(), Code::kPermissionDenied);
  EXPECT_EQ(network_->Put(RecordAt("C1", "1"), Clerk("nowhere")).status().code(), Code::kPermissionDenied);
  Put("R1", "30", "care");
  EXPECT_THAT(Found(care_, Doctor("care")), ElementsAre(care_));  // feeds and does not ask
  EXPECT_THAT(Found(care_, Emergency("care")), ElementsAre(care_));
  EXPECT_THAT(Found(hospital_, Doctor("pharmacy")), ElementsAre(hospital_, care_));
  EXPECT_EQ(network_->Find(hospital_, {}, Asker(kResearcher, Purpose::kResearch, "")).status().code(),
            Code::kPermissionDenied);
  EXPECT_EQ(network_->Decide(hospital_, care_, false, Doctor("hospital")).status().code(), Code::kPermissionDenied);
}

TEST_F(NetworkTest, AnEmergencySeesAllNeedsAReasonAndStandsOut) {
  Put("H1", "10", "hospital");
  Requester urgent = Emergency("pharmacy");
  urgent.reason.clear();
  EXPECT_EQ(network_->Find(hospital_, {}, urgent).status().code(), Code::kInvalidArgument);
  urgent.reason = "unconscious";
  EXPECT_THAT(Found(hospital_, urgent), ElementsAre(hospital_));
  Say(kYes, hospital_, "hospital");
  EXPECT_THAT(Found(hospital_, urgent), ElementsAre(hospital_));
  std::vector<bool> beyond;
  const auto entries = network_->Audit(1, 1000, Auditor());
  for (const AuditEntry& entry : *entries)
    if (entry.by.purpose == Purpose::kEmergency && entry.outcome == AuditOutcome::kDone)
      beyond.push_back(entry.beyond_consent);
  EXPECT_THAT(beyond, ElementsAre(true, false));
  EXPECT_EQ(network_->Find(hospital_, {}, Asker(kCareWorker, Purpose::kEmergency, "pharmacy")).status().code(),
            Code::kPermissionDenied);
}

TEST_F(NetworkTest, ConsentOutlivesTheRecordThatItWasSaidOf) {
  Put("H1", "10", "hospital");
  Put("C1", "20", "clinic");
  Say(kNo, hospital_, "hospital");
  ASSERT_TRUE(network_->Retire(hospital_, Clerk("hospital")).ok());
  const auto consent = network_->ConsentOf(clinic_, Operator());
  ASSERT_TRUE(consent.ok()) << consent.status();
  EXPECT_EQ(consent->now.state, ConsentState::kWithdrawn);
  ASSERT_THAT(consent->said, SizeIs(1));
  EXPECT_EQ(consent->said[0].statement.carried_from, hospital_);
  // The clinic does not hear from whom.
  EXPECT_THAT(network_->ConsentOf(clinic_, Clerk("clinic"))->said, IsEmpty());
  // The number given to somebody else brings nothing along; to the same person, what was said of it.
  Put("H1", "10", "hospital", kSuzuki);
  EXPECT_EQ(network_->ConsentOf(hospital_, Operator())->now.state, ConsentState::kUnasked);
}

TEST_F(NetworkTest, ARevisionThatIsAnotherPersonLeavesConsentBehind) {
  Put("H1", "10", "hospital");
  Put("C1", "20", "clinic");
  Say(kYes, hospital_, "hospital");
  EXPECT_EQ(network_->Put(RecordAt("H1", "10", kSuzuki), Clerk("hospital"))->outcome, PersonOutcome::kHeld);
  EXPECT_THAT(*network_->HeldRevisions(10, Steward()), SizeIs(1));
  ASSERT_TRUE(network_->AcceptRevision(hospital_, false, Steward()).ok());
  EXPECT_EQ(network_->ConsentOf(hospital_, Operator())->now.state, ConsentState::kUnasked);
  EXPECT_EQ(network_->ConsentOf(clinic_, Operator())->now.state, ConsentState::kRegistered);
  EXPECT_THAT(Found(hospital_, Doctor("pharmacy")), IsEmpty());
  EXPECT_THAT(Found(clinic_, Doctor("pharmacy")), ElementsAre(clinic_));
}

TEST_F(NetworkTest, MergedIdentifiersBringTheirConsentAndTakeItBack) {
  Put("H1", "10", "hospital");
  Put("H1", "11", "hospital", kSuzuki);
  const RecordKey other = {"H1", "11", 0};
  Say(kNo, hospital_, "hospital");
  ASSERT_TRUE(network_->Subsume(hospital_, other, Clerk("hospital")).ok());
  EXPECT_EQ(network_->ConsentOf(other, Operator())->now.state, ConsentState::kWithdrawn);
  EXPECT_EQ(Say(kYes, hospital_, "hospital", {2026, 6, 1}).state, ConsentState::kReconsented);
  ASSERT_TRUE(network_->Unsubsume(hospital_, Clerk("hospital")).ok());
  EXPECT_EQ(network_->ConsentOf(other, Operator())->now.state, ConsentState::kUnasked);
  EXPECT_EQ(network_->ConsentOf(hospital_, Operator())->now.state, ConsentState::kReconsented);
}

TEST_F(NetworkTest, APairUnderReviewIsForStewardsAlone) {
  constexpr std::string_view kSparse = "1|佐藤 恵子|サトウ ケイコ|1965-03-03|女";
  Put("H1", "10", "hospital", kSparse);
  const ChangeAnswer second = Put("H2", "11", "hospital", kSparse);  // both the hospital's own
  const auto questions = network_->Review(10, Steward());
  ASSERT_TRUE(questions.ok()) << questions.status();
  ASSERT_THAT(*questions, SizeIs(1));
  EXPECT_THAT(second.links, IsEmpty());
  // What is linked of one's own is told.
  Put("H1", "20", "hospital");
  const ChangeAnswer linked = Put("H2", "21", "hospital");
  EXPECT_EQ(linked.outcome, PersonOutcome::kJoined);
  EXPECT_THAT(linked.links, SizeIs(1));
  EXPECT_EQ(network_->Put(RecordAt("C1", "22"), Clerk("clinic"))->outcome, PersonOutcome::kCreated);
}

TEST_F(NetworkTest, StatementsThatSayNothingAreRefused) {
  Put("H1", "10", "hospital");
  ConsentStatement statement;
  EXPECT_EQ(network_->TakeConsent(hospital_, statement, Clerk("hospital")).status().code(), Code::kInvalidArgument);
  statement.from = {2026, 4, 1};
  statement.kind = kNo;
  statement.facilities = {"clinic"};
  EXPECT_EQ(network_->TakeConsent(hospital_, statement, Clerk("hospital")).status().code(), Code::kInvalidArgument);
  statement.facilities.clear();
  EXPECT_EQ(network_->TakeConsent({"H1", "999", 0}, statement, Clerk("hospital")).status().code(), Code::kNotFound);
  EXPECT_EQ(network_->TakeConsent(hospital_, statement, Clerk("clinic")).status().code(), Code::kPermissionDenied);
}

TEST_F(NetworkTest, EveryCallIsOneEntryAndTheTrailIsSound) {
  uint64_t calls = 4;  // of Create()
  Put("H1", "10", "hospital"), ++calls;
  Put("H1", "10", "hospital"), ++calls;  // which changes nothing
  (void)network_->Put(RecordAt("H1", "10"), Clerk("clinic")), ++calls;
  (void)network_->Put(Record(), Asker(kSystem, Purpose::kRegistration, "")), ++calls;
  (void)network_->Find(hospital_, {}, Doctor("hospital")), ++calls;
  (void)network_->Find(EnterpriseId(), Doctor("hospital")), ++calls;
  (void)network_->Get(hospital_, nullptr, Doctor("hospital")), ++calls;
  (void)network_->Explain(hospital_, hospital_, Steward()), ++calls;
  (void)network_->Search(SearchCriteria(), 5, Doctor("hospital")), ++calls;  // asks for nothing
  (void)network_->Search(RecordAt("", ""), 5, Doctor("nowhere")), ++calls;
  (void)network_->Decide(hospital_, clinic_, true, Steward()), ++calls;  // no such record
  (void)network_->Undecide(hospital_, clinic_, Steward()), ++calls;
  (void)network_->Assign(hospital_, clinic_, "me", Steward()), ++calls;
  (void)network_->Review(5, Steward()), ++calls;
  (void)network_->Follow(1, 10, Clerk("hospital")), ++calls;
  (void)network_->TakeConsent(hospital_, {}, Clerk("hospital")), ++calls;
  (void)network_->ConsentOf(hospital_, Clerk("hospital")), ++calls;
  (void)network_->Registrations(Operator()), ++calls;
  (void)network_->WhoLooked(hospital_, 10, Asker(kClerk, Purpose::kPatientRequest, "hospital")), ++calls;
  (void)network_->Usage("2026-11", "2026-11", Auditor()), ++calls;
  (void)network_->SetRules(network_->rules(), Doctor("hospital")), ++calls;
  (void)network_->PutFacility({}, Operator()), ++calls;
  (void)network_->PutAuthority({}, Operator()), ++calls;
  (void)network_->Unsubsume(hospital_, Clerk("hospital")), ++calls;
  Requester nobody = Doctor("hospital");
  nobody.actor.clear();
  EXPECT_EQ(network_->Find(hospital_, {}, nobody).status().code(), Code::kInvalidArgument);
  ++calls;
  const auto anchor = network_->Anchor(Auditor());
  ASSERT_TRUE(anchor.ok());
  EXPECT_EQ(anchor->entries, calls);
  ++calls;
  EXPECT_THAT(*network_->VerifyTrail(std::span(&*anchor, 1), Auditor()), IsEmpty());
  ++calls;
  const auto entries = network_->Audit(1, 1000, Auditor());
  EXPECT_EQ(entries->size(), calls);
  uint64_t done = 0;
  for (const AuditEntry& entry : *entries) done += entry.outcome == AuditOutcome::kDone;
  EXPECT_LT(done, calls - 8);
  uint64_t used = 0;
  const auto counts = network_->Usage("0000-00", "9999-99", Auditor());
  for (const UsageCount& count : *counts) used += count.count;
  EXPECT_EQ(used, calls + 1);
}

TEST_F(NetworkTest, APersonLearnsWhoLookedAndAFacilityOnlyOfItsOwn) {
  Put("H1", "10", "hospital");
  Put("C1", "20", "clinic");
  Say(kYes, clinic_, "clinic");
  Found(hospital_, Doctor("pharmacy"));
  (void)network_->Search(RecordAt("", ""), 5, Doctor("pharmacy"));
  const auto all = network_->WhoLooked(clinic_, 100, Asker(kOperator, Purpose::kPatientRequest, ""));
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_THAT(*all, SizeIs(5));  // newest first
  EXPECT_EQ((*all)[0].action, "search_record");
  EXPECT_EQ((*all)[0].by.facility, "pharmacy");
  EXPECT_EQ((*all)[1].action, "find");
  EXPECT_THAT((*all)[1].told, ElementsAre(clinic_, hospital_));
  EXPECT_EQ((*all)[4].action, "put");
  const auto own = network_->WhoLooked(clinic_, 100, Asker(kClerk, Purpose::kPatientRequest, "clinic"));
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ((*own)[0].action, "who_looked");  // the operator's question
  EXPECT_EQ((*own)[2].action, "find");
  for (const AuditEntry& entry : *own)
    for (const auto* keys : {&entry.asked, &entry.told})
      for (const RecordKey& key : *keys) EXPECT_EQ(key, clinic_);
  EXPECT_EQ(network_->WhoLooked(hospital_, 100, Asker(kClerk, Purpose::kPatientRequest, "clinic")).status().code(),
            Code::kNotFound);
}

TEST_F(NetworkTest, WhereTheTrailCantBeWrittenNothingIsTold) {
  Put("H1", "10", "hospital");
  network_.folder().Close();
  RegistryOptions options;
  options.read_only = true;
  const auto reader = Registry::Open(network_.folder().folder(), options);
  ASSERT_TRUE(reader.ok()) << reader.status();
  const auto network = Network::Open(reader->get());
  ASSERT_TRUE(network.ok());
  EXPECT_TRUE((*reader)->Find(hospital_).ok());
  EXPECT_EQ((*network)->Find(hospital_, {}, Doctor("hospital")).status().code(), Code::kUnavailable);
  EXPECT_EQ((*network)->Search(RecordAt("", ""), 5, Doctor("hospital")).status().code(), Code::kUnavailable);
  EXPECT_EQ((*network)->Get(hospital_, nullptr, Doctor("hospital")).status().code(), Code::kUnavailable);
}

TEST_F(NetworkTest, WhoFollowsHearsOfTheirOwn) {
  Put("H1", "10", "hospital");
  Put("C1", "20", "clinic");
  ASSERT_TRUE(network_->Decide(hospital_, clinic_, false, Steward()).ok());
  const auto all = network_->Follow(1, 100, Steward());
  ASSERT_THAT(all->events, SizeIs(3));
  EXPECT_EQ(all->next, 4u);
  const auto own = network_->Follow(1, 100, Clerk("clinic"));
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ(own->next, 4u);
  ASSERT_THAT(own->events, SizeIs(2));
  EXPECT_EQ(own->events[0].kind, EventKind::kPut);
  EXPECT_EQ(own->events[0].by.actor, "clinic|a clerk");
  EXPECT_EQ(own->events[1].kind, EventKind::kDecided);
  EXPECT_EQ(own->events[1].by.actor, "");
  EXPECT_EQ(own->events[1].detail, "");
  EXPECT_EQ(own->events[1].record, RecordKey());
  EXPECT_EQ(own->events[1].other, clinic_);
}

TEST_F(NetworkTest, RegistrationsAreCountedByFacilityAndMonth) {
  Put("H1", "10", "hospital");
  Put("C1", "20", "clinic");
  Put("H2", "77", "hospital", kSuzuki);
  Say(kYes, clinic_, "clinic", {2026, 4, 9});
  const auto report = network_->Registrations(Operator());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->persons, 2u);
  EXPECT_THAT(report->by_state, ElementsAre(1, 1, 0, 0));
  ASSERT_THAT(report->facilities, SizeIs(2));
  EXPECT_EQ(report->facilities[0].facility, "clinic");
  EXPECT_EQ(report->facilities[0].registered, 1u);
  EXPECT_EQ(report->facilities[1].persons, 2u);
  EXPECT_EQ(report->facilities[1].registered, 1u);
  ASSERT_THAT(report->months, SizeIs(1));
  EXPECT_EQ(report->months[0].month, "2026-04");
}

TEST_F(NetworkTest, AnAuthorityIsOneFacilitysAndRulesAreKept) {
  EXPECT_EQ(network_->PutFacility({"other", "", true, true, {"H2"}}, Operator()).code(), Code::kFailedPrecondition);
  EXPECT_TRUE(network_->PutFacility({"hospital", "hospital", true, true, {"H1"}}, Operator()).ok());
  EXPECT_TRUE(network_->PutFacility({"other", "", true, true, {"H2"}}, Operator()).ok());
  AccessRules rules = network_->rules();
  rules.basis = ConsentBasis::kOptOut;
  ASSERT_TRUE(network_->SetRules(rules, Operator()).ok());
  ASSERT_TRUE(network_.Reopen());
  EXPECT_EQ(network_->rules(), rules);
  EXPECT_THAT(network_->facilities(), SizeIs(5));
  Put("H1", "10", "hospital");
  EXPECT_THAT(Found(hospital_, Doctor("pharmacy")), ElementsAre(hospital_));  // nobody asked, and nobody withdrew
}

TEST_F(NetworkTest, AnIdentifierOfASharedAuthorityIsStatedBesideOnesOwn) {
  const RecordKey own = {"H1", "1", 0}, shared = {"N", "5", 0};
  Put("H1", "1", "hospital");
  const auto state = [&](const Requester& by) {
    return network_->StateShared(own, RecordAt("N", "5"), true, by).status().code();
  };
  EXPECT_EQ(state(Clerk("hospital")), Code::kPermissionDenied);
  EXPECT_EQ(network_->SetSharedAuthorities({"N"}, Clerk("hospital")).code(), Code::kPermissionDenied);
  EXPECT_EQ(network_->SetSharedAuthorities({"N", ""}, Operator()).code(), Code::kInvalidArgument);
  ASSERT_TRUE(network_->SetSharedAuthorities({"N", "M"}, Operator()).ok());
  ASSERT_TRUE(network_->SetSharedAuthorities({"N"}, Operator()).ok());
  ASSERT_TRUE(network_.Reopen());
  EXPECT_THAT(network_->shared_authorities(), ElementsAre("N"));
  EXPECT_EQ(state(Clerk("clinic")), Code::kPermissionDenied) << "beside another's";
  EXPECT_EQ(state(Doctor("hospital")), Code::kPermissionDenied) << "who may not feed";
  EXPECT_EQ(state(Clerk("hospital")), Code::kOk);
  ASSERT_TRUE(network_->Link(own, shared, Clerk("hospital")).ok());
  EXPECT_EQ(network_->Put(RecordAt("N", "5"), Clerk("hospital")).status().code(), Code::kPermissionDenied);
  EXPECT_EQ(network_->Retire(shared, Clerk("hospital")).status().code(), Code::kPermissionDenied);
  EXPECT_EQ(network_->Get(shared, nullptr, Clerk("clinic")).status().code(), Code::kNotFound);
  EXPECT_THAT(Found(own, Doctor("hospital")), ElementsAre(own)) << "told of with consent, as another's";
  Say(ConsentKind::kRegistered, own, "hospital");
  EXPECT_THAT(Found(own, Doctor("hospital")), ElementsAre(own, shared));
  EXPECT_THAT(Found(shared, Doctor("clinic")), ElementsAre(own, shared));
  ASSERT_TRUE(network_->Unlink(own, shared, Clerk("hospital")).ok());
  ASSERT_TRUE(network_->WithdrawShared(own, shared, Clerk("hospital")).ok());
  EXPECT_THAT(Found(own, Doctor("hospital")), ElementsAre(own));
  EXPECT_THAT(*network_->VerifyTrail({}, Auditor()), IsEmpty());
}

TEST_F(NetworkTest, AWithdrawalCountsInTheNextAnswerOfEveryThread) {
  Put("H1", "10", "hospital");
  for (int round = 0; round < 20; ++round) {
    Say(kYes, hospital_, "hospital");
    EXPECT_THAT(Found(hospital_, Doctor("pharmacy")), SizeIs(1));
    Say(kNo, hospital_, "hospital");
    std::vector<std::thread> threads;
    std::atomic<int> told = 0;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] { told += network_->Find(hospital_, {}, Doctor("pharmacy")).ok(); });
    for (std::thread& t : threads) t.join();
    EXPECT_EQ(told, 0);
  }
}

}  // namespace
}  // namespace libmpi
