// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/audit_trail.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <initializer_list>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "libmpi/base/sha256.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/network/rows.h"
#include "libmpi/record/civil_date.h"
#include "libmpi/record/iso_date.h"

namespace libmpi {
namespace {

using Hash = Sha256Hash;
constexpr size_t kHashBytes = Hash().size(), kTrailBytes = 16;

absl::Status Damaged() { return absl::DataLossError("an entry of the audit trail is damaged"); }

absl::StatusOr<Hash> HashOf(std::initializer_list<std::string_view> parts) {
  Sha256 sha;
  for (const std::string_view part : parts) sha.Add(part);
  const std::optional<Hash> hash = sha.Finish();
  if (!hash) return absl::InternalError("SHA-256 can't be computed");
  return *hash;
}

absl::StatusOr<Hash> HashOfFirst(std::string_view trail) { return HashOf({std::string_view("\0", 1), trail}); }
absl::StatusOr<Hash> HashAfter(const Hash& before, std::string_view entry) {
  return HashOf({std::string_view("\1", 1), BytesOf(before), entry});
}

// Abseil has a string_view of its own.
std::string Hex(std::string_view bytes) { return absl::BytesToHexString({bytes.data(), bytes.size()}); }

template <typename To, typename E>
void VisitEntry(To* to, E& e) {
  to->Number(e.number);
  to->Signed(e.unix_milliseconds);
  for (auto* text : {&e.by.actor, &e.by.facility, &e.by.application}) to->Text(*text);
  to->Number(e.by.profession);
  to->Number(e.by.purpose);
  to->Text(e.by.request);
  to->Text(e.by.reason);
  to->Number(e.operation);
  to->Text(e.action);
  to->Items(e.asked, [to](auto& key) { VisitKey(to, key); });
  to->Items(e.told, [to](auto& key) { VisitKey(to, key); });
  to->Text(e.detail);
  to->Number(e.outcome);
  to->Number(e.beyond_consent);
  to->Number(e.event);
}

// Behind the rest of an entry, where there is any of it: entries of earlier releases have none.
template <typename To, typename E>
void VisitMessage(To* to, E& e) {
  to->Text(e.by.transaction);
  to->Text(e.by.peer);
}
bool HasMessage(const AuditEntry& entry) { return !entry.by.transaction.empty() || !entry.by.peer.empty(); }

std::string PackEntry(const AuditEntry& entry) {
  return PackRow(entry, [](auto* to, auto& e) {
    VisitEntry(to, e);
    if (HasMessage(e)) VisitMessage(to, e);
  });
}

absl::Status UnpackEntry(std::string_view bytes, AuditEntry* entry) {
  const auto visit = [](auto* from, auto& e) {
    VisitEntry(from, e);
    if (!from->bytes().done()) VisitMessage(from, e);
  };
  return UnpackRow(bytes, "an entry of the audit trail", visit, entry);
}

// A row has the entry and, at its end, the hash.
absl::Status Split(std::string_view row, std::string_view* entry, Hash* hash) {
  if (row.size() < kHashBytes) return Damaged();
  *entry = row.substr(0, row.size() - kHashBytes);
  std::copy_n(row.end() - kHashBytes, kHashBytes, hash->begin());
  return absl::OkStatus();
}

struct Head {
  std::string trail;
  uint64_t entries = 0;
  Hash hash{};
  int64_t unix_milliseconds = 0;
};

std::string PackHead(const Head& head) {
  std::string bytes;
  ByteWriter to(&bytes);
  to.Text(head.trail);
  to.Number(head.entries);
  to.Text(BytesOf(head.hash));
  to.Signed(head.unix_milliseconds);
  return bytes;
}

// *found false where there is no trail yet.
absl::Status ReadHead(const SideReader& rows, Head* head, bool* found) {
  std::optional<std::string> bytes;
  LIBMPI_RETURN_IF_ERROR(rows.Read(RowKey(NetworkRow::kAuditHead), &bytes));
  *found = bytes.has_value();
  if (!*found) return absl::OkStatus();
  ByteReader from(*bytes);
  head->trail = std::string(from.Text());
  head->entries = from.Number();
  const std::string_view hash = from.Text();
  head->unix_milliseconds = from.Signed();
  if (!from.done() || hash.size() != kHashBytes || head->trail.size() != kTrailBytes)
    return absl::DataLossError("the head of the audit trail is damaged");
  std::copy(hash.begin(), hash.end(), head->hash.begin());
  return absl::OkStatus();
}

absl::Status Begin(Head* head) {
  head->trail.resize(kTrailBytes);
  if (RAND_bytes(reinterpret_cast<unsigned char*>(head->trail.data()), kTrailBytes) != 1)
    return absl::InternalError("no random numbers are to be had");
  LIBMPI_ASSIGN_OR_RETURN(head->hash, HashOfFirst(head->trail));
  return absl::OkStatus();
}

std::string EntryKey(uint64_t number) {
  std::string key = RowKey(NetworkRow::kAudit);
  AppendBigEndian(number, 8, &key);
  return key;
}

std::string EntryOfKey(const std::string& identifier, uint64_t number) {
  std::string key = RowKey(NetworkRow::kAuditOf, identifier);
  AppendBigEndian(number, 8, &key);
  return key;
}

// By which an entry is found, each once; without what can be no registered identifier.
std::set<std::string> IdentifiersOf(const AuditEntry& entry) {
  std::set<std::string> identifiers;
  for (const auto* list : {&entry.asked, &entry.told})
    for (const RecordKey& key : *list)
      if (key.source.find('\0') == std::string::npos && key.record_id.find('\0') == std::string::npos)
        identifiers.insert(IdentifierInKey(key));
  return identifiers;
}

// Month, facility and action have no zero byte: see Plain().
std::string UsageKey(const AuditEntry& entry) {
  return RowKey(NetworkRow::kUsage, IsoMonthText(DayOf(entry.unix_milliseconds)) + '\0' + entry.by.facility + '\0' + entry.action +
                                        '\0' + static_cast<char>(entry.outcome));
}

std::string PackCount(uint64_t count) {
  std::string bytes;
  ByteWriter(&bytes).Number(count);
  return bytes;
}

absl::Status UnpackCount(std::string_view bytes, uint64_t* count) {
  ByteReader from(bytes);
  *count = from.Number();
  return from.done() ? absl::OkStatus() : absl::DataLossError("a count of the audit trail is damaged");
}

absl::Status CountUsage(const AuditEntry& entry, SideRows* rows) {
  const std::string key = UsageKey(entry);
  std::optional<std::string> bytes;
  LIBMPI_RETURN_IF_ERROR(rows->Read(key, &bytes));
  uint64_t count = 0;
  if (bytes) LIBMPI_RETURN_IF_ERROR(UnpackCount(*bytes, &count));
  rows->Put(key, PackCount(count + 1));
  return absl::OkStatus();
}

AuditHead ToAuditHead(const Head& head) {
  return {Hex(head.trail), head.entries, Hex(BytesOf(head.hash)), head.unix_milliseconds};
}

// Walks the whole trail once.
class Verification {
 public:
  Verification(const SideReader& rows, std::span<const AuditHead> anchors) : rows_(rows), anchors_(anchors) {}

