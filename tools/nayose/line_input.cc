// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/line_input.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "libmpi/base/status_macros.h"

namespace nayose {

absl::StatusOr<LineInput> LineInput::Open(const std::string& path) {
  if (path == "-") return LineInput("standard input", STDIN_FILENO);
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file >= 0) return LineInput(path, file);
  const std::string message = path + ": " + std::strerror(errno);
  return errno == ENOENT ? absl::NotFoundError(message) : absl::PermissionDeniedError(message);
}

LineInput::LineInput(LineInput&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)), buffer_(std::move(other.buffer_)),
      at_(other.at_), number_(other.number_) {}

LineInput::~LineInput() {
  if (file_ > STDIN_FILENO) close(file_);
}

absl::StatusOr<bool> LineInput::Fill(const std::function<bool()>& go_on) {
  buffer_.erase(0, at_);
  at_ = 0;
  constexpr int kMilliseconds = 200;
  pollfd waiting{file_, POLLIN, 0};
  for (int ready = 0; ready <= 0; ready = poll(&waiting, 1, kMilliseconds))
    if (!go_on()) return absl::CancelledError("stopped before " + path_ + " ended");
  char bytes[1 << 16];
  const ssize_t got = read(file_, bytes, sizeof bytes);
  if (got < 0) return absl::PermissionDeniedError(path_ + ": " + std::strerror(errno));
  buffer_.append(bytes, static_cast<size_t>(got));
  return got > 0;
}

absl::StatusOr<bool> LineInput::Next(const std::function<bool()>& go_on, std::string* line) {
  line->clear();
  for (;;) {
    const size_t end = buffer_.find('\n', at_);
    const size_t taken = std::min(end, buffer_.size()) - at_;
    line->append(buffer_, at_, std::min(taken, kLongestLine + 1 - line->size()));
    at_ += taken;
    if (end != std::string::npos) {
      ++at_;
      break;
    }
    bool more;
    LIBMPI_ASSIGN_OR_RETURN(more, Fill(go_on));
    if (more) continue;
    if (line->empty()) return false;
    break;
  }
  ++number_;
  return true;
}

}  // namespace nayose
