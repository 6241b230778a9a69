// SPDX-License-Identifier: Apache-2.0
// Large files written past the system's page cache.
#ifndef LIBMPI_EXCHANGE_DIRECT_WRITER_H_
#define LIBMPI_EXCHANGE_DIRECT_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace libmpi {

// Writes bytes to an open file one after the other, in blocks. Where the file system can do that (O_DIRECT), blocks
// go to the disk at once: a gigabyte that only passes through would take the system a gigabyte of memory and, in a
// virtual machine, most of the time of writing it. The first error is kept, and nothing is written after it. Of one
// file, several writers may write different places at a time. Not thread-safe by itself.
class DirectWriter {
 public:
  static constexpr size_t kBlock = size_t{1} << 20;

  // Borrows the file; begins at `offset`, a multiple of kBlock.
  explicit DirectWriter(int file, uint64_t offset = 0) : file_(file), offset_(offset) {}
  DirectWriter(DirectWriter&&) noexcept = default;
  DirectWriter& operator=(DirectWriter&&) noexcept = default;

  void Write(std::string_view bytes);
  // Goes on elsewhere, at a multiple of kBlock. Only whole blocks may have been written.
  void GoTo(uint64_t offset) { offset_ = offset; }
  // Writes what is left of less than a block, by way of the page cache. No other writer may be at work on the file.
  void Finish();
  // 0, or the errno of the first failure.
  int error() const { return error_; }

 private:
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };

  void WriteBlock(size_t size);

  int file_;
  uint64_t offset_;
  std::unique_ptr<char, Free> block_;  // aligned
  size_t filled_ = 0;
  bool asked_ = false;  // for O_DIRECT
  int error_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_DIRECT_WRITER_H_
