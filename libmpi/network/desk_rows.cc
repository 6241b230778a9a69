// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/desk_rows.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/rows.h"

namespace libmpi {
namespace {

// DO NOT CHANGE the letters: stores keep them.
constexpr char kFourEyes = 'e';   // -> 1
constexpr char kVoices = 'v';     // case -> voices
constexpr char kPutOff = 'l';     // actor, case -> until
constexpr char kAssignedTo = 'a'; // case -> assignee
constexpr char kActs = 'j';       // actor, 2^64-1 - number (8) -> act: the last one comes first

std::string DeskKey(char table, std::string_view rest = {}) {
  return RowKey(NetworkRow::kDesk, table + std::string(rest));
}
std::string CaseInKey(const CaseKey& of) { return IdentifierInKey(of.a) + IdentifierInKey(of.b); }
// No actor has a zero byte.
std::string ActorInKey(const std::string& actor) { return actor + '\0'; }

std::string ActKey(const std::string& actor, uint64_t number) {
  std::string key = DeskKey(kActs, ActorInKey(actor));
  AppendBigEndian(~number, 8, &key);
  return key;
}

template <typename To>
void VisitCase(To* to, CaseKey& of) {
  VisitKey(to, of.a);
  VisitKey(to, of.b);
}
template <typename To>
void VisitVoice(To* to, Voice& voice) {
  to->Text(voice.actor);
  to->Signed(voice.unix_milliseconds);
  to->Number(voice.verdict);
  to->Number(voice.seen.a);
  to->Number(voice.seen.b);
}

// A row that names its case.
template <typename Value>
struct OfCase {
  CaseKey of;
  Value value{};
};

constexpr auto kVisitVoices = [](auto* to, auto& row) {
  VisitCase(to, row.of);
  to->Items(row.value, [to](auto& voice) { VisitVoice(to, voice); });
};
constexpr auto kVisitTime = [](auto* to, auto& row) {
  VisitCase(to, row.of);
  to->Signed(row.value);
};
constexpr auto kVisitName = [](auto* to, auto& row) {
  VisitCase(to, row.of);
  to->Text(row.value);
};
constexpr auto kVisitNote = [](auto* to, auto& note) {
  to->Text(note.actor);
  to->Signed(note.unix_milliseconds);
  to->Text(note.text);
};
constexpr auto kVisitAct = [](auto* to, auto& act) {
  to->Number(act.number);
  to->Signed(act.unix_milliseconds);
  to->Number(act.kind);
  VisitCase(to, act.of);
  to->Number(act.verdict);
  to->Number(act.event);
  to->Number(act.over);
  to->Items(act.before, [to](auto& voice) { VisitVoice(to, voice); });
  to->Text(act.assignee);
};

constexpr std::string_view kWhat = "a row of the steward's desk";

// Rows that begin so, each unpacked.
template <typename Value, typename Visit>
absl::Status ScanRows(const SideReader& rows, const std::string& prefix, const Visit& visit,
                      const std::function<bool(Value&)>& take) {
  absl::Status status;
  LIBMPI_RETURN_IF_ERROR(rows.Scan(prefix, [&](std::string_view, std::string_view bytes) {
    Value value;
    status = UnpackRow(bytes, kWhat, visit, &value);
    return status.ok() && take(value);
  }));
  return status;
}

// Every row that begins so, by case.
template <typename Value, typename Visit>
absl::Status ReadByCase(const SideReader& rows, const std::string& prefix, const Visit& visit,
                        std::map<CaseKey, Value>* out) {
  out->clear();
  return ScanRows<OfCase<Value>>(rows, prefix, visit, [&](OfCase<Value>& row) {
    (*out)[std::move(row.of)] = std::move(row.value);
    return true;
  });
}

}  // namespace

absl::Status ReadFourEyes(const SideReader& rows, bool* on) {
  std::optional<std::string> value;
  LIBMPI_RETURN_IF_ERROR(rows.Read(DeskKey(kFourEyes), &value));
  *on = value.has_value();
  return absl::OkStatus();
}

void WriteFourEyes(bool on, SideRows* rows) {
  if (on) rows->Put(DeskKey(kFourEyes), "1");
  else rows->Delete(DeskKey(kFourEyes));
}

absl::Status ReadVoices(const SideReader& rows, const CaseKey& of, std::vector<Voice>* voices) {
  voices->clear();
  std::optional<std::string> bytes;
  LIBMPI_RETURN_IF_ERROR(rows.Read(DeskKey(kVoices, CaseInKey(of)), &bytes));
  if (!bytes) return absl::OkStatus();
  OfCase<std::vector<Voice>> row;
  LIBMPI_RETURN_IF_ERROR(UnpackRow(*bytes, kWhat, kVisitVoices, &row));
  *voices = std::move(row.value);
  return absl::OkStatus();
}

absl::Status ReadAllVoices(const SideReader& rows, std::map<CaseKey, std::vector<Voice>>* voices) {
  return ReadByCase(rows, DeskKey(kVoices), kVisitVoices, voices);
}

void WriteVoices(const CaseKey& of, std::vector<Voice> voices, SideRows* rows) {
  std::ranges::sort(voices);
  const std::string key = DeskKey(kVoices, CaseInKey(of));
  if (voices.empty()) rows->Delete(key);
  else rows->Put(key, PackRow(OfCase<std::vector<Voice>>{of, std::move(voices)}, kVisitVoices));
}

absl::Status ReadNotes(const SideReader& rows, const CaseKey& of, std::vector<CaseNote>* notes) {
  notes->clear();
  return ScanRows<CaseNote>(rows, RowKey(NetworkRow::kNote, CaseInKey(of)), kVisitNote, [&](CaseNote& note) {
    notes->push_back(std::move(note));
    return true;
  });
}

absl::Status AppendNote(const CaseKey& of, const CaseNote& note, SideRows* rows) {
  std::string key = RowKey(NetworkRow::kNote, CaseInKey(of));
  uint64_t next = 1;
  LIBMPI_RETURN_IF_ERROR(rows->Scan(key, [&](std::string_view last, std::string_view) {
    next = BigEndianAtEnd(last, 4) + 1;
    return true;
  }));
  AppendBigEndian(next, 4, &key);
  rows->Put(key, PackRow(note, kVisitNote));
  return absl::OkStatus();
}

absl::Status EraseNotes(const RecordKey& record, SideRows* rows) {
  const std::string own = IdentifierInKey(record);
  std::vector<std::string> keys;
  const std::string prefix = RowKey(NetworkRow::kNote);
  LIBMPI_RETURN_IF_ERROR(rows->Scan(prefix, [&](std::string_view key, std::string_view) {
    const std::string_view a = key.substr(prefix.size());
    const size_t source_end = a.find('\0'), id_end = a.find('\0', source_end + 1);
    const std::string_view b = a.substr(std::min(a.size(), id_end + 3));  // behind the part of two bytes
    if (a.starts_with(own) || b.starts_with(own)) keys.emplace_back(key);
    return true;
  }));
  for (const std::string& key : keys) rows->Delete(key);
  return absl::OkStatus();
}

absl::Status ReadPutOff(const SideReader& rows, const std::string& actor, std::map<CaseKey, int64_t>* until) {
  return ReadByCase(rows, DeskKey(kPutOff, ActorInKey(actor)), kVisitTime, until);
}

absl::Status WritePutOff(const std::string& actor, const CaseKey& of, int64_t until, int64_t now, SideRows* rows) {
  std::map<CaseKey, int64_t> all;
  LIBMPI_RETURN_IF_ERROR(ReadPutOff(*rows, actor, &all));
  const std::string prefix = DeskKey(kPutOff, ActorInKey(actor));
  for (const auto& [other, due] : all)
    if (due <= now) rows->Delete(prefix + CaseInKey(other));
  rows->Put(prefix + CaseInKey(of), PackRow(OfCase<int64_t>{of, until}, kVisitTime));
  return absl::OkStatus();
}

absl::Status ReadAssigned(const SideReader& rows, std::map<CaseKey, std::string>* assignees) {
  return ReadByCase(rows, DeskKey(kAssignedTo), kVisitName, assignees);
}

void WriteAssigned(const CaseKey& of, const std::string& assignee, SideRows* rows) {
  const std::string key = DeskKey(kAssignedTo, CaseInKey(of));
  if (assignee.empty()) rows->Delete(key);
  else rows->Put(key, PackRow(OfCase<std::string>{of, assignee}, kVisitName));
}

absl::Status VisitActs(const SideReader& rows, const std::string& actor,
                       const std::function<bool(const DeskAct& act)>& visit) {
  return ScanRows<DeskAct>(rows, DeskKey(kActs, ActorInKey(actor)), kVisitAct, [&](DeskAct& act) { return visit(act); });
}

absl::Status AppendAct(const std::string& actor, DeskAct act, SideRows* rows) {
  act.number = 1;
  LIBMPI_RETURN_IF_ERROR(VisitActs(*rows, actor, [&](const DeskAct& last) {
    act.number = last.number + 1;
    return false;
  }));
  WriteAct(actor, act, rows);
  return absl::OkStatus();
}

void WriteAct(const std::string& actor, const DeskAct& act, SideRows* rows) {
  rows->Put(ActKey(actor, act.number), PackRow(act, kVisitAct));
}

absl::Status ReadActors(const SideReader& rows, std::vector<std::string>* actors) {
  actors->clear();
  const std::string prefix = DeskKey(kActs);
  for (std::string from = prefix;;) {
    std::optional<std::string> actor;
    LIBMPI_RETURN_IF_ERROR(rows.Scan(prefix, from, [&](std::string_view key, std::string_view) {
      const std::string_view rest = key.substr(prefix.size());
      actor = std::string(rest.substr(0, rest.find('\0')));
      return false;
    }));
    if (!actor) return absl::OkStatus();
    from = prefix + *actor + '\1';  // behind all of this one's
    actors->push_back(*std::move(actor));
  }
}

}  // namespace libmpi
