// SPDX-License-Identifier: Apache-2.0
// What the parts of the store share: names of files, errors, and files that are written whole or not at all.
#ifndef LIBMPI_REGISTRY_STORE_FILES_H_
#define LIBMPI_REGISTRY_STORE_FILES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/env.h"
#include "rocksdb/slice.h"
#include "rocksdb/status.h"

namespace libmpi {

inline rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// Keys that begin with these two bytes are the store's own.
inline constexpr std::string_view kReservedKeys = "\xff\xff";
inline constexpr std::string_view kLastCommitKey = "\xff\xff" "commit";
inline constexpr std::string_view kFormatKey = "\xff\xff" "format";
// The layout of the folder and of the store's own keys. A store of a higher number is refused.
inline constexpr uint64_t kStoreFormat = 1;
// kFailedPrecondition: this program reads none of that format.
absl::Status RefuseStoreFormat(uint64_t format);

inline constexpr std::string_view kQuarantineFolder = "quarantine";

// The status of RocksDB without its text, which may quote keys.
absl::Status FromRocks(const rocksdb::Status& status, std::string_view doing);
// kDataLoss, with what is wrong and what can be done about it.
absl::Status LostData(std::string_view what);

// The CRC-32C of what `crc` is of (0: nothing), followed by `bytes`.
uint32_t ExtendCrc32c(uint32_t crc, std::string_view bytes);
inline uint32_t Crc32cOf(std::string_view bytes) { return ExtendCrc32c(0, bytes); }

std::optional<uint64_t> ParseNumber(std::string_view digits);

// The number of `name` if it reads "<prefix><digits><suffix>".
std::optional<uint64_t> NumberOf(std::string_view name, std::string_view prefix, std::string_view suffix);

// "<name> <number>" as a line of a file, and the next line of `text` taken off, if it is one of that name.
std::string NumberLine(std::string_view name, uint64_t value);
std::optional<uint64_t> TakeNumberLine(std::string_view* text, std::string_view name);

// A text with a last line that is its checksum, and the text that stands before one; nothing where it is not as it was.
std::string WithSum(std::string text);
std::optional<std::string_view> WithoutSum(std::string_view text);

// The content of a small file; kNotFound where there is none.
absl::StatusOr<std::string> ReadFile(rocksdb::Env* env, const std::string& path);
// Of a file its bytes from `at` on, `most` at most; none where it is shorter.
absl::StatusOr<std::string> ReadFileFrom(rocksdb::Env* env, const std::string& path, uint64_t at, uint64_t most);
absl::Status SyncFolder(rocksdb::Env* env, const std::string& folder);
// `name` in `folder` has `content` when it returns OK, even after a power cut; before that what it had.
absl::Status WriteDurably(rocksdb::Env* env, const std::string& folder, const std::string& name,
                          std::string_view content);
// Hard links of files of `folder` in its quarantine subfolder, so that nothing that cleans up can take the last one.
// Files that do not exist are passed over.
absl::Status Quarantine(rocksdb::Env* env, const std::string& folder, const std::vector<std::string>& names);

// A folder held for writing by this object alone, among all processes; released by the destructor.
class FolderLock {
 public:
  // kFailedPrecondition: someone has it.
  static absl::StatusOr<FolderLock> Take(const std::string& folder);
  FolderLock() = default;
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&& other) noexcept;
  ~FolderLock();

 private:
  int file_ = -1;
};

// Room on the disk that is kept for the day it is full: what is needed to reopen the store then.
class Ballast {
 public:
  Ballast(std::string folder, uint64_t bytes);
  // False where there is no room for it, which is no error: free room is checked before every write.
  bool Fill();
  void Drop();
  // What it holds now.
  uint64_t held() const;

 private:
  std::string path_;
  uint64_t bytes_;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_STORE_FILES_H_
