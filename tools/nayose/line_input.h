// SPDX-License-Identifier: Apache-2.0
// Lines of a file or of standard input, one as soon as it is there.
#ifndef LIBMPI_TOOLS_NAYOSE_LINE_INPUT_H_
#define LIBMPI_TOOLS_NAYOSE_LINE_INPUT_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"

namespace nayose {

// Unlike InputBytes for inputs that are answered line by line while they come. Not thread-safe.
class LineInput {
 public:
  static constexpr size_t kLongestLine = size_t{1} << 20;

  // "-": standard input. kNotFound, kPermissionDenied.
  static absl::StatusOr<LineInput> Open(const std::string& path);
  LineInput(LineInput&& other) noexcept;
  LineInput& operator=(LineInput&&) = delete;
  ~LineInput();

  // The next line without its end; of one that is longer than kLongestLine its beginning, of that length and a byte.
  // False at the end. Asks `go_on` while it waits: kCancelled where that says no.
  absl::StatusOr<bool> Next(const std::function<bool()>& go_on, std::string* line);
  // Of the last line, from 1.
  uint64_t number() const { return number_; }

 private:
  LineInput(std::string path, int file) : path_(std::move(path)), file_(file) {}
  absl::StatusOr<bool> Fill(const std::function<bool()>& go_on);

  std::string path_;
  int file_;
  std::string buffer_;
  size_t at_ = 0;
  uint64_t number_ = 0;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_LINE_INPUT_H_
