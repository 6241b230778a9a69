// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/store_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

#include "libmpi/base/status_macros.h"

namespace libmpi {
namespace {

// tables[k][b]: what byte b does to the checksum k bytes later.
using Crc32cTables = std::array<std::array<uint32_t, 256>, 8>;
constexpr Crc32cTables MakeCrcTables() {
  Crc32cTables tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82f63b78u : crc >> 1;
    tables[0][byte] = crc;
  }
  for (size_t k = 1; k < 8; ++k)
    for (size_t byte = 0; byte < 256; ++byte)
      tables[k][byte] = tables[k - 1][byte] >> 8 ^ tables[0][tables[k - 1][byte] & 0xff];
  return tables;
}
const Crc32cTables& CrcTables() {
  static constexpr Crc32cTables kTables = MakeCrcTables();
  return kTables;
}

}  // namespace

absl::Status FromRocks(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  const std::string what = "the store: " + std::string(doing) + " failed (code " +
                           std::to_string(static_cast<int>(status.code())) + ", " +
                           std::to_string(static_cast<int>(status.subcode())) + ")";
  if (status.IsNotFound()) return absl::NotFoundError(what);
  if (status.IsCorruption()) return absl::DataLossError(what + ": a file is damaged; restore a backup");
  if (status.IsNoSpace()) return absl::UnavailableError(what + ": the disk is full");
  if (status.IsMemoryLimit()) return absl::ResourceExhaustedError(what + ": cache_bytes is too small");
  if (status.IsPathNotFound()) return absl::DataLossError(what + ": a file is missing; restore a backup");
  // Incomplete is what a commit hears that waited for RocksDB's threads when an error stopped them.
  if (status.IsBusy() || status.IsIOError() || status.IsIncomplete() || status.IsShutdownInProgress() ||
      status.IsAborted() || status.IsTimedOut() || status.IsTryAgain())
    return absl::UnavailableError(what);
  return absl::InternalError(what);
}

absl::Status RefuseStoreFormat(uint64_t format) {
  return absl::FailedPreconditionError("the store is of format " + std::to_string(format) +
                                       ", and this program reads format " + std::to_string(kStoreFormat) +
                                       ": open it with the release that wrote it or a newer release");
}

absl::Status LostData(std::string_view what) {
  return absl::DataLossError("the store: " + std::string(what) +
                             ". Nothing was removed. Keep a copy of the folder, then restore the newest backup "
                             "into another one");
}

uint32_t ExtendCrc32c(uint32_t crc, std::string_view bytes) {
  const auto& tables = CrcTables();
  crc = ~crc;
  const auto at = [&bytes](size_t i) { return uint32_t{static_cast<unsigned char>(bytes[i])}; };
  while (bytes.size() >= 8) {
    const uint32_t low = crc ^ (at(0) | at(1) << 8 | at(2) << 16 | at(3) << 24);
    crc = tables[7][low & 0xff] ^ tables[6][low >> 8 & 0xff] ^ tables[5][low >> 16 & 0xff] ^ tables[4][low >> 24] ^
          tables[3][at(4)] ^ tables[2][at(5)] ^ tables[1][at(6)] ^ tables[0][at(7)];
    bytes.remove_prefix(8);
  }
  for (const char byte : bytes) crc = crc >> 8 ^ tables[0][(crc ^ static_cast<unsigned char>(byte)) & 0xff];
  return ~crc;
}

std::optional<uint64_t> ParseNumber(std::string_view digits) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<uint64_t> NumberOf(std::string_view name, std::string_view prefix, std::string_view suffix) {
  if (name.size() < prefix.size() + suffix.size() || !name.starts_with(prefix) || !name.ends_with(suffix))
    return std::nullopt;
  return ParseNumber(name.substr(prefix.size(), name.size() - prefix.size() - suffix.size()));
}

std::string NumberLine(std::string_view name, uint64_t value) {
  return std::string(name) + " " + std::to_string(value) + "\n";
}

std::optional<uint64_t> TakeNumberLine(std::string_view* text, std::string_view name) {
  const size_t end = text->find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto number = NumberOf(text->substr(0, end), std::string(name) + " ", "");
  if (number.has_value()) text->remove_prefix(end + 1);
  return number;
}

std::string WithSum(std::string text) {
  const uint32_t sum = Crc32cOf(text);
  return std::move(text) + NumberLine("sum", sum);
}

std::optional<std::string_view> WithoutSum(std::string_view text) {
  const size_t sum_at = text.rfind("sum ");
  if (sum_at == std::string_view::npos) return std::nullopt;
  const std::string_view body = text.substr(0, sum_at);
  if (text.substr(sum_at) != NumberLine("sum", Crc32cOf(body))) return std::nullopt;
  return body;
}

