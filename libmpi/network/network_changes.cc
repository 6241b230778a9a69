// SPDX-License-Identifier: Apache-2.0
// Changes of the network's records, one method each.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "libmpi/network/call.h"
#include "libmpi/network/consent_rows.h"

namespace libmpi {
namespace {

// What a put of another person's record under an identifier leaves of what was said of it: nothing, for that was said
// by the one before; their others have it already.
absl::Status ForgetIfAnother(const ChangeAnswer& answer, const RecordKey& record, SideRows* rows) {
  return answer.another_person ? ForgetConsent(record, rows) : absl::OkStatus();
}

// A question that others' records raise is not there for who is told of one tenant alone, though it be about persons
// with records of theirs: within a tenant it has to be about these two records.
absl::Status CheckQuestionOfTenant(const Registry& registry, bool within_tenant, const RecordKey& a,
                                   const RecordKey& b) {
  if (!within_tenant) return absl::OkStatus();
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<ReviewEntry> entries, registry.Review(SIZE_MAX));
  const auto of_these = [&](const ReviewEntry& e) { return std::minmax(e.a, e.b) == std::minmax(a, b); };
  return std::ranges::any_of(entries, of_these)
             ? absl::OkStatus()
             : absl::NotFoundError("there is no question about these two records");
}

// What a link takes the place of, or its undoing withdraws, has to be a link of the same facility, or of this very actor of
// the network's office: a steward's word stands.
absl::Status CheckOwnDecision(const Registry& registry, const Attribution& by, const ChangeAnswer& made) {
  if (made.settles == 0) return absl::OkStatus();
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<HistoryEvent> settled, registry.History(made.settles, 1));
  const auto by_us = [&](const std::string& actor) {
    return actor == by.actor || (!FacilityIn(actor).empty() && FacilityIn(actor) == FacilityIn(by.actor));
  };
  const bool own = !settled.empty() && settled[0].number == made.settles && settled[0].detail == "same" &&
                   by_us(settled[0].by.actor);
  return own ? absl::OkStatus() : absl::FailedPreconditionError("the decision on the two is another one's");
}

}  // namespace

absl::StatusOr<ChangeAnswer> Network::ChangeRecord(
    Call* call, const std::function<absl::StatusOr<ChangeAnswer>(const Attribution&, const SideChange&)>& change,
    const SideChange& beside) {
  ChangeAnswer told;
  LIBMPI_RETURN_IF_ERROR(call->Change([&](const SideChange& note) {
    const SideChange in_its_commit = [&](const ChangeAnswer& made, SideRows* rows) {
      const absl::Status written = beside ? beside(made, rows) : absl::OkStatus();
      told = made;
      call->SiftChange(&told);
      call->TellOf(told);
      return written.ok() ? note(made, rows) : written;
    };
    return change(call->By(), in_its_commit).status();
  }));
  return told;
}

absl::StatusOr<ChangeAnswer> Network::Put(const Record& record, const Requester& by, const SideChange& also) {
  Call call(this, by, Operation::kFeed, "put", {record.key});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  const auto forget = [&](const ChangeAnswer& made, SideRows* rows) { return ForgetIfAnother(made, record.key, rows); };
  return ChangeRecord(
      &call, [&](const Attribution& who, const SideChange& noted) { return registry_.Put(record, who, noted); },
      Both(forget, also));
}

absl::StatusOr<ChangeAnswer> Network::Retire(const RecordKey& record, const Requester& by, const SideChange& also) {
  Call call(this, by, Operation::kFeed, "retire", {record});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  return RetireIn(&call, record, also);
}

absl::StatusOr<ChangeAnswer> Network::RetireIn(Call* call, const RecordKey& record, const SideChange& also) {
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<RecordKey> others, OthersOf(registry_, record));
  const auto carry = [&](const ChangeAnswer&, SideRows* rows) { return CarryConsent(record, others, rows); };
  return ChangeRecord(
      call, [&](const Attribution& who, const SideChange& noted) { return registry_.Retire(record, who, noted); },
      Both(carry, also));
}

absl::StatusOr<ChangeAnswer> Network::StateShared(const RecordKey& own, const Record& said, bool revise,
                                                  const Requester& by, const SideChange& also) {
  Call call(this, by, Operation::kFeed, "state_shared", {said.key, own});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwnAndShared());
  const auto forget = [&](const ChangeAnswer& made, SideRows* rows) { return ForgetIfAnother(made, said.key, rows); };
  return ChangeRecord(
      &call,
      [&](const Attribution& who, const SideChange& noted) { return registry_.PutShared(said, revise, who, noted); },
      Both(forget, also));
}

absl::StatusOr<ChangeAnswer> Network::WithdrawShared(const RecordKey& own, const RecordKey& shared,
                                                     const Requester& by, const SideChange& also) {
  Call call(this, by, Operation::kFeed, "withdraw_shared", {shared, own});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwnAndShared());
  return RetireIn(&call, shared, also);
}

