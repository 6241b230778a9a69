// SPDX-License-Identifier: Apache-2.0
// Writing a file aside and renaming it into place when whole.
#ifndef LIBMPI_EXCHANGE_OUTPUT_FILE_H_
#define LIBMPI_EXCHANGE_OUTPUT_FILE_H_

#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"

namespace libmpi {

// A file under construction: "<path>.partial" until Commit renames it, removed
// if never committed. Every write error (disk full, I/O) is kept and returned by
// Commit, at the latest. Buffered. Not thread-safe.
class OutputFile {
 public:
  // kPermissionDenied / kNotFound with the path. `mode` as in open(2).
  static absl::StatusOr<OutputFile> Create(const std::string& path, int mode = 0644);
  OutputFile(OutputFile&&) noexcept;
  OutputFile& operator=(OutputFile&&) noexcept;
  ~OutputFile();

  void Append(std::string_view bytes);
  // Writes what is left, syncs the file, renames it to its path.
  absl::Status Commit();

 private:
  friend class BackgroundCommits;
  struct Rep;
  explicit OutputFile(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

// Files that are committed while others are written: the disk is waited for once, not after each. One
// thread at a time.
class BackgroundCommits {
 public:
  BackgroundCommits() = default;
  ~BackgroundCommits() { (void)Finish(); }
  // Begins to commit the file.
  void Add(OutputFile file);
  // Waits for all; the first error of any, by the order in which they were added.
  absl::Status Finish();

 private:
  std::vector<std::thread> threads_;
  std::vector<std::unique_ptr<absl::Status>> statuses_;
};

// One small file, whole.
absl::Status WriteWholeFile(const std::string& path, std::string_view text, int mode = 0644);

// Whole-file reading for small files (models, maps). kNotFound, kPermissionDenied,
// kResourceExhausted beyond `limit` bytes.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path,
                                          size_t limit = size_t{256} << 20);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_OUTPUT_FILE_H_
