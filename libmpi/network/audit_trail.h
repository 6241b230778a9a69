// SPDX-License-Identifier: Apache-2.0
// Who did and saw what, when, and what for: a trail that only grows, and shows where it was changed.
//
// Entries are numbered from 1 and chained: the hash of each covers the one before (SHA-256 over 01, that hash and the
// entry; the first stands on the trail's random name). Who can write to the store can also write a chain anew, so its
// head, a line of text, has to be kept elsewhere from time to time: what an anchor covers can't be changed unseen any
// more, nor cut off, nor rolled back with the whole folder (Ma and Tsudik 2008 on cut tails).
//
// Entries have identifiers and the names of what was asked, never what a record says.
#ifndef LIBMPI_NETWORK_AUDIT_TRAIL_H_
#define LIBMPI_NETWORK_AUDIT_TRAIL_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/network/requester.h"
#include "libmpi/record/record.h"
#include "libmpi/registry/side_rows.h"

namespace libmpi {

enum class AuditOutcome : uint8_t {
  kDone,
  kRefused,  // the rules, or a facility that nobody knows
  kFailed,   // there is no such thing, a state that forbids it, a broken disk ...
};
std::string_view AuditOutcomeName(AuditOutcome outcome);  // "done", "refused", "failed"

struct AuditEntry {
  uint64_t number = 0;              // given by the trail
  int64_t unix_milliseconds = 0;
  Requester by;
  Operation operation = Operation::kFind;
  std::string action;               // "find", "search", "put", "decide" ...: what was called
  std::vector<RecordKey> asked;     // identifiers that the question named
  std::vector<RecordKey> told;      // that the answer told of, or that the change was about
  std::string detail;               // names of criteria, a decision, a status; no values
  AuditOutcome outcome = AuditOutcome::kDone;
  bool beyond_consent = false;      // an emergency: more was told than consent lets be told
  uint64_t event = 0;               // of the registry's history that it made; 0: none
  auto operator<=>(const AuditEntry&) const = default;
};

// Where a trail stands.
struct AuditHead {
  std::string trail;                // its random name, 32 hexadecimal digits; empty: there is none yet
  uint64_t entries = 0;
  std::string hash;                 // of the last entry, 64 hexadecimal digits
  int64_t unix_milliseconds = 0;    // of the last entry
  // One line, and back; the form in which anchors are kept.
  std::string ToString() const;
  static absl::StatusOr<AuditHead> Parse(std::string_view line);
  auto operator<=>(const AuditHead&) const = default;
};

// Adds an entry, and gives it its number: in the commit of what it tells of. O(log entries) a record that it names.
absl::Status AppendAudit(AuditEntry* entry, SideRows* rows);

absl::StatusOr<AuditHead> AuditHeadOf(const SideReader& rows);

// Entries from a number on, at most so many.
absl::StatusOr<std::vector<AuditEntry>> ReadAudit(const SideReader& rows, uint64_t from, size_t most);

// Entries that asked for or told of any of these identifiers, the newest first, at most so many.
absl::StatusOr<std::vector<AuditEntry>> ReadAuditOf(const SideReader& rows, std::span<const RecordKey> records,
                                                    size_t most);

// How often a facility did what in a month.
struct UsageCount {
  std::string month;                // 2026-11
  std::string facility;
  std::string action;
  AuditOutcome outcome = AuditOutcome::kDone;
  uint64_t count = 0;
  auto operator<=>(const UsageCount&) const = default;
};
// Of the months from `first` to `last`, both as above.
absl::StatusOr<std::vector<UsageCount>> ReadUsage(const SideReader& rows, const std::string& first,
                                                  const std::string& last);

// Whether the trail is as it was written: every entry's hash, the head, what finds entries by identifier, the counts,
// and that every anchor still lies on it. The findings, one sentence each; empty: sound. Reads all of it; memory grows
// with months, facilities and findings (at most a hundred of these) only.
absl::StatusOr<std::vector<std::string>> VerifyAudit(const SideReader& rows, std::span<const AuditHead> anchors);

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_AUDIT_TRAIL_H_