absl::StatusOr<ChangeAnswer> Network::Subsume(const RecordKey& subsumed, const RecordKey& surviving,
                                              const Requester& by, const SideChange& also) {
  Call call(this, by, Operation::kFeed, "subsume", {subsumed, surviving});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  const auto merge = [&](const ChangeAnswer&, SideRows* rows) { return MergeConsent(subsumed, surviving, rows); };
  return ChangeRecord(
      &call,
      [&](const Attribution& who, const SideChange& noted) {
        return registry_.Subsume(subsumed, surviving, who, noted);
      },
      Both(merge, also));
}

absl::StatusOr<ChangeAnswer> Network::Unsubsume(const RecordKey& subsumed, const Requester& by,
                                                const SideChange& also) {
  Call call(this, by, Operation::kFeed, "unsubsume", {subsumed});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  const absl::StatusOr<RecordKey> surviving = registry_.SurvivingOf(subsumed);
  const auto unmerge = [&](const ChangeAnswer&, SideRows* rows) {
    return surviving.ok() ? UnmergeConsent(subsumed, *surviving, rows) : surviving.status();
  };
  return ChangeRecord(
      &call,
      [&](const Attribution& who, const SideChange& noted) { return registry_.Unsubsume(subsumed, who, noted); },
      Both(unmerge, also));
}

absl::StatusOr<ChangeAnswer> Network::Link(const RecordKey& a, const RecordKey& b, const Requester& by,
                                           const SideChange& also) {
  Call call(this, by, Operation::kFeed, "link", {a, b});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwnAndShared());
  return ChangeRecord(
      &call,
      [&](const Attribution& who, const SideChange& noted) { return registry_.Decide(a, b, true, who, noted); },
      Both([&](const ChangeAnswer& made, SideRows*) { return CheckOwnDecision(registry_, call.By(), made); }, also));
}

absl::StatusOr<ChangeAnswer> Network::Unlink(const RecordKey& a, const RecordKey& b, const Requester& by,
                                             const SideChange& also) {
  Call call(this, by, Operation::kFeed, "unlink", {a, b});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwnAndShared());
  return ChangeRecord(
      &call, [&](const Attribution& who, const SideChange& noted) { return registry_.Undecide(a, b, who, noted); },
      Both([&](const ChangeAnswer& made, SideRows*) { return CheckOwnDecision(registry_, call.By(), made); }, also));
}

absl::StatusOr<ChangeAnswer> Network::Decide(const RecordKey& a, const RecordKey& b, bool same, const Requester& by) {
  Call call(this, by, Operation::kReview, "decide", {a, b});
  call.entry().detail = same ? "same" : "different";
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  return ChangeRecord(
      &call, [&](const Attribution& who, const SideChange& also) { return registry_.Decide(a, b, same, who, also); },
      UnlessFourEyes());
}

absl::StatusOr<ChangeAnswer> Network::Undecide(const RecordKey& a, const RecordKey& b, const Requester& by) {
  Call call(this, by, Operation::kReview, "undecide", {a, b});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  return ChangeRecord(
      &call, [&](const Attribution& who, const SideChange& also) { return registry_.Undecide(a, b, who, also); });
}

absl::StatusOr<SideChange> Network::ConsentBesideAccepted(const RecordKey& record) const {
  LIBMPI_ASSIGN_OR_RETURN(std::vector<RecordKey> others, OthersOf(registry_, record));
  return [record, others = std::move(others)](const ChangeAnswer& made, SideRows* rows) -> absl::Status {
    if (made.another_person) LIBMPI_RETURN_IF_ERROR(CarryConsent(record, others, rows));
    return ForgetIfAnother(made, record, rows);
  };
}

absl::StatusOr<ChangeAnswer> Network::AcceptRevision(const RecordKey& record, bool same_person, const Requester& by) {
  Call call(this, by, Operation::kReview, "accept_revision", {record});
  call.entry().detail = same_person ? "same person" : "another person";
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  LIBMPI_ASSIGN_OR_RETURN(SideChange consent, ConsentBesideAccepted(record));
  return ChangeRecord(
      &call,
      [&](const Attribution& who, const SideChange& also) {
        return registry_.AcceptRevision(record, same_person, who, also);
      },
      UnlessFourEyes(std::move(consent)));
}

absl::StatusOr<ChangeAnswer> Network::RefuseRevision(const RecordKey& record, const Requester& by) {
  Call call(this, by, Operation::kReview, "refuse_revision", {record});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  return ChangeRecord(
      &call, [&](const Attribution& who, const SideChange& also) { return registry_.RefuseRevision(record, who, also); },
      UnlessFourEyes());
}

absl::Status Network::Assign(const RecordKey& a, const RecordKey& b, const std::string& assignee, const Requester& by) {
  Call call(this, by, Operation::kReview, "assign", {a, b});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  return call.Change([&](const SideChange& note) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(CheckQuestionOfTenant(registry_, call.WithinTenant(), a, b));
    return registry_.Assign(a, b, assignee, call.By(), note);
  });
}

}  // namespace libmpi