  absl::StatusOr<std::vector<std::string>> Run() {
    bool found = false;
    const absl::Status head = ReadHead(rows_, &head_, &found);
    if (absl::IsDataLoss(head)) Find(std::string(head.message()));
    else LIBMPI_RETURN_IF_ERROR(head);
    if (head.ok() && found) {
      LIBMPI_ASSIGN_OR_RETURN(hash_, HashOfFirst(head_.trail));
    }
    LIBMPI_RETURN_IF_ERROR(CheckEntries());
    if (head.ok() &&
        (last_ != head_.entries || (last_ > 0 && (hash_ != head_.hash || time_ != head_.unix_milliseconds))))
      Find("the head says " + std::to_string(head_.entries) + " entries, and the trail ends otherwise at " +
           std::to_string(last_));
    CheckAnchors();
    LIBMPI_RETURN_IF_ERROR(CheckIndex());
    LIBMPI_RETURN_IF_ERROR(CheckUsage());
    return std::move(findings_);
  }

 private:
  void Find(std::string finding) {
    constexpr size_t kMost = 100;
    if (findings_.size() < kMost) findings_.push_back(std::move(finding));
  }

  absl::Status CheckEntries() {
    absl::Status status;
    LIBMPI_RETURN_IF_ERROR(rows_.Scan(RowKey(NetworkRow::kAudit), [&](std::string_view key, std::string_view row) {
      status = CheckEntry(key.size() == 9 ? BigEndianAtEnd(key, 8) : 0, row);
      return status.ok();
    }));
    return status;
  }

  absl::Status CheckEntry(uint64_t number, std::string_view row) {
    const std::string name = "entry " + std::to_string(number);
    std::string_view bytes;
    Hash hash;
    AuditEntry entry;
    if (!Split(row, &bytes, &hash).ok() || !UnpackEntry(bytes, &entry).ok()) {
      Find(name + " is damaged");
      last_ = number;
      return absl::OkStatus();
    }
    LIBMPI_ASSIGN_OR_RETURN(const Hash expected, HashAfter(hash_, bytes));
    if (number != last_ + 1) Find(name + " stands where entry " + std::to_string(last_ + 1) + " was");
    else if (entry.number != number || hash != expected) Find(name + " was changed, or the one before it");
    // From here on as it is told, so that one change is one finding.
    hash_ = hash;
    last_ = number;
    time_ = entry.unix_milliseconds;
    for (const AuditHead& anchor : anchors_)
      if (anchor.entries == number) at_anchor_[number] = Hex(BytesOf(hash));
    ++counts_[UsageKey(entry)];
    return CheckFound(entry);
  }

