// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/quarantine.h"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/serve/durable_file.h"
#include "tools/serve/quarantine_files.h"

namespace nayose {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kMessage[] = "MSH|^~\\&|HIS|H\rPID|1\r";

class QuarantineTest : public ::testing::Test {
 protected:
  QuarantineTest() : path_(std::filesystem::path(::testing::TempDir()) / ("serve_quarantine." + std::to_string(::getpid())) / "q") {
    std::filesystem::remove_all(path_.parent_path());
  }
  ~QuarantineTest() override { std::filesystem::remove_all(path_.parent_path()); }

  QuarantineOptions Options() {
    QuarantineOptions options;
    options.folder = path_.string();
    options.clock = [this] { return now_; };
    return options;
  }
  static QuarantineAbout About() {
    QuarantineAbout about;
    about.listener = "local";
    about.peer = "127.0.0.1";
    about.party = "his";
    about.control_id = "M1";
    about.type = "ADT^A08";
    about.code = "AE";
    about.reason = "no";
    about.problems = {{"unknown_authority", 1, "nobody knows it"}};
    about.encoding = "CP932";
    return about;
  }
  std::vector<uint64_t> Waiting() {
    std::vector<uint64_t> numbers;
    const auto list = QuarantineFolder(path_.string()).List();
    for (const QuarantineAbout& about : *list) numbers.push_back(about.number);
    return numbers;
  }