absl::StatusOr<std::string> ReadFile(rocksdb::Env* env, const std::string& path) {
  // Asked first, so that a missing file and an error of reading are told apart.
  const rocksdb::Status exists = env->FileExists(path);
  if (!exists.ok()) return FromRocks(exists, "looking for a file");
  std::string content;
  LIBMPI_RETURN_IF_ERROR(FromRocks(rocksdb::ReadFileToString(env, path, &content), "reading a file"));
  return content;
}

absl::StatusOr<std::string> ReadFileFrom(rocksdb::Env* env, const std::string& path, uint64_t at, uint64_t most) {
  uint64_t size = 0;
  LIBMPI_RETURN_IF_ERROR(FromRocks(env->GetFileSize(path, &size), "looking for a file"));
  if (size <= at) return std::string();
  std::unique_ptr<rocksdb::SequentialFile> file;
  LIBMPI_RETURN_IF_ERROR(FromRocks(env->NewSequentialFile(path, &file, rocksdb::EnvOptions()), "opening a file"));
  LIBMPI_RETURN_IF_ERROR(FromRocks(file->Skip(at), "reading a file"));
  std::string content(std::min(size - at, most), '\0');
  rocksdb::Slice got;
  LIBMPI_RETURN_IF_ERROR(FromRocks(file->Read(content.size(), &got, content.data()), "reading a file"));
  return got.ToString();
}

absl::Status SyncFolder(rocksdb::Env* env, const std::string& folder) {
  std::unique_ptr<rocksdb::Directory> directory;
  LIBMPI_RETURN_IF_ERROR(FromRocks(env->NewDirectory(folder, &directory), "opening the folder"));
  return FromRocks(directory->Fsync(), "syncing the folder");
}

absl::Status WriteDurably(rocksdb::Env* env, const std::string& folder, const std::string& name,
                          std::string_view content) {
  const std::string fresh = folder + "/" + name + ".new";
  std::unique_ptr<rocksdb::WritableFile> file;
  rocksdb::Status status = env->NewWritableFile(fresh, &file, rocksdb::EnvOptions());
  if (status.ok()) status = file->Append(ToSlice(content));
  if (status.ok()) status = file->Fsync();
  if (status.ok()) status = file->Close();
  if (status.ok()) status = env->RenameFile(fresh, folder + "/" + name);
  if (!status.ok()) return FromRocks(status, "writing a file");
  return SyncFolder(env, folder);
}

absl::Status Quarantine(rocksdb::Env* env, const std::string& folder, const std::vector<std::string>& names) {
  const std::string apart = folder + "/" + std::string(kQuarantineFolder);
  LIBMPI_RETURN_IF_ERROR(FromRocks(env->CreateDirIfMissing(apart), "making the quarantine folder"));
  for (const std::string& name : names) {
    if (!env->FileExists(folder + "/" + name).ok() || env->FileExists(apart + "/" + name).ok()) continue;
    LIBMPI_RETURN_IF_ERROR(
        FromRocks(env->LinkFile(folder + "/" + name, apart + "/" + name), "linking a file into quarantine"));
  }
  LIBMPI_RETURN_IF_ERROR(SyncFolder(env, apart));
  return SyncFolder(env, folder);
}

absl::StatusOr<FolderLock> FolderLock::Take(const std::string& folder) {
  FolderLock lock;
  // Not RocksDB's own lock: that one covers neither what is checked before it opens nor what is written after.
  lock.file_ = ::open((folder + "/libmpi.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock.file_ < 0) return absl::UnavailableError("the store: its lock file cannot be opened");
  if (::flock(lock.file_, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return absl::UnavailableError("the store: its folder cannot be locked");
  return absl::FailedPreconditionError(
      "the store: it is open for writing elsewhere, in this process or another; close it there, or open it for "
      "reading only");
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}
FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

Ballast::Ballast(std::string folder, uint64_t bytes) : path_(std::move(folder) + "/ballast"), bytes_(bytes) {}

bool Ballast::Fill() {
  if (held() >= bytes_) return true;
  const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool filled = ::posix_fallocate(file, 0, static_cast<off_t>(bytes_)) == 0;
  ::close(file);
  if (!filled) Drop();
  return filled;
}

void Ballast::Drop() { ::unlink(path_.c_str()); }

uint64_t Ballast::held() const {
  struct stat facts;
  if (::stat(path_.c_str(), &facts) != 0) return 0;
  return static_cast<uint64_t>(facts.st_blocks) * 512;
}

}  // namespace libmpi
