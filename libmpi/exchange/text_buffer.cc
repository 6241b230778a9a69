// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/text_buffer.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "libmpi/base/array_space.h"
#include "libmpi/base/parallel.h"
#include "libmpi/exchange/direct_writer.h"
#include "libmpi/exchange/temp_space.h"

namespace libmpi {
namespace {

// On several threads. False: see errno.
bool WriteAll(int file, std::string_view bytes, int threads) {
  constexpr size_t kPiece = 4 * DirectWriter::kBlock;
  const size_t whole = bytes.size() / kPiece * kPiece;
  std::vector<DirectWriter> writers;
  for (int t = 0; t < std::max(threads, 1); ++t) writers.emplace_back(file);
  ParallelChunks(whole, kPiece, threads, [&](size_t begin, size_t end, int worker) {
    writers[worker].GoTo(begin);
    writers[worker].Write(bytes.substr(begin, end - begin));
  });
  writers.front().GoTo(whole);
  writers.front().Write(bytes.substr(whole));
  writers.front().Finish();
  for (const DirectWriter& writer : writers)
    if (errno = writer.error(); errno != 0) return false;
  return true;
}

}  // namespace

TextBuffer TextBuffer::OfSize(size_t size, ArraySpace* space) {
  TextBuffer buffer;
  if (space != nullptr)
    if (void* const room = space->Allocate(size + 1); room != nullptr)
      buffer.raw_ = std::unique_ptr<char, Free>(static_cast<char*>(room), Free(space, size + 1));
  if (buffer.raw_ == nullptr) {
    buffer.raw_.reset(static_cast<char*>(std::malloc(size + 1)));
    if (buffer.raw_ != nullptr) AdviseHugePages(buffer.raw_.get(), size + 1);  // rows are read in the order of their ids
  }
  if (buffer.raw_ != nullptr) buffer.size_ = size;
  return buffer;
}

void TextBuffer::ReadInOrder() {
  // A room in a file begins with a page; of any other this is refused, which does no harm.
  if (elsewhere() && !parked_) (void)madvise(raw_.get(), raw_.get_deleter().size, MADV_NORMAL);
}

void TextBuffer::Unmap::operator()(const char* bytes) const { munmap(const_cast<char*>(bytes), size); }

absl::Status TextBuffer::Park(const std::string& directory, int threads) {
  const std::string_view bytes = view();
  if (bytes.empty() || elsewhere()) return absl::OkStatus();
  const auto fail = [&](int file) {
    const int error = errno;
    if (file >= 0) close(file);
    return absl::UnavailableError(directory + ": " + std::strerror(error));
  };
  // Of this process alone, so that nobody can cut it off under the mapping.
  const int file = OpenNamelessFile(directory);
#ifdef __linux__
  // Blocks of one file are written side by side only where it has its size already.
  if (file >= 0) (void)fallocate(file, 0, 0, static_cast<off_t>(bytes.size()));
#endif
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

// In steps: asked for all at once, the system reads no further than its own limit.
void TextBuffer::ReadAhead() const {
  constexpr size_t kStep = size_t{2} << 20;
  if (!parked_) return;
  for (size_t at = 0; at < size_; at += kStep)
    (void)madvise(const_cast<char*>(parked_.get()) + at, std::min(kStep, size_ - at), MADV_WILLNEED);
}

}  // namespace libmpi
