// SPDX-License-Identifier: Apache-2.0
// What comes back, is undone or said again: shapes that random histories found, one by one.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/registry/registry_folder.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class RegistryReturnsTest : public testing::Test {
 protected:
  RegistryReturnsTest() { EXPECT_TRUE(folder_.Create(Model::Default(), FrozenOptions())); }
  ChangeAnswer Put(std::string_view line) {
    auto answer = folder_->Put(ParseRecord(line), by_);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *std::move(answer) : ChangeAnswer();
  }
  EnterpriseId PersonOf(const RecordKey& key) {
    const auto found = folder_->Find(key);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? found->person : EnterpriseId();
  }

  static constexpr std::string_view kOne = "1|山田 太郎|ヤマダ タロウ|1960-04-01|男";
  static constexpr std::string_view kTwo = "2|佐藤 花子|サトウ ハナコ|1985-12-24|女";
  static constexpr std::string_view kThree = "3|高橋 美咲|タカハシ ミサキ|1999-05-02|女";
  const RecordKey one_ = {"T", "1", 0}, two_ = {"T", "2", 0}, three_ = {"T", "3", 0};
  const Attribution by_ = {"tester", ""};
  RegistryFolder folder_;
};

TEST_F(RegistryReturnsTest, AChainOfMergesIsUndoneInAnyOrder) {
  const EnterpriseId a = Put(kOne).person, b = Put(kTwo).person, c = Put(kThree).person;
  ASSERT_TRUE(folder_->Subsume(one_, two_, by_).ok());
  ASSERT_TRUE(folder_->Subsume(two_, three_, by_).ok());
  EXPECT_EQ(PersonOf(three_), a);
  ASSERT_TRUE(folder_->Unsubsume(one_, by_).ok());
  EXPECT_EQ(PersonOf(one_), a);
  EXPECT_EQ(PersonOf(three_), b);
  ASSERT_TRUE(folder_->Unsubsume(two_, by_).ok());
  EXPECT_EQ(PersonOf(one_), a);
  EXPECT_EQ(PersonOf(two_), b);
  EXPECT_EQ(PersonOf(three_), c);
  EXPECT_THAT(folder_->Find(a)->identifiers, ElementsAre(one_));
}

TEST_F(RegistryReturnsTest, WhoWasMergedIntoAMergedOneStaysWithIt) {
  Put(kOne), Put(kTwo), Put(kThree);
  ASSERT_TRUE(folder_->Subsume(two_, three_, by_).ok());
  ASSERT_TRUE(folder_->Subsume(one_, two_, by_).ok());
  EXPECT_THAT(folder_->Find(one_)->identifiers, ElementsAre(three_));
  ASSERT_TRUE(folder_->Unsubsume(two_, by_).ok());
  EXPECT_THAT(folder_->Find(one_)->identifiers, ElementsAre(two_));
}

TEST_F(RegistryReturnsTest, AMergeTellsItsMovesOnce) {
  Put(kOne), Put(kTwo);
  const auto merged = folder_->Subsume(one_, two_, by_);
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_THAT(merged->moves, SizeIs(2));
}

TEST_F(RegistryReturnsTest, DecisionsOutliveARetirementButNotAnotherPerson) {
  Put(kOne), Put(kTwo), Put(kThree);
  ASSERT_TRUE(folder_->Decide(one_, two_, true, by_).ok());
  ASSERT_TRUE(folder_->Retire(one_, by_).ok());
  Put(kOne);
  EXPECT_THAT(folder_->Find(one_)->identifiers, ElementsAre(one_, two_));
  ASSERT_TRUE(folder_->Decide(two_, three_, false, by_).ok());
  EXPECT_EQ(folder_->Decide(one_, three_, true, by_).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Put("1|鈴木 一郎|スズキ イチロウ|1999-08-08|男").outcome, PersonOutcome::kHeld);
  ASSERT_TRUE(folder_->AcceptRevision(one_, false, by_).ok());
  EXPECT_THAT(folder_->Find(one_)->identifiers, ElementsAre(one_));
  EXPECT_TRUE(folder_->Decide(one_, three_, true, by_).ok()) << "nothing is left that it contradicts";
}

TEST_F(RegistryReturnsTest, ThePastOfAnIdentifierOutlivesItsRegistrations) {
  Put(kOne);
  const uint64_t first = Put(kTwo).event;
  ASSERT_TRUE(folder_->Decide(one_, two_, true, by_).ok());
  const uint64_t retired = folder_->Retire(one_, by_)->event;
  const uint64_t again = Put(kOne).event;
  EXPECT_THAT(*folder_->PersonAt(one_, first), ElementsAre(one_));
  EXPECT_THAT(*folder_->PersonAt(one_, retired - 1), ElementsAre(one_, two_));
  EXPECT_THAT(*folder_->PersonAt(one_, retired), IsEmpty());
  EXPECT_THAT(*folder_->PersonAt(one_, again), ElementsAre(one_, two_));
}

TEST_F(RegistryReturnsTest, WhatIsHeldIsHeldOnceAndTakenBack) {
  Put(kOne);
  const std::string_view other = "1|鈴木 一郎|スズキ イチロウ|1999-08-08|男";
  EXPECT_NE(Put(other).event, 0u);
  const ChangeAnswer again = Put(other);
  EXPECT_EQ(again.outcome, PersonOutcome::kHeld);
  EXPECT_EQ(again.event, 0u);
  EXPECT_NE(Put(kOne).event, 0u);
  EXPECT_THAT(*folder_->HeldRevisions(10), IsEmpty());
  EXPECT_EQ(Put(kOne).event, 0u);
}

TEST_F(RegistryReturnsTest, WhatWasLoadedAndIsPutAgainChangesNothing) {
  Record record = ParseRecord(kOne);
  record.phones = {"03-9999-0000", "03-1111-0000"};
  ASSERT_TRUE(folder_->BulkLoad(1, [&](size_t, RecordView* out) { out->Assign(record); }, by_, 1, nullptr).ok());
  const auto answer = folder_->Put(record, by_);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->event, 0u);
  EXPECT_EQ(answer->revision, 1u);
}

}  // namespace
}  // namespace libmpi
