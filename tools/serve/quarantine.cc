// SPDX-License-Identifier: Apache-2.0
// The server's part.
#include "tools/serve/quarantine.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <filesystem>

#include "libmpi/base/status_macros.h"
#include "libmpi/base/system_time.h"
#include "tools/serve/durable_file.h"
#include "tools/serve/quarantine_files.h"

namespace nayose {
namespace {

QuarantineOptions WithClock(QuarantineOptions options) {
  if (!options.clock) options.clock = libmpi::SystemMilliseconds;
  return options;
}

void Rename(const std::string& from, const std::string& to) { std::rename(from.c_str(), to.c_str()); }

size_t HashOf(const std::string& party, std::string_view bytes) {
  return std::hash<std::string_view>()(bytes) * 31 + std::hash<std::string>()(party);
}

// What a crash left behind.
void CleanUp(const QuarantineFiles& files) {
  std::error_code error;
  for (const std::string& folder : {files.folder, files.Done(), files.Replay()})
    for (auto i = std::filesystem::directory_iterator(folder, error);
         !error && i != std::filesystem::directory_iterator(); i.increment(error))
      if (i->path().extension() == ".new") unlink(i->path().c_str());
  const QuarantineFiles done = files.OfDone();
  for (const uint64_t n : QuarantineFiles::Numbers(files.folder, ".hl7")) {
    if (access(files.About(n).c_str(), F_OK) == 0) continue;
    // Its refusal was never answered, or it was half way to those that are done.
    if (access(done.About(n).c_str(), F_OK) == 0) Rename(files.Message(n), done.Message(n));
    else unlink(files.Message(n).c_str());
  }
  // The same message twice changes nothing, so one that may have been taken is taken again.
  for (const uint64_t n : QuarantineFiles::Numbers(files.Replay(), ".taken")) Rename(files.Taken(n), files.Asked(n));
}

// One message that the server can't get over is not to end it, and to be taken again at its next start.
ReplayOutcome OutcomeOf(const Quarantine::Handler& handle, const QuarantineAbout& about, const std::string& bytes) {
  try {
    return handle(about, bytes);
  } catch (const std::exception&) {
    ReplayOutcome outcome;
    outcome.reason = "the server failed at it";
    return outcome;
  }
}

}  // namespace

Quarantine::Quarantine(QuarantineOptions options)
    : options_(WithClock(std::move(options))), most_(options_.most), days_(options_.days) {}

void Quarantine::SetBounds(size_t most, int64_t days) {
  const std::lock_guard lock(mutex_);
  most_ = most;
  days_ = days;
}

size_t Quarantine::most() const {
  const std::lock_guard lock(mutex_);
  return most_;
}

int64_t Quarantine::days() const {
  const std::lock_guard lock(mutex_);
  return days_;
}

absl::Status Quarantine::Open() {
  const std::lock_guard lock(mutex_);
  const QuarantineFiles files{options_.folder};
  for (const std::string& folder : {files.folder, files.Done(), files.Replay()})
    LIBMPI_RETURN_IF_ERROR(MakePrivateFolder(folder));
  const auto locked = FileLock::Take(files.Lock(), FileLock::Wait::kYes);
  if (!locked.ok()) return locked.status();
  CleanUp(files);
  const std::vector<uint64_t> waiting = QuarantineFiles::Numbers(files.folder, ".json");
  const std::vector<uint64_t> done = QuarantineFiles::Numbers(files.Done(), ".json");
  size_ = waiting.size();
  last_ = files.ReadLast();
  for (const auto* numbers : {&waiting, &done})
    if (!numbers->empty()) last_ = std::max(last_, numbers->back());
  return absl::OkStatus();
}

uint64_t Quarantine::FindSame(const std::string& party, std::string_view bytes) {
  const QuarantineFiles files{options_.folder};
  uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto found = by_hash_.find(HashOf(party, bytes));
    if (found == by_hash_.end()) return 0;
    number = found->second;
  }
  const auto about = files.ReadAbout(number);
  const auto there = ReadWhole(files.Message(number));
  return about.ok() && there.ok() && about->party == party && *there == bytes ? number : 0;
}

