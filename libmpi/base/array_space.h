// SPDX-License-Identifier: Apache-2.0
// Where large arrays lie: in memory, or in a space that a caller provides, such as temporary files.
#ifndef LIBMPI_BASE_ARRAY_SPACE_H_
#define LIBMPI_BASE_ARRAY_SPACE_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <type_traits>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace libmpi {

// Asks for pages of 2 MB under memory that was not touched yet, if it is large: where arrays are read in no order, most
// of the time goes on finding 4 KB pages, above all in virtual machines (scoring ten million records: -14 %), and each
// page is paid for when it is touched first. A wish, no more: where the system has no such pages, nothing changes.
inline void AdviseHugePages([[maybe_unused]] void* begin, [[maybe_unused]] size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr uintptr_t kPage = uintptr_t{1} << 21, kSmallPage = 4096;
  if (bytes < 8 * kPage) return;
  const uintptr_t first = (reinterpret_cast<uintptr_t>(begin) + kSmallPage - 1) & ~(kSmallPage - 1);
  const uintptr_t last = (reinterpret_cast<uintptr_t>(begin) + bytes) & ~(kSmallPage - 1);
  (void)madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
}

// Gives room for arrays. What is in it is read and written like memory and stays at its address, but need not
// take memory while nobody looks at it. Thread-safe.
class ArraySpace {
 public:
  virtual ~ArraySpace() = default;
  // Room for so many bytes, all zero, aligned to 64; null where the array is too small to be worth it or where
  // there is no room: it is for memory then.
  virtual void* Allocate(size_t bytes) = 0;
  // False where it gave no such room.
  virtual bool Free(void* room, size_t bytes) = 0;
};

// Takes from a space, if there is one and it gives, else from memory. A container's moves take the space along.
template <typename T>
class SpaceAllocator {
 public:
  using value_type = T;
  using propagate_on_container_move_assignment = std::true_type;
  using propagate_on_container_swap = std::true_type;

  // Borrows the space, which must outlive all that is taken from it. Null: memory only.
  SpaceAllocator(ArraySpace* space = nullptr) : space_(space) {}  // NOLINT: so that Array(space) is an empty array in it
  template <typename U>
  SpaceAllocator(const SpaceAllocator<U>& other) : space_(other.space()) {}  // NOLINT: as allocators convert

  T* allocate(size_t n) {
    if (n > std::numeric_limits<size_t>::max() / sizeof(T)) throw std::bad_array_new_length();
    if (space_ != nullptr)
      if (void* const room = space_->Allocate(n * sizeof(T)); room != nullptr) return static_cast<T*>(room);
    void* const room = ::operator new(n * sizeof(T), kCacheLine);
    AdviseHugePages(room, n * sizeof(T));
    return static_cast<T*>(room);
  }
  void deallocate(T* room, size_t n) {
    if (space_ == nullptr || !space_->Free(room, n * sizeof(T))) ::operator delete(room, kCacheLine);
  }

  ArraySpace* space() const { return space_; }
  template <typename U>
  bool operator==(const SpaceAllocator<U>& other) const { return space_ == other.space(); }

 private:
  static constexpr std::align_val_t kCacheLine{64};  // as in a space: small items share no line with their neighbours
  ArraySpace* space_;
};

// An array with an item a record or more, for large runs; in large pages where it lies in memory.
template <typename T>
using LargeArray = std::vector<T, SpaceAllocator<T>>;

}  // namespace libmpi

#endif  // LIBMPI_BASE_ARRAY_SPACE_H_
