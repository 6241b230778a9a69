// SPDX-License-Identifier: Apache-2.0
// The records of a registry that is absorbed: what they say, and what became of them.
#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/network/absorption.h"
#include "libmpi/network/consent_rows.h"
#include "libmpi/network/erasure.h"
#include "libmpi/registry/overlay_guard.h"

namespace libmpi {
namespace {

using State = Registry::RecordState;

// What the registry may not want, and what is no failure of its own.
bool IsRefusal(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) || absl::IsNotFound(status);
}

}  // namespace

absl::Status RecordAbsorption::Count(uint64_t AbsorbAnswer::*of) {
  const std::lock_guard lock(a_.answer_mutex);
  ++(a_.answer.*of);
  return absl::OkStatus();
}

absl::Status RecordAbsorption::Refuse(const RecordKey& record, const absl::Status& why) {
  if (!IsRefusal(why)) return why;
  const std::lock_guard lock(a_.answer_mutex);
  a_.answer.refusals.push_back({record, std::string(why.message())});
  return absl::OkStatus();
}

absl::Status RecordAbsorption::Bring(const State& there) {
  LIBMPI_RETURN_IF_ERROR(Count(&AbsorbAnswer::records));
  const absl::StatusOr<State> here = a_.into.StateOf(there.record.key);
  if (here.ok()) return BringOver(there, *here);
  if (!absl::IsNotFound(here.status())) return here.status();
  bool taken = true;
  if (!a_.options.dry_run) LIBMPI_RETURN_IF_ERROR(Put(there, true, &taken));
  if (!taken) return absl::OkStatus();
  if (there.status != RecordStatus::kLive) Wait(there);
  return Count(&AbsorbAnswer::created);
}

absl::Status RecordAbsorption::BringOver(const State& there, const State& here) {
  if (there.erased || (here.erased && there.said_on <= here.said_on)) return BringErased(there, here);
  const bool says_same = here.record == there.record;
  const bool is_same = here.status == there.status && here.surviving == there.surviving;
  if (there.registered_event > a_.head.event) {
    const std::lock_guard lock(a_.answer_mutex);
    a_.renewed.insert(there.record.key);
  }
  if (says_same && is_same) return Count(&AbsorbAnswer::unchanged);
  if (a_.shared.contains(there.record.key.source) && there.said_on < here.said_on) return Count(&AbsorbAnswer::kept);
  const bool put = !says_same || (here.status == RecordStatus::kRetired && there.status != RecordStatus::kRetired);
  bool taken = true;
  if (!a_.options.dry_run) {
    if (here.status == RecordStatus::kSubsumed) LIBMPI_RETURN_IF_ERROR(Unmerge(here.record.key, *here.surviving));
    if (put) LIBMPI_RETURN_IF_ERROR(Put(there, false, &taken));
  }
  if (!taken) return absl::OkStatus();
  if (there.status == RecordStatus::kSubsumed || (there.status == RecordStatus::kRetired && (put || !is_same)))
    Wait(there);
  return Count(&AbsorbAnswer::revised);
}

// What was erased there goes here too; what was erased here comes back only where it was put there since.
absl::Status RecordAbsorption::BringErased(const State& there, const State& here) {
  if (here.erased) return Count(there.erased ? &AbsorbAnswer::unchanged : &AbsorbAnswer::kept);
  if (a_.shared.contains(there.record.key.source) && there.said_on < here.said_on) return Count(&AbsorbAnswer::kept);
  if (!a_.options.dry_run) LIBMPI_RETURN_IF_ERROR(EraseOne(there.record.key));
  return Count(&AbsorbAnswer::revised);
}

absl::Status RecordAbsorption::EraseOne(const RecordKey& record) {
  LIBMPI_ASSIGN_OR_RETURN(const DueRecords due, RecordsToErase(a_.into, record, false));
  return EraseRecords(&a_.into, due, {a_.by.actor, "as " + a_.options.name + " has it"});
}

// What becomes of it once all are there.
void RecordAbsorption::Wait(const State& there) {
  const std::lock_guard lock(mutex_);
  if (there.erased) erases_.push_back(there.record.key);
  if (there.status == RecordStatus::kRetired) retires_.push_back(there.record.key);
  else merges_.push_back({there.record.key, *there.surviving});
}

