// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/direct_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace libmpi {
namespace {

constexpr size_t kAlignment = 4096;

bool SetDirect(int file, bool direct) {
#ifdef O_DIRECT
  const int flags = fcntl(file, F_GETFL);
  if (flags < 0 || ((flags & O_DIRECT) != 0) == direct) return flags >= 0;
  return fcntl(file, F_SETFL, direct ? flags | O_DIRECT : flags & ~O_DIRECT) == 0;
#else
  return !direct;
#endif
}

}  // namespace

void DirectWriter::Write(std::string_view bytes) {
  if (block_ == nullptr && !bytes.empty()) {
    block_.reset(static_cast<char*>(std::aligned_alloc(kAlignment, kBlock)));
    if (block_ == nullptr) error_ = ENOMEM;
  }
  while (error_ == 0 && !bytes.empty()) {
    const size_t n = std::min(bytes.size(), kBlock - filled_);
    std::memcpy(block_.get() + filled_, bytes.data(), n);
    filled_ += n;
    bytes.remove_prefix(n);
    if (filled_ < kBlock) return;
    // Small files never get here: they are read again soon.
    if (!asked_) (void)SetDirect(file_, true);
    asked_ = true;
    WriteBlock(kBlock);
  }
}

void DirectWriter::Finish() {
  if (error_ != 0 || filled_ == 0) return;
  if (asked_) (void)SetDirect(file_, false);
  WriteBlock(filled_);
}

void DirectWriter::WriteBlock(size_t size) {
  // A file system that has its own idea of blocks, or half a block written: by way of the page cache. Another writer
  // may ask for O_DIRECT in between.
  constexpr int kMostRefusals = 16;
  int refusals = 0;
  for (size_t done = 0; done < size && error_ == 0;) {
    const ssize_t n = pwrite(file_, block_.get() + done, size - done, static_cast<off_t>(offset_ + done));
    if (n > 0) done += static_cast<size_t>(n);
    else if (n < 0 && errno == EINVAL && ++refusals < kMostRefusals && SetDirect(file_, false)) continue;
    else if (n == 0 || errno != EINTR) error_ = n == 0 ? EIO : errno;
  }
  offset_ += size;
  filled_ = 0;
}

}  // namespace libmpi
