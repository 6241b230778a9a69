// SPDX-License-Identifier: Apache-2.0
// The commands' part.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "libmpi/base/status_macros.h"
#include "tools/serve/durable_file.h"
#include "tools/serve/quarantine.h"
#include "tools/serve/quarantine_files.h"

namespace nayose {
namespace {

absl::Status BeingReplayed(uint64_t number) {
  return absl::FailedPreconditionError("message " + std::to_string(number) +
                                       " is waiting for the server to take it again; wait for that");
}

}  // namespace

absl::StatusOr<std::vector<QuarantineAbout>> QuarantineFolder::List(bool done) const {
  std::error_code error;
  if (!std::filesystem::is_directory(folder_, error))
    return absl::NotFoundError(folder_ + ": there is no such folder; nayose serve makes it");
  const QuarantineFiles files{done ? QuarantineFiles{folder_}.Done() : folder_};
  std::vector<QuarantineAbout> list;
  for (const uint64_t number : QuarantineFiles::Numbers(files.folder, ".json")) {
    auto about = files.ReadAbout(number);
    if (about.ok()) {
      list.push_back(*std::move(about));
    } else if (!absl::IsNotFound(about.status())) {  // else it went while we looked
      QuarantineAbout damaged;
      damaged.number = number;
      damaged.reason = std::string(about.status().message());
      list.push_back(std::move(damaged));
    }
  }
  return list;
}

absl::StatusOr<QuarantineAbout> QuarantineFolder::About(uint64_t number) const {
  const QuarantineFiles files{folder_};
  auto about = files.ReadAbout(number);
  if (absl::IsNotFound(about.status()) && files.OfDone().ReadAbout(number).ok())
    return absl::NotFoundError("message " + std::to_string(number) +
                               " was accepted when it was handed in again; nayose quarantine list --done tells when");
  return about;
}

absl::StatusOr<std::string> QuarantineFolder::Bytes(uint64_t number) const {
  return ReadWhole(QuarantineFiles{folder_}.Message(number));
}

absl::Status QuarantineFolder::Fix(uint64_t number, std::string_view before, std::string_view bytes) const {
  const QuarantineFiles files{folder_};
  const auto lock = FileLock::Take(files.Lock(), FileLock::Wait::kYes);
  if (!lock.ok()) return lock.status();
  LIBMPI_ASSIGN_OR_RETURN(QuarantineAbout about, files.ReadAbout(number));
  if (about.outgoing)
    return absl::FailedPreconditionError("message " + std::to_string(number) +
                                         " is the server's own: handed in again it says what is so then");
  if (files.IsBeingReplayed(number)) return BeingReplayed(number);
  LIBMPI_ASSIGN_OR_RETURN(const std::string now, ReadWhole(files.Message(number)));
  if (now != before)
    return absl::AbortedError("message " + std::to_string(number) + " was changed by somebody else meanwhile");
  LIBMPI_RETURN_IF_ERROR(WriteDurably(files.Message(number), bytes));
  about.bytes = bytes.size();
  ++about.fixed;
  LIBMPI_RETURN_IF_ERROR(files.WriteAbout(about));
  return SyncFolder(files.folder);
}

absl::Status QuarantineFolder::Drop(uint64_t number) const {
  const QuarantineFiles files{folder_};
  const auto lock = FileLock::Take(files.Lock(), FileLock::Wait::kYes);
  if (!lock.ok()) return lock.status();
  LIBMPI_RETURN_IF_ERROR(files.ReadAbout(number).status());
  if (files.IsBeingReplayed(number)) return BeingReplayed(number);
  LIBMPI_RETURN_IF_ERROR(files.Remove(number));
  return SyncFolder(files.folder);
}

absl::Status QuarantineFolder::AskReplay(uint64_t number) const {
  const QuarantineFiles files{folder_};
  const auto lock = FileLock::Take(files.Lock(), FileLock::Wait::kYes);
  if (!lock.ok()) return lock.status();
  LIBMPI_RETURN_IF_ERROR(files.ReadAbout(number).status());
  if (files.IsBeingReplayed(number)) return BeingReplayed(number);
  unlink(files.Outcome(number).c_str());
  return WriteDurably(files.Asked(number), "");
}

absl::StatusOr<ReplayOutcome> QuarantineFolder::AwaitReplay(uint64_t number, int64_t milliseconds) const {
  using Clock = std::chrono::steady_clock;
  const QuarantineFiles files{folder_};
  const Clock::time_point until = Clock::now() + std::chrono::milliseconds(milliseconds);
  for (;;) {
    auto text = ReadWhole(files.Outcome(number));
    if (text.ok()) {
      auto outcome = ReplayOutcomeOfJson(*text);
      if (outcome.ok()) unlink(files.Outcome(number).c_str());
      return outcome;
    }
    if (!absl::IsNotFound(text.status())) return text.status();
    if (Clock::now() >= until) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  // Taken back, so that it is not taken when a server starts that nobody expects to.
  const std::string back = files.Asked(number) + ".back";
  if (std::rename(files.Asked(number).c_str(), back.c_str()) != 0)
    return absl::DeadlineExceededError("the server has message " + std::to_string(number) +
                                       " in hand and did not say yet what became of it; nayose quarantine list tells");
  unlink(back.c_str());
  return absl::DeadlineExceededError("no server took message " + std::to_string(number) +
                                     "; is nayose serve running with this configuration?");
}

}  // namespace nayose
