// SPDX-License-Identifier: Apache-2.0
// Which files a quarantine has; shared by server and commands. Internal to quarantine.
#ifndef LIBMPI_TOOLS_SERVE_QUARANTINE_FILES_H_
#define LIBMPI_TOOLS_SERVE_QUARANTINE_FILES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/serve/quarantine.h"

namespace nayose {

struct QuarantineFiles {
  std::string folder;

  std::string Done() const { return folder + "/done"; }
  std::string Replay() const { return folder + "/replay"; }
  std::string Lock() const { return folder + "/lock"; }
  // The highest number of one that was removed, so that no other gets it.
  std::string Last() const { return folder + "/last"; }
  std::string Message(uint64_t n) const { return folder + "/" + std::to_string(n) + ".hl7"; }
  std::string About(uint64_t n) const { return folder + "/" + std::to_string(n) + ".json"; }
  std::string Asked(uint64_t n) const { return Replay() + "/" + std::to_string(n); }
  std::string Taken(uint64_t n) const { return Asked(n) + ".taken"; }
  std::string Outcome(uint64_t n) const { return Asked(n) + ".outcome"; }
  QuarantineFiles OfDone() const { return {Done()}; }

  // Whether somebody asked for it to be taken again, or it is just being taken.
  bool IsBeingReplayed(uint64_t n) const;
  // Numbers of the files of a folder that are N and this, ascending; none where the folder is missing.
  static std::vector<uint64_t> Numbers(const std::string& folder, std::string_view ending);
  absl::StatusOr<QuarantineAbout> ReadAbout(uint64_t n) const;
  absl::Status WriteAbout(const QuarantineAbout& about) const;
  // Both files of one, of these or of what is done; no other gets its number.
  absl::Status Remove(uint64_t n) const;
  uint64_t ReadLast() const;
};

std::string ToJson(const ReplayOutcome& outcome);
absl::StatusOr<ReplayOutcome> ReplayOutcomeOfJson(std::string_view text);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_QUARANTINE_FILES_H_
