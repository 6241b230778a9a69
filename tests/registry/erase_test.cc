// SPDX-License-Identifier: Apache-2.0
// What is erased is nowhere any more, and all else is as if the record had been withdrawn.
#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/sst_file_reader.h"
#include "tests/registry/registry_folder.h"
#include "tests/registry/store_testing.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class EraseTest : public testing::Test {
 protected:
  EraseTest() { EXPECT_TRUE(folder_.Create(Model::Default(), FrozenOptions())); }
  ChangeAnswer Put(std::string_view line) {
    auto answer = folder_->Put(ParseRecord(line), by_);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *std::move(answer) : ChangeAnswer();
  }
  ChangeAnswer Erase(const RecordKey& key) {
    auto answer = folder_->Erase(key, {"officer", "asked for"});
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *std::move(answer) : ChangeAnswer();
  }
  // How many rows of the store's files have the text in them, in a log or in a table.
  size_t FilesThatHave(std::string_view text) const {
    size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.folder())) {
      const std::string path = entry.path().string();
      if (!entry.is_regular_file()) continue;
      bool has = store_testing::Slurp(path).find(text) != std::string::npos;
      if (path.ends_with(".sst")) {
        rocksdb::SstFileReader reader((rocksdb::Options()));
        EXPECT_TRUE(reader.Open(path).ok());
        const std::unique_ptr<rocksdb::Iterator> it(reader.NewIterator(rocksdb::ReadOptions()));
        for (it->SeekToFirst(); it->Valid(); it->Next())
          has |= it->value().ToString().find(text) != std::string::npos || it->key().ToString().find(text) != std::string::npos;
      }
      count += has;
    }
    return count;
  }

  static constexpr std::string_view kOne = "1|纐纈 瑠唯奈|コウケツ ルイナ|1961-03-07|男|||03-1111-2222";
  static constexpr std::string_view kAgain = "2|纐纈 瑠唯奈|コウケツ ルイナ|1961-03-07|男|||03-1111-2222";
  static constexpr std::string_view kOther = "3|纐纐 美咲斗|コウコウ ミサキト|1999-05-12|女|||06-3333-4444";
  const RecordKey one_ = {"T", "1", 0}, two_ = {"T", "2", 0}, three_ = {"T", "3", 0};
  const Attribution by_ = {"tester", ""};
  RegistryFolder folder_;
};

TEST_F(EraseTest, ItsValuesAreInNoFileAnyMore) {
  constexpr std::string_view kTexts[] = {"纐纈",   "瑠唯奈", "コウケツ",   "ルイナ",   "こうけつ",     "koukets",
                                         "KOUKETS", "ruina",  "1961-03-07", "19610307", "03-1111-2222", "0311112222"};
  for (const std::string_view text : kTexts) EXPECT_EQ(FilesThatHave(text), 0u) << text;  // nor does the model
  Put(kOne), Put(kOther);
  ASSERT_TRUE(folder_->Compact().ok());  // in a table, then
  EXPECT_GT(FilesThatHave("瑠唯奈"), 0u);
  EXPECT_GT(FilesThatHave("03-1111-2222"), 0u);
  Erase(one_);
  ASSERT_TRUE(folder_->Compact().ok());
  for (const std::string_view text : kTexts) EXPECT_EQ(FilesThatHave(text), 0u) << text;
  EXPECT_GT(FilesThatHave("美咲斗"), 0u);
}

TEST_F(EraseTest, AHeldRevisionGoesWithIt) {
  Put(kOne);
  ASSERT_EQ(Put("1|纐纐 美咲斗|コウコウ ミサキト|1999-05-12|女|||06-3333-4444").outcome, PersonOutcome::kHeld);
  Erase(one_);
  EXPECT_THAT(*folder_->HeldRevisions(10), IsEmpty());
  ASSERT_TRUE(folder_->Compact().ok());
  EXPECT_EQ(FilesThatHave("美咲斗"), 0u);
  EXPECT_EQ(folder_->GetStats()->held, 0u);
}

