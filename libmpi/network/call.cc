// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/call.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace libmpi {
namespace {

// Of a change that made one person of several: whether it did so of the records that its answer tells of.
bool MergedTold(const std::vector<RecordKey>& about, const ChangeAnswer& answer) {
  std::map<RecordKey, std::optional<EnterpriseId>> before;
  for (const PersonMove& move : answer.moves) before.emplace(move.record, move.before);
  for (const RecordKey& record : about) before.emplace(record, answer.person);
  for (const RegistryLink& link : answer.links)
    if (link.linked) before.emplace(link.other, link.person);
  if (about.size() == 1) before.erase(about[0]);  // one record comes to others: only those were several
  std::set<EnterpriseId> persons;
  for (const auto& [record, person] : before)
    if (person) persons.insert(*person);
  return persons.size() > 1;
}

// What else it made of its record then.
PersonOutcome OutcomeOfMove(const std::vector<RecordKey>& about, const ChangeAnswer& answer) {
  for (const PersonMove& move : answer.moves)
    if (!about.empty() && move.record == about[0]) return move.before ? PersonOutcome::kMoved : PersonOutcome::kJoined;
  return PersonOutcome::kNone;
}

// Leaves in the answer to a change about some records the links and moves of those that its reader may be told of, and
// an outcome as if there were no others.
template <typename MayTell>
void LeaveTold(const std::vector<RecordKey>& about, const MayTell& may_tell, ChangeAnswer* answer) {
  std::erase_if(answer->links, [&](const RegistryLink& link) { return !may_tell(link.other); });
  std::erase_if(answer->moves, [&](const PersonMove& move) { return !may_tell(move.record); });
  if (answer->outcome == PersonOutcome::kMerged && !MergedTold(about, *answer))
    answer->outcome = OutcomeOfMove(about, *answer);
  if (std::ranges::any_of(answer->links, &RegistryLink::linked) || answer->moves.size() > 1) return;
  // That it came to somebody, or left them, would tell of them.
  if (answer->outcome == PersonOutcome::kJoined) answer->outcome = PersonOutcome::kCreated;
  if (answer->outcome == PersonOutcome::kMoved || answer->outcome == PersonOutcome::kMerged ||
      answer->outcome == PersonOutcome::kSplit)
    answer->outcome = PersonOutcome::kNone;
}

}  // namespace

Network::Call::Call(Network* network, const Requester& by, Operation operation, std::string action,
                    std::vector<RecordKey> asked)
    : network_(*network), members_(network->members()), facility_(members_->Of(by)),
      within_tenant_(facility_ != nullptr && members_->rules.tenants_apart && members_->has_tenants) {
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
  return AllowIf(std::ranges::all_of(entry_.asked, [this](const RecordKey& key) { return Owns(key); }));
}

absl::Status Network::Call::AllowOwnAndShared() {
  LIBMPI_RETURN_IF_ERROR(Allow());
  const auto owns = [this](const RecordKey& key) { return Owns(key); };
  const auto may = [&](const RecordKey& key) { return owns(key) || members_->shared.contains(key.source); };
  return AllowIf(std::ranges::all_of(entry_.asked, may) && std::ranges::any_of(entry_.asked, owns));
}

absl::Status Network::Call::AllowIf(bool allowed) {
  if (allowed) return absl::OkStatus();
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
      [this](const ChangeAnswer& none, SideRows* rows) { return NoteIn(none, rows); }, network_.options_.noted);
  if (noted.ok() || absl::IsInvalidArgument(noted)) return noted;
  return absl::UnavailableError("the audit trail can't be written, so nothing is told: " +
                                std::string(noted.message()));
}

absl::Status Network::Call::NoteIn(const ChangeAnswer& answer, SideRows* rows) {
  entry_.event = answer.event;
  return AppendAudit(&entry_, rows);
}

absl::StatusOr<CrossReference> Network::Call::FindPerson(const RecordKey& identifier) const {
  absl::StatusOr<CrossReference> found = network_.registry_.Find(identifier);
  const bool named = found.ok() ? found->by_alias : absl::IsFailedPrecondition(found.status());
  if (!within_tenant_ || !named) return found;
  const absl::StatusOr<std::vector<RecordKey>> records = network_.registry_.AliasOf(identifier);
  if (!records.ok()) return found.ok() ? records.status() : found;  // a record that is not live, by its own identifier
  absl::StatusOr<CrossReference> first = NobodyThere();
  for (const RecordKey& record : *records) {
    if (!InTenant(record)) continue;
    absl::StatusOr<CrossReference> person = network_.registry_.Find(record);
    if (person.ok()) {
      person->by_alias = true;
      person->redirected = false;
      return person;
    }
    if (absl::IsNotFound(first.status())) first = std::move(person);
  }
  return first;
}

