// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/registry_put.h"

#include <cstdio>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/record_json.h"
#include "libmpi/registry/overlay_guard.h"
#include "tools/nayose/registry_command.h"

namespace nayose {
namespace {

using libmpi::PersonOutcome;
using libmpi::Record;

// Of one record, not of the registry as a whole.
bool IsOfRecord(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) || absl::IsNotFound(status) ||
         absl::IsPermissionDenied(status);
}

size_t IndexOf(PersonOutcome outcome) { return static_cast<size_t>(outcome); }

}  // namespace

absl::Status RecordPutter::Put(const Record& record, const std::string& file, uint64_t line) {
  if (dry_run_) return Foresee(record, file, line);
  const auto answer = door_.Put(record);
  if (!answer.ok()) {
    if (!IsOfRecord(answer.status())) return answer.status();
    Refuse(record.key, answer.status(), file, line);
    return absl::OkStatus();
  }
  if (answer->outcome != PersonOutcome::kNone) ++outcomes_[IndexOf(answer->outcome)];
  else ++(answer->event == 0 ? unchanged_ : revised_);
  if (tells_all_) PrintAnswer(record.key, *answer, json_, false);
  return absl::OkStatus();
}

absl::Status RecordPutter::Foresee(const Record& record, const std::string& file, uint64_t line) {
  libmpi::RecordStatus status;
  const auto before = door_.Get(record.key, &status);
  if (absl::IsNotFound(before.status()) || (before.ok() && status == libmpi::RecordStatus::kRetired)) {
    ++outcomes_[IndexOf(PersonOutcome::kCreated)];
    return absl::OkStatus();
  }
  if (!before.ok()) return before.status();
  if (status == libmpi::RecordStatus::kSubsumed) {
    Refuse(record.key, absl::FailedPreconditionError("the identifier was merged into another one"), file, line);
    return absl::OkStatus();
  }
  if (*before == record) ++unchanged_;
  else if (libmpi::MakesAnotherPerson(*before, record)) ++outcomes_[IndexOf(PersonOutcome::kHeld)];
  else ++revised_;
  return absl::OkStatus();
}

void RecordPutter::Refuse(const libmpi::RecordKey& key, const absl::Status& status, const std::string& file,
                          uint64_t line) {
  ++refused_;
  const std::string reason(status.message());
  if (json_) {
    auto json = libmpi::KeyJson(key);
    json["outcome"] = "refused";
    json["file"] = file;
    json["line"] = line;
    json["reason"] = reason;
    return PrintLine(json);
  }
  std::printf("%s  refused  %s line %llu: %s\n", key.ToString().c_str(), file.c_str(),
              static_cast<unsigned long long>(line), reason.c_str());
}

void RecordPutter::Reject(const libmpi::Reject& reject) {
  ++rejected_;
  if (json_)
    return PrintLine({{"outcome", "rejected"}, {"file", reject.file}, {"line", reject.line}, {"field", reject.field},
                      {"reason", reject.reason}});
  std::printf("rejected  %s line %llu: %s%s%s\n", reject.file.c_str(), static_cast<unsigned long long>(reject.line),
              reject.field.c_str(), reject.field.empty() ? "" : " ", reject.reason.c_str());
}

std::string RecordPutter::Summary() const {
  std::string text = dry_run_ ? "would be  " : "records   ";
  const char* separator = "";
  const auto say = [&](uint64_t count, std::string_view what) {
    if (count == 0) return;
    text += separator + std::to_string(count) + ' ' + std::string(what);
    separator = ", ";
  };
  // Whom they come to, a dry run does not know.
  for (size_t i = 0; i < outcomes_.size(); ++i)
    say(outcomes_[i], dry_run_ && i == IndexOf(PersonOutcome::kCreated)
                          ? "new"
                          : libmpi::PersonOutcomeName(static_cast<PersonOutcome>(i)));
  say(revised_, dry_run_ ? "revised" : "revised within their person");
  say(unchanged_, "unchanged");
  say(refused_, "refused");
  if (*separator == 0) text += "none";
  text += '\n';
  if (rejected_ > 0) text += "rejected  " + std::to_string(rejected_) + " rows or lines that are no record\n";
  if (!dry_run_ && outcomes_[IndexOf(PersonOutcome::kHeld)] > 0)
    text += "held      revisions that make another person of a record: see nayose registry held\n";
  if (dry_run_) text += "nothing was written\n";
  return text;
}

absl::Status PutRecords(const libmpi::PatientFiles& files, const libmpi::ProgressCallback& progress,
                        RecordPutter* putter) {
  Record record;
  for (size_t i = 0; i < files.size(); ++i) {
    if (!progress("put", i, files.size()))
      return absl::CancelledError("stopped after " + std::to_string(i) + " of " + std::to_string(files.size()) +
                                  " records; the same command goes on, since what was put stays as it is");
    files.Get(i, &record);
    const auto [file, line] = files.Where(i);
    LIBMPI_RETURN_IF_ERROR(putter->Put(record, std::string(file), line));
  }
  return absl::OkStatus();
}

std::string BulkText(size_t records, const libmpi::Registry::BulkAnswer& answer) {
  const auto said = [](uint64_t count, const char* what) { return std::to_string(count) + what; };
  return "records   " + said(records, ": ") + said(answer.created, " new, ") + said(answer.revised, " revised, ") +
         said(answer.unchanged, " unchanged, ") + said(answer.held, " held, ") + said(answer.refused, " refused\n") +
         "persons   " + said(answer.persons, " in the registry\n");
}

}  // namespace nayose
