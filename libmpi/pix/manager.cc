// SPDX-License-Identifier: Apache-2.0
#include "libmpi/pix/manager.h"

#include <algorithm>
#include <map>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/pix/manager_rep.h"

namespace libmpi::pix {
namespace {

// As the trail calls a message that came to no call of the network's.
constexpr char kMessage[] = "message";

Requester Stranger(const Asked& asked) {
  Requester by;
  by.actor = "unknown";
  by.profession = Profession::kSystem;
  by.purpose = Purpose::kOperations;
  by.request = asked.id;
  by.transaction = asked.transaction;
  by.peer = asked.peer;
  return by;
}

}  // namespace

Manager::Manager(Network* network, Registry* registry, std::shared_ptr<const Directory> directory,
                 const ManagerOptions& options)
    : rep_(std::make_unique<Rep>(network, registry, std::move(directory), options)) {}
Manager::~Manager() { rep_->NoteLeftOut(rep_->strangers.TakeAllLeftOut()); }

void Manager::Rep::NoteRefusal(const Requester& by, Operation operation, const std::string& action,
                               std::vector<RecordKey> asked, Problems* problems) {
  std::string faults;
  for (const Problem& problem : *problems)
    faults += (faults.empty() ? "" : ",") + std::string(FaultName(problem.fault));
  const absl::Status noted = network.NoteFailure(operation, action, std::move(asked), faults, by);
  if (!noted.ok()) *problems = {ProblemOf(noted)};
}

absl::Status Manager::NoteRefusal(const Party& party, Operation operation, const std::string& faults,
                                  const Asked& asked) {
  const AskedFor what = operation == Operation::kFeed ? AskedFor::kFeed : AskedFor::kQuestion;
  return rep_->network.NoteFailure(operation, kMessage, {}, faults, RequesterOf(party, what, asked));
}

// That it is refused does not hang on its entry: nobody was told anything.
void Manager::NoteStranger(Operation operation, const std::string& faults, const Asked& asked) {
  NoteLeftOut();
  if (!rep_->strangers.Take(asked.peer, rep_->registry.Now())) return;
  rep_->network.NoteFailure(operation, kMessage, {}, faults, Stranger(asked)).IgnoreError();
}

void Manager::NoteLeftOut() { rep_->NoteLeftOut(rep_->strangers.TakeLeftOut(rep_->registry.Now())); }

void Manager::Rep::NoteLeftOut(const std::vector<StrangerEntries::LeftOut>& left_out) {
  for (const auto& [address, messages] : left_out)
    network
        .NoteFailure(Operation::kFeed, kMessage, {}, "left_out " + std::to_string(messages),
                     Stranger({"", "", address}))
        .IgnoreError();
}

std::shared_ptr<const Directory> Manager::directory() const { return rep_->Current(); }

void Manager::SetDirectory(std::shared_ptr<const Directory> directory) {
  const std::lock_guard lock(rep_->mutex);
  rep_->directory = std::move(directory);
}

absl::Status Manager::RegisterMembers(const std::vector<Facility>& facilities, const Requester& by) {
  const std::shared_ptr<const Directory> directory = rep_->Current();
  std::map<std::string, AssigningAuthority> known;
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<AssigningAuthority> authorities, rep_->registry.Authorities());
  for (const AssigningAuthority& authority : authorities) known[authority.name] = authority;
  for (const Domain& domain : directory->domains()) {
    if (domain.enterprise) continue;  // the registry's own
    // What else is kept of an authority (who answers for it, how it knows its patients) stays.
    AssigningAuthority wanted = known[domain.name];
    wanted.name = domain.name;
    wanted.oid = domain.authority.universal_id;
    wanted.facility = domain.facility;
    const auto it = known.find(domain.name);
    const bool same =
        it->second.name == wanted.name && it->second.oid == wanted.oid && it->second.facility == wanted.facility;
    if (!same) LIBMPI_RETURN_IF_ERROR(rep_->network.PutAuthority(wanted, by));
  }
  std::vector<std::string> shared;
  for (const Domain& domain : directory->domains())
    if (domain.shared) shared.push_back(domain.name);
  std::ranges::sort(shared);
  if (shared != rep_->network.shared_authorities())
    LIBMPI_RETURN_IF_ERROR(rep_->network.SetSharedAuthorities(shared, by));
  const std::vector<Facility> registered = rep_->network.facilities();
  for (Facility facility : facilities) {
    facility.authorities.clear();
    for (const Domain& domain : directory->domains())
      if (domain.facility == facility.name) facility.authorities.push_back(domain.name);
    if (std::ranges::find(registered, facility) == registered.end())
      LIBMPI_RETURN_IF_ERROR(rep_->network.PutFacility(facility, by));
  }
  return absl::OkStatus();
}

bool Manager::Cancel(const Party& party, const std::string& tag) {
  return rep_->continuations.Cancel(party.name, tag, rep_->registry.Now());
}

Requester RequesterOf(const Party& party, AskedFor what, const Asked& message) {
  Requester by;
  by.actor = party.name;
  by.facility = party.member;
  by.application = party.application;
  by.profession = party.profession;
  by.purpose = what == AskedFor::kFeed ? party.feed_purpose : party.question_purpose;
  by.request = message.id;
  by.transaction = message.transaction;
  by.peer = message.peer;
  return by;
}

std::optional<Problem> KeyOf(const Directory& directory, const Identifier& identifier, size_t which, RecordKey* key) {
  if (identifier.value.empty()) return Problem{Fault::kNoIdentifier, which, "the identifier has no value"};
  const std::variant<const Domain*, Fault> domain = directory.DomainOf(identifier.authority);
  if (const Fault* const fault = std::get_if<Fault>(&domain)) {
    switch (*fault) {
      case Fault::kNoAuthority: return Problem{*fault, which, "the identifier has no assigning authority"};
      case Fault::kIncompleteAuthority:
        return Problem{*fault, which, "a universal ID needs its type, and a type its ID"};
      case Fault::kContradictoryAuthority:
        return Problem{*fault, which, "namespace and universal ID name different assigning authorities"};
      default: return Problem{*fault, which, "the assigning authority is not known"};
    }
  }
  *key = {std::get<const Domain*>(domain)->name, identifier.value};
  return std::nullopt;
}

std::optional<Identifier> IdentifierOf(const Directory& directory, const RecordKey& key) {
  const Domain* const domain = directory.FindDomain(key.source);
  if (domain == nullptr || domain->enterprise) return std::nullopt;
  return Identifier{key.record_id, domain->authority, ""};
}

Problem ProblemOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kPermissionDenied:
      return {Fault::kNotAllowed, 0, "the rules of the network do not allow it"};
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kAborted: return {Fault::kUnavailable, 0, "the registry can't be written or read just now"};
    default:
      return {Fault::kInternal, 0, "the registry refused it: " + std::string(absl::StatusCodeToString(status.code()))};
  }
}

}  // namespace libmpi::pix
