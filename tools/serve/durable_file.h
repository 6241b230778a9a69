// SPDX-License-Identifier: Apache-2.0
// Small files that are whole and on disk, or not there.
#ifndef LIBMPI_TOOLS_SERVE_DURABLE_FILE_H_
#define LIBMPI_TOOLS_SERVE_DURABLE_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace nayose {

// Writes another file (0600) beside it, to disk, and renames that; the folder is to be synced afterwards. kUnavailable.
absl::Status WriteDurably(const std::string& path, std::string_view bytes);
// Behind what the file has, to disk; the file is made (0600) where it is missing. Where that fails nothing of it is
// left. kUnavailable, kNotFound.
absl::Status AppendDurably(const std::string& path, std::string_view bytes);
absl::Status SyncFolder(const std::string& folder);
// As it is. kNotFound, kUnavailable.
absl::StatusOr<std::string> ReadWhole(const std::string& path);
// "path: can't be written: No space left on device".
absl::Status FileError(const std::string& path, const char* what, int error);

// The folder and those before it, 0700 where they are made.
absl::Status MakePrivateFolder(const std::string& folder);

// flock() on a file, which is made (0600) where it is missing; until it goes.
class FileLock {
 public:
  enum class Wait { kYes, kNo };
  // kUnavailable; kAborted: somebody else has it, and it was not waited for.
  static absl::StatusOr<FileLock> Take(const std::string& path, Wait wait);
  FileLock(FileLock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int file) : file_(file) {}
  int file_;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_DURABLE_FILE_H_
