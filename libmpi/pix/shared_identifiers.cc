// SPDX-License-Identifier: Apache-2.0
#include "libmpi/pix/shared_identifiers.h"

#include <algorithm>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/pix/rows.h"

namespace libmpi::pix {
namespace {

// Identifiers have no zero byte: none is the beginning of another one.
std::string InKey(const RecordKey& key) { return key.source + '\0' + key.record_id + '\0'; }
std::string StatedKey(const RecordKey& shared, const RecordKey& own) {
  return RowKey(Row::kStated, InKey(shared) + InKey(own));
}
std::string StatesKey(const RecordKey& own, const RecordKey& shared) {
  return RowKey(Row::kStates, InKey(own) + InKey(shared));
}

// Of either table: the other one of the two, and in kStates the link.
struct StatedRow {
  RecordKey other;
  uint64_t link = 0;
};

std::string Pack(const StatedRow& row) {
  std::string bytes;
  ByteWriter to(&bytes);
  to.Text(row.other.source);
  to.Text(row.other.record_id);
  to.Number(row.link);
  return bytes;
}

absl::Status Unpack(std::string_view bytes, StatedRow* row) {
  ByteReader from(bytes);
  row->other.source = std::string(from.Text());
  row->other.record_id = std::string(from.Text());
  row->link = from.Number();
  return from.done() ? absl::OkStatus() : absl::DataLossError("a note of a shared identifier is damaged");
}

void Note(const RecordKey& own, const RecordKey& shared, uint64_t link, SideRows* rows) {
  rows->Put(StatedKey(shared, own), Pack({own}));
  rows->Put(StatesKey(own, shared), Pack({shared, link}));
}

void Delete(const RecordKey& own, const RecordKey& shared, SideRows* rows) {
  rows->Delete(StatedKey(shared, own));
  rows->Delete(StatesKey(own, shared));
}

// kStates: what is stated beside it; kStated: beside which it is.
absl::Status ReadOthers(const SideReader& rows, Row table, const RecordKey& of, std::vector<RecordKey>* others) {
  absl::Status status;
  LIBMPI_RETURN_IF_ERROR(rows.Scan(RowKey(table, InKey(of)), [&](std::string_view, std::string_view bytes) {
    StatedRow row;
    status = Unpack(bytes, &row);
    others->push_back(std::move(row.other));
    return status.ok();
  }));
  return status;
}

// What the network refuses because of the state that something is in.
bool IsOfItsState(const absl::Status& status) { return absl::IsFailedPrecondition(status) || absl::IsNotFound(status); }

}  // namespace

absl::StatusOr<RecordKey> SharedIdentifiers::InPlaceOf(RecordKey shared) const {
  for (;;) {
    absl::StatusOr<RecordKey> surviving = rep_.registry.SurvivingOf(shared);
    if (IsOfItsState(surviving.status())) return shared;
    LIBMPI_RETURN_IF_ERROR(surviving.status());
    shared = *std::move(surviving);
  }
}

absl::StatusOr<std::vector<RecordKey>> SharedIdentifiers::StatedBeside(const RecordKey& own) const {
  std::vector<RecordKey> keys;
  LIBMPI_RETURN_IF_ERROR(
      rep_.registry.ReadSide([&](const SideReader& rows) { return ReadOthers(rows, Row::kStates, own, &keys); }));
  std::erase_if(keys, [this](const RecordKey& key) {
    const Domain* const domain = directory_.FindDomain(key.source);
    return domain == nullptr || !domain->shared;
  });
  return keys;
}

absl::StatusOr<SharedIdentifiers::Standing> SharedIdentifiers::Read(const RecordKey& own,
                                                                    const RecordKey& shared) const {
  std::optional<std::string> bytes;
  LIBMPI_RETURN_IF_ERROR(
      rep_.registry.ReadSide([&](const SideReader& rows) { return rows.Read(StatesKey(own, shared), &bytes); }));
  StatedRow row;
  if (bytes) LIBMPI_RETURN_IF_ERROR(Unpack(*bytes, &row));
  LIBMPI_ASSIGN_OR_RETURN(const std::optional<StewardDecision> decision, rep_.registry.DecisionOn(own, shared));
  Standing standing;
  standing.noted = bytes.has_value();
  if (decision && decision->event == row.link) standing.link = row.link;
  else if (decision) standing.of_steward = decision->same;
  return standing;
}

bool SharedIdentifiers::HasSource(const RecordKey& shared) const {
  const Domain* const domain = directory_.FindDomain(shared.source);
  return domain != nullptr && !domain->source.empty();
}

absl::StatusOr<PersonOutcome> SharedIdentifiers::State(const RecordKey& own, const Record& said, bool revise) {
  const RecordKey& shared = said.key;
  LIBMPI_ASSIGN_OR_RETURN(const Standing before, Read(own, shared));
  if (before.of_steward) {
    if (*before.of_steward && !before.noted)
      LIBMPI_RETURN_IF_ERROR(rep_.registry.WriteSide([&](const ChangeAnswer&, SideRows* rows) {
        Note(own, shared, 0, rows);
        return absl::OkStatus();
      }));
    return PersonOutcome::kNone;
  }
  const SideChange note = [&](const ChangeAnswer&, SideRows* rows) {
    Note(own, shared, before.link, rows);
    return absl::OkStatus();
  };
  const bool of_source = HasSource(shared);
  if (of_source) {
    // Whose the number is its source says, and nobody before it: a record of what others say would be one of the
    // source's facility, told of there whatever was consented to.
    RecordStatus status = RecordStatus::kRetired;
    const absl::StatusOr<Record> known = rep_.registry.Get(shared, &status);
    if (!known.ok() && !absl::IsNotFound(known.status())) return known.status();
    if (status == RecordStatus::kRetired) {
      LIBMPI_RETURN_IF_ERROR(rep_.registry.WriteSide(note));
      return PersonOutcome::kNone;
    }
  }
  const bool may_revise = revise && !of_source;
  const absl::StatusOr<ChangeAnswer> put = rep_.network.StateShared(own, said, may_revise, by_, note);
  // It was merged into another one at this moment: the next feed states that.
  if (absl::IsFailedPrecondition(put.status())) return PersonOutcome::kNone;
  LIBMPI_RETURN_IF_ERROR(put.status());
  const bool linked = before.link != 0, held = put->outcome == PersonOutcome::kHeld;
  if (held && linked) LIBMPI_RETURN_IF_ERROR(Unlink(own, shared));
  if (!held && !linked) LIBMPI_RETURN_IF_ERROR(Link(own, shared));
  return put->outcome;
}

// What a steward decided stands, whatever feeds say; that is no fault of theirs.
absl::Status SharedIdentifiers::Link(const RecordKey& own, const RecordKey& shared) {
  const SideChange note = [&](const ChangeAnswer& made, SideRows* rows) {
    Note(own, shared, made.event, rows);
    return absl::OkStatus();
  };
  const absl::Status linked = rep_.network.Link(own, shared, by_, note).status();
  return IsOfItsState(linked) ? absl::OkStatus() : linked;
}

absl::Status SharedIdentifiers::Unlink(const RecordKey& own, const RecordKey& shared) {
  const SideChange note = [&](const ChangeAnswer&, SideRows* rows) {
    Note(own, shared, 0, rows);
    return absl::OkStatus();
  };
  const absl::Status unlinked = rep_.network.Unlink(own, shared, by_, note).status();
  return IsOfItsState(unlinked) ? absl::OkStatus() : unlinked;
}

absl::StatusOr<std::vector<RecordKey>> SharedIdentifiers::OthersStating(const RecordKey& shared,
                                                                        const RecordKey& own) const {
  std::vector<RecordKey> others;
  LIBMPI_RETURN_IF_ERROR(
      rep_.registry.ReadSide([&](const SideReader& rows) { return ReadOthers(rows, Row::kStated, shared, &others); }));
  std::erase(others, own);
  return others;
}

absl::StatusOr<std::vector<Record>> SharedIdentifiers::SaidOf(const RecordKey& shared,
                                                              const std::vector<RecordKey>& beside) const {
  std::vector<Record> said;
  for (const RecordKey& key : beside) {
    RecordStatus status;
    absl::StatusOr<Record> record = rep_.registry.Get(key, &status);
    if (!record.ok() && !absl::IsNotFound(record.status())) return record.status();
    if (!record.ok() || status != RecordStatus::kLive) continue;
    record->key = shared;
    said.push_back(*std::move(record));
  }
  return said;
}

absl::Status SharedIdentifiers::Withdraw(const RecordKey& own, const RecordKey& shared) {
  LIBMPI_ASSIGN_OR_RETURN(const Standing before, Read(own, shared));
  if (before.link != 0) LIBMPI_RETURN_IF_ERROR(Unlink(own, shared));
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<RecordKey> others, OthersStating(shared, own));
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<Record> said, SaidOf(shared, others));
  RecordStatus status = RecordStatus::kRetired;
  const absl::StatusOr<Record> now = rep_.registry.Get(shared, &status);
  const bool by_source = HasSource(shared) || std::ranges::find(others, shared) != others.end();
  const bool as_others = now.ok() && status == RecordStatus::kLive && std::ranges::find(said, *now) != said.end();
  const SideChange forget = [&](const ChangeAnswer&, SideRows* rows) {
    Delete(own, shared, rows);
    return absl::OkStatus();
  };
  if (by_source || as_others || before.of_steward.value_or(false)) return rep_.registry.WriteSide(forget);
  // What it said was this one's: it is another's alone from now on, or nobody's.
  // It is forgotten with the last step: cut short between the two, the message that comes again does both.
  const bool last = said.empty();
  const absl::Status withdrawn = rep_.network.WithdrawShared(own, shared, by_, last ? forget : SideChange()).status();
  if (!withdrawn.ok() && !IsOfItsState(withdrawn)) return withdrawn;
  if (last) return withdrawn.ok() ? withdrawn : rep_.registry.WriteSide(forget);
  const absl::Status anew = rep_.network.StateShared(own, said[0], false, by_, forget).status();
  return IsOfItsState(anew) ? rep_.registry.WriteSide(forget) : anew;
}

SideChange SharedIdentifiers::NoteSource(const RecordKey& own) {
  return [own](const ChangeAnswer&, SideRows* rows) {
    rows->Put(StatedKey(own, own), Pack({own}));
    return absl::OkStatus();
  };
}

SideChange SharedIdentifiers::Forget(const RecordKey& own) {
  return [own](const ChangeAnswer&, SideRows* rows) -> absl::Status {
    std::vector<RecordKey> stated;
    LIBMPI_RETURN_IF_ERROR(ReadOthers(*rows, Row::kStates, own, &stated));
    for (const RecordKey& shared : stated) Delete(own, shared, rows);
    rows->Delete(StatedKey(own, own));
    return absl::OkStatus();
  };
}

}  // namespace libmpi::pix
