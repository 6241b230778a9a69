// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/array_files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "libmpi/base/status_macros.h"

namespace libmpi {
namespace {

absl::Status Failed(std::string_view doing) {
  return absl::UnavailableError(std::string(doing) + " a file of the load failed: is the disk full?");
}

absl::Status WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written <= 0) return Failed("writing");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace

SpilledPieces::~SpilledPieces() {
  if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
  if (file_ >= 0) ::close(file_);
}

absl::Status SpilledPieces::Open(const std::string& path) {
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file_ < 0) return Failed("making");
  ::unlink(path.c_str());
  return absl::OkStatus();
}

absl::Status SpilledPieces::Append(std::string_view piece) {
  constexpr size_t kLargestBuffer = 1 << 20;
  buffer_.append(piece);
  begin_.push_back(begin_.back() + piece.size());
  if (buffer_.size() < kLargestBuffer) return absl::OkStatus();
  const absl::Status written = WriteAll(file_, buffer_);
  buffer_.clear();
  return written;
}

absl::Status SpilledPieces::Finish() {
  LIBMPI_RETURN_IF_ERROR(WriteAll(file_, buffer_));
  buffer_ = {};
  if (begin_.back() == 0) return absl::OkStatus();
  void* const at = ::mmap(nullptr, begin_.back(), PROT_READ, MAP_PRIVATE, file_, 0);
  if (at == MAP_FAILED) return Failed("mapping");
  bytes_ = {static_cast<const char*>(at), begin_.back()};
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<ArrayFiles>> ArrayFiles::Make(std::string folder) {
  std::error_code error;
  std::filesystem::remove_all(folder, error);  // of a load that was killed
  std::filesystem::create_directories(folder, error);
  if (error) return Failed("making");
  return std::unique_ptr<ArrayFiles>(new ArrayFiles(std::move(folder)));
}

ArrayFiles::~ArrayFiles() {
  for (const auto& [name, bytes] : mapped_)
    if (!bytes.empty()) ::munmap(const_cast<char*>(bytes.data()), bytes.size());
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
}

absl::Status ArrayFiles::Save(std::string_view stage, std::span<const std::string_view> pieces) {
  const std::string path = folder_ + "/" + std::string(stage);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return Failed("making");
  absl::Status status;
  for (std::string_view piece : pieces)
    if (status.ok()) status = WriteAll(file, piece);
  ::close(file);
  return status;
}

absl::StatusOr<std::string_view> ArrayFiles::Map(const std::string& name) {
  const std::string path = folder_ + "/" + name;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat about;
  if (file < 0 || ::fstat(file, &about) != 0) {
    if (file >= 0) ::close(file);
    return Failed("reading");
  }
  std::string_view bytes;
  if (about.st_size > 0) {
    void* const at = ::mmap(nullptr, static_cast<size_t>(about.st_size), PROT_READ, MAP_PRIVATE, file, 0);
    if (at != MAP_FAILED) bytes = {static_cast<const char*>(at), static_cast<size_t>(about.st_size)};
  }
  ::close(file);
  if (bytes.size() != static_cast<size_t>(about.st_size)) return Failed("mapping");
  const std::lock_guard lock(mutex_);
  mapped_[name] = bytes;
  return bytes;
}

absl::StatusOr<IndexView> ArrayFiles::Index() {
  std::map<std::string, std::string_view, std::less<>> bytes;
  for (const char* name : kIndexArrays) {
    LIBMPI_ASSIGN_OR_RETURN(bytes[name], Map(name));
  }
  const IndexView view = ViewOfArrays([&](const char* name) { return bytes[name]; });
  LIBMPI_RETURN_IF_ERROR(CheckIndex(view));
  return view;
}

}  // namespace libmpi