absl::StatusOr<std::vector<SaidOf>> Network::Call::Said(std::span<const std::vector<RecordKey>> persons) const {
  absl::StatusOr<std::vector<SaidOf>> said = SaidOfPersons(network_.registry_, persons);
  if (said.ok())
    for (SaidOf& of : *said) SiftSaid(&of);
  return said;
}

void Network::Call::SiftSaid(SaidOf* said) const {
  if (!within_tenant_) return;
  SaidOf own;
  for (size_t i = 0; i < said->statements.size(); ++i) {
    // What was carried from another tenant's identifier was said to that tenant.
    const std::optional<RecordKey>& from = said->statements[i].carried_from;
    if (!InTenant(said->identifiers[i]) || (from && !InTenant(*from))) continue;
    own.identifiers.push_back(std::move(said->identifiers[i]));
    own.statements.push_back(std::move(said->statements[i]));
  }
  *said = std::move(own);
}

absl::Status Network::Call::SiftAs(Sight sight, std::vector<std::vector<RecordKey>>* persons) const {
  if (sight == Sight::kAll && !within_tenant_) return absl::OkStatus();
  std::vector<SaidOf> said(persons->size());
  if (sight == Sight::kToldOf) {
    LIBMPI_ASSIGN_OR_RETURN(said, Said(*persons));
  }
  const CivilDate today = DayOf(entry_.unix_milliseconds);
  for (size_t p = 0; p < persons->size(); ++p) {
    const Consent consent = ConsentOn(said[p].statements, today);
    std::erase_if((*persons)[p], [&](const RecordKey& key) {
      return !MaySee(sight, members_->rules, facility_, key.source, members_->TenantOf(key.source), consent);
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
  const bool own =
      MaySee(Sight::kOwn, members_->rules, facility_, record.source, members_->TenantOf(record.source), {});
  if (own || sight_ != Sight::kAll || entry_.by.purpose != Purpose::kEmergency) return absl::OkStatus();
  const absl::StatusOr<CrossReference> found = network_.registry_.Find(record);
  std::vector<RecordKey> person = found.ok() ? found->identifiers : std::vector{record};
  std::erase_if(person, [this](const RecordKey& key) { return !InTenant(key); });
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
  return MaySee(sight_ == Sight::kToldOf ? Sight::kOwn : sight_, members_->rules, facility_, key.source,
                members_->TenantOf(key.source), {});
}

bool Network::Call::IsOfTenant(const std::string& facility) const {
  if (!within_tenant_) return true;
  const auto it = members_->facilities.find(facility);
  return it != members_->facilities.end() && MayKnowTenant(members_->rules, facility_, it->second.tenant);
}

void Network::Call::SiftEntries(std::vector<AuditEntry>* entries) const {
  if (!within_tenant_) return;
  const auto elsewhere = [this](const RecordKey& key) { return !InTenant(key); };
  std::erase_if(*entries, [&](AuditEntry& entry) {
    const size_t named = entry.asked.size() + entry.told.size();
    std::erase_if(entry.asked, elsewhere);
    std::erase_if(entry.told, elsewhere);
    if (IsOfTenant(entry.by.facility)) return false;
    if (entry.asked.size() + entry.told.size() < named) entry.detail.clear();
    // Of others' entries those that were told of the tenant's records; the office's also where it only asked for them.
    return entry.told.empty() && (entry.asked.empty() || !entry.by.facility.empty());
  });
}

bool Network::Call::MayName(const RecordKey& identifier, const std::vector<RecordKey>& seen) const {
  if (Owns(identifier)) return true;
  return InTenant(identifier) && std::ranges::any_of(seen, [this](const RecordKey& key) { return !Owns(key); });
}

absl::Status Network::Call::RequireAll() const {
  LIBMPI_RETURN_IF_ERROR(RequireAllOfTenant());
  return RequireAboveTenants();
}

absl::Status Network::Call::RequireAllOfTenant() const {
  return sight_ == Sight::kAll
             ? absl::OkStatus()
             : absl::PermissionDeniedError("it is about everybody: no rule of the network allows that");
}

absl::Status Network::Call::RequireAboveTenants() const {
  return !within_tenant_ ? absl::OkStatus()
                         : absl::PermissionDeniedError("it is about all tenants: for the network's own office");
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

void Network::Call::SiftChange(ChangeAnswer* answer) const {
  if (SightOf(members_->rules, entry_.by, facility_, Operation::kFind) == Sight::kAll) {
    if (within_tenant_) LeaveTold(entry_.asked, [this](const RecordKey& key) { return InTenant(key); }, answer);
    return;
  }
  // A pair under review is nobody's business but the stewards'. Who else knows the person is for Find() to tell, which
  // asks for consent.
  std::erase_if(answer->links, [](const RegistryLink& link) { return !link.linked; });
  LeaveTold(entry_.asked, [this](const RecordKey& key) { return Owns(key); }, answer);
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