TEST_F(EraseTest, ThePersonIsAsIfItHadBeenWithdrawn) {
  Put(kOne), Put(kAgain), Put(kOther);
  ASSERT_THAT(folder_->Find(one_)->identifiers, ElementsAre(one_, two_));
  const EnterpriseId person = folder_->Find(one_)->person;
  const ChangeAnswer answer = Erase(one_);
  EXPECT_EQ(answer.outcome, PersonOutcome::kRetired);
  EXPECT_GT(answer.event, 0u);
  EXPECT_EQ(folder_->Find(one_).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(folder_->Find(person)->identifiers, ElementsAre(two_));
  RecordStatus status = RecordStatus::kLive;
  const auto left = folder_->Get(one_, &status);
  ASSERT_TRUE(left.ok());
  EXPECT_EQ(status, RecordStatus::kRetired);
  EXPECT_THAT(left->names, IsEmpty());
  EXPECT_THAT(left->births, IsEmpty());
  EXPECT_THAT(*folder_->Verify(1, nullptr), IsEmpty());
  ASSERT_TRUE(folder_.Reopen());
  EXPECT_THAT(*folder_->Verify(1, nullptr), IsEmpty());
}

TEST_F(EraseTest, TheHistorySaysThatAndWhy) {
  Put(kOne);
  const uint64_t event = Erase(one_).event;
  const auto history = folder_->History(event, 1);
  ASSERT_TRUE(history.ok());
  ASSERT_EQ(history->size(), 1u);
  EXPECT_EQ(history->front().kind, EventKind::kErased);
  EXPECT_EQ(EventKindName(EventKind::kErased), "erased");
  EXPECT_EQ(history->front().record, one_);
  EXPECT_EQ(history->front().by.actor, "officer");
  EXPECT_EQ(history->front().by.reason, "asked for");
}

TEST_F(EraseTest, AgainItChangesNothing) {
  Put(kOne);
  Erase(one_);
  EXPECT_EQ(Erase(one_).event, 0u);
  EXPECT_EQ(folder_->GetStats()->events, 2u);
  EXPECT_EQ(folder_->Erase(two_, by_).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(EraseTest, AWithdrawnOneCanBeErasedToo) {
  Put(kOne), Put(kAgain);
  ASSERT_TRUE(folder_->Retire(one_, by_).ok());
  EXPECT_GT(Erase(one_).event, 0u);
  ASSERT_TRUE(folder_->Compact().ok());
  EXPECT_THAT(*folder_->Verify(1, nullptr), IsEmpty());
  EXPECT_THAT(folder_->Find(two_)->identifiers, ElementsAre(two_));
}

TEST_F(EraseTest, WhoComesAgainHasAnotherEnterpriseId) {
  const EnterpriseId before = Put(kOne).person;
  Erase(one_);
  const ChangeAnswer again = Put(kOne);
  EXPECT_EQ(again.outcome, PersonOutcome::kCreated);
  EXPECT_NE(again.person, before);
  EXPECT_FALSE(again.another_person);  // that is not known
  EXPECT_FALSE(folder_->Find(before).ok());
  EXPECT_THAT(folder_->Find(again.person)->identifiers, ElementsAre(one_));
  EXPECT_THAT(*folder_->Verify(1, nullptr), IsEmpty());
}

TEST_F(EraseTest, DecisionsOnItHaveNoPowerOverWhoComesAgain) {
  Put(kOne), Put(kOther);
  ASSERT_TRUE(folder_->Decide(one_, three_, true, by_).ok());
  Erase(one_);
  Put(kOne);
  EXPECT_THAT(folder_->Find(one_)->identifiers, ElementsAre(one_));
  EXPECT_THAT(*folder_->Decisions(), IsEmpty());
  EXPECT_THAT(*folder_->Verify(1, nullptr), IsEmpty());
}

TEST_F(EraseTest, AMergedIdentifierComesBackWithNothing) {
  Put(kOne), Put(kOther);
  const EnterpriseId mine = folder_->Find(one_)->person;
  ASSERT_TRUE(folder_->Subsume(one_, three_, by_).ok());
  Erase(one_);
  EXPECT_THAT(folder_->Find(one_)->identifiers, ElementsAre(three_));  // it goes on answering
  EXPECT_THAT(*folder_->Verify(1, nullptr), IsEmpty());
  ASSERT_TRUE(folder_->Unsubsume(one_, by_).ok());
  EXPECT_EQ(folder_->Find(one_).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(*folder_->Verify(1, nullptr), IsEmpty());
  EXPECT_NE(Put(kOne).person, mine);
  EXPECT_THAT(*folder_->Verify(1, nullptr), IsEmpty());
}

TEST_F(EraseTest, RelinkingLeavesItOut) {
  Put(kOne), Put(kAgain);
  Erase(one_);
  FrozenOptions options;
  options.match_threshold = 3;
  ASSERT_TRUE(folder_->Relink(folder_->model()->model(), options, false, by_, 1, nullptr).ok());
  EXPECT_THAT(*folder_->Verify(1, nullptr), IsEmpty());
}

TEST_F(EraseTest, WhatHasLeftIsListedUntilItIsErased) {
  Put(kOne), Put(kAgain), Put(kOther);
  const auto left = [&] {
    std::vector<std::pair<RecordKey, RecordStatus>> all;
    EXPECT_TRUE(folder_
                    ->ForEachLeft([&](const LeftRecord& record) {
                      EXPECT_EQ(record.since_unix_milliseconds, kRegistryNow);
                      EXPECT_EQ(record.surviving.has_value(), record.status == RecordStatus::kSubsumed);
                      all.emplace_back(record.record, record.status);
                      return true;
                    })
                    .ok());
    return all;
  };
  EXPECT_THAT(left(), IsEmpty());
  ASSERT_TRUE(folder_->Retire(one_, by_).ok());
  ASSERT_TRUE(folder_->Subsume(two_, three_, by_).ok());
  EXPECT_THAT(left(), ElementsAre(std::pair(one_, RecordStatus::kRetired), std::pair(two_, RecordStatus::kSubsumed)));
  Erase(one_), Erase(two_);
  EXPECT_THAT(left(), IsEmpty());
}

}  // namespace
}  // namespace libmpi
