// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/direct_writer.h"
#include "libmpi/exchange/input_bytes.h"

namespace libmpi {
namespace {

absl::Status WriteError(const std::string& path, int error) {
  const std::string message = path + ": " + std::strerror(error);
  if (error == EACCES || error == EPERM || error == EROFS) return absl::PermissionDeniedError(message);
  if (error == ENOENT || error == ENOTDIR) return absl::NotFoundError(message);
  if (error == ENOSPC || error == EDQUOT || error == EFBIG)
    return absl::ResourceExhaustedError(message + "; make room and run again");
  return absl::UnavailableError(message);
}

}  // namespace

struct OutputFile::Rep {
  std::string path;
  std::string partial;
  int file = -1;
  DirectWriter writer{-1};
  absl::Status status;

  ~Rep() {
    if (file < 0) return;
    close(file);
    unlink(partial.c_str());
  }
  absl::Status Commit() {
    writer.Finish();
    if (writer.error() != 0) status = WriteError(path, writer.error());
    if (status.ok() && fsync(file) != 0 && errno != EINVAL) status = WriteError(path, errno);
    if (close(file) != 0 && status.ok()) status = WriteError(path, errno);
    file = -1;
    if (status.ok() && rename(partial.c_str(), path.c_str()) != 0) status = WriteError(path, errno);
    if (!status.ok()) unlink(partial.c_str());
    return status;
  }
};

OutputFile::OutputFile(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
OutputFile::OutputFile(OutputFile&&) noexcept = default;
OutputFile& OutputFile::operator=(OutputFile&&) noexcept = default;
OutputFile::~OutputFile() = default;

absl::StatusOr<OutputFile> OutputFile::Create(const std::string& path, int mode) {
  struct stat info;
  if (stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode))
    return absl::InvalidArgumentError(path + ": is no plain file; it would be replaced");
  auto rep = std::make_unique<Rep>();
  rep->path = path;
  rep->partial = path + ".partial";
  unlink(rep->partial.c_str());  // left by a run that was killed
  rep->file = open(rep->partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (rep->file < 0) return WriteError(path, errno);
  rep->writer = DirectWriter(rep->file);
  return OutputFile(std::move(rep));
}

void OutputFile::Append(std::string_view bytes) { rep_->writer.Write(bytes); }

absl::Status OutputFile::Commit() { return rep_->Commit(); }

void BackgroundCommits::Add(OutputFile file) {
  statuses_.push_back(std::make_unique<absl::Status>());
  absl::Status* const status = statuses_.back().get();
  std::shared_ptr<OutputFile::Rep> rep = std::move(file.rep_);
  try {
    threads_.emplace_back([rep, status] { *status = rep->Commit(); });
  } catch (const std::system_error&) {
    *status = rep->Commit();  // the system gives no more threads
  }
}

absl::Status BackgroundCommits::Finish() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  absl::Status first;
  for (const auto& status : statuses_) first.Update(*status);
  statuses_.clear();
  return first;
}

absl::Status WriteWholeFile(const std::string& path, std::string_view text, int mode) {
  auto file = OutputFile::Create(path, mode);
  if (!file.ok()) return file.status();
  file->Append(text);
  return file->Commit();
}

absl::StatusOr<std::string> ReadSmallFile(const std::string& path, size_t limit) {
  struct stat info;
  if (stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && static_cast<size_t>(info.st_size) > limit)
    return absl::ResourceExhaustedError(path + ": larger than " + std::to_string(limit >> 20) + " MiB");
  return ReadInputBytes(path);
}

}  // namespace libmpi
