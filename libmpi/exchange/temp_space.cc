// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/temp_space.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace libmpi {
namespace {

// What may come in between two looks at the memory: below the promise by so much.
uint64_t WatchedBytes(uint64_t memory) { return memory - std::min(memory / 4, uint64_t{512} << 20); }

}  // namespace

uint64_t ResidentBytes() {
  const int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char text[128];
  const ssize_t n = read(file, text, sizeof text - 1);
  close(file);
  if (n <= 0) return 0;
  text[n] = '\0';
  const char* const resident = std::strchr(text, ' ');
  return resident == nullptr ? 0 : std::strtoull(resident, nullptr, 10) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

int OpenNamelessFile(const std::string& directory) {
#ifdef O_TMPFILE
  if (const int file = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); file >= 0) return file;
#endif
  std::string path = directory + "/.nayose-temp-XXXXXX";  // where the file system has no nameless files
  const int file = mkostemp(path.data(), O_CLOEXEC);
  if (file >= 0) unlink(path.c_str());
  return file;
}

TempSpace::TempSpace(TempSpaceOptions options) : options_(std::move(options)), watch_([this] { Watch(); }) {}

TempSpace::~TempSpace() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  end_.notify_all();
  watch_.join();
  for (const auto& [room, bytes] : rooms_) munmap(room, bytes);
}

void* TempSpace::Allocate(size_t bytes) {
  if (bytes < std::max<size_t>(options_.smallest, 1)) return nullptr;
  const int file = OpenNamelessFile(options_.directory);
  // A page without room on the disk would end the process when it is first written to.
  int error = file < 0 ? errno : posix_fallocate(file, 0, static_cast<off_t>(bytes));
  void* const room = error == 0 ? mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
  if (error == 0 && room == MAP_FAILED) error = errno;
  if (file >= 0) close(file);
  // Where the system reads far ahead it holds files in large pages. One write would bring in the whole of such a page and pay
  // for all of it: some thousand places that are written to side by side, and the memory is full.
  if (error == 0) madvise(room, bytes, MADV_RANDOM);
  const std::lock_guard lock(mutex_);
  if (error != 0) {
    if (status_.ok()) status_ = absl::UnavailableError(options_.directory + ": " + std::strerror(error));
    return nullptr;
  }
  rooms_[static_cast<char*>(room)] = bytes;
  most_bytes_ = std::max<uint64_t>(most_bytes_, bytes_ += bytes);
  return room;
}

bool TempSpace::Free(void* room, size_t) {
  size_t bytes;
  {
    const std::lock_guard lock(mutex_);
    const auto it = rooms_.find(static_cast<char*>(room));
    if (it == rooms_.end()) return false;
    bytes = it->second;
    rooms_.erase(it);
    bytes_ -= bytes;
  }
  munmap(room, bytes);
  return true;
}

absl::Status TempSpace::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

std::span<char> TempSpace::NextPiece() {
  constexpr size_t kPiece = size_t{64} << 20;
  auto room = rooms_.upper_bound(hand_);
  size_t begin = 0;
  if (room != rooms_.begin() && hand_ < std::prev(room)->first + std::prev(room)->second) {
    --room;
    begin = static_cast<size_t>(hand_ - room->first) / kPiece * kPiece;  // in whole pages, whatever room the hand was in
  } else if (room == rooms_.end()) {
    room = rooms_.begin();
  }
  const std::span<char> piece(room->first + begin, std::min(kPiece, room->second - begin));
  hand_ = piece.data() + piece.size();
  return piece;
}

void TempSpace::DropPages(uint64_t enough) {
  ++sweeps_;
  // A round at most: what other memory takes is not to be had here.
  for (uint64_t seen = 0; seen < bytes_ && ResidentBytes() > enough;) {
    const std::span<char> piece = NextPiece();
    // Of a shared mapping this drops the process's pages, not what is in them: the file keeps that.
    madvise(piece.data(), piece.size(), MADV_DONTNEED);
    seen += piece.size();
  }
}

void TempSpace::Watch() {
  const uint64_t most = WatchedBytes(options_.memory);
  std::unique_lock lock(mutex_);
  while (!end_.wait_for(lock, options_.pause, [this] { return ending_; }))
    if (!rooms_.empty() && ResidentBytes() > most) DropPages(most - most / 16);
}

}  // namespace libmpi
