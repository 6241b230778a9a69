// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/text_buffer.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "libmpi/base/parallel.h"

namespace libmpi {
namespace {

// A file of this process alone, so that nobody can cut it off under the mapping. -1: see errno.
int OpenNameless(const std::string& directory) {
#ifdef O_TMPFILE
  if (const int file = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); file >= 0) return file;
#endif
  std::string path = directory + "/.nayose-text-XXXXXX";  // where the file system has no nameless files
  const int file = mkostemp(path.data(), O_CLOEXEC);
  if (file >= 0) unlink(path.c_str());
  return file;
}

// False: see errno.
bool WriteAt(int file, size_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
    offset += static_cast<size_t>(n);
  }
  return true;
}

// On several threads, for most of it is waiting for the system to find pages.
bool WriteAll(int file, std::string_view bytes, int threads) {
  constexpr size_t kPiece = size_t{4} << 20;
  std::atomic<int> error{0};
  ParallelChunks(bytes.size(), kPiece, threads, [&](size_t begin, size_t end, int) {
    if (error.load(std::memory_order_relaxed) == 0 && !WriteAt(file, begin, bytes.substr(begin, end - begin)))
      error = errno == 0 ? EIO : errno;
  });
  errno = error;
  return error == 0;
}

}  // namespace

TextBuffer TextBuffer::OfSize(size_t size) {
  TextBuffer buffer;
  buffer.raw_.reset(static_cast<char*>(std::malloc(size + 1)));
  if (buffer.raw_ != nullptr) buffer.size_ = size;
  return buffer;
}

void TextBuffer::Unmap::operator()(const char* bytes) const { munmap(const_cast<char*>(bytes), size); }

absl::Status TextBuffer::Park(const std::string& directory, int threads) {
  const std::string_view bytes = view();
  if (bytes.empty() || parked_) return absl::OkStatus();
  const auto fail = [&](int file) {
    const int error = errno;
    if (file >= 0) close(file);
    return absl::UnavailableError(directory + ": " + std::strerror(error));
  };
  const int file = OpenNameless(directory);
  if (file < 0 || !WriteAll(file, bytes, threads)) return fail(file);
  void* const mapped = mmap(nullptr, bytes.size(), PROT_READ, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED) return fail(file);
  close(file);
  parked_ = std::unique_ptr<const char, Unmap>(static_cast<const char*>(mapped), Unmap{bytes.size()});
  size_ = bytes.size();
  skipped_ = 0;
  raw_.reset();
  std::string().swap(string_);
  return absl::OkStatus();
}

}  // namespace libmpi
