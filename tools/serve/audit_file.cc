// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/audit_file.h"

#include <charconv>
#include <string_view>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "tools/serve/dicom_audit.h"
#include "tools/serve/durable_file.h"

namespace nayose {
namespace {

using libmpi::AuditEntry;
using libmpi::SideReader;

constexpr size_t kEntriesARound = 1000;
constexpr int64_t kLookMilliseconds = 500;
constexpr int64_t kFailedMilliseconds = 5'000;

absl::StatusOr<uint64_t> EntriesOf(const libmpi::Registry& registry) {
  uint64_t entries = 0;
  LIBMPI_RETURN_IF_ERROR(registry.ReadSide([&](const SideReader& rows) -> absl::Status {
    LIBMPI_ASSIGN_OR_RETURN(const libmpi::AuditHead head, libmpi::AuditHeadOf(rows));
    entries = head.entries;
    return absl::OkStatus();
  }));
  return entries;
}

absl::StatusOr<uint64_t> NumberIn(const std::string& path) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string text, ReadWhole(path));
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && std::string_view(end, text.data() + text.size() - end) == "\n") return number;
  return absl::DataLossError(path + ": is no number of an entry; write the last one there that is in the file, or "
                                    "remove it to go on with the next entry");
}

}  // namespace

AuditFile::AuditFile(AuditFileConfig config, std::string server, const libmpi::Registry* registry, Log* log)
    : config_(std::move(config)), server_(std::move(server)), registry_(*registry), log_(*log),
      thread_([this] { Run(); }) {}

AuditFile::~AuditFile() {
  stop_.Stop();
  thread_.join();
}

absl::StatusOr<uint64_t> AuditFile::waiting() const {
  LIBMPI_ASSIGN_OR_RETURN(const uint64_t entries, EntriesOf(registry_));
  const std::lock_guard lock(mutex_);
  return last_ && entries > *last_ ? entries - *last_ : 0;
}

absl::Status AuditFile::Begin() {
  LIBMPI_ASSIGN_OR_RETURN(const uint64_t entries, EntriesOf(registry_));
  const auto last = NumberIn(PositionPath());
  if (absl::IsNotFound(last.status())) return Confirm(entries);
  if (!last.ok()) return last.status();
  // A power cut may take the trail's last entries (questions_wait_for_disk = false): their numbers are given again.
  if (*last > entries) return Confirm(entries);
  const std::lock_guard lock(mutex_);
  last_ = *last;
  return absl::OkStatus();
}

absl::Status AuditFile::Confirm(uint64_t last) {
  LIBMPI_RETURN_IF_ERROR(WriteDurably(PositionPath(), std::to_string(last) + "\n"));
  const std::lock_guard lock(mutex_);
  last_ = last;
  return absl::OkStatus();
}

absl::StatusOr<std::string> AuditFile::LinesOf(const std::vector<AuditEntry>& entries) const {
  LIBMPI_ASSIGN_OR_RETURN(const DicomAuditOptions options, DicomAuditOptionsOf(registry_, server_));
  std::string lines;
  for (const AuditEntry& entry : entries) {
    LIBMPI_ASSIGN_OR_RETURN(const bool made_record, MadeRecord(entry, registry_));
    const std::string message = DicomAuditMessage(entry, made_record, options);
    lines += (config_.syslog ? SyslogLine(entry, message, options) : message) + "\n";
  }
  return lines;
}

absl::StatusOr<bool> AuditFile::Round() {
  if (!last_) LIBMPI_RETURN_IF_ERROR(Begin());
  std::vector<AuditEntry> entries;
  LIBMPI_RETURN_IF_ERROR(registry_.ReadSide([&](const SideReader& rows) -> absl::Status {
    LIBMPI_ASSIGN_OR_RETURN(entries, libmpi::ReadAudit(rows, *last_ + 1, kEntriesARound));
    return absl::OkStatus();
  }));
  if (entries.empty()) return false;
  LIBMPI_ASSIGN_OR_RETURN(const std::string lines, LinesOf(entries));
  // Opened each time: who rotates it only has to move it away.
  LIBMPI_RETURN_IF_ERROR(AppendDurably(config_.file, lines));
  LIBMPI_RETURN_IF_ERROR(Confirm(entries.back().number));
  return true;
}

void AuditFile::Run() {
  int64_t pause = 0;
  while (stop_.Pause(pause)) {
    const absl::StatusOr<bool> some = Round();
    pause = !some.ok() ? kFailedMilliseconds : *some ? 0 : kLookMilliseconds;
    if (some.ok()) continue;
    const std::string why(some.status().message());
    log_.Write(LogEvent(LogLevel::kError, "audit_file_failed").Reason(why).Limited());
  }
}

}  // namespace nayose
