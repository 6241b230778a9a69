// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/registry.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/registry/registry_folder.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class RegistryTest : public testing::Test {
 protected:
  RegistryTest() { registry_.Create(Model::Default(), FrozenOptions()); }

  ChangeAnswer Put(std::string_view line, const std::string& source = "hospital") {
    Record record = ParseRecord(line);
    record.key.source = source;
    auto answer = registry_->Put(record, by_);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *std::move(answer) : ChangeAnswer();
  }

  static constexpr std::string_view kYamada =
      "1|山田 太郎|ヤマダ タロウ|1960-04-01|男|06270017/12-34/567/01|東京都/港区/芝1-2-3|03-1234-5678";
  static constexpr std::string_view kYamadaAgain =
      "7|山田 太郎|ヤマダ タロウ|昭和35年4月1日|1|06270017/12-34/567/01|東京都/港区/芝1-2-3|0312345678";
  static constexpr std::string_view kSato = "2|佐藤 花子|サトウ ハナコ|1985-12-24|女|01130012/5/88|北海道/札幌市中央区/北1条2-3|011-222-3333";

  const Attribution by_ = {"test", "because"};
  RegistryFolder registry_;
};

TEST_F(RegistryTest, ARecordCreatesAPersonAndAnotherOfThemJoins) {
  const ChangeAnswer first = Put(kYamada);
  EXPECT_EQ(first.outcome, PersonOutcome::kCreated);
  EXPECT_EQ(first.event, 1u);
  const ChangeAnswer other = Put(kSato);
  EXPECT_EQ(other.outcome, PersonOutcome::kCreated);
  EXPECT_NE(other.person, first.person);
  const ChangeAnswer second = Put(kYamadaAgain, "clinic");
  EXPECT_EQ(second.outcome, PersonOutcome::kJoined);
  EXPECT_EQ(second.person, first.person);
  ASSERT_THAT(second.links, SizeIs(1));
  EXPECT_TRUE(second.links[0].linked);
  EXPECT_GT(second.links[0].weight, 6);
  ASSERT_TRUE(registry_.Reopen());
  const auto found = registry_->Find(RecordKey{"clinic", "7", 0});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->person, first.person);
  EXPECT_THAT(found->identifiers, ElementsAre(RecordKey{"clinic", "7", 0}, RecordKey{"hospital", "1", 0}));
  const std::string only[] = {"hospital"};
  EXPECT_THAT(registry_->Find(RecordKey{"clinic", "7", 0}, only)->identifiers, ElementsAre(RecordKey{"hospital", "1", 0}));
  EXPECT_EQ(registry_->Find(first.person)->identifiers, found->identifiers);
  EXPECT_EQ(registry_->GetStats()->records, 3u);
  EXPECT_EQ(registry_->GetStats()->persons, 2u);
}

TEST_F(RegistryTest, TheSameAgainChangesNothing) {
  Put(kYamada);
  const ChangeAnswer again = Put(kYamada);
  EXPECT_EQ(again.outcome, PersonOutcome::kNone);
  EXPECT_EQ(again.event, 0u);
  EXPECT_EQ(again.revision, 1u);
  EXPECT_THAT(*registry_->History(1, 10), SizeIs(1));
}

TEST_F(RegistryTest, WarmingEndsWhereTheRegistryIsClosed) {
  Put(kYamada);
  ASSERT_TRUE(registry_.Reopen());
  EXPECT_TRUE(registry_->Warm().ok());
  ASSERT_TRUE(registry_->Close().ok());
  EXPECT_TRUE(absl::IsUnavailable(registry_->Warm()));
}

