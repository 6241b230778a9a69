// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/answer_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/csv_reader.h"
#include "libmpi/exchange/output_file.h"

namespace nayose {
namespace {

absl::Status Problem(const std::string& path) {
  return absl::PermissionDeniedError(path + ": " + std::strerror(errno));
}

// Whether a line without an end is a whole answer. A cut one lacks fields, or breaks off in its last one, the decision.
bool IsWholeAnswer(std::string_view line, std::string_view header) {
  std::vector<std::string_view> columns, fields;
  std::vector<std::string> scratch, more_scratch;
  if (libmpi::SplitCsvRow(header, ',', &columns, &scratch) != libmpi::CsvDefect::kNone ||
      libmpi::SplitCsvRow(line, ',', &fields, &more_scratch) != libmpi::CsvDefect::kNone ||
      fields.size() != columns.size())
    return false;
  const auto decision = std::find(columns.begin(), columns.end(), "decision");
  if (decision == columns.end()) return false;
  const std::string_view told = fields[static_cast<size_t>(decision - columns.begin())];
  return told == "same" || told == "different" || told == "unsure";
}

absl::Status WriteAll(const std::string& path, int file, std::string_view text) {
  for (size_t done = 0; done < text.size();) {
    const ssize_t wrote = write(file, text.data() + done, text.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return Problem(path);
    done += static_cast<size_t>(wrote);
  }
  if (fdatasync(file) != 0 && errno != EINVAL) return Problem(path);
  return absl::OkStatus();
}

// What is taken out of somebody's file is kept beside it.
absl::Status KeepCut(const std::string& path, std::string_view tail) {
  const std::string beside = path + ".cut";
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return Problem(beside);
  const absl::Status kept = WriteAll(beside, file, std::string(tail) + '\n');
  close(file);
  LIBMPI_RETURN_IF_ERROR(kept);
  std::fprintf(stderr, "nayose: %s: the last line is not whole; moved to %s\n", path.c_str(), beside.c_str());
  return absl::OkStatus();
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
  const std::string_view tail = std::string_view(text).substr(whole);
  if (whole > 0 && IsWholeAnswer(tail, header)) {
    LIBMPI_RETURN_IF_ERROR(out.Add("\n"));
    out.begins_.clear();
    return out;
  }
  if (whole > 0 && !tail.empty()) LIBMPI_RETURN_IF_ERROR(KeepCut(path, tail));
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
  LIBMPI_RETURN_IF_ERROR(WriteAll(path_, file_, line));
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
