// SPDX-License-Identifier: Apache-2.0
#include "gmock/gmock.h"
#include "tests/pix/manager_folder.h"

namespace libmpi::pix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;
using Kind = Feed::Kind;
using Set = std::vector<std::string>;

class UpdatesTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(folder_.Create());
    for (const char* party : {"emr", "till"}) ASSERT_THAT(Updated(party), IsEmpty());  // they begin here
  }

  void Take(const std::string& party, const Feed& feed) {
    const FeedAnswer answer = folder_->Take(folder_.party(party), feed, {});
    ASSERT_THAT(FaultsOf(answer.problems), IsEmpty());
  }
  // What a party is told now, and confirms.
  std::vector<Set> Updated(const std::string& party) {
    std::vector<Set> sets;
    for (int turn = 0; turn < 50; ++turn) {
      const auto updates = folder_->UpdatesFor(folder_.party(party), 3);
      EXPECT_TRUE(updates.ok()) << updates.status();
      if (!updates.ok()) break;
      for (const Update& update : updates->updates) sets.push_back(Texts(update.identifiers));
      if (updates->next == confirmed_[party]) break;
      EXPECT_TRUE(folder_->ConfirmUpdates(folder_.party(party), updates->next).ok());
      confirmed_[party] = updates->next;
    }
    return sets;
  }

  ManagerFolder folder_;
  std::map<std::string, uint64_t> confirmed_;
};

TEST_F(UpdatesTest, AFirstRegistrationIsTold) {
  Take("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  EXPECT_THAT(Updated("till"), ElementsAre(Set{"HOSP:1"}));
  EXPECT_THAT(Updated("till"), IsEmpty());
}

TEST_F(UpdatesTest, EnterpriseIdsAreInNone) {
  folder_.domains = DomainsWithEnterprise();
  confirmed_.clear();
  SetUp();
  Take("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  EXPECT_THAT(Updated("till"), ElementsAre(Set{"HOSP:1"}));
}

TEST_F(UpdatesTest, AJoinIsToldOnceWithAll) {
  Take("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  Updated("till");
  Take("emr", FeedOf(Kind::kAdd, {{"9", kClinicId}}, Says()));
  EXPECT_THAT(Updated("till"), ElementsAre(Set{"CLIN:9", "HOSP:1"}));
}

TEST_F(UpdatesTest, WhoRefusedIsToldAnewWhatIsSoNow) {
  Take("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  Take("emr", FeedOf(Kind::kAdd, {{"9", kClinicId}}, Says()));
  Take("emr", FeedOf(Kind::kAdd, {{"10", kClinicId}}, Says(1)));
  Take("his", FeedOf(Kind::kAdd, {{"77", kCardId}}, Says(1)));
  const auto about = [this](const std::string& party, const std::vector<Identifier>& identifiers) {
    const auto updates = folder_->UpdatesAbout(folder_.party(party), identifiers);
    EXPECT_TRUE(updates.ok()) << updates.status();
    std::vector<Set> sets;
    for (const Update& update : *updates) sets.push_back(Texts(update.identifiers));
    return sets;
  };
  EXPECT_THAT(about("till", {{"9", kClinicId}}), ElementsAre(Set{"CLIN:9", "HOSP:1"}));
  EXPECT_THAT(about("till", {{"9", kClinicId}, {"1", kHospitalId}, {"10", kClinicId}}),
              ElementsAre(Set{"CLIN:9", "HOSP:1"}, Set{"CLIN:10", "CARD:77"}));
  EXPECT_THAT(about("emr", {{"10", kClinicId}}), ElementsAre(Set{"CLIN:10"})) << "its domains of interest alone";
  EXPECT_THAT(about("till", {{"404", kClinicId}, {"1", {"GONE", "", ""}}}), IsEmpty());
  EXPECT_THAT(Updated("till"), Not(IsEmpty())) << "nothing is confirmed by that";
}

TEST_F(UpdatesTest, ASplitIsToldForBothParts) {
  Take("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  Take("his", FeedOf(Kind::kAdd, {{"2", kHospitalId}}, Says(1)));
  Take("his", FeedOf(Kind::kLink, {{"1", kHospitalId}}, {}, {{"2", kHospitalId}}));
  EXPECT_THAT(Updated("till"), testing::Contains(Set{"HOSP:1", "HOSP:2"}));
  Take("his", FeedOf(Kind::kUnlink, {{"1", kHospitalId}}, {}, {{"2", kHospitalId}}));
  EXPECT_THAT(Updated("till"), UnorderedElementsAre(Set{"HOSP:1"}, Set{"HOSP:2"}));
}

TEST_F(UpdatesTest, AMergeOfIdentifiersIsTold) {
  Take("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  Take("his", FeedOf(Kind::kAdd, {{"2", kHospitalId}}, Says()));
  EXPECT_THAT(Updated("till"), ElementsAre(Set{"HOSP:1", "HOSP:2"}));
  Take("his", FeedOf(Kind::kMerge, {{"1", kHospitalId}}, {}, {{"2", kHospitalId}}));
  EXPECT_THAT(Updated("till"), ElementsAre(Set{"HOSP:1"}));
}

TEST_F(UpdatesTest, AWithdrawalIsToldToWhoKnowsTheOthers) {
  Take("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  Take("emr", FeedOf(Kind::kAdd, {{"9", kClinicId}}, Says()));
  Updated("till");
  Take("his", FeedOf(Kind::kRetire, {{"1", kHospitalId}}));
  EXPECT_THAT(Updated("till"), ElementsAre(Set{"CLIN:9"}));
}

TEST_F(UpdatesTest, DomainsOfNoInterestAreNotTold) {
  Take("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  Updated("emr");
  Take("his", FeedOf(Kind::kAdd, {{"77", kCardId}}, Says()));
  EXPECT_THAT(Updated("emr"), IsEmpty());
  EXPECT_THAT(Updated("till"), ElementsAre(Set{"HOSP:1", "CARD:77"}));
}

TEST_F(UpdatesTest, WhatWasNotConfirmedIsToldAgainAlsoAfterAnOpening) {
  Take("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, Says()));
  for (const bool reopened : {false, true}) {
    ASSERT_TRUE(!reopened || folder_.Reopen());
    const auto updates = folder_->UpdatesFor(folder_.party("till"), 100);
    ASSERT_TRUE(updates.ok());
    ASSERT_EQ(updates->updates.size(), 1u);
    EXPECT_THAT(Texts(updates->updates[0].identifiers), ElementsAre("HOSP:1"));
  }
}

TEST_F(UpdatesTest, APairUnderReviewIsNotTold) {
  Record common;  // of whom there is more than one in a population
  StatedName name;
  name.full = "佐藤 恵子";
  common.names = {name};
  common.births = {"1960-04-01"};
  common.sexes = {"F"};
  Take("his", FeedOf(Kind::kAdd, {{"1", kHospitalId}}, common));
  Updated("till");
  Take("emr", FeedOf(Kind::kAdd, {{"9", kClinicId}}, common));
  const auto review = folder_.registry().Review(10);
  ASSERT_TRUE(review.ok());
  ASSERT_EQ(review->size(), 1u);
  EXPECT_THAT(Updated("till"), ElementsAre(Set{"CLIN:9"}));
}

}  // namespace
}  // namespace libmpi::pix
