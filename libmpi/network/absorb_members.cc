// SPDX-License-Identifier: Apache-2.0
// Authorities, indexes and facilities of a registry that is absorbed: whose they are, and what stands in the way.
#include <algorithm>
#include <map>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/absorption.h"
#include "libmpi/network/facility_rows.h"
#include "libmpi/network/network.h"
#include "libmpi/network/rows.h"

namespace libmpi {
namespace {

using Kind = AbsorbConflict::Kind;
using Sources = std::vector<std::string>;

bool Has(const Sources& sources, const std::string& name) { return std::ranges::binary_search(sources, name); }

// Authorities of several absorbed registries, or of one and this: by no registry's name.
std::string SharedKey(const std::string& authority) { return RowKey(NetworkRow::kAbsorb, '\0' + authority); }

bool SaysTheSame(const AssigningAuthority& x, const AssigningAuthority& y) {
  return x.oid == y.oid && x.facility == y.facility && x.owner == y.owner && x.trust == y.trust;
}

bool OidsDiffer(const AssigningAuthority& x, const AssigningAuthority& y) {
  return !x.oid.empty() && !y.oid.empty() && x.oid != y.oid;
}

absl::StatusOr<std::map<std::string, AssigningAuthority>> AuthoritiesOf(const Registry& registry) {
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<AssigningAuthority> list, registry.Authorities());
  std::map<std::string, AssigningAuthority> authorities;
  for (const AssigningAuthority& authority : list) authorities[authority.name] = authority;
  return authorities;
}

using Facilities = std::map<std::string, Facility>;

absl::StatusOr<Facilities> FacilitiesOf(const Registry& registry) {
  Facilities facilities;
  LIBMPI_RETURN_IF_ERROR(registry.ReadSide([&](const SideReader& rows) { return ReadFacilities(rows, &facilities); }));
  return facilities;
}

// As facilities were brought, packed, by name.
using LastBrought = std::map<std::string, std::string>;

// As it would stand here. Of which tenant it is need not be said each time.
absl::StatusOr<Facility> Brought(Facility facility, const std::string& tenant, const LastBrought& last) {
  if (!facility.tenant.empty()) return facility;
  facility.tenant = tenant;
  const auto it = last.find(facility.name);
  if (!tenant.empty() || it == last.end()) return facility;
  Facility before;
  LIBMPI_RETURN_IF_ERROR(Unpack(it->second, &before));
  facility.tenant = before.tenant;
  return facility;
}

class ConflictSearch {
 public:
  explicit ConflictSearch(Absorption* a) : a_(*a) {}

  absl::Status Run() {
    LIBMPI_RETURN_IF_ERROR(ReadBoth());
    CheckName();
    LIBMPI_RETURN_IF_ERROR(CheckNetworks());
    LIBMPI_RETURN_IF_ERROR(CheckSources());
    LIBMPI_RETURN_IF_ERROR(CheckAuthorities());
    CheckIndexes();
    return a_.both_are_networks ? CheckFacilities() : absl::OkStatus();
  }

 private:
  absl::Status ReadBoth() {
    using enum Registry::SourceOf;
    LIBMPI_ASSIGN_OR_RETURN(here_, a_.into.Sources(kRecords));
    LIBMPI_ASSIGN_OR_RETURN(there_, a_.other.Sources(kRecords));
    LIBMPI_ASSIGN_OR_RETURN(indexes_here_, a_.into.Sources(kAliases));
    LIBMPI_ASSIGN_OR_RETURN(indexes_there_, a_.other.Sources(kAliases));
    LIBMPI_ASSIGN_OR_RETURN(authorities_, a_.rows.All(a_.into, AbsorbRow::kAuthority));
    LIBMPI_ASSIGN_OR_RETURN(indexes_, a_.rows.All(a_.into, AbsorbRow::kIndex));
    return absl::OkStatus();
  }

  void Find(Kind kind, const std::string& name, std::string what) {
    a_.answer.conflicts.push_back({kind, name, std::move(what)});
  }

  void CheckName() {
    const std::string& name = a_.options.name;
    if (Has(here_, name) || Has(there_, name)) Find(Kind::kName, name, "is a source of records");
    else if (Has(indexes_there_, name)) Find(Kind::kName, name, "is an index whose names of persons the other has");
    else if (a_.head.fingerprint.empty() && Has(indexes_here_, name))
      Find(Kind::kName, name, "is an index whose names of persons are here");
    else if (!a_.head.fingerprint.empty() && a_.head.fingerprint != a_.other.Fingerprint())
      Find(Kind::kName, name, "is the name of another registry that was absorbed");
  }

