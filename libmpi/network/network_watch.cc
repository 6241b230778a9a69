// SPDX-License-Identifier: Apache-2.0
// What those who watch over the network ask, one method each: what changed, what waits for a decision, who looked.
#include <algorithm>
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

}  // namespace

absl::StatusOr<FollowAnswer> Network::Follow(uint64_t from, size_t most, const Requester& by) {
  Call call(this, by, Operation::kFollow, "follow");
  call.entry().detail = "from " + std::to_string(from);
  return call.Answer([&]() -> absl::StatusOr<FollowAnswer> {
    FollowAnswer answer;
    LIBMPI_ASSIGN_OR_RETURN(answer.events, registry_.History(from, most));
    answer.next = answer.events.empty() ? from : answer.events.back().number + 1;
    if (call.sight() == Sight::kAll) return answer;
    const std::string actor = by.facility + "|";
    for (HistoryEvent& event : answer.events) {
      std::erase_if(event.moves, [&](const PersonMove& move) { return !call.Owns(move.record); });
      if (!call.Owns(event.record)) event.record = {};
      if (!call.Owns(event.other)) event.other = {};
      if (!event.by.actor.starts_with(actor)) event.by = {};
      // A steward's word on a pair tells of the other one of it.
      if (event.record == RecordKey() || event.kind == EventKind::kDecided || event.kind == EventKind::kUndecided)
        event.detail.clear();
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
    LIBMPI_RETURN_IF_ERROR(call.RequireAll());
    LIBMPI_ASSIGN_OR_RETURN(std::vector<ReviewEntry> entries, registry_.Review(most));
    for (const ReviewEntry& e : entries) LIBMPI_RETURN_IF_ERROR(call.Told({{e.a, e.b}}));
    return entries;
  });
}

absl::StatusOr<std::vector<HeldRevision>> Network::HeldRevisions(size_t most, const Requester& by) {
  Call call(this, by, Operation::kReview, "held_revisions");
  return call.Answer([&]() -> absl::StatusOr<std::vector<HeldRevision>> {
    LIBMPI_RETURN_IF_ERROR(call.RequireAll());
    LIBMPI_ASSIGN_OR_RETURN(std::vector<HeldRevision> held, registry_.HeldRevisions(most));
    for (const HeldRevision& h : held) LIBMPI_RETURN_IF_ERROR(call.Told({{h.record}}));
    return held;
  });
}

absl::StatusOr<std::vector<AuditEntry>> Network::WhoLooked(const RecordKey& identifier, size_t most,
                                                           const Requester& by) {
  Call call(this, by, Operation::kReadAudit, "who_looked", {identifier});
  return call.Answer([&]() -> absl::StatusOr<std::vector<AuditEntry>> {
    if (!call.Owns(identifier)) return NobodyThere();
    const absl::StatusOr<CrossReference> person = registry_.Find(identifier);
    std::vector<RecordKey> identifiers = {identifier};
    if (person.ok()) identifiers.insert(identifiers.end(), person->identifiers.begin(), person->identifiers.end());
    else if (!absl::IsFailedPrecondition(person.status())) return person.status();
    const auto not_own = [&](const RecordKey& key) { return !call.Owns(key); };
    std::erase_if(identifiers, not_own);
    LIBMPI_ASSIGN_OR_RETURN(std::vector<AuditEntry> entries,
                            FromSide<std::vector<AuditEntry>>(registry_, [&](const SideReader& rows) {
                              return ReadAuditOf(rows, identifiers, most);
                            }));
    for (AuditEntry& entry : entries) {
      const bool all_own = std::ranges::none_of(entry.asked, not_own) && std::ranges::none_of(entry.told, not_own);
      std::erase_if(entry.asked, not_own);
      std::erase_if(entry.told, not_own);
      if (!all_own && call.sight() != Sight::kAll) entry.detail.clear();
    }
    return entries;
  });
}

absl::StatusOr<std::vector<AuditEntry>> Network::Audit(uint64_t from, size_t most, const Requester& by) {
  Call call(this, by, Operation::kReadAudit, "audit");
  return call.Answer([&]() -> absl::StatusOr<std::vector<AuditEntry>> {
    LIBMPI_RETURN_IF_ERROR(call.RequireAll());
    return FromSide<std::vector<AuditEntry>>(registry_,
                                             [&](const SideReader& rows) { return ReadAudit(rows, from, most); });
  });
}

absl::StatusOr<std::vector<UsageCount>> Network::Usage(const std::string& first_month, const std::string& last_month,
                                                       const Requester& by) {
  Call call(this, by, Operation::kReport, "usage");
  return call.Answer([&]() -> absl::StatusOr<std::vector<UsageCount>> {
    LIBMPI_RETURN_IF_ERROR(call.RequireAll());
    return FromSide<std::vector<UsageCount>>(
        registry_, [&](const SideReader& rows) { return ReadUsage(rows, first_month, last_month); });
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
