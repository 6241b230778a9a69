// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/answer_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/output_file.h"

namespace nayose {
namespace {

absl::Status Problem(const std::string& path) {
  return absl::PermissionDeniedError(path + ": " + std::strerror(errno));
}

}  // namespace

absl::StatusOr<AnswerFile> AnswerFile::Open(const std::string& path, std::string_view header) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return Problem(path);
  AnswerFile out(path, file);
  struct stat facts;
  if (fstat(file, &facts) != 0) return Problem(path);
  if (!S_ISREG(facts.st_mode)) return absl::InvalidArgumentError(path + ": is no file that answers can be added to");
  if (flock(file, LOCK_EX | LOCK_NB) != 0)
    return absl::UnavailableError(path + ": another nayose is writing to it");
  std::string text;
  LIBMPI_ASSIGN_OR_RETURN(text, libmpi::ReadSmallFile(path));
  const std::string first = std::string(header) + '\n';
  // A spreadsheet's file may end without a line's end; one of ours never does, unless it was cut short.
  const size_t whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  if (whole > 0 && text.compare(0, first.size(), first) != 0)
    return absl::InvalidArgumentError(path + ": is there and begins with other columns; give another --output");
  if (whole == 0 && first.compare(0, text.size(), text) != 0)
    return absl::InvalidArgumentError(path + ": is there and is no file of answers; give another --output");
  if (ftruncate(file, static_cast<off_t>(whole)) != 0 || lseek(file, 0, SEEK_END) < 0) return Problem(path);
  if (whole == 0) {
    LIBMPI_RETURN_IF_ERROR(out.Add(first));
    out.begins_.clear();
  }
  return out;
}

AnswerFile::AnswerFile(AnswerFile&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)), begins_(std::move(other.begins_)) {}

AnswerFile::~AnswerFile() {
  if (file_ >= 0) close(file_);
}

absl::Status AnswerFile::Add(std::string_view line) {
  const off_t begin = lseek(file_, 0, SEEK_END);
  for (size_t done = 0; done < line.size();) {
    const ssize_t wrote = write(file_, line.data() + done, line.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return Problem(path_);
    done += static_cast<size_t>(wrote);
  }
  if (fdatasync(file_) != 0 && errno != EINVAL) return Problem(path_);
  begins_.push_back(begin);
  return absl::OkStatus();
}

absl::StatusOr<bool> AnswerFile::TakeBack() {
  if (begins_.empty()) return false;
  if (ftruncate(file_, begins_.back()) != 0) return Problem(path_);
  begins_.pop_back();
  return true;
}

}  // namespace nayose
