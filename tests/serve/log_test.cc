// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/log.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nayose {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LogTest : public ::testing::Test {
 protected:
  LogTest() : folder_(std::filesystem::path(::testing::TempDir()) / ("serve_log." + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~LogTest() override { std::filesystem::remove_all(folder_); }

  LogOptions Options() {
    LogOptions options;
    options.file = (folder_ / "log").string();
    options.clock = [this] { return now_; };
    return options;
  }
  std::vector<std::string> Lines(const char* name = "log") {
    std::ifstream file(folder_ / name);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  std::filesystem::path folder_;
  int64_t now_ = 1'796'000'000'123;
};

TEST_F(LogTest, OneLineAnEvent) {
  Log log(Options());
  ASSERT_TRUE(log.Open().ok());
  log.Write(LogEvent(LogLevel::kInfo, "answered").Label("party", "his").Number("ms", 3).Flag("held", true));
  log.Write(LogEvent(LogLevel::kDebug, "left_out"));
  ASSERT_TRUE(log.Reopen((folder_ / "log").string(), LogLevel::kDebug, false).ok());
  log.Write(LogEvent(LogLevel::kDebug, "noted").Reason("a \"reason\"").Word("code", "AE"));
  EXPECT_THAT(Lines(), ElementsAre(R"({"time":"2026-11-30T00:53:20.123Z","level":"info","event":"answered",)"
                                   R"("party":"his","ms":3,"held":true})",
                                   R"(2026-11-30T00:53:20.123Z debug noted reason="a \"reason\"" code=AE)"));
  EXPECT_EQ(std::filesystem::status(folder_ / "log").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(LogTest, NoJapaneseNameAndNoLineEndComesBy) {
  Log log(Options());
  ASSERT_TRUE(log.Open().ok());
  log.Write(LogEvent(LogLevel::kError, "refused").Label("control_id", "1\n{山田}ヤマダ\x1b").Reason(
      std::string(5000, 'x')));
  const std::vector<std::string> lines = Lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr(R"("control_id":"1{}")"));
  EXPECT_LT(lines[0].size(), 1200u);
}

TEST_F(LogTest, RepeatsAreCountedNotWritten) {
  Log log(Options());
  ASSERT_TRUE(log.Open().ok());
  const auto refuse = [&](const char* who) { log.Write(LogEvent(LogLevel::kWarning, "refused").Limited(who)); };
  for (int i = 0; i < 100; ++i) refuse("a");
  EXPECT_EQ(Lines().size(), 5u);
  refuse("b");
  EXPECT_EQ(Lines().size(), 6u);
  now_ += 60'000;
  refuse("a");
  EXPECT_THAT(Lines().back(), HasSubstr(R"("repeats_left_out":95)"));
  log.Write(LogEvent(LogLevel::kWarning, "refused"));
  EXPECT_EQ(Lines().size(), 8u);
}

TEST_F(LogTest, GoesOnInTheOldFileWhereTheNewOneCanNotBeOpened) {
  Log log(Options());
  ASSERT_TRUE(log.Open().ok());
  EXPECT_TRUE(log.Reopen((folder_ / "no" / "log").string(), LogLevel::kInfo, true).code() != absl::StatusCode::kOk);
  log.Write(LogEvent(LogLevel::kInfo, "one"));
  std::filesystem::rename(folder_ / "log", folder_ / "log.1");
  log.Write(LogEvent(LogLevel::kInfo, "two"));
  ASSERT_TRUE(log.Reopen((folder_ / "log").string(), LogLevel::kInfo, true).ok());
  log.Write(LogEvent(LogLevel::kInfo, "three"));
  EXPECT_THAT(Lines("log.1"), ElementsAre(HasSubstr("one"), HasSubstr("two")));
  EXPECT_THAT(Lines(), ElementsAre(HasSubstr("three")));
}

}  // namespace
}  // namespace nayose
