// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/text_buffer.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "libmpi/exchange/temp_space.h"

namespace libmpi {
namespace {

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

}  // namespace

TextBuffer TextBuffer::OfSize(size_t size, ArraySpace* space) {
  TextBuffer buffer;
  if (space != nullptr)
    if (void* const room = space->Allocate(size + 1); room != nullptr)
      buffer.raw_ = std::unique_ptr<char, Free>(static_cast<char*>(room), Free(space, size + 1));
  if (buffer.raw_ == nullptr) buffer.raw_.reset(static_cast<char*>(std::malloc(size + 1)));
  if (buffer.raw_ != nullptr) buffer.size_ = size;
  return buffer;
}

void TextBuffer::Unmap::operator()(const char* bytes) const { munmap(const_cast<char*>(bytes), size); }

absl::Status TextBuffer::Park(const std::string& directory) {
  const std::string_view bytes = view();
  if (bytes.empty() || elsewhere()) return absl::OkStatus();
  const auto fail = [&](int file) {
    const int error = errno;
    if (file >= 0) close(file);
    return absl::UnavailableError(directory + ": " + std::strerror(error));
  };
  // Of this process alone, so that nobody can cut it off under the mapping.
  const int file = OpenNamelessFile(directory);
  if (file < 0 || !WriteAll(file, bytes)) return fail(file);
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
