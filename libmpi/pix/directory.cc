// SPDX-License-Identifier: Apache-2.0
#include "libmpi/pix/directory.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "libmpi/base/status_macros.h"

namespace libmpi::pix {
namespace {

constexpr std::string_view kOidUrn = "urn:oid:";

std::string Upper(std::string_view text) { return absl::AsciiStrToUpper(ToAbsl(text)); }

// A universal ID and its type as a key; a URN is an ID of type ISO, whatever type is said or not.
std::string UniversalKey(std::string_view id, std::string_view type) {
  if (id.size() > kOidUrn.size() && absl::AsciiStrToLower(ToAbsl(id.substr(0, kOidUrn.size()))) == std::string(kOidUrn))
    return "ISO " + std::string(id.substr(kOidUrn.size()));
  return Upper(type) + " " + std::string(id);
}
bool IsUrn(std::string_view id) { return UniversalKey(id, "").front() != ' '; }

absl::Status Wrong(std::string_view what, std::string_view name, std::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(ToAbsl(what), " \"", ToAbsl(name), "\" ", ToAbsl(why)));
}

const size_t* FindIn(const std::map<std::string, size_t, std::less<>>& index, std::string_view key) {
  const auto it = index.find(key);
  return it == index.end() ? nullptr : &it->second;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Directory>> Directory::Make(std::vector<Domain> domains,
                                                                 std::vector<Party> parties) {
  std::shared_ptr<Directory> directory(new Directory());
  directory->domains_ = std::move(domains);
  directory->parties_ = std::move(parties);
  for (size_t i = 0; i < directory->parties_.size(); ++i) LIBMPI_RETURN_IF_ERROR(directory->AddParty(i));
  for (size_t i = 0; i < directory->domains_.size(); ++i) LIBMPI_RETURN_IF_ERROR(directory->AddDomain(i));
  for (const Party& party : directory->parties_)
    for (const std::string& interest : party.interests)
      LIBMPI_RETURN_IF_ERROR(directory->CheckInterest(party, interest));
  return directory;
}

absl::Status Directory::CheckInterest(const Party& party, const std::string& interest) const {
  const Domain* const domain = FindDomain(interest);
  const std::string wants = "wants to be told of the domain \"" + interest + "\", ";
  if (domain == nullptr) return Wrong("party", party.name, wants + "which there is not");
  if (domain->enterprise) return Wrong("party", party.name, wants + "whose enterprise IDs are in no update");
  return absl::OkStatus();
}

absl::Status Directory::AddParty(size_t index) {
  Party& party = parties_[index];
  party.domains.clear();
  if (party.name.empty()) return absl::InvalidArgumentError("a party has no name");
  if (party.application.empty() || party.facility.empty())
    return Wrong("party", party.name, "needs an application (MSH-3) and a facility (MSH-4)");
  if (!party_by_name_.emplace(party.name, index).second) return Wrong("party", party.name, "is there twice");
  if (!party_by_address_.emplace(std::pair(party.application, party.facility), index).second)
    return Wrong("party", party.name, "has the application and facility of another one");
  return absl::OkStatus();
}

absl::Status Directory::AddDomain(size_t index) {
  const Domain& domain = domains_[index];
  const Authority& by = domain.authority;
  if (domain.name.empty()) return absl::InvalidArgumentError("a domain has no name");
  if (by.namespace_id.empty() || by.universal_id.empty() || by.universal_id_type.empty())
    return Wrong("domain", domain.name, "needs a namespace, a universal ID and its type (ITI-8 3.8.4.1.2)");
  if (!by_name_.emplace(domain.name, index).second) return Wrong("domain", domain.name, "is there twice");
  if (!by_namespace_.emplace(by.namespace_id, index).second)
    return Wrong("domain", domain.name, "has the namespace of another one");
  if (!by_universal_.emplace(UniversalKey(by.universal_id, by.universal_id_type), index).second)
    return Wrong("domain", domain.name, "has the universal ID of another one");
  if (domain.enterprise) return AddEnterprise(index);
  if (domain.source.empty()) return absl::OkStatus();
  const size_t* const source = FindIn(party_by_name_, domain.source);
  if (source == nullptr)
    return Wrong("domain", domain.name, "has the source \"" + domain.source + "\", which is no party");
  parties_[*source].domains.push_back(domain.name);
  return absl::OkStatus();
}

absl::Status Directory::AddEnterprise(size_t index) {
  const Domain& domain = domains_[index];
  if (!domain.source.empty() || !domain.facility.empty() || domain.shared)
    return Wrong("domain", domain.name, "is of enterprise IDs: it has no source and no facility, and is not shared");
  if (enterprise_) return Wrong("domain", domain.name, "is of enterprise IDs, as another one is");
  enterprise_ = index;
  return absl::OkStatus();
}

bool Directory::has_shared() const { return std::ranges::any_of(domains_, &Domain::shared); }

const Domain* Directory::FindDomain(std::string_view name) const {
  const size_t* const index = FindIn(by_name_, name);
  return index == nullptr ? nullptr : &domains_[*index];
}

const Party* Directory::FindParty(std::string_view name) const {
  const size_t* const index = FindIn(party_by_name_, name);
  return index == nullptr ? nullptr : &parties_[*index];
}

const Party* Directory::FindParty(std::string_view application, std::string_view facility) const {
  const auto it = party_by_address_.find(std::pair(std::string(application), std::string(facility)));
  return it == party_by_address_.end() ? nullptr : &parties_[it->second];
}

std::variant<const Domain*, Fault> Directory::DomainOf(const Authority& authority) const {
  const auto& [namespace_id, universal_id, type] = authority;
  if (authority.empty()) return Fault::kNoAuthority;
  if (universal_id.empty() != type.empty() && !(type.empty() && IsUrn(universal_id)))
    return Fault::kIncompleteAuthority;
  const size_t* const named = namespace_id.empty() ? nullptr : FindIn(by_namespace_, namespace_id);
  if (universal_id.empty())
    return named == nullptr ? std::variant<const Domain*, Fault>(Fault::kUnknownAuthority) : &domains_[*named];
  const size_t* const universal = FindIn(by_universal_, UniversalKey(universal_id, type));
  if (universal == nullptr) return Fault::kUnknownAuthority;
  if (named != nullptr && *named != *universal) return Fault::kContradictoryAuthority;
  return &domains_[*universal];
}

}  // namespace libmpi::pix
