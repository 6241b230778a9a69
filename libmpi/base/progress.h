// SPDX-License-Identifier: Apache-2.0
// How long work tells its caller where it is, and is told to stop.
#ifndef LIBMPI_BASE_PROGRESS_H_
#define LIBMPI_BASE_PROGRESS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace libmpi {

// Called from the calling thread between pieces of work with the stage's name
// ("read", "standardize", "block", "learn", "score", "cluster", "write") and
// how many of its units are done of how many. Returning false asks the work
// to stop: it then returns absl::CancelledError.
using ProgressCallback =
    std::function<bool(std::string_view stage, uint64_t done, uint64_t total)>;

// Tells where the work is (nobody, where `progress` is null); absl::CancelledError where it should stop.
inline absl::Status ReportProgress(const ProgressCallback& progress, std::string_view stage, uint64_t done,
                                   uint64_t total) {
  if (progress && !progress(stage, done, total))
    return absl::CancelledError("stopped in stage " + std::string(stage));
  return absl::OkStatus();
}

}  // namespace libmpi

#endif  // LIBMPI_BASE_PROGRESS_H_
