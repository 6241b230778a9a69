// SPDX-License-Identifier: Apache-2.0
// Large arrays that are read in no order, in large pages.
#ifndef LIBMPI_BASE_HUGE_PAGES_H_
#define LIBMPI_BASE_HUGE_PAGES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libmpi/base/array_space.h"
#include "libmpi/base/parallel.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace libmpi {

// Asks for pages of 2 MB under memory that was not touched yet: where arrays are read in no order, most of the
// time goes on finding 4 KB pages, above all in virtual machines (scoring ten million records: -14 %). A wish, no
// more: where the system has no such pages, nothing changes.
inline void AdviseHugePages([[maybe_unused]] void* begin, [[maybe_unused]] size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr uintptr_t kPage = uintptr_t{1} << 21, kSmallPage = 4096;
  if (bytes < 8 * kPage) return;
  const uintptr_t first = (reinterpret_cast<uintptr_t>(begin) + kSmallPage - 1) & ~(kSmallPage - 1);
  const uintptr_t last = (reinterpret_cast<uintptr_t>(begin) + bytes) & ~(kSmallPage - 1);
  (void)madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
}

template <typename T>
bool InMemory(const std::vector<T>&) { return true; }
template <typename T>
bool InMemory(const LargeArray<T>& array) { return array.get_allocator().space() == nullptr; }

// Has the system provide memory that was not touched yet, on all threads: the first touch of a page takes most
// of the time of filling large arrays.
inline void ProvidePages(void* begin, size_t bytes, int threads) {
  constexpr size_t kPage = size_t{2} << 20, kSmallPage = 4096;
  char* const memory = static_cast<char*>(begin);
  ParallelChunks(bytes, kPage, threads, [&](size_t first, size_t last, int) {
    for (size_t at = first; at < last; at += kSmallPage) memory[at] = 0;
  });
}

// Room for `size` values, in large pages where the array lies in memory.
template <typename Array>
void ReserveInHugePages(size_t size, Array* values) {
  if (size <= values->capacity()) return;
  values->reserve(size);
  if (InMemory(*values))
    AdviseHugePages(values->data(), size * sizeof(typename Array::value_type));
}

// `size` values of zero, in large pages where the array lies in memory, whatever was there before.
template <typename Array>
void AssignInHugePages(size_t size, Array* values, int threads = 1) {
  Array(values->get_allocator()).swap(*values);
  ReserveInHugePages(size, values);
  if (threads > 1 && InMemory(*values))
    ProvidePages(values->data(), size * sizeof(typename Array::value_type), threads);
  values->resize(size);
}

}  // namespace libmpi

#endif  // LIBMPI_BASE_HUGE_PAGES_H_