  // Everything that finds this entry is there; counted, so that CheckIndex() knows whether there is more.
  absl::Status CheckFound(const AuditEntry& entry) {
    std::vector<std::string> keys;
    for (const std::string& identifier : IdentifiersOf(entry)) keys.push_back(EntryOfKey(identifier, entry.number));
    indexed_ += keys.size();
    std::vector<std::optional<std::string>> values;
    LIBMPI_RETURN_IF_ERROR(rows_.Read(keys, &values));
    for (const auto& value : values)
      if (!value) Find("entry " + std::to_string(entry.number) + " is not found by all its identifiers");
    return absl::OkStatus();
  }

  absl::Status CheckIndex() {
    uint64_t rows = 0;
    LIBMPI_RETURN_IF_ERROR(rows_.Scan(RowKey(NetworkRow::kAuditOf), [&](std::string_view, std::string_view) {
      ++rows;
      return true;
    }));
    if (rows > indexed_) Find("identifiers find entries that do not name them");
    return absl::OkStatus();
  }

  absl::Status CheckUsage() {
    absl::Status status;
    LIBMPI_RETURN_IF_ERROR(rows_.Scan(RowKey(NetworkRow::kUsage), [&](std::string_view key, std::string_view value) {
      uint64_t count = 0;
      const auto it = counts_.find(std::string(key));
      if (!UnpackCount(value, &count).ok() || it == counts_.end() || it->second != count) {
        Find("a usage count is not that of the entries");
        return true;
      }
      counts_.erase(it);
      return true;
    }));
    if (!counts_.empty()) Find("usage counts are missing");
    return status;
  }

  void CheckAnchors() {
    for (const AuditHead& anchor : anchors_) {
      const std::string at = "the anchor at entry " + std::to_string(anchor.entries);
      if (anchor.trail != Hex(head_.trail)) Find(at + " is of another trail, or this one was begun anew");
      else if (anchor.entries > last_)
        Find(at + " lies behind the end: entries were cut off, or the folder rolled back");
      else if (anchor.entries > 0 && at_anchor_[anchor.entries] != anchor.hash)
        Find(at + " does not fit: entries before it were changed");
    }
  }

