// SPDX-License-Identifier: Apache-2.0
// A file that answers are added to, one by one.
#ifndef LIBMPI_TOOLS_NAYOSE_ANSWER_FILE_H_
#define LIBMPI_TOOLS_NAYOSE_ANSWER_FILE_H_

#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "absl/status/statusor.h"

namespace nayose {

// Lines under a header, with a column `decision`. Every line is on disk when Add returns. A last line without an end is kept
// where it is a whole answer (a spreadsheet's file may end so); what a killed process left of one is moved to
// "<path>.cut" when the file is opened next, which is said on standard error. One process at a time. Not
// thread-safe.
class AnswerFile {
 public:
  // Makes the file (mode 0600) with the header, or opens one that begins with it. kInvalidArgument where it begins
  // otherwise; kUnavailable where another process has it open.
  static absl::StatusOr<AnswerFile> Open(const std::string& path, std::string_view header);
  AnswerFile(AnswerFile&& other) noexcept;
  AnswerFile& operator=(AnswerFile&&) = delete;
  ~AnswerFile();

  absl::Status Add(std::string_view line);
  // Takes back the last line added by this object; false where there is none.
  absl::StatusOr<bool> TakeBack();

 private:
  AnswerFile(std::string path, int file) : path_(std::move(path)), file_(file) {}

  std::string path_;
  int file_;
  std::vector<off_t> begins_;  // of the lines added
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_ANSWER_FILE_H_
