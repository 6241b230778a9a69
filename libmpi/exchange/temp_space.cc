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
  const std::lock_guard lock(mutex_);
  if (error != 0) {
    if (status_.ok()) status_ = absl::UnavailableError(options_.directory + ": " + std::strerror(error));
    return nullptr;
  }
  rooms_[room] = bytes;
  most_bytes_ = std::max<uint64_t>(most_bytes_, bytes_ += bytes);
  return room;
}

bool TempSpace::Free(void* room, size_t) {
  size_t bytes;
  {
    const std::lock_guard lock(mutex_);
    const auto it = rooms_.find(room);
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

void TempSpace::DropPages() {
  // Of a shared mapping this drops the process's pages, not what is in them: the file keeps that.
  for (const auto& [room, bytes] : rooms_) madvise(room, bytes, MADV_DONTNEED);
  ++sweeps_;
}

void TempSpace::Watch() {
  const uint64_t most = WatchedBytes(options_.memory);
  std::unique_lock lock(mutex_);
  while (!end_.wait_for(lock, options_.pause, [this] { return ending_; }))
    if (bytes_ > 0 && ResidentBytes() > most) DropPages();
}

}  // namespace libmpi