  absl::Status CheckNetworks() {
    LIBMPI_ASSIGN_OR_RETURN(a_.into_is_network, Network::IsNetwork(a_.into));
    LIBMPI_ASSIGN_OR_RETURN(const bool other, Network::IsNetwork(a_.other));
    a_.both_are_networks = a_.into_is_network && other;
    if (a_.into.Fingerprint() == a_.other.Fingerprint())
      Find(Kind::kRegistry, a_.options.name, "is this registry itself, or a copy of it");
    if (other && !a_.into_is_network)
      Find(Kind::kRegistry, a_.options.name,
           "is a network's, and this is not: what was said of consent would be lost; register a facility here first");
    return absl::OkStatus();
  }

  absl::Status CheckSources() {
    const size_t skip = SharedKey({}).size();
    LIBMPI_RETURN_IF_ERROR(a_.into.ReadSide([&](const SideReader& rows) {
      return rows.Scan(SharedKey({}), [&](std::string_view key, std::string_view) {
        a_.shared.emplace(key.substr(skip));
        return true;
      });
    }));
    for (const std::string& name : there_) {
      if (authorities_.contains(name) || !Has(here_, name)) continue;
      if (a_.options.same_authorities) a_.shared.insert(name);
      else Find(Kind::kAuthority, name, "has records in both: say whether it is one and the same");
    }
    return absl::OkStatus();
  }

  absl::Status CheckAuthorities() {
    LIBMPI_ASSIGN_OR_RETURN(const auto here, AuthoritiesOf(a_.into));
    LIBMPI_ASSIGN_OR_RETURN(const auto there, AuthoritiesOf(a_.other));
    for (const auto& [name, authority] : there) {
      const auto it = here.find(name);
      if (it == here.end() || SaysTheSame(it->second, authority)) continue;
      if (authorities_.contains(name) && !a_.shared.contains(name)) continue;  // the other's to say
      if (OidsDiffer(it->second, authority)) Find(Kind::kAuthority, name, "has another OID here");
      else if (a_.options.same_authorities) a_.shared.insert(name);  // what is known of it here stands
      else if (!authorities_.contains(name))
        Find(Kind::kAuthority, name, "is registered here, and not as it is there");
    }
    return absl::OkStatus();
  }

  void CheckIndexes() {
    for (const std::string& name : indexes_there_) {
      if (Has(here_, name)) Find(Kind::kIndex, name, "is a source of records here");
      if (!Has(indexes_here_, name)) continue;
      const auto mark = indexes_.find(name);
      if (mark == indexes_.end() && !a_.options.same_authorities)
        Find(Kind::kIndex, name, "has names of persons in both: say whether it is one and the same");
      else if (mark == indexes_.end() || mark->second == "s")
        a_.shared_indexes.insert(name);
    }
  }

  absl::Status CheckFacilities() {
    LIBMPI_ASSIGN_OR_RETURN(const Facilities here, FacilitiesOf(a_.into));
    LIBMPI_ASSIGN_OR_RETURN(const Facilities there, FacilitiesOf(a_.other));
    LIBMPI_ASSIGN_OR_RETURN(const auto brought, a_.rows.All(a_.into, AbsorbRow::kFacility));
    for (const auto& [name, facility] : there) {
      LIBMPI_ASSIGN_OR_RETURN(const Facility as_here, Brought(facility, a_.options.tenant, brought));
      CheckFacility(as_here, here, brought);
    }
    return absl::OkStatus();
  }

  void CheckFacility(const Facility& facility, const Facilities& here, const LastBrought& brought) {
    for (const auto& [name, other] : here)
      if (name != facility.name &&
          std::ranges::find_first_of(other.authorities, facility.authorities) != other.authorities.end())
        Find(Kind::kFacility, facility.name, "has an authority that is that of " + name + " here");
    const auto it = here.find(facility.name);
    if (it == here.end() || it->second == facility) return;
    const auto last = brought.find(facility.name);
    if (last == brought.end()) Find(Kind::kFacility, facility.name, "is another one here");
    else if (last->second != Pack(it->second) && last->second != Pack(facility))
      Find(Kind::kFacility, facility.name, "was changed both here and there");
  }