// Where a change makes the identifier another person's, what was said of it goes to the others of the one before, and
// what was said of it there stays.
SideChange RecordAbsorption::OnceAnother(const RecordKey& record, std::vector<RecordKey> others) const {
  if (!a_.into_is_network) return {};
  return [this, record, others = std::move(others)](const ChangeAnswer& made, SideRows* rows) -> absl::Status {
    if (!made.another_person) return absl::OkStatus();
    LIBMPI_RETURN_IF_ERROR(CarryConsent(record, others, rows));
    IdentifierConsent there, here;
    if (a_.both_are_networks)
      LIBMPI_RETURN_IF_ERROR(
          a_.other.ReadSide([&](const SideReader& reader) { return ReadConsent(reader, record, &there); }));
    LIBMPI_RETURN_IF_ERROR(ReadConsent(*rows, record, &here));
    std::erase_if(here.statements, [&](ConsentStatement s) {
      return std::ranges::none_of(there.statements, [&](const ConsentStatement& t) {
        s.number = t.number;
        return s == t;
      });
    });
    here.subsumed = there.subsumed;
    WriteConsent(record, here, rows);
    return absl::OkStatus();
  };
}

// *taken: it says what it says there. Else it was refused or is held, and counted.
absl::Status RecordAbsorption::Put(const State& there, bool is_new, bool* taken) {
  const RecordKey& key = there.record.key;
  const absl::StatusOr<ChangeAnswer> put =
      a_.into.Put(there.record, a_.by, is_new ? SideChange() : OnceAnother(key, {}), there.said_on);
  *taken = put.ok() && put->outcome != PersonOutcome::kHeld;
  if (*taken) return absl::OkStatus();
  if (!put.ok()) {
    LIBMPI_RETURN_IF_ERROR(Refuse(key, put.status()));
    return Count(&AbsorbAnswer::refused);
  }
  // Another person's, of an authority of both: a steward has to look. Else the other's stewards have.
  if (a_.shared.contains(key.source)) return Count(&AbsorbAnswer::held);
  *taken = true;
  return Accept(there);
}

absl::Status RecordAbsorption::Accept(const State& there) {
  const RecordKey& key = there.record.key;
  const bool same_person = there.registered_event <= a_.head.event;
  LIBMPI_ASSIGN_OR_RETURN(std::vector<RecordKey> others, OthersOf(a_.into, key));
  const Attribution by = {a_.by.actor, "as " + a_.options.name + " has it"};
  return a_.into.AcceptRevision(key, same_person, by, OnceAnother(key, std::move(others))).status();
}

absl::Status RecordAbsorption::Unmerge(const RecordKey& subsumed, const RecordKey& surviving) {
  const SideChange also = [&](const ChangeAnswer&, SideRows* rows) {
    return UnmergeConsent(subsumed, surviving, rows);
  };
  LIBMPI_RETURN_IF_ERROR(a_.into.Unsubsume(subsumed, a_.by, a_.into_is_network ? also : SideChange()).status());
  return Count(&AbsorbAnswer::unmerged);
}

absl::Status RecordAbsorption::Hold() {
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<HeldRevision> there, a_.other.HeldRevisions(SIZE_MAX));
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<HeldRevision> here, a_.into.HeldRevisions(SIZE_MAX));
  LIBMPI_ASSIGN_OR_RETURN(auto ours, a_.rows.All(a_.into, AbsorbRow::kHeld));
  std::map<RecordKey, const Record*> waiting;
  for (const HeldRevision& h : here) waiting[h.record] = &h.revision;
  const size_t prefix = a_.rows.Key(AbsorbRow::kHeld).size();
  for (const HeldRevision& h : there) {
    const std::string row = a_.rows.OfIdentifier(AbsorbRow::kHeld, h.record);
    ours.erase(row.substr(prefix));
    const auto it = waiting.find(h.record);
    if (it != waiting.end() && *it->second == h.revision) {
      ++a_.answer.held_revisions;
      continue;
    }
    // Only upon what it was held upon there, and if it would be held here.
    const absl::StatusOr<State> mine = a_.into.StateOf(h.record);
    const absl::StatusOr<State> others = a_.other.StateOf(h.record);
    if (!others.ok()) return others.status();
    const bool waits = mine.ok() && mine->record == others->record && mine->status == RecordStatus::kLive &&
                       MakesAnotherPerson(mine->record, h.revision);
    if (a_.options.dry_run || !waits) {
      ++(a_.options.dry_run ? a_.answer.held_revisions : a_.answer.not_held);
      continue;
    }
    ++a_.answer.held_revisions;
    LIBMPI_RETURN_IF_ERROR(a_.into.Put(h.revision, a_.by, [&](const ChangeAnswer&, SideRows* rows) {
      rows->Put(row, {});
      return absl::OkStatus();
    }).status());
  }
  if (a_.options.dry_run) return absl::OkStatus();
  for (const auto& [rest, none] : ours) {
    RecordKey key;
    LIBMPI_RETURN_IF_ERROR(AbsorbRows::ReadIdentifiers(rest, std::span(&key, 1)));
    const auto forget = [&, &rest = rest](const ChangeAnswer&, SideRows* rows) {
      rows->Delete(a_.rows.Key(AbsorbRow::kHeld, rest));
      return absl::OkStatus();
    };
    const absl::Status refused = a_.into.RefuseRevision(key, a_.by, forget).status();
    if (absl::IsNotFound(refused)) LIBMPI_RETURN_IF_ERROR(a_.into.WriteSide(forget));  // settled already
    else LIBMPI_RETURN_IF_ERROR(refused);
  }
  return absl::OkStatus();
}

