// SPDX-License-Identifier: Apache-2.0
// What those who watch over the network ask, one method each: what changed, what waits for a decision, who looked.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "libmpi/network/call.h"

namespace libmpi {
namespace {

// What `read` says of the rows, as one value.
template <typename Value, typename Read>
absl::StatusOr<Value> FromSide(const Registry& registry, const Read& read) {
  absl::StatusOr<Value> value;
  const absl::Status status = registry.ReadSide([&](const SideReader& rows) {
    value = read(rows);
    return value.status();
  });
  return status.ok() ? std::move(value) : status;
}

// Of what `ask(how many)` answers, in its order, the first `most` that `may_tell` leaves.
template <typename Value, typename Ask, typename MayTell>
absl::StatusOr<std::vector<Value>> FirstTold(size_t most, const Ask& ask, const MayTell& may_tell) {
  for (size_t look = most;; look = look > SIZE_MAX / 8 ? SIZE_MAX : 8 * look + 100) {
    LIBMPI_ASSIGN_OR_RETURN(std::vector<Value> values, ask(look));
    const bool all = values.size() < look || look == SIZE_MAX;
    std::erase_if(values, [&](const Value& value) { return !may_tell(value); });
    if (!all && values.size() < most) continue;
    if (values.size() > most) values.resize(most);
    return values;
  }
}

bool IsOfPair(EventKind kind) {
  return kind == EventKind::kDecided || kind == EventKind::kUndecided || kind == EventKind::kAssigned;
}

}  // namespace

absl::StatusOr<FollowAnswer> Network::Follow(uint64_t from, size_t most, const Requester& by) {
  Call call(this, by, Operation::kFollow, "follow");
  call.entry().detail = "from " + std::to_string(from);
  return call.Answer([&]() -> absl::StatusOr<FollowAnswer> {
    FollowAnswer answer;
    LIBMPI_ASSIGN_OR_RETURN(answer.events, registry_.History(from, most));
    answer.next = answer.events.empty() ? from : answer.events.back().number + 1;
    if (call.SeesEverybody()) return answer;
    const bool all_of_tenant = call.sight() == Sight::kAll;
    for (HistoryEvent& event : answer.events) {
      // A word on a pair tells of both; that there is one at all is of no tenant where one of them is another's.
      const bool across = IsOfPair(event.kind) && (!call.InTenant(event.record) || !call.InTenant(event.other));
      std::erase_if(event.moves, [&](const PersonMove& move) { return !call.Owns(move.record); });
      if (across || !call.Owns(event.record)) event.record = {};
      if (across || !call.Owns(event.other)) event.other = {};
      const std::string facility(FacilityIn(event.by.actor));
      if (all_of_tenant ? facility.empty() || !call.IsOfTenant(facility) : facility != by.facility) event.by = {};
      if (event.record == RecordKey() || (IsOfPair(event.kind) && !all_of_tenant)) event.detail.clear();
    }
    std::erase_if(answer.events, [](const HistoryEvent& e) {
      return e.record == RecordKey() && e.other == RecordKey() && e.moves.empty();
    });
    for (const HistoryEvent& event : answer.events) {
      std::vector<std::vector<RecordKey>> told(1);
      for (const RecordKey* key : {&event.record, &event.other})
        if (*key != RecordKey()) told[0].push_back(*key);
      for (const PersonMove& move : event.moves) told[0].push_back(move.record);
      LIBMPI_RETURN_IF_ERROR(call.Told(told));
    }
    return answer;
  });
}

absl::StatusOr<std::vector<ReviewEntry>> Network::Review(size_t most, const Requester& by) {
  Call call(this, by, Operation::kReview, "review");
  return call.Answer([&]() -> absl::StatusOr<std::vector<ReviewEntry>> {
    LIBMPI_RETURN_IF_ERROR(call.RequireAllOfTenant());
    LIBMPI_ASSIGN_OR_RETURN(
        std::vector<ReviewEntry> entries,
        FirstTold<ReviewEntry>(most, [&](size_t look) { return registry_.Review(look); },
                               [&](const ReviewEntry& e) { return call.InTenant(e.a) && call.InTenant(e.b); }));
    for (const ReviewEntry& e : entries) LIBMPI_RETURN_IF_ERROR(call.Told({{e.a, e.b}}));
    return entries;
  });
}

absl::StatusOr<std::vector<HeldRevision>> Network::HeldRevisions(size_t most, const Requester& by) {
  Call call(this, by, Operation::kReview, "held_revisions");
  return call.Answer([&]() -> absl::StatusOr<std::vector<HeldRevision>> {
    LIBMPI_RETURN_IF_ERROR(call.RequireAllOfTenant());
    LIBMPI_ASSIGN_OR_RETURN(
        std::vector<HeldRevision> held,
        FirstTold<HeldRevision>(most, [&](size_t look) { return registry_.HeldRevisions(look); },
                                [&](const HeldRevision& h) { return call.InTenant(h.record); }));
    for (const HeldRevision& h : held) LIBMPI_RETURN_IF_ERROR(call.Told({{h.record}}));
    return held;
  });
}

absl::StatusOr<std::vector<AuditEntry>> Network::WhoLooked(const RecordKey& identifier, size_t most,
                                                           const Requester& by) {
  Call call(this, by, Operation::kReadAudit, "who_looked", {identifier});
  return call.Answer([&]() -> absl::StatusOr<std::vector<AuditEntry>> {
    if (!call.Owns(identifier)) return NobodyThere();
    const absl::StatusOr<CrossReference> person = call.FindPerson(identifier);
    std::vector<RecordKey> identifiers = {identifier};
    if (person.ok()) identifiers.insert(identifiers.end(), person->identifiers.begin(), person->identifiers.end());
    else if (!absl::IsFailedPrecondition(person.status())) return person.status();
    const auto not_own = [&](const RecordKey& key) { return !call.Owns(key); };
    std::erase_if(identifiers, not_own);
    LIBMPI_ASSIGN_OR_RETURN(std::vector<AuditEntry> entries,
                            FromSide<std::vector<AuditEntry>>(registry_, [&](const SideReader& rows) {
                              return ReadAuditOf(rows, identifiers, most);
                            }));
    call.SiftEntries(&entries);
    for (AuditEntry& entry : entries) {
      const bool all_own = std::ranges::none_of(entry.asked, not_own) && std::ranges::none_of(entry.told, not_own);
      std::erase_if(entry.asked, not_own);
      std::erase_if(entry.told, not_own);
      if (!all_own && !call.SeesEverybody()) entry.detail.clear();
    }
    return entries;
  });
}

absl::StatusOr<std::vector<AuditEntry>> Network::Audit(uint64_t from, size_t most, const Requester& by) {
  Call call(this, by, Operation::kReadAudit, "audit");
  return call.Answer([&]() -> absl::StatusOr<std::vector<AuditEntry>> {
    LIBMPI_RETURN_IF_ERROR(call.RequireAllOfTenant());
    std::vector<AuditEntry> told;
    for (uint64_t next = from; told.size() < most;) {
      const size_t look = most - told.size();
      LIBMPI_ASSIGN_OR_RETURN(std::vector<AuditEntry> entries,
                              FromSide<std::vector<AuditEntry>>(registry_, [&](const SideReader& rows) {
                                return ReadAudit(rows, next, look);
                              }));
      const bool last = entries.size() < look;
      if (!last) next = entries.back().number + 1;
      call.SiftEntries(&entries);
      told.insert(told.end(), std::make_move_iterator(entries.begin()), std::make_move_iterator(entries.end()));
      if (last) break;
    }
    return told;
  });
}

absl::StatusOr<std::vector<UsageCount>> Network::Usage(const std::string& first_month, const std::string& last_month,
                                                       const Requester& by) {
  Call call(this, by, Operation::kReport, "usage");
  return call.Answer([&]() -> absl::StatusOr<std::vector<UsageCount>> {
    LIBMPI_RETURN_IF_ERROR(call.RequireAllOfTenant());
    absl::StatusOr<std::vector<UsageCount>> counts = FromSide<std::vector<UsageCount>>(
        registry_, [&](const SideReader& rows) { return ReadUsage(rows, first_month, last_month); });
    if (counts.ok()) std::erase_if(*counts, [&](const UsageCount& c) { return !call.IsOfTenant(c.facility); });
    return counts;
  });
}

absl::StatusOr<AuditHead> Network::Anchor(const Requester& by) {
  Call call(this, by, Operation::kReadAudit, "anchor");
  return call.Answer([&]() -> absl::StatusOr<AuditHead> {
    return FromSide<AuditHead>(registry_, [&](const SideReader& rows) { return AuditHeadOf(rows); });
  });
}

absl::StatusOr<std::vector<std::string>> Network::VerifyTrail(std::span<const AuditHead> anchors, const Requester& by) {
  Call call(this, by, Operation::kReadAudit, "verify_trail");
  return call.Answer([&]() -> absl::StatusOr<std::vector<std::string>> {
    return FromSide<std::vector<std::string>>(registry_,
                                              [&](const SideReader& rows) { return VerifyAudit(rows, anchors); });
  });
}

}  // namespace libmpi