absl::StatusOr<uint64_t> Quarantine::Put(QuarantineAbout about, std::string_view bytes) {
  const QuarantineFiles files{options_.folder};
  if (const uint64_t number = FindSame(about.party, bytes); number != 0) return number;
  const size_t hash = HashOf(about.party, bytes);
  {
    const std::lock_guard lock(mutex_);
    about.number = ++last_;
    ++size_;
  }
  about.bytes = bytes.size();
  if (about.unix_milliseconds == 0) about.unix_milliseconds = options_.clock();
  LIBMPI_RETURN_IF_ERROR(WriteDurably(files.Message(about.number), bytes));
  LIBMPI_RETURN_IF_ERROR(files.WriteAbout(about));
  LIBMPI_RETURN_IF_ERROR(SyncFolder(files.folder));
  const std::lock_guard lock(mutex_);
  if (by_hash_.size() > 2 * most_) by_hash_.clear();
  by_hash_[hash] = about.number;
  return about.number;
}

absl::Status Quarantine::Take(uint64_t number, const Handler& handle) {
  const QuarantineFiles files{options_.folder};
  // Whoever renames it has it: the command takes it back in the same way when it has waited long enough.
  if (std::rename(files.Asked(number).c_str(), files.Taken(number).c_str()) != 0) return absl::OkStatus();
  auto about = files.ReadAbout(number);
  const auto bytes = about.ok() ? ReadWhole(files.Message(number)) : about.status();
  ReplayOutcome outcome;
  if (bytes.ok()) outcome = OutcomeOf(handle, *about, *bytes);
  else outcome.reason = std::string(bytes.status().message());
  if (outcome.unix_milliseconds == 0) outcome.unix_milliseconds = options_.clock();
  if (bytes.ok()) {
    about->replays.push_back(outcome);
    LIBMPI_RETURN_IF_ERROR(files.WriteAbout(*about));
    const QuarantineFiles done = files.OfDone();
    if (outcome.accepted) {
      Rename(files.About(number), done.About(number));
      Rename(files.Message(number), done.Message(number));
    }
  }
  LIBMPI_RETURN_IF_ERROR(WriteDurably(files.Outcome(number), ToJson(outcome) + "\n"));
  unlink(files.Taken(number).c_str());
  return absl::OkStatus();
}

absl::StatusOr<size_t> Quarantine::Poll(const Handler& handle, const Filter& whose,
                                        const std::function<bool()>& stopping) {
  const QuarantineFiles files{options_.folder};
  size_t taken = 0;
  for (const uint64_t number : QuarantineFiles::Numbers(files.Replay(), "")) {
    if (stopping && stopping()) break;
    if (whose) {
      const auto about = files.ReadAbout(number);
      if (!whose(about.ok() ? *about : QuarantineAbout())) continue;
    }
    LIBMPI_RETURN_IF_ERROR(Take(number, handle));
    ++taken;
  }
  const size_t now = QuarantineFiles::Numbers(files.folder, ".json").size();
  const std::lock_guard lock(mutex_);
  size_ = now;
  return taken;
}

absl::StatusOr<Quarantine::Removed> Quarantine::Tidy() {
  const QuarantineFiles files{options_.folder};
  Removed removed;
  // Who mends a message just now is not waited for: the next time will do.
  const auto locked = FileLock::Take(files.Lock(), FileLock::Wait::kNo);
  if (absl::IsAborted(locked.status())) return removed;
  if (!locked.ok()) return locked.status();
  std::vector<uint64_t> waiting = QuarantineFiles::Numbers(files.folder, ".json");
  const size_t most = this->most();
  size_t too_many = waiting.size() > most ? waiting.size() - most : 0;
  // First those that can be made anew: a system that refuses all it is told is not to push out what others sent.
  if (too_many > 0)
    std::ranges::stable_partition(waiting, [&files](uint64_t n) {
      const auto about = files.ReadAbout(n);
      return about.ok() && about->outgoing;
    });
  for (const uint64_t n : waiting) {
    if (too_many == 0) break;
    if (files.IsBeingReplayed(n)) continue;
    LIBMPI_RETURN_IF_ERROR(files.Remove(n));
    --too_many;
    ++removed.too_many;
  }
  const int64_t days = this->days();
  const int64_t oldest = options_.clock() - days * 24 * 3600 * 1000;
  for (const QuarantineFiles& where : {files, files.OfDone()}) {
    if (days == 0) break;
    for (const uint64_t n : QuarantineFiles::Numbers(where.folder, ".json")) {
      const auto about = where.ReadAbout(n);
      if (about.ok() && about->unix_milliseconds >= oldest) break;  // numbers go by time
      if (!about.ok() || files.IsBeingReplayed(n)) continue;
      LIBMPI_RETURN_IF_ERROR(where.Remove(n));
      ++removed.too_old;
    }
  }
  const size_t now = QuarantineFiles::Numbers(files.folder, ".json").size();
  const std::lock_guard lock(mutex_);
  size_ = now;
  return removed;
}

size_t Quarantine::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

}  // namespace nayose
