// SPDX-License-Identifier: Apache-2.0
// The bytes of a file in memory, once.
#ifndef LIBMPI_EXCHANGE_TEXT_BUFFER_H_
#define LIBMPI_EXCHANGE_TEXT_BUFFER_H_

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "libmpi/base/array_space.h"

namespace libmpi {

// A string, or bytes that were never set to zero before a file was read over them. Moving keeps views
// of long texts only: take view() anew.
class TextBuffer {
 public:
  TextBuffer() = default;
  explicit TextBuffer(std::string text) : string_(std::move(text)), size_(string_.size()) {}
  // Uninitialised. Empty where there is no memory. From `space`, if there is one and it has room.
  static TextBuffer OfSize(size_t size, ArraySpace* space = nullptr);
  // Whether the bytes lie in a space or in a file.
  bool elsewhere() const { return parked_ != nullptr || (raw_ != nullptr && raw_.get_deleter().space != nullptr); }

  std::string_view view() const { return {Begin() + skipped_, size_ - skipped_}; }
  char* data() { return (raw_ ? raw_.get() : string_.data()) + skipped_; }
  size_t size() const { return size_ - skipped_; }
  void RemovePrefix(size_t bytes) { skipped_ += bytes; }

  // Tells the system that the bytes are all there and are read from now on, mostly in their order. A space's bytes that
  // have left memory are then fetched in large pieces.
  void ReadInOrder();

  // Moves the bytes to a file without a name in `directory`, mode 0600, and reads them from there from now on:
  // what is not looked at takes no memory. The file goes with this object or the process. On an error
  // (no room, no such folder) all stays as it is. Views taken before are void; data() is not to be used after.
  absl::Status Park(const std::string& directory, int threads = 1);
  // Has the system read parked bytes ahead, all of them; waits until it is told so. May be called from any thread
  // while others read.
  void ReadAhead() const;

 private:
  struct Free {
    Free() : Free(nullptr, 0) {}
    Free(ArraySpace* taken_from, size_t bytes_taken) : space(taken_from), size(bytes_taken) {}
    ArraySpace* space;  // null: memory
    size_t size;
    void operator()(char* bytes) const {
      if (space != nullptr) space->Free(bytes, size);
      else std::free(bytes);
    }
  };
  struct Unmap {
    explicit Unmap(size_t bytes_mapped) : size(bytes_mapped) {}
    Unmap() : Unmap(0) {}
    size_t size;
    void operator()(const char* bytes) const;
  };
  const char* Begin() const { return parked_ ? parked_.get() : raw_ ? raw_.get() : string_.data(); }

  std::string string_;
  std::unique_ptr<char, Free> raw_;
  std::unique_ptr<const char, Unmap> parked_;
  size_t size_ = 0, skipped_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_TEXT_BUFFER_H_