  std::filesystem::path path_;
  int64_t now_ = 1'796'000'000'000;
};

ReplayOutcome Accepted(const QuarantineAbout&, const std::string&) { return {0, "AA", "", true}; }

TEST_F(QuarantineTest, KeepsBytesAndWhy) {
  Quarantine quarantine(Options());
  ASSERT_TRUE(quarantine.Open().ok());
  const std::string bytes = std::string("MSH|\x1b$B;3ED\x1b(B\0x\r\n", 18);
  EXPECT_EQ(*quarantine.Put(About(), bytes), 1u);
  EXPECT_EQ(*quarantine.Put(About(), kMessage), 2u);
  EXPECT_EQ(quarantine.size(), 2u);
  const QuarantineFolder folder(path_.string());
  EXPECT_EQ(*folder.Bytes(1), bytes);
  QuarantineAbout want = About();
  want.number = 1;
  want.unix_milliseconds = now_;
  want.bytes = bytes.size();
  EXPECT_EQ(*folder.About(1), want);
  EXPECT_EQ(std::filesystem::status(path_).permissions(), std::filesystem::perms::owner_all);
  EXPECT_EQ(std::filesystem::status(path_ / "1.hl7").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_TRUE(absl::IsNotFound(folder.About(3).status()));
}

TEST_F(QuarantineTest, FixReplayAndWhatBecameOfIt) {
  Quarantine quarantine(Options());
  ASSERT_TRUE(quarantine.Open().ok());
  ASSERT_TRUE(quarantine.Put(About(), kMessage).ok());
  const QuarantineFolder folder(path_.string());
  EXPECT_TRUE(absl::IsAborted(folder.Fix(1, "others", "x")));
  ASSERT_TRUE(folder.Fix(1, kMessage, "better").ok());
  EXPECT_EQ(folder.About(1)->fixed, 1u);

  ASSERT_TRUE(folder.AskReplay(1).ok());
  // While it waits nobody else does anything with it.
  EXPECT_TRUE(absl::IsFailedPrecondition(folder.AskReplay(1)));
  EXPECT_TRUE(absl::IsFailedPrecondition(folder.Fix(1, "better", "x")));
  EXPECT_TRUE(absl::IsFailedPrecondition(folder.Drop(1)));
  EXPECT_EQ(*quarantine.Poll([](const QuarantineAbout& about, const std::string& bytes) -> ReplayOutcome {
    EXPECT_EQ(about.listener, "local");
    EXPECT_EQ(bytes, "better");
    return {0, "AE", "still no", false};
  }), 1u);
  auto outcome = folder.AwaitReplay(1, 0);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(*outcome, (ReplayOutcome{now_, "AE", "still no", false}));
  EXPECT_THAT(Waiting(), ElementsAre(1));

  ASSERT_TRUE(folder.AskReplay(1).ok());
  EXPECT_EQ(*quarantine.Poll(Accepted), 1u);
  EXPECT_TRUE(folder.AwaitReplay(1, 0)->accepted);
  EXPECT_THAT(Waiting(), IsEmpty());
  EXPECT_EQ(quarantine.size(), 0u);
  const auto done = folder.List(true);
  ASSERT_EQ(done->size(), 1u);
  EXPECT_EQ(done->front().replays.size(), 2u);
  EXPECT_EQ(*ReadWhole((path_ / "done/1.hl7").string()), "better");
  EXPECT_EQ(*quarantine.Poll(Accepted), 0u);
  EXPECT_TRUE(absl::IsNotFound(folder.About(1).status()));
  EXPECT_THAT(std::string(folder.About(1).status().message()), HasSubstr("was accepted"));
}

TEST_F(QuarantineTest, WithoutAServerTheRequestIsTakenBack) {
  Quarantine quarantine(Options());
  ASSERT_TRUE(quarantine.Open().ok());
  ASSERT_TRUE(quarantine.Put(About(), kMessage).ok());
  const QuarantineFolder folder(path_.string());
  ASSERT_TRUE(folder.AskReplay(1).ok());
  EXPECT_THAT(std::string(folder.AwaitReplay(1, 1).status().message()), HasSubstr("is nayose serve running"));
  EXPECT_EQ(*quarantine.Poll(Accepted), 0u);
  EXPECT_TRUE(folder.Drop(1).ok());
  EXPECT_TRUE(absl::IsNotFound(folder.Drop(1)));
  EXPECT_THAT(Waiting(), IsEmpty());
}

TEST_F(QuarantineTest, NotificationsThatWereRefusedAreTheirSendersToTell) {
  Quarantine quarantine(Options());
  ASSERT_TRUE(quarantine.Open().ok());
  QuarantineAbout about = About();
  about.outgoing = true;
  about.party = "emr";
  ASSERT_EQ(*quarantine.Put(About(), kMessage), 1u);
  ASSERT_EQ(*quarantine.Put(about, kMessage), 2u);
  const QuarantineFolder folder(path_.string());
  EXPECT_TRUE(folder.About(2)->outgoing);
  EXPECT_TRUE(absl::IsFailedPrecondition(folder.Fix(2, kMessage, "x")));
  ASSERT_TRUE(folder.AskReplay(1).ok());
  ASSERT_TRUE(folder.AskReplay(2).ok());
  const auto of = [](const std::string& party) {
    return [party](const QuarantineAbout& a) { return a.outgoing && a.party == party; };
  };
  EXPECT_EQ(*quarantine.Poll(Accepted, of("till")), 0u);
  EXPECT_EQ(*quarantine.Poll(Accepted, of("emr")), 1u);
  EXPECT_THAT(Waiting(), ElementsAre(1));
  EXPECT_EQ(*quarantine.Poll(Accepted), 1u);
  EXPECT_THAT(Waiting(), IsEmpty());
}

TEST_F(QuarantineTest, WhatAnEarlierReleaseKeptIsIncoming) {
  QuarantineAbout about = About();
  std::string json = ToJson(about);
  const std::string key = "\"outgoing\":false,";
  ASSERT_THAT(json, HasSubstr(key));
  json.erase(json.find(key), key.size());
  const auto read = QuarantineAboutOfJson(json);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, about);
}

TEST_F(QuarantineTest, OfManyCommandsAtOnceOneWins) {
  Quarantine quarantine(Options());
  ASSERT_TRUE(quarantine.Open().ok());
  ASSERT_TRUE(quarantine.Put(About(), kMessage).ok());
  std::atomic<int> asked{0};
  std::vector<std::thread> commands;
  for (int i = 0; i < 8; ++i)
    commands.emplace_back([&] { asked += QuarantineFolder(path_.string()).AskReplay(1).ok() ? 1 : 0; });
  for (std::thread& command : commands) command.join();
  EXPECT_EQ(asked, 1);
}

TEST_F(QuarantineTest, IsBounded) {
  QuarantineOptions options = Options();
  options.most = 3;
  options.days = 2;
  Quarantine quarantine(options);
  ASSERT_TRUE(quarantine.Open().ok());
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(quarantine.Put(About(), std::to_string(i)).ok());
  ASSERT_TRUE(QuarantineFolder(path_.string()).AskReplay(1).ok());  // asked for: it stays
  auto removed = quarantine.Tidy();
  ASSERT_TRUE(removed.ok());
  EXPECT_EQ(removed->too_many, 2u);
  EXPECT_THAT(Waiting(), ElementsAre(1, 4, 5));
  EXPECT_EQ(*quarantine.Poll(Accepted), 1u);
  now_ += int64_t{24} * 3600 * 1000;
  ASSERT_TRUE(quarantine.Put(About(), kMessage).ok());
  now_ += int64_t{24} * 3600 * 1000 + 1;
  removed = quarantine.Tidy();
  EXPECT_EQ(removed->too_old, 3u);  // one of them was done
  EXPECT_THAT(Waiting(), ElementsAre(6));
  EXPECT_THAT(*QuarantineFolder(path_.string()).List(true), IsEmpty());
  // A command that is at work is not waited for.
  const auto lock = FileLock::Take((path_ / "lock").string(), FileLock::Wait::kYes);
  now_ *= 2;
  EXPECT_EQ(quarantine.Tidy()->too_old, 0u);
  EXPECT_TRUE(quarantine.Put(About(), kMessage).ok());
}

TEST_F(QuarantineTest, TheSameAgainIsKeptOnce) {
  Quarantine quarantine(Options());
  ASSERT_TRUE(quarantine.Open().ok());
  EXPECT_EQ(*quarantine.Put(About(), kMessage), 1u);
  EXPECT_EQ(*quarantine.Put(About(), kMessage), 1u);
  QuarantineAbout other = About();
  other.party = "emr";
  EXPECT_EQ(*quarantine.Put(other, kMessage), 2u);
  // Mended or dropped it is not the same any more.
  ASSERT_TRUE(QuarantineFolder(path_.string()).Fix(1, kMessage, "better").ok());
  ASSERT_TRUE(QuarantineFolder(path_.string()).Drop(2).ok());
  EXPECT_EQ(*quarantine.Put(About(), kMessage), 3u);
  EXPECT_EQ(*quarantine.Put(other, kMessage), 4u);
}

TEST_F(QuarantineTest, NoNumberIsGivenTwice) {
  {
    Quarantine quarantine(Options());
    ASSERT_TRUE(quarantine.Open().ok());
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(quarantine.Put(About(), std::to_string(i)).ok());
    ASSERT_TRUE(QuarantineFolder(path_.string()).Drop(2).ok());
  }
  Quarantine again(Options());
  ASSERT_TRUE(again.Open().ok());
  EXPECT_EQ(again.size(), 1u);
  EXPECT_EQ(*again.Put(About(), kMessage), 3u);
}

TEST_F(QuarantineTest, CleansUpAfterACrash) {
  {
    Quarantine quarantine(Options());
    ASSERT_TRUE(quarantine.Open().ok());
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(quarantine.Put(About(), std::to_string(i)).ok());
  }
  std::ofstream(path_ / "3.hl7") << "its refusal was never answered";
  std::ofstream(path_ / "3.json.1.1.new") << "half";
  std::ofstream(path_ / "replay/1.taken");
  std::filesystem::rename(path_ / "2.json", path_ / "done/2.json");
  std::ofstream(path_ / "lock");
  Quarantine again(Options());
  ASSERT_TRUE(again.Open().ok());
  EXPECT_FALSE(std::filesystem::exists(path_ / "3.hl7"));
  EXPECT_FALSE(std::filesystem::exists(path_ / "3.json.1.1.new"));
  EXPECT_TRUE(std::filesystem::exists(path_ / "done/2.hl7"));
  EXPECT_EQ(*again.Poll(Accepted), 1u);
  EXPECT_THAT(Waiting(), IsEmpty());
}

TEST_F(QuarantineTest, ADamagedNoteIsToldOf) {
  Quarantine quarantine(Options());
  ASSERT_TRUE(quarantine.Open().ok());
  ASSERT_TRUE(quarantine.Put(About(), kMessage).ok());
  std::ofstream(path_ / "1.json") << "{";
  const auto list = QuarantineFolder(path_.string()).List();
  ASSERT_EQ(list->size(), 1u);
  EXPECT_THAT(list->front().reason, HasSubstr("is not what nayose writes"));
  EXPECT_TRUE(quarantine.Tidy().ok());
}

}  // namespace
}  // namespace nayose
