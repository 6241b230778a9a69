// SPDX-License-Identifier: Apache-2.0
// Taking another registry into this network's.
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "libmpi/network/absorb.h"
#include "libmpi/network/call.h"
#include "libmpi/network/facility_rows.h"
#include "libmpi/network/rows.h"

namespace libmpi {
namespace {

// Whether the other network's own rules let them administer it. Nothing is noted there, as nothing is written there.
absl::Status AllowedThere(const Registry& other, const Requester& by) {
  std::optional<std::string> text;
  std::map<std::string, Facility> facilities;
  LIBMPI_RETURN_IF_ERROR(other.ReadSide([&](const SideReader& rows) {
    const absl::Status read = rows.Read(RowKey(NetworkRow::kRules), &text);
    return read.ok() ? ReadFacilities(rows, &facilities) : read;
  }));
  if (!text && facilities.empty()) return absl::OkStatus();  // no network's
  AccessRules rules = AccessRules::Default();
  if (text) {
    LIBMPI_ASSIGN_OR_RETURN(rules, AccessRulesOfJson(*text));
  }
  const auto it = by.facility.empty() ? facilities.end() : facilities.find(by.facility);
  const Facility* const facility = it == facilities.end() ? nullptr : &it->second;
  bool all = SightOf(rules, by, facility, Operation::kAdminister) == Sight::kAll;
  for (const auto& [name, of] : facilities) all = all && MayKnowTenant(rules, facility, of.tenant);
  return all ? absl::OkStatus() : absl::PermissionDeniedError("the other network's rules do not allow that");
}

// Where a trail stands that can't be written to.
absl::StatusOr<std::string> TrailOf(const Registry& other) {
  AuditHead head;
  LIBMPI_RETURN_IF_ERROR(other.ReadSide([&](const SideReader& rows) -> absl::Status {
    LIBMPI_ASSIGN_OR_RETURN(head, AuditHeadOf(rows));
    return absl::OkStatus();
  }));
  return head.trail.empty() ? std::string() : ", its trail " + head.trail + " at entry " + std::to_string(head.entries);
}

std::string DetailOf(const AbsorbAnswer& a) {
  return ": " + std::to_string(a.records) + " records looked at, " + std::to_string(a.created) + " created, " +
         std::to_string(a.revised) + " revised, " + std::to_string(a.held) + " held, " + std::to_string(a.refused) +
         " refused; " + std::to_string(a.decided) + " decisions, " + std::to_string(a.statements) +
         " statements of consent, " + std::to_string(a.facilities) + " facilities";
}

}  // namespace

absl::StatusOr<AbsorbAnswer> Network::Absorb(const Registry& other, AbsorbOptions options, const Requester& by) {
  const std::string what = options.name + (options.dry_run ? ", dry run" : "");
  Call begins(this, by, Operation::kAdminister, "absorb");
  begins.entry().detail = what;
  const auto may_they = [&] {
    const absl::Status here = begins.RequireAll();
    return here.ok() ? AllowedThere(other, by) : here;
  };
  LIBMPI_RETURN_IF_ERROR(begins.Answer(may_they));
  options.as = by;
  Call ends(this, by, Operation::kAdminister, "absorbed");
  ends.entry().detail = what;
  return ends.Answer([&]() -> absl::StatusOr<AbsorbAnswer> {
    LIBMPI_ASSIGN_OR_RETURN(const std::string trail, TrailOf(other));
    ends.entry().detail += trail;
    absl::StatusOr<AbsorbAnswer> answer = libmpi::Absorb(&registry_, other, options, ends.By());
    LIBMPI_RETURN_IF_ERROR(LoadMembers());
    if (answer.ok()) ends.entry().detail += DetailOf(*answer);
    return answer;
  });
}

}  // namespace libmpi
