// SPDX-License-Identifier: Apache-2.0
// Arrays whose size is known beforehand, in large pages that are touched by all threads.
#ifndef LIBMPI_BASE_HUGE_PAGES_H_
#define LIBMPI_BASE_HUGE_PAGES_H_

#include <cstddef>

#include "libmpi/base/array_space.h"
#include "libmpi/base/parallel.h"

namespace libmpi {

// Has the system provide memory that was not touched yet, on all threads: the first touch of a page takes most
// of the time of filling large arrays.
inline void ProvidePages(void* begin, size_t bytes, int threads) {
  constexpr size_t kPage = size_t{2} << 20, kSmallPage = 4096;
  char* const memory = static_cast<char*>(begin);
  ParallelChunks(bytes, kPage, threads, [&](size_t first, size_t last, int) {
    for (size_t at = first; at < last; at += kSmallPage) memory[at] = 0;
  });
}

// `size` values of zero, in large pages where the array lies in memory, whatever was there before.
template <typename T>
void AssignInHugePages(size_t size, LargeArray<T>* values, int threads = 1) {
  LargeArray<T>(values->get_allocator()).swap(*values);
  values->reserve(size);
  if (threads > 1 && values->get_allocator().space() == nullptr) ProvidePages(values->data(), size * sizeof(T), threads);
  values->resize(size);
}

}  // namespace libmpi

#endif  // LIBMPI_BASE_HUGE_PAGES_H_