// Identifiers into which none is merged come first, so that chains come to be as they were.
absl::Status RecordAbsorption::Settle() {
  a_.answer.merged += merges_.size();
  a_.answer.retired += retires_.size();
  if (a_.options.dry_run) return absl::OkStatus();
  std::ranges::sort(merges_, {}, &Merge::subsumed);
  for (std::vector<Merge> left = std::move(merges_); !left.empty();) {
    std::set<RecordKey> into;
    for (const Merge& m : left) into.insert(m.surviving);
    std::vector<Merge> now, later;
    for (Merge& m : left) (into.contains(m.subsumed) ? later : now).push_back(std::move(m));
    if (now.empty()) return absl::DataLossError("identifiers that are merged into one another");
    for (size_t i = 0; i < now.size(); ++i) {
      if (i % 64 == 0) LIBMPI_RETURN_IF_ERROR(ReportProgress(a_.options.progress, "merge", i, left.size()));
      LIBMPI_RETURN_IF_ERROR(MergeOne(now[i]));
    }
    left = std::move(later);
  }
  std::ranges::sort(retires_);
  retires_.erase(std::unique(retires_.begin(), retires_.end()), retires_.end());
  constexpr size_t kAtOnce = 512;
  for (size_t begin = 0; begin < retires_.size(); begin += kAtOnce) {
    LIBMPI_RETURN_IF_ERROR(ReportProgress(a_.options.progress, "retire", begin, retires_.size()));
    const size_t size = std::min(kAtOnce, retires_.size() - begin);
    std::vector<absl::Status> done(size);
    ParallelChunks(size, 4, a_.threads, [&](size_t from, size_t to, int) {
      for (size_t i = from; i < to; ++i) done[i] = RetireOne(retires_[begin + i]);
    });
    for (const absl::Status& status : done) LIBMPI_RETURN_IF_ERROR(status);
  }
  for (const RecordKey& record : erases_) LIBMPI_RETURN_IF_ERROR(EraseOne(record));
  return absl::OkStatus();
}

absl::Status RecordAbsorption::MergeOne(const Merge& m) {
  const SideChange with_it = [&](const ChangeAnswer&, SideRows* rows) {
    return MergeConsent(m.subsumed, m.surviving, rows);
  };
  const SideChange also = a_.into_is_network ? with_it : SideChange();
  absl::Status merged = a_.into.Subsume(m.subsumed, m.surviving, a_.by, also).status();
  if (absl::IsFailedPrecondition(merged)) {
    LIBMPI_RETURN_IF_ERROR(ReviveEnd(m.surviving));
    merged = a_.into.Subsume(m.subsumed, m.surviving, a_.by, also).status();
  }
  return merged.ok() ? absl::OkStatus() : Refuse(m.subsumed, merged);
}

// What a chain of merges ends in was retired since there, and is so here: it comes back until all is merged.
absl::Status RecordAbsorption::ReviveEnd(const RecordKey& surviving) {
  RecordKey key = surviving;
  for (;;) {
    LIBMPI_ASSIGN_OR_RETURN(const State state, a_.other.StateOf(key));
    if (state.status != RecordStatus::kSubsumed) {
      bool taken;
      if (state.status == RecordStatus::kRetired) {
        LIBMPI_RETURN_IF_ERROR(Put(state, false, &taken));
        retires_.push_back(key);
      }
      return absl::OkStatus();
    }
    key = *state.surviving;
  }
}

absl::Status RecordAbsorption::RetireOne(const RecordKey& record) {
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<RecordKey> others, OthersOf(a_.into, record));
  const SideChange carry = [&](const ChangeAnswer&, SideRows* rows) { return CarryConsent(record, others, rows); };
  const absl::Status retired =
      a_.into.Retire(record, a_.by, a_.into_is_network ? carry : SideChange()).status();
  return retired.ok() ? absl::OkStatus() : Refuse(record, retired);
}

}  // namespace libmpi
