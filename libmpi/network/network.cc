// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/network.h"

#include <algorithm>
#include <map>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/call.h"
#include "libmpi/network/facility_rows.h"
#include "libmpi/network/rows.h"

namespace libmpi {
namespace {

absl::Status CheckFacility(const Facility& facility) {
  const auto plain = [](const std::string& name) { return !name.empty() && name.find('\0') == std::string::npos; };
  if (!plain(facility.name)) return absl::InvalidArgumentError("a facility needs a name, without zero bytes");
  if (!std::ranges::all_of(facility.authorities, plain))
    return absl::InvalidArgumentError("an assigning authority needs a name, without zero bytes");
  return absl::OkStatus();
}

}  // namespace

Network::~Network() = default;

absl::StatusOr<std::unique_ptr<Network>> Network::Open(Registry* registry, const NetworkOptions& options) {
  std::unique_ptr<Network> network(new Network(registry, options));
  LIBMPI_RETURN_IF_ERROR(network->LoadMembers());
  return network;
}

absl::StatusOr<bool> Network::IsNetwork(const Registry& registry) {
  bool any = false;
  LIBMPI_RETURN_IF_ERROR(registry.ReadSide([&](const SideReader& rows) -> absl::Status {
    std::optional<std::string> text;
    const absl::Status read = rows.Read(RowKey(NetworkRow::kRules), &text);
    any = text.has_value();
    if (any || !read.ok()) return read;
    return rows.Scan(RowKey(NetworkRow::kFacility), [&](std::string_view, std::string_view) {
      any = true;
      return false;
    });
  }));
  return any;
}

absl::Status Network::Admit(Operation operation, const std::string& action, const Requester& by) {
  Call call(this, by, operation, action);
  return call.Answer([&] { return call.RequireAll(); });
}

absl::Status Network::NoteFailure(Operation operation, const std::string& action, std::vector<RecordKey> asked,
                                  const std::string& detail, const Requester& by) {
  Call call(this, by, operation, action, std::move(asked));
  call.entry().detail = detail;
  call.entry().outcome = AuditOutcome::kFailed;
  return call.Note(absl::OkStatus());
}

std::shared_ptr<const Network::Members> Network::members() const {
  const std::lock_guard lock(mutex_);
  return members_;
}

absl::Status Network::LoadMembers() {
  auto members = std::make_shared<Members>();
  const auto load = [&](const SideReader& rows) -> absl::Status {
    std::optional<std::string> text;
    LIBMPI_RETURN_IF_ERROR(rows.Read(RowKey(NetworkRow::kRules), &text));
    members->rules = AccessRules::Default();
    if (text) {
      LIBMPI_ASSIGN_OR_RETURN(members->rules, AccessRulesOfJson(*text));
    }
    LIBMPI_RETURN_IF_ERROR(rows.Read(RowKey(NetworkRow::kSurvivorship), &text));
    if (text) LIBMPI_RETURN_IF_ERROR(ParseSurvivorship(*text, &members->survivorship));
    LIBMPI_RETURN_IF_ERROR(ReadFacilities(rows, &members->facilities));
    for (const auto& [name, facility] : members->facilities) {
      for (const std::string& authority : facility.authorities) members->owner_of[authority] = name;
      members->has_tenants = members->has_tenants || !facility.tenant.empty();
    }
    const std::string shared = RowKey(NetworkRow::kShared);
    return rows.Scan(shared, [&](std::string_view key, std::string_view) {
      members->shared.emplace(key.substr(shared.size()));
      return true;
    });
  };
  LIBMPI_RETURN_IF_ERROR(registry_.ReadSide(load));
  const std::lock_guard lock(mutex_);
  members_ = std::move(members);
  return absl::OkStatus();
}

AccessRules Network::rules() const { return members()->rules; }

std::vector<Facility> Network::facilities() const {
  std::vector<Facility> all;
  for (const auto& [name, facility] : members()->facilities) all.push_back(facility);
  return all;
}

absl::Status Network::Administer(Call* call, const SideChange& change) {
  LIBMPI_RETURN_IF_ERROR(call->Allow());
  const auto administer = [&](const SideChange& note) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(call->RequireAboveTenants());
    return registry_.WriteSide([&](const ChangeAnswer& none, SideRows* rows) {
      const absl::Status changed = change(none, rows);
      return changed.ok() ? note(none, rows) : changed;
    });
  };
  LIBMPI_RETURN_IF_ERROR(call->Change(administer));
  return LoadMembers();
}

absl::Status Network::SetRules(const AccessRules& rules, const Requester& by) {
  Call call(this, by, Operation::kAdminister, "set_rules");
  const std::string text = ToJson(rules);
  return Administer(&call, [&](const ChangeAnswer&, SideRows* rows) {
    rows->Put(RowKey(NetworkRow::kRules), text);
    return absl::OkStatus();
  });
}

SurvivorshipRules Network::survivorship() const { return members()->survivorship; }

absl::Status Network::SetSurvivorship(const SurvivorshipRules& rules, const Requester& by) {
  Call call(this, by, Operation::kAdminister, "set_survivorship");
  const std::string text = ToText(rules);
  return Administer(&call, [&](const ChangeAnswer&, SideRows* rows) {
    rows->Put(RowKey(NetworkRow::kSurvivorship), text);
    return absl::OkStatus();
  });
}

absl::Status Network::PutFacility(const Facility& facility, const Requester& by) {
  Call call(this, by, Operation::kAdminister, "put_facility");
  call.entry().detail = facility.name;
  return Administer(&call, [&](const ChangeAnswer&, SideRows* rows) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(CheckFacility(facility));
    std::map<std::string, Facility> others;
    LIBMPI_RETURN_IF_ERROR(ReadFacilities(*rows, &others));
    for (const auto& [name, other] : others)
      if (name != facility.name &&
          std::ranges::find_first_of(other.authorities, facility.authorities) != other.authorities.end())
        return absl::FailedPreconditionError("one of the authorities is another facility's: change that one first");
    WriteFacility(facility, rows);
    return absl::OkStatus();
  });
}

std::vector<std::string> Network::shared_authorities() const {
  const std::shared_ptr<const Members> now = members();
  return {now->shared.begin(), now->shared.end()};
}

absl::Status Network::SetSharedAuthorities(const std::vector<std::string>& names, const Requester& by) {
  Call call(this, by, Operation::kAdminister, "set_shared_authorities");
  const std::set<std::string> before = members()->shared;
  return Administer(&call, [&](const ChangeAnswer&, SideRows* rows) -> absl::Status {
    if (std::ranges::find(names, std::string()) != names.end())
      return absl::InvalidArgumentError("an assigning authority needs a name");
    for (const std::string& name : before) rows->Delete(RowKey(NetworkRow::kShared, name));
    for (const std::string& name : names) rows->Put(RowKey(NetworkRow::kShared, name), {});
    return absl::OkStatus();
  });
}

absl::Status Network::PutAuthority(const AssigningAuthority& authority, const Requester& by) {
  Call call(this, by, Operation::kAdminister, "put_authority");
  call.entry().detail = authority.name;
  LIBMPI_RETURN_IF_ERROR(call.Allow());
  return call.Change([&](const SideChange& note) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(call.RequireAboveTenants());
    return registry_.PutAuthority(authority, call.By(), note);
  });
}

}  // namespace libmpi
