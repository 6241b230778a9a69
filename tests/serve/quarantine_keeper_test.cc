// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/quarantine_keeper.h"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <stdexcept>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/serve/durable_file.h"

namespace nayose {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kPatience = 20'000;

class QuarantineKeeperTest : public ::testing::Test {
 protected:
  QuarantineKeeperTest()
      : path_(std::filesystem::path(::testing::TempDir()) / ("serve_keeper." + std::to_string(::getpid()))),
        quarantine_(Options()), log_(LogTo()), folder_((path_ / "q").string()) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
    EXPECT_TRUE(log_.Open().ok());
    EXPECT_TRUE(quarantine_.Open().ok());
  }
  ~QuarantineKeeperTest() override { std::filesystem::remove_all(path_); }

  void Keep(int messages) {
    for (int i = 0; i < messages; ++i) ASSERT_TRUE(quarantine_.Put({}, std::to_string(i)).ok());
  }
  void AskAll(int messages) {
    for (int n = 1; n <= messages; ++n) ASSERT_TRUE(folder_.AskReplay(static_cast<uint64_t>(n)).ok());
  }
  std::unique_ptr<QuarantineKeeper> Keeper(Quarantine::Handler handle) {
    return std::make_unique<QuarantineKeeper>(&quarantine_, std::move(handle), Quarantine::Filter(), &log_, &metrics_);
  }

  std::filesystem::path path_;
  Quarantine quarantine_;
  Log log_;
  Metrics metrics_;
  QuarantineFolder folder_;

 private:
  QuarantineOptions Options() {
    QuarantineOptions options;
    options.folder = (path_ / "q").string();
    options.most = 3;
    return options;
  }
  LogOptions LogTo() {
    LogOptions options;
    options.file = (path_ / "log").string();
    return options;
  }
};

ReplayOutcome Accepted(const QuarantineAbout&, const std::string&) { return {0, "AA", "", true}; }

TEST_F(QuarantineKeeperTest, TakesWhatIsAskedFor) {
  Keep(2);
  const auto keeper = Keeper(Accepted);
  for (const uint64_t number : {1, 2}) {
    ASSERT_TRUE(folder_.AskReplay(number).ok());
    EXPECT_TRUE(folder_.AwaitReplay(number, kPatience)->accepted);
  }
  EXPECT_EQ(folder_.List(true)->size(), 2u);
}

TEST_F(QuarantineKeeperTest, StopsAfterTheMessageInHandAndLeavesTheOthersAskedFor) {
  Keep(3);
  AskAll(3);
  std::promise<void> begun, go_on;
  std::atomic<int> handled{0};
  auto keeper = Keeper([&](const QuarantineAbout&, const std::string&) {
    if (++handled == 1) begun.set_value();
    go_on.get_future().wait();
    return ReplayOutcome{0, "AA", "", true};
  });
  begun.get_future().wait();
  // A message that takes its time holds up neither another that is refused just now nor who tells it to stop.
  EXPECT_TRUE(quarantine_.Put({}, "new").ok());
  keeper->StopSoon();
  go_on.set_value();
  keeper.reset();
  EXPECT_EQ(handled, 1);
  EXPECT_TRUE(folder_.AwaitReplay(1, 0)->accepted);
  EXPECT_TRUE(absl::IsFailedPrecondition(folder_.Drop(2)));
  keeper = Keeper(Accepted);
  for (const uint64_t number : {2, 3}) EXPECT_TRUE(folder_.AwaitReplay(number, kPatience)->accepted) << number;
}

TEST_F(QuarantineKeeperTest, AMessageThatTheServerFailsAtIsToldAndStays) {
  Keep(1);
  const auto keeper =
      Keeper([](const QuarantineAbout&, const std::string&) -> ReplayOutcome { throw std::runtime_error("x"); });
  AskAll(1);
  const auto outcome = folder_.AwaitReplay(1, kPatience);
  ASSERT_TRUE(outcome.ok());
  EXPECT_FALSE(outcome->accepted);
  EXPECT_EQ(outcome->reason, "the server failed at it");
  EXPECT_EQ(folder_.List()->size(), 1u);
}

TEST_F(QuarantineKeeperTest, TooManyAreRemovedAndCounted) {
  Keep(5);
  const auto keeper = Keeper(Accepted);
  for (int i = 0; i < 1000 && quarantine_.size() > 3; ++i) usleep(10'000);
  EXPECT_EQ(quarantine_.size(), 3u);
  for (int i = 0; i < 1000 && metrics_.Text({}).find("dropped") == std::string::npos; ++i) usleep(10'000);
  EXPECT_THAT(metrics_.Text({}), HasSubstr("nayose_quarantine_dropped_total{why=\"most\"} 2\n"));
  for (int i = 0; i < 1000 && ReadWhole((path_ / "log").string())->empty(); ++i) usleep(10'000);
  EXPECT_THAT(*ReadWhole((path_ / "log").string()), HasSubstr("\"event\":\"quarantine_dropped\""));
}

}  // namespace
}  // namespace nayose
