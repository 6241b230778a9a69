// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/index_files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "libmpi/base/status_macros.h"

namespace nayose {
namespace {

// A file of exactly `size` bytes, opened; -1 otherwise.
int OpenOfSize(const std::string& path, uint64_t size) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  struct stat info;
  if (fstat(file, &info) == 0 && S_ISREG(info.st_mode) && static_cast<uint64_t>(info.st_size) == size) return file;
  close(file);
  return -1;
}

bool ReadAt(int file, char* to, size_t size, uint64_t from) {
  while (size > 0) {
    const ssize_t n = pread(file, to, size, static_cast<off_t>(from));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    to += n;
    size -= static_cast<size_t>(n);
    from += static_cast<uint64_t>(n);
  }
  return true;
}

}  // namespace

std::string BaseFile(std::string_view array) { return "index-" + std::string(array) + ".bin"; }
std::string TailFile(std::string_view array) { return "index-" + std::string(array) + ".tail"; }

absl::Status LinkOrCopy(const std::string& from, const std::string& to) {
  if (link(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  std::error_code error;
  std::filesystem::copy_file(from, to, error);
  if (error) return absl::UnavailableError(to + ": " + error.message());
  chmod(to.c_str(), 0600);
  return absl::OkStatus();
}

absl::StatusOr<libmpi::OutputFile> IndexFiles::Create(std::string_view array) {
  if (mkdir(state_.c_str(), 0700) != 0 && errno != EEXIST)
    return absl::PermissionDeniedError(state_ + ": " + std::strerror(errno));
  return libmpi::OutputFile::Create(state_ + "/" + BaseFile(array), 0600);
}

absl::Status IndexFiles::Add(std::string_view array, libmpi::OutputFile file, uint64_t bytes) {
  sizes_[BaseFile(array)] = bytes;
  commits_->Add(std::move(file));
  return absl::OkStatus();
}

absl::Status IndexFiles::Write(const std::string& name, std::span<const std::string_view> pieces) {
  auto file = libmpi::OutputFile::Create(state_ + "/" + name, 0600);
  if (!file.ok()) return file.status();
  uint64_t& size = sizes_[name] = 0;
  for (std::string_view piece : pieces) {
    size += piece.size();
    file->Append(piece);
  }
  commits_->Add(*std::move(file));
  return absl::OkStatus();
}

absl::Status IndexFiles::Save(std::string_view array, std::span<const std::string_view> pieces) {
  if (mkdir(state_.c_str(), 0700) != 0 && errno != EEXIST)
    return absl::PermissionDeniedError(state_ + ": " + std::strerror(errno));
  return Write(BaseFile(array), pieces);
}

absl::Status IndexFiles::Follow(const std::string& previous_state, std::string_view array, std::string_view tail) {
  const std::string base = BaseFile(array);
  LIBMPI_RETURN_IF_ERROR(LinkOrCopy(previous_state + "/" + base, state_ + "/" + base));
  struct stat info;
  if (stat((state_ + "/" + base).c_str(), &info) != 0)
    return absl::UnavailableError(state_ + "/" + base + ": " + std::strerror(errno));
  sizes_[base] = static_cast<uint64_t>(info.st_size);
  return Write(TailFile(array), {&tail, 1});
}

absl::StatusOr<MappedArray> MappedArray::Open(const std::string& state, std::string_view array,
                                              const std::map<std::string, uint64_t>& sizes) {
  const std::string base_name = BaseFile(array), tail_name = TailFile(array);
  const auto damaged = [&](const std::string& name) {
    return absl::DataLossError(state + "/" + name + ": is missing, or is not as the run wrote it; run dedupe with "
                                                    "--keep-index again");
  };
  const auto base = sizes.find(base_name), tail = sizes.find(tail_name);
  if (base == sizes.end()) return damaged(base_name);
  const size_t base_size = base->second, tail_size = tail == sizes.end() ? 0 : tail->second;
  MappedArray out;
  if (base_size + tail_size == 0) return out;
  void* const place = mmap(nullptr, base_size + tail_size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (place == MAP_FAILED) return absl::ResourceExhaustedError(state + ": no room in memory for the index");
  out.begin_ = static_cast<char*>(place);
  out.size_ = base_size + tail_size;
  out.base_size_ = base_size;
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE)), whole = base_size / page * page;
  // Whole pages of the base are the file's; what is left of it and the tail are read behind them.
  const int base_file = OpenOfSize(state + "/" + base_name, base_size);
  if (base_file < 0) return damaged(base_name);
  const bool mapped = whole == 0 || mmap(out.begin_, whole, PROT_READ, MAP_SHARED | MAP_FIXED, base_file, 0) != MAP_FAILED;
  const bool read = mapped && ReadAt(base_file, out.begin_ + whole, base_size - whole, whole);
  close(base_file);
  if (!read) return damaged(base_name);
  if (tail_size == 0) return out;
  const int tail_file = OpenOfSize(state + "/" + tail_name, tail_size);
  if (tail_file < 0) return damaged(tail_name);
  const bool tail_read = ReadAt(tail_file, out.begin_ + base_size, tail_size, 0);
  close(tail_file);
  if (!tail_read) return damaged(tail_name);
  return out;
}

MappedArray::MappedArray(MappedArray&& other) noexcept
    : begin_(std::exchange(other.begin_, nullptr)), size_(std::exchange(other.size_, 0)),
      base_size_(std::exchange(other.base_size_, 0)) {}

MappedArray& MappedArray::operator=(MappedArray&& other) noexcept {
  std::swap(begin_, other.begin_);
  std::swap(size_, other.size_);
  std::swap(base_size_, other.base_size_);
  return *this;
}

MappedArray::~MappedArray() {
  if (begin_ != nullptr) munmap(begin_, size_);
}

}  // namespace nayose
