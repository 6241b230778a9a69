// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/call.h"

#include <algorithm>
#include <utility>

#include "libmpi/network/consent_rows.h"

namespace libmpi {

Network::Call::Call(Network* network, const Requester& by, Operation operation, std::string action,
                    std::vector<RecordKey> asked)
    : network_(*network), members_(network->members()), facility_(members_->Of(by)) {
  entry_.unix_milliseconds = network->registry_.Now();
  entry_.by = by;
  entry_.operation = operation;
  entry_.action = std::move(action);
  entry_.asked = std::move(asked);
}

absl::Status Network::Call::Allow() {
  sight_ = SightOf(members_->rules, entry_.by, facility_, entry_.operation);
  absl::Status status;
  if (sight_ == Sight::kRefused)
    status = absl::PermissionDeniedError(!entry_.by.facility.empty() && facility_ == nullptr
                                             ? "the network knows no such facility: register it first"
                                             : "no rule of the network allows this to this profession and purpose");
  else if (entry_.by.actor.empty())
    status = absl::InvalidArgumentError("who asks must be named");
  else if (entry_.by.purpose == Purpose::kEmergency && entry_.by.reason.empty())
    status = absl::InvalidArgumentError("an emergency needs a reason");
  if (status.ok()) return status;
  LIBMPI_RETURN_IF_ERROR(Note(status));
  return status;
}

absl::Status Network::Call::AllowOwn() {
  LIBMPI_RETURN_IF_ERROR(Allow());
  if (std::ranges::all_of(entry_.asked, [this](const RecordKey& key) { return Owns(key); })) return absl::OkStatus();
  const absl::Status refused = absl::PermissionDeniedError("the assigning authority is not the facility's own");
  LIBMPI_RETURN_IF_ERROR(Note(refused));
  return refused;
}

absl::Status Network::Call::AllowAll() {
  LIBMPI_RETURN_IF_ERROR(Allow());
  const absl::Status refused = RequireAll();
  if (!refused.ok()) LIBMPI_RETURN_IF_ERROR(Note(refused));
  return refused;
}

absl::Status Network::Call::Change(const std::function<absl::Status(const SideChange& note)>& change) {
  const absl::Status changed =
      change([this](const ChangeAnswer& answer, SideRows* rows) { return NoteIn(answer, rows); });
  if (!changed.ok()) LIBMPI_RETURN_IF_ERROR(Note(changed));
  return changed;
}

absl::Status Network::Call::Note(const absl::Status& outcome) {
  if (!outcome.ok()) {
    entry_.outcome = absl::IsPermissionDenied(outcome) ? AuditOutcome::kRefused : AuditOutcome::kFailed;
    entry_.detail += (entry_.detail.empty() ? "" : "; ") + std::string(absl::StatusCodeToString(outcome.code()));
    entry_.told.clear();
    entry_.beyond_consent = false;
  }
  const absl::Status noted = network_.registry_.WriteSide(
      [this](const ChangeAnswer& none, SideRows* rows) { return NoteIn(none, rows); });
  if (noted.ok() || absl::IsInvalidArgument(noted)) return noted;
  return absl::UnavailableError("the audit trail can't be written, so nothing is told: " +
                                std::string(noted.message()));
}

absl::Status Network::Call::NoteIn(const ChangeAnswer& answer, SideRows* rows) {
  entry_.event = answer.event;
  return AppendAudit(&entry_, rows);
}

absl::Status Network::Call::SiftAs(Sight sight, std::vector<std::vector<RecordKey>>* persons) const {
  if (sight == Sight::kAll) return absl::OkStatus();
  std::vector<SaidOf> said(persons->size());
  if (sight == Sight::kToldOf) {
    LIBMPI_ASSIGN_OR_RETURN(said, SaidOfPersons(network_.registry_, *persons));
  }
  const CivilDate today = DayOf(entry_.unix_milliseconds);
  for (size_t p = 0; p < persons->size(); ++p) {
    const Consent consent = ConsentOn(said[p].statements, today);
    std::erase_if((*persons)[p], [&](const RecordKey& key) {
      return !MaySee(sight, members_->rules, facility_, key.source, consent);
    });
  }
  return absl::OkStatus();
}

absl::Status Network::Call::Sift(std::vector<std::vector<RecordKey>>* persons) const { return SiftAs(sight_, persons); }

absl::Status Network::Call::Told(const std::vector<std::vector<RecordKey>>& persons) {
  for (const std::vector<RecordKey>& keys : persons) entry_.told.insert(entry_.told.end(), keys.begin(), keys.end());
  if (sight_ != Sight::kAll || entry_.by.purpose != Purpose::kEmergency) return absl::OkStatus();
  std::vector<std::vector<RecordKey>> within = persons;
  LIBMPI_RETURN_IF_ERROR(SiftAs(Sight::kToldOf, &within));
  entry_.beyond_consent = entry_.beyond_consent || within != persons;
  return absl::OkStatus();
}

absl::Status Network::Call::See(std::vector<RecordKey>* identifiers) {
  std::vector<std::vector<RecordKey>> person(1);
  person[0] = std::move(*identifiers);
  LIBMPI_RETURN_IF_ERROR(Sift(&person));
  LIBMPI_RETURN_IF_ERROR(Told(person));
  *identifiers = std::move(person[0]);
  return absl::OkStatus();
}

absl::Status Network::Call::ToldOne(const RecordKey& record) {
  entry_.told.push_back(record);
  const bool own = MaySee(Sight::kOwn, members_->rules, facility_, record.source, {});
  if (own || sight_ != Sight::kAll || entry_.by.purpose != Purpose::kEmergency) return absl::OkStatus();
  const absl::StatusOr<CrossReference> found = network_.registry_.Find(record);
  const std::vector<RecordKey> person = found.ok() ? found->identifiers : std::vector{record};
  std::vector<std::vector<RecordKey>> within = {person};
  LIBMPI_RETURN_IF_ERROR(SiftAs(Sight::kToldOf, &within));
  entry_.beyond_consent = within[0] != person;
  return absl::OkStatus();
}

absl::StatusOr<SearchAnswer> Network::Call::ToldOf(absl::StatusOr<SearchAnswer> answer) {
  if (!answer.ok()) return answer;
  std::vector<std::vector<RecordKey>> persons;
  for (const Candidate& c : answer->candidates) persons.push_back(c.identifiers);
  LIBMPI_RETURN_IF_ERROR(Told(persons));
  return answer;
}

bool Network::Call::Owns(const RecordKey& key) const {
  return MaySee(sight_ == Sight::kToldOf ? Sight::kOwn : sight_, members_->rules, facility_, key.source, {});
}

bool Network::Call::MayName(const RecordKey& identifier, const std::vector<RecordKey>& seen) const {
  return Owns(identifier) || std::ranges::any_of(seen, [this](const RecordKey& key) { return !Owns(key); });
}

absl::Status Network::Call::RequireAll() const {
  return sight_ == Sight::kAll
             ? absl::OkStatus()
             : absl::PermissionDeniedError("it is about everybody: no rule of the network allows that");
}

absl::Status Network::Call::RequireSeen(std::initializer_list<const RecordKey*> keys) {
  for (const RecordKey* key : keys) {
    if (Owns(*key)) continue;
    // Of a record without a person, what was said of it decides.
    const absl::StatusOr<CrossReference> person = network_.registry_.Find(*key);
    std::vector<std::vector<RecordKey>> identifiers(1);
    if (person.ok()) identifiers[0] = person->identifiers;
    else if (absl::IsFailedPrecondition(person.status())) identifiers[0] = {*key};
    else return absl::IsNotFound(person.status()) ? NobodyThere() : person.status();
    LIBMPI_RETURN_IF_ERROR(Sift(&identifiers));
    if (!MayName(*key, identifiers[0])) return NobodyThere();
  }
  return absl::OkStatus();
}

bool Network::Call::SeesAllPersons() const {
  return SightOf(members_->rules, entry_.by, facility_, Operation::kFind) == Sight::kAll;
}

void Network::Call::TellOf(const ChangeAnswer& answer) {
  entry_.told.clear();
  for (const RegistryLink& link : answer.links) entry_.told.push_back(link.other);
  for (const PersonMove& move : answer.moves) entry_.told.push_back(move.record);
}

Attribution Network::Call::By() const {
  const Requester& by = entry_.by;
  return {by.facility.empty() ? by.actor : by.facility + "|" + by.actor, by.reason};
}

}  // namespace libmpi
