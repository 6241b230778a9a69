// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/durable_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "libmpi/base/status_macros.h"

namespace nayose {
namespace {

absl::Status WriteAll(int file, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FileError(path, "can't be written", errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  if (fsync(file) != 0) return FileError(path, "can't be brought to disk", errno);
  return absl::OkStatus();
}

}  // namespace

absl::Status FileError(const std::string& path, const char* what, int error) {
  const std::string message = path + ": " + what + ": " + std::strerror(error);
  return error == ENOENT ? absl::NotFoundError(message) : absl::UnavailableError(message);
}

absl::Status WriteDurably(const std::string& path, std::string_view bytes) {
  static std::atomic<uint64_t> number{0};
  const std::string beside = path + "." + std::to_string(getpid()) + "." + std::to_string(++number) + ".new";
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return FileError(beside, "can't be made", errno);
  absl::Status status = WriteAll(file, beside, bytes);
  close(file);
  if (status.ok() && std::rename(beside.c_str(), path.c_str()) != 0)
    status = FileError(path, "can't be put in place", errno);
  if (!status.ok()) unlink(beside.c_str());
  return status;
}

absl::Status AppendDurably(const std::string& path, std::string_view bytes) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return FileError(path, "can't be opened", errno);
  struct stat before;
  absl::Status status = fstat(file, &before) == 0 ? absl::OkStatus() : FileError(path, "can't be looked at", errno);
  if (status.ok()) {
    status = WriteAll(file, path, bytes);
    if (!status.ok() && S_ISREG(before.st_mode) && ftruncate(file, before.st_size) != 0)
      status = FileError(path, "has half a line at its end", errno);
  }
  close(file);
  return status;
}

absl::Status SyncFolder(const std::string& folder) {
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return FileError(folder, "can't be opened", errno);
  const int synced = fsync(file);
  const int error = errno;
  close(file);
  return synced == 0 ? absl::OkStatus() : FileError(folder, "can't be brought to disk", error);
}

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return FileError(path, "can't be read", errno);
  std::string bytes;
  char piece[16384];
  ssize_t got;
  while ((got = read(file, piece, sizeof piece)) != 0) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) break;
    bytes.append(piece, static_cast<size_t>(got));
  }
  const int error = errno;
  close(file);
  if (got < 0) return FileError(path, "can't be read", error);
  return bytes;
}

absl::Status MakePrivateFolder(const std::string& folder) {
  std::error_code error;
  if (std::filesystem::is_directory(folder, error)) return absl::OkStatus();
  const std::string parent = std::filesystem::path(folder).parent_path().string();
  if (!parent.empty() && parent != folder) LIBMPI_RETURN_IF_ERROR(MakePrivateFolder(parent));
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return FileError(folder, "can't be made", errno);
  return absl::OkStatus();
}

absl::StatusOr<FileLock> FileLock::Take(const std::string& path, Wait wait) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return FileError(path, "can't be opened", errno);
  int locked;
  do {
    locked = flock(file, LOCK_EX | (wait == Wait::kNo ? LOCK_NB : 0));
  } while (locked != 0 && errno == EINTR);
  if (locked == 0) return FileLock(file);
  const int error = errno;
  close(file);
  if (error == EWOULDBLOCK) return absl::AbortedError(path + ": somebody else is at work here");
  return FileError(path, "can't be locked", error);
}

FileLock::~FileLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace nayose
