// SPDX-License-Identifier: Apache-2.0
// A process that writes is killed, again and again: what it was told is committed is there afterwards.
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "gtest/gtest.h"
#include "libmpi/registry/store.h"
#include "registry/store_child.h"
#include "registry/store_testing.h"

namespace libmpi {
namespace {

using namespace store_testing;  // NOLINT: helpers of these tests only

TEST(StoreKillChild, Commits) {
  if (!InChild()) GTEST_SKIP() << "a part of other tests";
  auto store = Store::Open(Setting("FOLDER"), SmallOptions());
  if (!store.ok()) return Tell("not opened: " + store.status().ToString());
  for (uint64_t n = (*store)->last_commit() + 1;; ++n) {
    ASSERT_TRUE((*store)->Commit(NthBatch(n)).ok());
    Tell(std::to_string(n));
    ASSERT_TRUE(n % 997 != 0 || (*store)->Compact().ok());
  }
}

TEST(StoreKill, WhatWasAcknowledgedIsThere) {
  const TempFolder root("store_kill");
  const std::string folder = root / "store";
  const int kills = LongRun() ? 200 : 20;
  uint64_t acknowledged = 0;
  uint64_t random = 88172645463325252u;
  for (int kill = 0; kill < kills; ++kill) {
    {
      Child child("StoreKillChild.Commits", {{"FOLDER", folder}});
      random ^= random << 13, random ^= random >> 7, random ^= random << 17;
      // Mostly amid commits, sometimes while it opens.
      const bool opening = kill % 5 == 4;
      if (opening) ::usleep(static_cast<useconds_t>(random % 60000));
      std::string line;
      for (uint64_t lines = opening ? 0 : 1 + random % 400; lines > 0 && child.ReadLine(&line); --lines) {
        ASSERT_FALSE(line.starts_with("not")) << line;
        acknowledged = std::stoull(line);
      }
      child.Kill();
      while (child.ReadLine(&line)) acknowledged = std::stoull(line);
    }
    StoreOptions reading = SmallOptions();
    reading.read_only = true;
    auto store = Store::Open(folder, kill % 2 == 0 ? reading : SmallOptions());
    if (acknowledged == 0 && absl::IsNotFound(store.status())) continue;
    ASSERT_TRUE(store.ok()) << store.status() << " at kill " << kill;
    EXPECT_GE((*store)->last_commit(), acknowledged);
    ASSERT_TRUE(IsWhole(**store).ok()) << IsWhole(**store) << " at kill " << kill;
  }
  std::cout << kills << " kills, " << acknowledged << " commits acknowledged, none lost\n";
}

std::string LoadKey(int range, int i) {
  return std::string(1, static_cast<char>('b' + range)) + std::to_string(10000 + i);
}

constexpr int kLoadRanges = 3;
constexpr int kLoadKeys = 400;

TEST(StoreKillChild, Load) {
  if (!InChild()) GTEST_SKIP() << "a part of other tests";
  auto store = Store::Open(Setting("FOLDER"), SmallOptions());
  ASSERT_TRUE(store.ok());
  std::vector<std::unique_ptr<Store::RangeWriter>> ranges;
  for (int range = 0; range < kLoadRanges; ++range) {
    auto writer = (*store)->NewRange();
    ASSERT_TRUE(writer.ok());
    for (int i = 0; i < kLoadKeys; ++i) ASSERT_TRUE((*writer)->Add(LoadKey(range, i), std::string(40, 'v')).ok());
    ranges.push_back(*std::move(writer));
  }
  StoreBatch batch;
  batch.Put("a", "batch");
  batch.Put("\xff" "z", "batch");
  Tell("ranges");
  ASSERT_TRUE((*store)->Ingest(std::move(ranges), batch).ok());
  Tell("loaded");
  ::pause();
}

TEST(StoreKill, ALoadIsThereWholeOrNotAtAll) {
  const int kills = LongRun() ? 300 : 24;
  int whole = 0;
  for (int kill = 0; kill < kills; ++kill) {
    const TempFolder root("store_kill_load");
    const std::string folder = root / "store";
    bool loaded = false;
    {
      Child child("StoreKillChild.Load", {{"FOLDER", folder}});
      std::string line;
      ASSERT_TRUE(child.ReadLine(&line));
      ::usleep(static_cast<useconds_t>(kill * (LongRun() ? 40 : 400) % 8000));
      child.Kill();
      loaded = child.ReadLine(&line);
    }
    auto store = Store::Open(folder, SmallOptions());
    ASSERT_TRUE(store.ok()) << store.status();
    int keys = 0;
    const auto count = [&](std::string_view, std::string_view) { return ++keys > 0; };
    ASSERT_TRUE((*store)->Scan("", "\xff\xff", nullptr, count).ok());
    EXPECT_TRUE(keys == 0 || keys == kLoadRanges * kLoadKeys + 2) << keys;
    EXPECT_EQ((*store)->last_commit(), keys == 0 ? 0u : 1u);
    EXPECT_TRUE(!loaded || keys != 0);
    for (const std::string& name : FilesEndingIn(folder, ".sst")) EXPECT_EQ(name.find("load-"), std::string::npos);
    ASSERT_TRUE((*store)->Commit(NthBatch(1)).ok());
    EXPECT_EQ((*store)->last_commit(), keys == 0 ? 1u : 2u);
    whole += keys != 0;
  }
  std::cout << kills << " kills of a load: " << whole << " whole, " << kills - whole << " not there\n";
}

}  // namespace
}  // namespace libmpi
