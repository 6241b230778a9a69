// SPDX-License-Identifier: Apache-2.0
// A steward at a terminal, from the first case to the last key.
#ifndef LIBMPI_TOOLS_NAYOSE_REVIEW_SESSION_H_
#define LIBMPI_TOOLS_NAYOSE_REVIEW_SESSION_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "libmpi/network/registry_door.h"
#include "libmpi/network/review_desk.h"
#include "tools/nayose/key_input.h"
#include "tools/nayose/review_screen.h"

namespace nayose {

struct SessionOptions {
  size_t limit = SIZE_MAX;  // cases to answer
  bool held_first = false;
  bool all = false;
  std::string actor;        // to whom "me" assigns
};

// Uses standard input and output. Borrows the door.
class ReviewSession {
 public:
  ReviewSession(const libmpi::RegistryDoor& door, const SessionOptions& options);
  // Until the limit, the end of the input or 'q'. Errors: what broke, not what a steward may do otherwise.
  absl::Status Run();

 private:
  enum class Next { kSameCase, kNewScreen, kQuit };

  absl::StatusOr<bool> Fetch();
  void Show();
  char Ask(const std::string& prompt);
  bool Sure(const std::string& question);
  absl::StatusOr<Next> Do(char key);
  absl::StatusOr<Next> DoWithCase(char key);
  absl::StatusOr<Next> Judge(libmpi::Verdict verdict);
  absl::StatusOr<Next> Undo();
  absl::StatusOr<Next> Note();
  absl::StatusOr<Next> Later();
  absl::StatusOr<Next> Assign();
  absl::StatusOr<Next> Statistics();
  absl::StatusOr<Next> Say(const absl::Status& status);
  void PrintSum() const;

  const libmpi::RegistryDoor& door_;
  SessionOptions options_;
  KeyInput keys_;
  ScreenStyle style_;
  bool clears_ = false;
  bool has_case_ = false;
  bool four_eyes_ = false;
  libmpi::ReviewCase case_;
  std::string message_;     // of what was done last, above the next screen
  size_t decided_ = 0, proposed_ = 0, undone_ = 0;
  size_t acts_ = 0;         // of this session, that undo goes back to
};

// The beginning of the day of a moment, in Japan.
int64_t DayBegin(int64_t unix_milliseconds);
inline constexpr int64_t kDayMilliseconds = 86'400'000;

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_REVIEW_SESSION_H_
