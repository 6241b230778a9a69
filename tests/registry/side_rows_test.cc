// SPDX-License-Identifier: Apache-2.0
// What others keep in a registry's store: in the commits of its changes, or by itself.
#include "libmpi/registry/side_rows.h"

#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/registry/registry_folder.h"
#include "tests/testing/records.h"

namespace libmpi {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class SideRowsTest : public testing::Test {
 protected:
  SideRowsTest() { registry_.Create(Model::Default(), FrozenOptions()); }

  using Rows = std::vector<std::pair<std::string, std::string>>;
  Rows All(std::string_view prefix, std::string_view from) {
    Rows rows;
    EXPECT_TRUE(registry_->ReadSide([&](const SideReader& side) {
      return side.Scan(prefix, from, [&](std::string_view key, std::string_view value) {
        rows.emplace_back(key, value);
        return true;
      });
    }).ok());
    return rows;
  }
  Rows All(std::string_view prefix = "") { return All(prefix, prefix); }
  absl::Status Write(std::string key, std::string value) {
    return registry_->WriteSide([&](const ChangeAnswer&, SideRows* rows) {
      rows->Put(key, value);
      return absl::OkStatus();
    });
  }

  const Record record_ = ParseRecord("1|山田 太郎|ヤマダ タロウ|1960-04-01|男||東京都/港区/芝1-2-3|03-1234-5678");
  const Attribution by_ = {"test", ""};
  RegistryFolder registry_;
};

TEST_F(SideRowsTest, WrittenIsReadAtOnceAndSyncedSoon) {
  const auto write = [&](const std::string& key, WriteUntil until) {
    return registry_->WriteSide(
        [&](const ChangeAnswer&, SideRows* rows) {
          rows->Put(key, "1");
          return absl::OkStatus();
        },
        until);
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string key = std::to_string(t) + "." + std::to_string(i);
        EXPECT_TRUE(write(key, i % 7 == t ? WriteUntil::kSynced : WriteUntil::kWritten).ok());
        EXPECT_THAT(All(key + "", key), testing::Contains(Pair(key, "1")));
      }
    });
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(registry_.Reopen());
  EXPECT_EQ(All().size(), 200u);
}

TEST_F(SideRowsTest, AreAnOrderedMapOfAnyBytes) {
  const std::string odd("a\0\xff", 3), empty;
  for (const auto& [key, value] :
       {std::pair<std::string, std::string>{odd, empty}, {"a", "1"}, {"ab", "2"}, {"b", odd}, {"", "0"}})
    ASSERT_TRUE(Write(key, value).ok());
  EXPECT_THAT(All(), ElementsAre(Pair("", "0"), Pair("a", "1"), Pair(odd, ""), Pair("ab", "2"), Pair("b", odd)));
  EXPECT_THAT(All("a"), ElementsAre(Pair("a", "1"), Pair(odd, ""), Pair("ab", "2")));
  EXPECT_THAT(All("a", "ab"), ElementsAre(Pair("ab", "2")));
  EXPECT_THAT(All("c"), IsEmpty());
  ASSERT_TRUE(registry_->WriteSide([](const ChangeAnswer&, SideRows* rows) {
    rows->Delete("a");
    rows->Put("new", "3");
    std::optional<std::string> gone, there;
    EXPECT_TRUE(rows->Read("a", &gone).ok());
    EXPECT_TRUE(rows->Read("new", &there).ok());
    EXPECT_EQ(gone, std::nullopt);
    EXPECT_EQ(there, "3");
    return absl::OkStatus();
  }).ok());
  ASSERT_TRUE(registry_.Reopen());
  EXPECT_THAT(All("a"), ElementsAre(Pair(odd, ""), Pair("ab", "2")));
  EXPECT_THAT(*registry_->Verify(1, nullptr), IsEmpty());
}

TEST_F(SideRowsTest, ComeWithTheirChangeOrNeitherDoes) {
  const auto refused = registry_->Put(record_, by_, [](const ChangeAnswer& answer, SideRows* rows) {
    EXPECT_EQ(answer.outcome, PersonOutcome::kCreated);
    rows->Put("audit", "1");
    return absl::UnavailableError("the trail is full");
  });
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(registry_->Get(record_.key, nullptr).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(registry_->GetStats()->events, 0u);
  EXPECT_THAT(All(), IsEmpty());
  const auto note = [](const ChangeAnswer& answer, SideRows* rows) {
    rows->Put("event", std::to_string(answer.event));
    return absl::OkStatus();
  };
  ASSERT_TRUE(registry_->Put(record_, by_, note).ok());
  EXPECT_THAT(All(), ElementsAre(Pair("event", "1")));
  // Also where there is nothing to change.
  ASSERT_TRUE(registry_->Put(record_, by_, note).ok());
  EXPECT_THAT(All(), ElementsAre(Pair("event", "0")));
  // Not of a change that fails.
  EXPECT_FALSE(registry_->Retire({"T", "2", 0}, by_, note).ok());
  ASSERT_TRUE(registry_->Retire(record_.key, by_, note).ok());
  EXPECT_THAT(All(), ElementsAre(Pair("event", "2")));
}

TEST_F(SideRowsTest, ChangesOfManyThreadsComeOneAfterTheOther) {
  const auto count = [](const ChangeAnswer&, SideRows* rows) {
    std::optional<std::string> value;
    const absl::Status read = rows->Read("count", &value);
    rows->Put("count", std::to_string((value ? std::stoi(*value) : 0) + 1));
    return read;
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        Record record = record_;
        record.key.record_id = std::to_string(t) + "." + std::to_string(i % 20);
        EXPECT_TRUE(i % 2 == 0 ? registry_->Put(record, by_, count).ok() : registry_->WriteSide(count).ok());
      }
    });
  for (std::thread& t : threads) t.join();
  EXPECT_THAT(All(), ElementsAre(Pair("count", "400")));
}

TEST_F(SideRowsTest, StayThroughAFirstLoadARelinkABackupAndARestore) {
  ASSERT_TRUE(Write("consent", "yes").ok());
  const auto reader = [&](size_t, RecordView* view) { view->Assign(record_); };
  ASSERT_TRUE(registry_->BulkLoad(1, reader, by_, 1, nullptr).ok());
  ASSERT_TRUE(registry_->Relink(Model::Default(), FrozenOptions(), false, by_, 1, nullptr).ok());
  const std::string copy = registry_.folder() + ".copy", restored = registry_.folder() + ".restored";
  ASSERT_TRUE(registry_->Backup(copy).ok());
  ASSERT_TRUE(Registry::Restore(copy, restored).ok());
  const auto opened = Registry::Open(restored, RegistryOptions());
  ASSERT_TRUE(opened.ok()) << opened.status();
  std::optional<std::string> value;
  ASSERT_TRUE((*opened)->ReadSide([&](const SideReader& rows) { return rows.Read("consent", &value); }).ok());
  EXPECT_EQ(value, "yes");
  EXPECT_THAT(All(), ElementsAre(Pair("consent", "yes")));
  for (const std::string& folder : {copy, restored}) std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace libmpi