TEST_F(RegistryTest, UnknownRetiredAndForeignAreDifferentAnswers) {
  const ChangeAnswer first = Put(kYamada);
  EXPECT_EQ(registry_->Find(RecordKey{"hospital", "9", 0}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(registry_->Find(EnterpriseId()).status().code(), absl::StatusCode::kNotFound);
  const auto retired = registry_->Retire({"hospital", "1", 0}, by_);
  ASSERT_TRUE(retired.ok()) << retired.status();
  EXPECT_EQ(retired->outcome, PersonOutcome::kRetired);
  EXPECT_EQ(retired->person, first.person);
  EXPECT_EQ(registry_->Find(RecordKey{"hospital", "1", 0}).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(registry_->Find(first.person).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(registry_->GetStats()->persons, 0u);
}

TEST_F(RegistryTest, TheEnterpriseIdStaysWithThePersonWhenItsFirstRecordRetires) {
  const ChangeAnswer first = Put(kYamada);
  Put(kYamadaAgain, "clinic");
  ASSERT_TRUE(registry_->Retire({"hospital", "1", 0}, by_).ok());
  const auto found = registry_->Find(RecordKey{"clinic", "7", 0});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->person, first.person);
  EXPECT_THAT(registry_->Find(first.person)->identifiers, ElementsAre(RecordKey{"clinic", "7", 0}));
  // Registered anew it joins them again, and leaves them their ID.
  const ChangeAnswer again = Put(kYamada);
  EXPECT_EQ(again.outcome, PersonOutcome::kJoined);
  EXPECT_EQ(again.person, first.person);
}

TEST_F(RegistryTest, ADecisionPartsAndItsWithdrawalJoins) {
  const ChangeAnswer first = Put(kYamada);
  Put(kYamadaAgain, "clinic");
  const RecordKey a = {"hospital", "1", 0}, b = {"clinic", "7", 0};
  const auto parted = registry_->Decide(a, b, false, by_);
  ASSERT_TRUE(parted.ok()) << parted.status();
  EXPECT_THAT(parted->moves, SizeIs(1));
  EXPECT_EQ(parted->outcome, PersonOutcome::kSplit);
  EXPECT_EQ(registry_->Find(a)->person, first.person);
  const EnterpriseId own = registry_->Find(b)->person;
  EXPECT_NE(own, first.person);
  EXPECT_EQ(registry_->Decide(a, b, true, by_).status().code(), absl::StatusCode::kFailedPrecondition);
  const auto joined = registry_->Undecide(a, b, by_);
  ASSERT_TRUE(joined.ok()) << joined.status();
  EXPECT_EQ(joined->outcome, PersonOutcome::kMerged);
  EXPECT_EQ(registry_->Find(b)->person, first.person);
  // The ID that was one's own for a while answers with its successor.
  const auto successor = registry_->Find(own);
  ASSERT_TRUE(successor.ok()) << successor.status();
  EXPECT_EQ(successor->person, first.person);
  EXPECT_TRUE(successor->redirected);
  EXPECT_EQ(registry_->Undecide(a, b, by_).status().code(), absl::StatusCode::kNotFound);
}

// More records than a person has, and two of them that speak against each other: two questions about one person.
TEST_F(RegistryTest, OnePersonMayRaiseTwoQuestions) {
  for (int i = 0; i < 40; ++i) {
    Put(kYamada, "hospital " + std::to_string(i));
    Put("3|山田 太郎|ヤマダ タロウ|1960-04-01|男||東京都/港区/芝1-2-3|03-1234-5678", "clinic " + std::to_string(i));
  }
  Put("4|山田 太郎|ヤマダ タロウ||男|06270017/12-34/567/01||03-1234-5678", "pharmacy");
  Put("5|山田 太郎|ヤマダ タロウ|1961-05-02|男|06270017/12-34/567/01||03-1234-5678", "dentist");
  Put("6|山田 太郎|ヤマダ タロウ|1960-04-01|男||北海道/札幌市中央区/北1条2-3|011-222-3333", "mail");
  Put("7|山田 太郎|ヤマダ タロウ|1960-04-01|女|||", "bad");
  auto review = registry_->Review(100);
  ASSERT_TRUE(review.ok()) << review.status();
  const auto is_large = [](const ReviewEntry& e) { return e.reason == ReviewReason::kLargeCluster; };
  EXPECT_EQ(std::ranges::count_if(*review, is_large), 1);
  EXPECT_EQ(std::ranges::count(*review, ReviewReason::kDoubtfulCluster, &ReviewEntry::reason), 1);
  const auto large = std::ranges::find_if(*review, is_large);
  ASSERT_NE(large, review->end());
  EXPECT_EQ(large->person_a, large->person_b);
  ASSERT_TRUE(registry_->Assign(large->b, large->a, "Suzuki", by_).ok());
  review = registry_->Review(100);
  for (const ReviewEntry& e : *review) EXPECT_EQ(e.assignee, is_large(e) ? "Suzuki" : "");
  const auto findings = registry_->Verify(1, nullptr);
  ASSERT_TRUE(findings.ok()) << findings.status();
  EXPECT_THAT(*findings, IsEmpty());
}

TEST_F(RegistryTest, AMergedIdentifierAnswersAsTheSurvivingOne) {
  const ChangeAnswer first = Put(kYamada);
  const ChangeAnswer second = Put("3|高橋 美咲|タカハシ ミサキ|1999-05-02|女");
  const ChangeAnswer third = Put(kSato);
  const RecordKey one = {"hospital", "1", 0}, three = {"hospital", "3", 0}, two = {"hospital", "2", 0};
  EXPECT_NE(second.person, first.person);
  ASSERT_TRUE(registry_->Subsume(one, three, by_).ok());
  const auto found = registry_->Find(one);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(found->redirected);
  EXPECT_THAT(found->identifiers, ElementsAre(three));
  EXPECT_EQ(found->person, first.person) << "the earliest registered one's";
  EXPECT_EQ(registry_->Find(second.person)->person, first.person);
  // Chains resolve; none merges into itself.
  ASSERT_TRUE(registry_->Subsume(three, two, by_).ok());
  EXPECT_THAT(registry_->Find(one)->identifiers, ElementsAre(two));
  EXPECT_EQ(registry_->Subsume(two, one, by_).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(registry_->Put(ParseRecord("1|山田 太郎"), by_)->outcome, PersonOutcome::kCreated) << "another authority's";
  ASSERT_TRUE(registry_->Unsubsume(three, by_).ok());
  ASSERT_TRUE(registry_->Unsubsume(one, by_).ok());
  EXPECT_EQ(registry_->Find(one)->person, first.person);
  EXPECT_EQ(registry_->Find(two)->person, third.person);
  EXPECT_EQ(registry_->Find(three)->person, second.person);
}

TEST_F(RegistryTest, ARevisionThatMakesAnotherPersonIsHeld) {
  const ChangeAnswer first = Put(kYamada);
  Put(kYamadaAgain, "clinic");
  const ChangeAnswer held = Put("1|鈴木 一郎|スズキ イチロウ|1999-08-08|男");
  EXPECT_EQ(held.outcome, PersonOutcome::kHeld);
  EXPECT_EQ(held.person, first.person);
  const RecordKey key = {"hospital", "1", 0};
  EXPECT_EQ(registry_->Get(key, nullptr)->births, ParseRecord(kYamada).births);
  ASSERT_THAT(*registry_->HeldRevisions(10), SizeIs(1));
  ASSERT_TRUE(registry_->RefuseRevision(key, by_).ok());
  EXPECT_THAT(*registry_->HeldRevisions(10), IsEmpty());
  Put("1|鈴木 一郎|スズキ イチロウ|1999-08-08|男");
  const auto accepted = registry_->AcceptRevision(key, false, by_);
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_NE(accepted->person, first.person) << "an ID is never given to another person";
  EXPECT_THAT(registry_->Find(first.person)->identifiers, ElementsAre(RecordKey{"clinic", "7", 0}));
  EXPECT_EQ(registry_->GetStats()->held, 0u);
}

TEST_F(RegistryTest, ASharedIdentifierIsRevisedByWhoSaysNoLessAndOnlyWhileNothingWaits) {
  const RecordKey key = {"region", "5", 0};
  const auto put = [&](std::string_view text, bool revise) {
    Record record = ParseRecord(text);
    record.key = key;
    const auto answer = registry_->PutShared(record, revise, by_);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? answer->outcome : PersonOutcome::kRetired;
  };
  const auto revision = [&] { return registry_->GetStated(key)->revision; };
  EXPECT_EQ(put(kYamada, false), PersonOutcome::kCreated);
  put("1|||1960-04-01|男", true);
  EXPECT_EQ(revision(), 1u) << "without a name";
  put("1|山田 太郎|ヤマダ タロウ|1960-04-01|", false);
  EXPECT_EQ(revision(), 1u);
  put("1|山田 太郎|ヤマダ タロウ|1960-04-01|", true);
  EXPECT_EQ(revision(), 2u);
  const char* const another = "1|鈴木 一郎|スズキ イチロウ|1999-08-08|男";
  for (const bool revise : {false, true, true}) EXPECT_EQ(put(another, revise), PersonOutcome::kHeld);
  EXPECT_EQ(registry_->GetStats()->held, 1u);
  put(kYamada, true);
  EXPECT_EQ(revision(), 2u);
  EXPECT_EQ(registry_->GetStats()->held, 1u) << "it waits on";
  ASSERT_TRUE(registry_->RefuseRevision(key, by_).ok());
  put(kYamada, true);
  EXPECT_EQ(revision(), 3u);
  ASSERT_TRUE(registry_->Retire(key, by_).ok());
  put(another, false);
  EXPECT_EQ(registry_->Get(key, nullptr)->births, ParseRecord(another).births) << "registered anew";
}

TEST_F(RegistryTest, TellsTheDecisionOnTwoRecords) {
  Put(kYamada);
  Put(kSato);
  const RecordKey a = {"hospital", "1", 0}, b = {"hospital", "2", 0};
  EXPECT_FALSE(registry_->DecisionOn(a, b)->has_value());
  EXPECT_FALSE(registry_->DecisionOn(a, {"nowhere", "1", 0})->has_value());
  for (const bool same : {true, false}) {
    const auto decided = registry_->Decide(a, b, same, by_);
    ASSERT_TRUE(decided.ok()) << decided.status();
    const auto found = registry_->DecisionOn(b, a);
    ASSERT_TRUE(found.ok() && found->has_value());
    EXPECT_EQ((*found)->a, a);
    EXPECT_EQ((*found)->b, b);
    EXPECT_EQ((*found)->same, same);
    EXPECT_EQ((*found)->event, decided->event);
    ASSERT_TRUE(registry_->Undecide(a, b, by_).ok());
    EXPECT_FALSE(registry_->DecisionOn(a, b)->has_value());
  }
}

TEST_F(RegistryTest, HistoryTellsWhoWasOnePersonWhen) {
  Put(kYamada);
  Put(kSato);
  const uint64_t joined = Put(kYamadaAgain, "clinic").event;
  const RecordKey a = {"hospital", "1", 0}, b = {"clinic", "7", 0};
  const uint64_t parted = registry_->Decide(a, b, false, by_)->event;
  EXPECT_THAT(*registry_->PersonAt(a, joined - 1), ElementsAre(a));
  EXPECT_THAT(*registry_->PersonAt(a, joined), ElementsAre(b, a));
  EXPECT_THAT(*registry_->PersonAt(a, parted), ElementsAre(a));
  EXPECT_THAT(*registry_->PersonAt(b, parted), ElementsAre(b));
  EXPECT_EQ(registry_->PersonAt(b, joined - 1).status().code(), absl::StatusCode::kNotFound);
  const auto events = registry_->History(3, 10);
  ASSERT_THAT(*events, SizeIs(2));
  EXPECT_EQ((*events)[0].number, joined);
  EXPECT_EQ((*events)[0].by.reason, "because");
  EXPECT_EQ((*events)[1].kind, EventKind::kDecided);
  EXPECT_EQ((*events)[1].detail, "different");
  EXPECT_EQ((*events)[1].unix_milliseconds, kRegistryNow);
}

TEST_F(RegistryTest, SearchFindsThePersonInAnyScript) {
  const ChangeAnswer first = Put(kYamada);
  Put(kSato);
  for (std::string_view asked : {"|山田 太郎||1960-04-01|", "||ヤマダ タロウ|1960-04-01|男", "|YAMADA TARO||S35.4.1|M"}) {
    const auto answer = registry_->Search(ParseRecord(asked), 10);
    ASSERT_TRUE(answer.ok()) << answer.status();
    ASSERT_THAT(answer->candidates, SizeIs(1)) << asked;
    EXPECT_EQ(answer->candidates[0].person, first.person);
  }
}

}  // namespace
}  // namespace libmpi
