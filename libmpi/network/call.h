// SPDX-License-Identifier: Apache-2.0
// One call of a network, from who asks to what is told and noted. Internal to libmpi/network.
#ifndef LIBMPI_NETWORK_CALL_H_
#define LIBMPI_NETWORK_CALL_H_

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/network/consent_rows.h"
#include "libmpi/network/network.h"

namespace libmpi {

// The rules and the facilities at one moment. Immutable.
struct Network::Members {
  AccessRules rules;
  SurvivorshipRules survivorship;
  std::map<std::string, Facility> facilities;   // by name
  std::map<std::string, std::string> owner_of;  // by authority: the facility's name
  bool has_tenants = false;                     // some facility is of one
  std::set<std::string> shared;                 // authorities of which any facility that feeds may state identifiers

  const Facility* Of(const Requester& by) const {
    const auto it = facilities.find(by.facility);
    return by.facility.empty() || it == facilities.end() ? nullptr : &it->second;
  }
  // Of the facility whose authority it is; empty: of none.
  std::string_view TenantOf(const std::string& authority) const {
    const auto owner = owner_of.find(authority);
    const auto it = owner == owner_of.end() ? facilities.end() : facilities.find(owner->second);
    return it == facilities.end() ? std::string_view() : it->second.tenant;
  }
};

// Use:
//   Call call(this, by, Operation::kFind, "find", {identifier});
//   return call.Answer([&]() -> absl::StatusOr<CrossReference> { ...call.See(...)... });
class Network::Call {
 public:
  Call(Network* network, const Requester& by, Operation operation, std::string action,
       std::vector<RecordKey> asked = {});

  // Answers a question: refuses what the rules do not allow, and notes what was asked and told before it answers.
  template <typename Ask>
  auto Answer(const Ask& ask) -> decltype(ask()) {
    LIBMPI_RETURN_IF_ERROR(Allow());
    auto answer = ask();
    LIBMPI_RETURN_IF_ERROR(Note(StatusOf(answer)));
    return answer;
  }

  // Whether the rules allow it; a refusal is noted.
  absl::Status Allow();
  // And that all identifiers asked for are the requester's own.
  absl::Status AllowOwn();
  // The same of one of them at least; others may be of shared authorities.
  absl::Status AllowOwnAndShared();
  // And that they see all.
  absl::Status AllowAll();
  // Makes a change, which takes along what notes it in its commit; where it fails, that is noted by itself.
  absl::Status Change(const std::function<absl::Status(const SideChange& note)>& change);
  // What was done, or why not, by itself in the trail. kUnavailable: it can't be noted.
  absl::Status Note(const absl::Status& outcome);

  // The identifier's person, as the registry knows it. A name that an index before gave answers within a tenant by that
  // index's records of the tenant alone; kNotFound where there are none.
  absl::StatusOr<CrossReference> FindPerson(const RecordKey& identifier) const;
  // What was said of consent, as far as it counts for the requester: apart from other tenants, of their own alone.
  absl::StatusOr<std::vector<SaidOf>> Said(std::span<const std::vector<RecordKey>> persons) const;
  // Leaves of what was said of a person what counts so.
  void SiftSaid(SaidOf* said) const;

  // Leaves of each person's identifiers, all of which have to be given, those that may be told of.
  absl::Status Sift(std::vector<std::vector<RecordKey>>* persons) const;
  // Notes what is told of persons, and whether that is more than consent allows.
  absl::Status Told(const std::vector<std::vector<RecordKey>>& persons);
  // Both, of one person.
  absl::Status See(std::vector<RecordKey>* identifiers);
  // The same of one record alone.
  absl::Status ToldOne(const RecordKey& record);
  // For a search, which is told of what its answer has. Not longer than this.
  PersonSift AsSift() const {
    if (SeesEverybody()) return {};
    return [this](std::vector<std::vector<RecordKey>>* persons) { return Sift(persons); };
  }
  absl::StatusOr<SearchAnswer> ToldOf(absl::StatusOr<SearchAnswer> answer);

  // The requester's own, or they see all (within their tenant, where tenants are apart).
  bool Owns(const RecordKey& key) const;
  // Whether the requester is told nothing of some tenants: those that are not theirs.
  bool WithinTenant() const { return within_tenant_; }
  // Whether its facility is of a tenant of which they may be told.
  bool InTenant(const RecordKey& key) const { return InTenant(key.source); }
  bool InTenant(const std::string& authority) const {
    return !within_tenant_ || MayKnowTenant(members_->rules, facility_, members_->TenantOf(authority));
  }
  // Whether a facility is of their tenant, or they are above tenants.
  bool IsOfTenant(const std::string& facility) const;
  // Of the entries of the trail those of the requester's tenant, with its identifiers alone; all, where they see all.
  void SiftEntries(std::vector<AuditEntry>* entries) const;
  // Whether a question may name this identifier of a person of whose identifiers `seen` may be told. It may have been
  // merged into one of them: whoever is told of any that is not their own is told of all.
  bool MayName(const RecordKey& identifier, const std::vector<RecordKey>& seen) const;
  // Of all, whatever tenant.
  bool SeesEverybody() const { return sight_ == Sight::kAll && !within_tenant_; }
  // kPermissionDenied to who does not see all.
  absl::Status RequireAll() const;
  // The same to who does not see all of their tenant.
  absl::Status RequireAllOfTenant() const;
  // kPermissionDenied to who is of a tenant: what is asked for is about all of them.
  absl::Status RequireAboveTenants() const;
  // kNotFound where one of the records may not be told of.
  absl::Status RequireSeen(std::initializer_list<const RecordKey*> keys);
  // Leaves in the answer to a change what it may tell: to who might ask for any person at all (of their tenant) all
  // that it did, to others of their own records alone.
  void SiftChange(ChangeAnswer* answer) const;
  // Notes what the answer to a change tells of.
  void TellOf(const ChangeAnswer& answer);

  Sight sight() const { return sight_; }
  const Members& members() const { return *members_; }
  AuditEntry& entry() { return entry_; }
  Attribution By() const;

 private:
  absl::Status AllowIf(bool allowed);
  absl::Status NoteIn(const ChangeAnswer& answer, SideRows* rows);
  static absl::Status StatusOf(const absl::Status& status) { return status; }
  template <typename T>
  static absl::Status StatusOf(const absl::StatusOr<T>& answer) { return answer.status(); }
  absl::Status SiftAs(Sight sight, std::vector<std::vector<RecordKey>>* persons) const;

  Network& network_;
  const std::shared_ptr<const Members> members_;
  const Facility* const facility_;
  const bool within_tenant_;
  AuditEntry entry_;
  Sight sight_ = Sight::kRefused;
};

// The facility in an actor of the history (Call::By()); empty: the network's office.
inline std::string_view FacilityIn(std::string_view actor) {
  const size_t bar = actor.find('|');
  return bar == std::string_view::npos ? std::string_view() : actor.substr(0, bar);
}

// The same for all that is not there, and for all that may not be told of.
inline absl::Status NobodyThere() { return absl::NotFoundError("no such identifier or person"); }

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_CALL_H_