  Absorption& a_;
  Sources here_, there_, indexes_here_, indexes_there_;
  std::map<std::string, std::string> authorities_, indexes_;  // marked as the other's
};

absl::Status AbsorbAuthorities(Absorption* a) {
  LIBMPI_ASSIGN_OR_RETURN(const auto here, AuthoritiesOf(a->into));
  LIBMPI_ASSIGN_OR_RETURN(const auto there, AuthoritiesOf(a->other));
  for (const auto& [name, authority] : there) {
    const auto it = here.find(name);
    if (it != here.end() && (SaysTheSame(it->second, authority) || a->shared.contains(name))) continue;
    ++a->answer.authorities;
    if (!a->options.dry_run) LIBMPI_RETURN_IF_ERROR(a->into.PutAuthority(authority, a->by));
  }
  return absl::OkStatus();
}

absl::Status BringFacility(Absorption* a, const Facility& facility, const Facilities& here,
                           const LastBrought& brought) {
  const std::string bytes = Pack(facility);
  const auto it = here.find(facility.name);
  const auto last = brought.find(facility.name);
  const bool is_here = it != here.end() && it->second == facility;
  // Where only this network has changed it since, that stands.
  const bool changed_here = it != here.end() && last != brought.end() && last->second == bytes;
  if (!is_here && !changed_here) ++a->answer.facilities;
  if (a->options.dry_run || (last != brought.end() && last->second == bytes)) return absl::OkStatus();
  return a->into.WriteSide([&](const ChangeAnswer&, SideRows* rows) {
    if (!is_here) WriteFacility(facility, rows);
    rows->Put(a->rows.Key(AbsorbRow::kFacility, facility.name), bytes);
    return absl::OkStatus();
  });
}

}  // namespace

std::string_view AbsorbConflictName(Kind kind) {
  switch (kind) {
    case Kind::kName: return "name";
    case Kind::kRegistry: return "registry";
    case Kind::kAuthority: return "authority";
    case Kind::kFacility: return "facility";
    case Kind::kIndex: return "index";
  }
  return "";
}

absl::Status FindConflicts(Absorption* a) { return ConflictSearch(a).Run(); }

absl::Status ClaimName(Absorption* a) {
  LIBMPI_ASSIGN_OR_RETURN(const Sources sources, a->other.Sources(Registry::SourceOf::kRecords));
  LIBMPI_ASSIGN_OR_RETURN(const Sources indexes, a->other.Sources(Registry::SourceOf::kAliases));
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<AssigningAuthority> authorities, a->other.Authorities());
  return a->into.WriteSide([&](const ChangeAnswer&, SideRows* rows) {
    AbsorbHead head = a->head;
    head.fingerprint = a->other.Fingerprint();
    rows->Put(a->rows.Key(AbsorbRow::kHead), Pack(head));
    const auto mark = [&](AbsorbRow row, const std::string& name, bool shared) {
      rows->Put(a->rows.Key(row, name), shared ? "s" : "o");
    };
    for (const std::string& name : sources) mark(AbsorbRow::kAuthority, name, a->shared.contains(name));
    for (const AssigningAuthority& authority : authorities)
      mark(AbsorbRow::kAuthority, authority.name, a->shared.contains(authority.name));
    for (const std::string& name : indexes) mark(AbsorbRow::kIndex, name, a->shared_indexes.contains(name));
    for (const std::string& name : a->shared) rows->Put(SharedKey(name), "s");
    return absl::OkStatus();
  });
}

absl::Status AbsorbMembers(Absorption* a) {
  LIBMPI_RETURN_IF_ERROR(AbsorbAuthorities(a));
  if (!a->both_are_networks) return absl::OkStatus();
  LIBMPI_ASSIGN_OR_RETURN(const Facilities here, FacilitiesOf(a->into));
  LIBMPI_ASSIGN_OR_RETURN(const Facilities there, FacilitiesOf(a->other));
  LIBMPI_ASSIGN_OR_RETURN(const auto brought, a->rows.All(a->into, AbsorbRow::kFacility));
  for (const auto& [name, facility] : there) {
    LIBMPI_ASSIGN_OR_RETURN(const Facility as_here, Brought(facility, a->options.tenant, brought));
    LIBMPI_RETURN_IF_ERROR(BringFacility(a, as_here, here, brought));
  }
  return absl::OkStatus();
}

}  // namespace libmpi
