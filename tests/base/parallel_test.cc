// SPDX-License-Identifier: Apache-2.0
#include "libmpi/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <new>
#include <vector>

#include "gtest/gtest.h"

namespace libmpi {
namespace {

TEST(ParallelChunksTest, CoversAllOnceInTheSameChunksForAnyThreads) {
  for (size_t size : {0, 1, 7, 64, 1000})
    for (size_t grain : {0, 1, 7, 64})
      for (int threads : {1, 2, 5}) {
        std::vector<std::atomic<int>> visits(size);
        std::atomic<bool> chunks_begin_at_grain{true};
        ParallelChunks(size, grain, threads, [&](size_t begin, size_t end, int worker) {
          if (begin % std::max<size_t>(1, grain) != 0 || worker < 0 || worker >= threads)
            chunks_begin_at_grain = false;
          for (size_t i = begin; i < end; ++i) ++visits[i];
        });
        for (const auto& n : visits) EXPECT_EQ(n, 1) << size << " " << grain << " " << threads;
        EXPECT_TRUE(chunks_begin_at_grain);
      }
}

// As where memory ends: in any worker's chunk, the caller's own among them, and in several at once.
TEST(ParallelChunksTest, ThrowsWhatAWorkerThrewWhenAllAreDone) {
  for (int threads : {1, 2, 5})
    for (size_t bad_from : {0, 40, 99}) {
      std::atomic<int> running{0};
      const auto body = [&](size_t begin, size_t, int) {
        ++running;
        const bool bad = begin >= bad_from;
        --running;
        if (bad) throw std::bad_alloc();
      };
      EXPECT_THROW(ParallelChunks(100, 1, threads, body), std::bad_alloc) << threads << " " << bad_from;
      EXPECT_EQ(running, 0);
    }
}

TEST(ResolveThreadsTest, ZeroIsAllCores) {
  EXPECT_GE(ResolveThreads(0), 1);
  EXPECT_EQ(ResolveThreads(3), 3);
}

}  // namespace
}  // namespace libmpi
