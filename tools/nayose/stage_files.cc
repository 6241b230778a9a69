// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/stage_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "libmpi/base/hash.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/content_hash.h"
#include "libmpi/exchange/direct_writer.h"

namespace nayose {
namespace {

// The end of a file.
struct Seal {
  static constexpr uint64_t kMagic = 0x3165676174736e61;
  uint64_t magic = kMagic;
  uint64_t size = 0;
  uint64_t checksum = 0;
};

// The checksum of bytes that come piece by piece: blocks of a mebibyte, each hashed in four strands at once.
class Checksum {
 public:
  void Add(std::string_view bytes) {
    while (!bytes.empty()) {
      const size_t n = std::min(bytes.size(), kBlock - block_.size());
      block_.append(bytes.substr(0, n));
      bytes.remove_prefix(n);
      if (block_.size() == kBlock) EndBlock();
    }
  }
  uint64_t Finish() {
    EndBlock();
    return hash_;
  }

 private:
  static constexpr size_t kBlock = size_t{1} << 20;

  void EndBlock() {
    const std::string_view block = block_;
    const size_t quarter = block.size() / 4;
    const std::string_view strands[] = {block.substr(0, quarter), block.substr(quarter, quarter),
                                        block.substr(2 * quarter, quarter), block.substr(3 * quarter)};
    for (uint64_t hash : libmpi::HashTexts(strands, 1)) hash_ = libmpi::HashCombine(hash_, hash);
    block_.clear();
  }

  std::string block_;
  uint64_t hash_ = 0;
};

// A file that is closed and, unless it was renamed, removed.
class NewFile {
 public:
  explicit NewFile(const std::string& path) : path_(path), aside_(path + ".partial") {
    unlink(aside_.c_str());  // left by a run that was killed
    file_ = open(aside_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file_ < 0) error_ = errno;
    writer_ = libmpi::DirectWriter(file_);
  }
  ~NewFile() {
    if (file_ >= 0) close(file_);
    if (error_ != 0) unlink(aside_.c_str());
  }
  void Write(std::string_view bytes) {
    if (error_ == 0) writer_.Write(bytes);
  }
  absl::Status Commit() {
    writer_.Finish();
    if (error_ == 0) error_ = writer_.error();
    if (file_ >= 0 && close(std::exchange(file_, -1)) != 0 && error_ == 0) error_ = errno;
    if (error_ == 0 && rename(aside_.c_str(), path_.c_str()) != 0) error_ = errno;
    return error_ == 0 ? absl::OkStatus() : absl::UnavailableError(path_ + ": " + std::strerror(error_));
  }

 private:
  const std::string path_, aside_;
  int file_ = -1, error_ = 0;
  libmpi::DirectWriter writer_{-1};
};

// The bytes before the seal.
class FileReader : public libmpi::StageReader {
 public:
  FileReader(int file, uint64_t size) : file_(file), size_(size) {}
  ~FileReader() override { close(file_); }
  uint64_t remaining() const override { return size_ - done_; }
  bool Read(void* to, size_t size) override {
    if (size > remaining()) return false;
    for (char* at = static_cast<char*>(to); size > 0;) {
      const ssize_t n = pread(file_, at, size, static_cast<off_t>(done_));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      at += n;
      size -= static_cast<size_t>(n);
      done_ += static_cast<uint64_t>(n);
    }
    return true;
  }
  void Rewind() { done_ = 0; }

 private:
  const int file_;
  const uint64_t size_;
  uint64_t done_ = 0;
};

bool IsWhole(FileReader* reader, uint64_t checksum) {
  Checksum sum;
  std::vector<char> buffer(size_t{1} << 20);
  while (reader->remaining() > 0) {
    const size_t n = std::min<uint64_t>(buffer.size(), reader->remaining());
    if (!reader->Read(buffer.data(), n)) return false;
    sum.Add({buffer.data(), n});
  }
  reader->Rewind();
  return sum.Finish() == checksum;
}

}  // namespace

std::string StageFile(const std::string& folder, std::string_view stage) {
  return folder + "/" + std::string(stage) + ".stage";
}

absl::Status StageFiles::Save(std::string_view stage, std::span<const std::string_view> pieces) {
  NewFile file(StageFile(folder_, stage));
  Checksum sum;
  Seal seal;
  constexpr size_t kStep = size_t{4} << 20;  // what was just read for the checksum is written from the cache
  for (std::string_view piece : pieces) {
    seal.size += piece.size();
    for (size_t begin = 0; begin < piece.size(); begin += kStep) {
      sum.Add(piece.substr(begin, kStep));
      file.Write(piece.substr(begin, kStep));
    }
  }
  seal.checksum = sum.Finish();
  file.Write({reinterpret_cast<const char*>(&seal), sizeof seal});
  const absl::Status status = file.Commit();
  std::lock_guard<std::mutex> lock(mutex_);
  status_.Update(status);
  return status;
}

std::unique_ptr<libmpi::StageReader> StageFiles::Load(std::string_view stage) {
  const int file = open(StageFile(folder_, stage).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  struct stat info;
  Seal seal;
  const bool sealed = fstat(file, &info) == 0 && S_ISREG(info.st_mode) &&
                      info.st_size >= static_cast<off_t>(sizeof seal) &&
                      pread(file, &seal, sizeof seal, info.st_size - static_cast<off_t>(sizeof seal)) ==
                          static_cast<ssize_t>(sizeof seal);
  if (!sealed || seal.magic != Seal::kMagic || seal.size != static_cast<uint64_t>(info.st_size) - sizeof seal) {
    close(file);
    return nullptr;
  }
  auto reader = std::make_unique<FileReader>(file, seal.size);
  if (!IsWhole(reader.get(), seal.checksum)) return nullptr;
  return reader;
}

absl::Status StageFiles::status() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return status_;
}

}  // namespace nayose
