// SPDX-License-Identifier: Apache-2.0
// Splitting a range of work over threads, deterministically.
#ifndef LIBMPI_BASE_PARALLEL_H_
#define LIBMPI_BASE_PARALLEL_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace libmpi {

// Alignment of what one worker writes often: side by side, the counts of two workers cost each other more than the
// comparison of a pair. Twice a cache line, for processors fetch two at a time.
inline constexpr size_t kOwnCacheLines = 128;

// Number of threads to use when the caller says 0: all cores.
inline int ResolveThreads(int requested) {
  if (requested > 0) return requested;
  return std::max(1u, std::thread::hardware_concurrency());
}

// Calls body(begin, end, worker) for consecutive chunks of [0, size) of at
// most `grain` items, on `threads` threads; worker is in [0, threads). The
// chunks are the same for every thread count; which worker gets which is not,
// so results must be kept by item, or combined by a commutative exact sum.
// What `body` throws (for want of memory) ends the work, and is thrown to the caller when all threads are done: the
// first that was caught, of several.
template <typename Body>
void ParallelChunks(size_t size, size_t grain, int threads, const Body& body) {
  grain = std::max<size_t>(1, grain);
  if (threads <= 1 || size <= grain) {
    for (size_t b = 0; b < size; b += grain)
      body(b, std::min(size, b + grain), 0);
    return;
  }
  std::atomic<size_t> next{0};
  std::atomic<bool> thrown{false};
  std::exception_ptr first_thrown;
  auto work = [&](int worker) {
    try {
      while (!thrown.load(std::memory_order_relaxed)) {
        const size_t b = next.fetch_add(grain, std::memory_order_relaxed);
        if (b >= size) return;
        body(b, std::min(size, b + grain), worker);
      }
    } catch (...) {
      if (!thrown.exchange(true)) first_thrown = std::current_exception();
    }
  };
  std::vector<std::thread> pool;
  pool.reserve(threads - 1);
  for (int t = 1; t < threads; ++t) {
    try {
      pool.emplace_back(work, t);
    } catch (const std::system_error&) {
      break;  // the system gives no more threads: fewer do the same work
    }
  }
  work(0);
  for (std::thread& t : pool) t.join();
  if (first_thrown) std::rethrow_exception(first_thrown);
}

}  // namespace libmpi

#endif  // LIBMPI_BASE_PARALLEL_H_
