// SPDX-License-Identifier: Apache-2.0
// Large arrays in temporary files, so that a run keeps to its memory.
#ifndef LIBMPI_EXCHANGE_TEMP_SPACE_H_
#define LIBMPI_EXCHANGE_TEMP_SPACE_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "libmpi/base/array_space.h"

namespace libmpi {

struct TempSpaceOptions {
  std::string directory;  // where the files are, nameless, mode 0600; as private as what is put there
  // Bytes of the process that may be in memory at once, files included. Beyond it (somewhat below, in truth) pages of the
  // files leave the process; those that are looked at come back.
  uint64_t memory = 0;
  // Smaller arrays are for memory.
  size_t smallest = size_t{1} << 20;
  // How often the memory of the process is looked at. What the system holds of a file comes back at some GB a second.
  std::chrono::microseconds pause{1000};
};

// Each array is a file of its own, with its room on the disk taken beforehand, and goes with the array. What is
// dropped from memory is the kernel's to keep or to write out: nothing is read or written by hand. A watch of its
// own thread keeps the process within `memory` as long as what lies elsewhere leaves room for it. What the kernel kept comes
// back faster than it is dropped: threads that use the space should have a lower priority than the one that made it had.
class TempSpace : public ArraySpace {
 public:
  explicit TempSpace(TempSpaceOptions options);
  ~TempSpace() override;
  TempSpace(const TempSpace&) = delete;
  TempSpace& operator=(const TempSpace&) = delete;

  void* Allocate(size_t bytes) override;
  bool Free(void* room, size_t bytes) override;

  // Why an array was left to memory that should have gone to a file (no room on the disk, no such folder); OK where none was.
  absl::Status status() const;
  // Bytes of all files now, and at most so far.
  uint64_t bytes() const { return bytes_; }
  uint64_t most_bytes() const { return most_bytes_; }
  // How often pages left.
  uint64_t sweeps() const { return sweeps_; }

 private:
  void Watch();
  // Drops pages, on from where the last sweep ended, so that what came last stays longest, until no more than so many bytes
  // of the process are in memory.
  void DropPages(uint64_t enough);
  std::span<char> NextPiece();

  const TempSpaceOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable end_;
  bool ending_ = false;
  std::map<char*, size_t> rooms_;  // by address
  char* hand_ = nullptr;           // where the next sweep begins
  absl::Status status_;
  std::atomic<uint64_t> bytes_{0}, most_bytes_{0}, sweeps_{0};
  std::thread watch_;
};

// Bytes of this process in memory, files included; 0 where the system does not say.
uint64_t ResidentBytes();

// A file without a name in `directory`, mode 0600, for this process alone; -1: see errno.
int OpenNamelessFile(const std::string& directory);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_TEMP_SPACE_H_