  const SideReader& rows_;
  const std::span<const AuditHead> anchors_;
  Head head_;
  Hash hash_{};
  uint64_t last_ = 0, indexed_ = 0;
  int64_t time_ = 0;
  std::map<uint64_t, std::string> at_anchor_;
  std::map<std::string, uint64_t> counts_;
  std::vector<std::string> findings_;
};

// Facility and action are parts of a key.
absl::Status CheckPlain(const AuditEntry& entry) {
  for (const std::string* text : {&entry.by.facility, &entry.action})
    if (text->find('\0') != std::string::npos) return absl::InvalidArgumentError("a name with a zero byte");
  return absl::OkStatus();
}

template <typename Number>
bool ReadNumber(std::string_view text, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size();
}

bool IsHex(std::string_view text, size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

constexpr std::string_view kAnchorWord = "nayose-audit";

}  // namespace

std::string_view AuditOutcomeName(AuditOutcome outcome) {
  switch (outcome) {
    case AuditOutcome::kDone: return "done";
    case AuditOutcome::kRefused: return "refused";
    case AuditOutcome::kFailed: return "failed";
  }
  return "";
}

std::string AuditHead::ToString() const {
  return std::string(kAnchorWord) + " " + trail + " " + std::to_string(entries) + " " + hash + " " +
         std::to_string(unix_milliseconds);
}

absl::StatusOr<AuditHead> AuditHead::Parse(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  std::vector<std::string_view> words;
  for (;;) {
    const size_t space = line.find(' ');
    words.push_back(line.substr(0, space));
    if (space == std::string_view::npos) break;
    line.remove_prefix(space + 1);
  }
  AuditHead head;
  if (words.size() != 5 || words[0] != kAnchorWord || !IsHex(words[1], 2 * kTrailBytes) ||
      !ReadNumber(words[2], &head.entries) || !IsHex(words[3], 2 * kHashBytes) ||
      !ReadNumber(words[4], &head.unix_milliseconds))
    return absl::InvalidArgumentError("this is no anchor of an audit trail");
  head.trail = std::string(words[1]);
  head.hash = std::string(words[3]);
  return head;
}

absl::Status AppendAudit(AuditEntry* entry, SideRows* rows) {
  LIBMPI_RETURN_IF_ERROR(CheckPlain(*entry));
  Head head;
  bool found;
  LIBMPI_RETURN_IF_ERROR(ReadHead(*rows, &head, &found));
  if (!found) LIBMPI_RETURN_IF_ERROR(Begin(&head));
  entry->number = ++head.entries;
  head.unix_milliseconds = entry->unix_milliseconds;
  std::string row = PackEntry(*entry);
  LIBMPI_ASSIGN_OR_RETURN(head.hash, HashAfter(head.hash, row));
  row += BytesOf(head.hash);
  rows->Put(EntryKey(entry->number), row);
  rows->Put(RowKey(NetworkRow::kAuditHead), PackHead(head));
  for (const std::string& identifier : IdentifiersOf(*entry)) rows->Put(EntryOfKey(identifier, entry->number), {});
  return CountUsage(*entry, rows);
}

absl::StatusOr<AuditHead> AuditHeadOf(const SideReader& rows) {
  Head head;
  bool found;
  LIBMPI_RETURN_IF_ERROR(ReadHead(rows, &head, &found));
  return found ? ToAuditHead(head) : AuditHead();
}

absl::StatusOr<std::vector<AuditEntry>> ReadAudit(const SideReader& rows, uint64_t from, size_t most) {
  std::vector<AuditEntry> entries;
  absl::Status status;
  LIBMPI_RETURN_IF_ERROR(
      rows.Scan(RowKey(NetworkRow::kAudit), EntryKey(from), [&](std::string_view, std::string_view row) {
        if (entries.size() == most) return false;
        std::string_view bytes;
        Hash hash;
        status = Split(row, &bytes, &hash);
        if (status.ok()) status = UnpackEntry(bytes, &entries.emplace_back());
        return status.ok();
      }));
  LIBMPI_RETURN_IF_ERROR(status);
  return entries;
}

absl::StatusOr<std::vector<AuditEntry>> ReadAuditOf(const SideReader& rows, std::span<const RecordKey> records,
                                                    size_t most) {
  std::set<uint64_t> numbers;  // the newest ones
  for (const RecordKey& record : records)
    LIBMPI_RETURN_IF_ERROR(rows.Scan(RowKey(NetworkRow::kAuditOf, IdentifierInKey(record)),
                                     [&](std::string_view key, std::string_view) {
                                       numbers.insert(BigEndianAtEnd(key, 8));
                                       if (numbers.size() > most) numbers.erase(numbers.begin());
                                       return true;
                                     }));
  std::vector<std::string> keys;
  for (auto it = numbers.rbegin(); it != numbers.rend(); ++it) keys.push_back(EntryKey(*it));
  std::vector<std::optional<std::string>> values;
  LIBMPI_RETURN_IF_ERROR(rows.Read(keys, &values));
  std::vector<AuditEntry> entries;
  for (const std::optional<std::string>& row : values) {
    std::string_view bytes;
    Hash hash;
    if (!row) return Damaged();
    LIBMPI_RETURN_IF_ERROR(Split(*row, &bytes, &hash));
    LIBMPI_RETURN_IF_ERROR(UnpackEntry(bytes, &entries.emplace_back()));
  }
  return entries;
}

absl::StatusOr<std::vector<UsageCount>> ReadUsage(const SideReader& rows, const std::string& first,
                                                  const std::string& last) {
  std::vector<UsageCount> counts;
  absl::Status status;
  const auto visit = [&](std::string_view key, std::string_view value) {
    UsageCount count;
    std::string_view rest = key.substr(1);
    for (std::string* part : {&count.month, &count.facility, &count.action}) {
      const size_t end = rest.find('\0');
      if (end == std::string_view::npos) status = Damaged();
      if (!status.ok()) return false;
      *part = std::string(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    if (count.month > last) return false;
    count.outcome = rest.empty() ? AuditOutcome::kDone : static_cast<AuditOutcome>(rest[0]);
    status = UnpackCount(value, &count.count);
    counts.push_back(std::move(count));
    return status.ok();
  };
  LIBMPI_RETURN_IF_ERROR(rows.Scan(RowKey(NetworkRow::kUsage), RowKey(NetworkRow::kUsage, first), visit));
  LIBMPI_RETURN_IF_ERROR(status);
  return counts;
}

absl::StatusOr<std::vector<std::string>> VerifyAudit(const SideReader& rows, std::span<const AuditHead> anchors) {
  return Verification(rows, anchors).Run();
}

}  // namespace libmpi
