// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/temp_space.h"

#include <chrono>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace libmpi {
namespace {

using std::chrono::microseconds;

TempSpaceOptions Options(uint64_t memory, size_t smallest) {
  TempSpaceOptions options;
  options.directory = ::testing::TempDir();
  options.memory = memory;
  options.smallest = smallest;
  options.pause = microseconds(200);
  return options;
}

TEST(TempSpaceTest, GivesZeroedRoomOfAtLeastTheSmallestSize) {
  TempSpace space(Options(uint64_t{1} << 40, 1000));
  EXPECT_EQ(space.Allocate(999), nullptr);
  auto* const room = static_cast<char*>(space.Allocate(5000));
  ASSERT_NE(room, nullptr);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(room) % 64, 0);
  for (size_t i = 0; i < 5000; ++i) ASSERT_EQ(room[i], 0);
  EXPECT_EQ(space.bytes(), 5000);
  char other[8];
  EXPECT_FALSE(space.Free(other, 8)) << "not its own";
  EXPECT_TRUE(space.Free(room, 5000));
  EXPECT_FALSE(space.Free(room, 5000));
  EXPECT_EQ(space.bytes(), 0);
  EXPECT_EQ(space.most_bytes(), 5000);
  EXPECT_TRUE(space.status().ok());
}

TEST(TempSpaceTest, WithoutAFolderOrRoomArraysAreForMemory) {
  TempSpaceOptions options = Options(1, 1);
  options.directory = "/no/such/folder";
  TempSpace space(options);
  LargeArray<int> array(100000, 7, &space);
  EXPECT_EQ(array[99999], 7);
  EXPECT_FALSE(space.status().ok());
  EXPECT_EQ(space.bytes(), 0);
}

TEST(TempSpaceTest, PagesThatLeaveComeBackAsTheyWere) {
  TempSpace space(Options(1, 1));  // any page is one too many
  LargeArray<uint64_t> array(&space);
  std::mt19937_64 random(3);
  std::vector<uint64_t> want;
  for (int i = 0; i < 300000; ++i) {
    want.push_back(random());
    array.push_back(want.back());
  }
  for (int round = 0; round < 200 || space.sweeps() < 5; ++round) {
    const size_t i = random() % want.size();
    want[i] = array[i] = random();
  }
  EXPECT_TRUE(std::equal(want.begin(), want.end(), array.begin(), array.end()));
  LargeArray<uint64_t> moved = std::move(array);
  EXPECT_TRUE(std::equal(want.begin(), want.end(), moved.begin(), moved.end()));
  EXPECT_EQ(moved.get_allocator().space(), &space);
}

TEST(TempSpaceTest, ManyThreadsMayTakeAndWrite) {
  TempSpace space(Options(1, 1));
  std::vector<std::thread> threads;
  for (uint32_t t = 0; t < 4; ++t)
    threads.emplace_back([&space, t] {
      for (int round = 0; round < 20; ++round) {
        LargeArray<uint32_t> array(20000, &space);
        for (uint32_t& item : array) item += t;
        for (uint32_t item : array) ASSERT_EQ(item, t);
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(space.bytes(), 0);
}

TEST(TempSpaceTest, RoomsComeAndGoWhilePagesLeave) {
  TempSpace space(Options(1, 1));
  std::mt19937_64 random(4);
  std::vector<LargeArray<uint64_t>> arrays(8, LargeArray<uint64_t>(&space));
  for (uint64_t round = 0; round < 60; ++round) {
    LargeArray<uint64_t>& array = arrays[random() % arrays.size()];
    for (size_t i = 0; i < array.size(); ++i) ASSERT_EQ(array[i], array.size() + i);
    const size_t size = 1 + random() % 3'000'000;  // up to 24 MB, seldom whole pages
    LargeArray<uint64_t>(size, &space).swap(array);
    for (size_t i = 0; i < size; ++i) array[i] = size + i;
  }
}

TEST(TempSpaceTest, AWriteTakesAPageNotTheLargePageAround) {
  const uint64_t before = ResidentBytes();
  if (before == 0) GTEST_SKIP() << "the system does not say what is in memory";
  constexpr size_t kAll = size_t{256} << 20, kApart = size_t{2} << 20;
  TempSpace space(Options(uint64_t{1} << 40, 1));
  auto* const room = static_cast<char*>(space.Allocate(kAll));
  ASSERT_NE(room, nullptr);
  for (size_t at = 0; at < kAll; at += kApart) room[at] = 1;
  EXPECT_LE(ResidentBytes(), before + kAll / 8);
  space.Free(room, kAll);
}

TEST(TempSpaceTest, KeepsTheProcessToItsMemory) {
  const uint64_t before = ResidentBytes();
  if (before == 0) GTEST_SKIP() << "the system does not say what is in memory";
  constexpr uint64_t kAll = uint64_t{256} << 20;
  TempSpace space(Options(before + kAll / 2, 1));
  LargeArray<uint64_t> array(kAll / 8, &space);
  for (size_t i = 0; i < array.size(); ++i) array[i] = i;
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (ResidentBytes() > before + kAll / 2 && std::chrono::steady_clock::now() < give_up)
    std::this_thread::sleep_for(microseconds(500));
  EXPECT_LE(ResidentBytes(), before + kAll / 2);
  for (size_t i = 0; i < array.size(); i += 4096) ASSERT_EQ(array[i], i);
}

}  // namespace
}  // namespace libmpi
