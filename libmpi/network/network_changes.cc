// SPDX-License-Identifier: Apache-2.0
// Changes of the network's records, one method each.
#include <functional>
#include <utility>
#include <vector>

#include "libmpi/network/call.h"
#include "libmpi/network/consent_rows.h"

namespace libmpi {
namespace {

// The others of the person of a record that is there; none where it has no person.
absl::StatusOr<std::vector<RecordKey>> OthersOf(const Registry& registry, const RecordKey& record) {
  absl::StatusOr<CrossReference> person = registry.Find(record);
  if (absl::IsNotFound(person.status()) || absl::IsFailedPrecondition(person.status())) return std::vector<RecordKey>();
  if (!person.ok()) return person.status();
  std::erase(person->identifiers, record);
  return std::move(person->identifiers);
}

// What a put of another person's record under an identifier leaves of what was said of it: nothing, for that was said
// by the one before; their others have it already.
absl::Status ForgetIfAnother(const ChangeAnswer& answer, const RecordKey& record, SideRows* rows) {
  if (!answer.another_person) return absl::OkStatus();
  IdentifierConsent value;
  LIBMPI_RETURN_IF_ERROR(ReadConsent(*rows, record, &value));
  value.statements.clear();
  value.subsumed.clear();
  WriteConsent(record, value, rows);
  return absl::OkStatus();
}

// Leaves in an answer what its reader knows anyway: links and moves of their own records. Who else knows the person is
// for Find() to tell, which asks for consent.
void LeaveOwn(const std::function<bool(const RecordKey&)>& own, ChangeAnswer* answer) {
  // A pair under review is nobody's business but the stewards'.
  std::erase_if(answer->links, [&](const RegistryLink& link) { return !link.linked || !own(link.other); });
  std::erase_if(answer->moves, [&](const PersonMove& move) { return !own(move.record); });
  if (!answer->links.empty() || answer->moves.size() > 1) return;
  // That it came to somebody, or left them, would tell of them.
  if (answer->outcome == PersonOutcome::kJoined) answer->outcome = PersonOutcome::kCreated;
  if (answer->outcome == PersonOutcome::kMoved || answer->outcome == PersonOutcome::kMerged ||
      answer->outcome == PersonOutcome::kSplit)
    answer->outcome = PersonOutcome::kNone;
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
      if (!call->SeesAllPersons()) LeaveOwn([call](const RecordKey& key) { return call->Owns(key); }, &told);
      call->TellOf(told);
      return written.ok() ? note(made, rows) : written;
    };
    return change(call->By(), in_its_commit).status();
  }));
  return told;
}

absl::StatusOr<ChangeAnswer> Network::Put(const Record& record, const Requester& by) {
  Call call(this, by, Operation::kFeed, "put", {record.key});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  return ChangeRecord(
      &call, [&](const Attribution& who, const SideChange& also) { return registry_.Put(record, who, also); },
      [&](const ChangeAnswer& made, SideRows* rows) { return ForgetIfAnother(made, record.key, rows); });
}

absl::StatusOr<ChangeAnswer> Network::Retire(const RecordKey& record, const Requester& by) {
  Call call(this, by, Operation::kFeed, "retire", {record});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<RecordKey> others, OthersOf(registry_, record));
  return ChangeRecord(
      &call, [&](const Attribution& who, const SideChange& also) { return registry_.Retire(record, who, also); },
      [&](const ChangeAnswer&, SideRows* rows) { return CarryConsent(record, others, rows); });
}

absl::StatusOr<ChangeAnswer> Network::Subsume(const RecordKey& subsumed, const RecordKey& surviving,
                                              const Requester& by) {
  Call call(this, by, Operation::kFeed, "subsume", {subsumed, surviving});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  return ChangeRecord(
      &call,
      [&](const Attribution& who, const SideChange& also) { return registry_.Subsume(subsumed, surviving, who, also); },
      [&](const ChangeAnswer&, SideRows* rows) -> absl::Status {
        IdentifierConsent value;
        LIBMPI_RETURN_IF_ERROR(ReadConsent(*rows, surviving, &value));
        value.subsumed.push_back(subsumed);
        WriteConsent(surviving, value, rows);
        return absl::OkStatus();
      });
}

absl::StatusOr<ChangeAnswer> Network::Unsubsume(const RecordKey& subsumed, const Requester& by) {
  Call call(this, by, Operation::kFeed, "unsubsume", {subsumed});
  LIBMPI_RETURN_IF_ERROR(call.AllowOwn());
  const absl::StatusOr<RecordKey> surviving = registry_.SurvivingOf(subsumed);
  return ChangeRecord(
      &call, [&](const Attribution& who, const SideChange& also) { return registry_.Unsubsume(subsumed, who, also); },
      [&](const ChangeAnswer&, SideRows* rows) -> absl::Status {
        if (!surviving.ok()) return surviving.status();
        IdentifierConsent value;
        LIBMPI_RETURN_IF_ERROR(ReadConsent(*rows, *surviving, &value));
        std::erase(value.subsumed, subsumed);
        WriteConsent(*surviving, value, rows);
        return absl::OkStatus();
      });
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
  return call.Change([&](const SideChange& note) { return registry_.Assign(a, b, assignee, call.By(), note); });
}

}  // namespace libmpi
