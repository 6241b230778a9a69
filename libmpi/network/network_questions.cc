// SPDX-License-Identifier: Apache-2.0
// Questions to the network, one method each.
#include <algorithm>
#include <utility>

#include "libmpi/network/call.h"

namespace libmpi {
namespace {

// What the registry says of one that is not there, or not any more, is told to those alone who may know of it.
absl::Status HideUnless(bool may_know, const absl::Status& status) {
  const bool of_its_state = absl::IsNotFound(status) || absl::IsFailedPrecondition(status);
  return of_its_state && !may_know ? NobodyThere() : status;
}

void AddName(bool told, std::string_view name, std::string* names) {
  if (!told) return;
  if (!names->empty()) *names += ",";
  *names += name;
}

// Which criteria were told; never what.
std::string NamesOf(const SearchCriteria& c) {
  std::string names;
  AddName(!c.full.empty(), "name", &names);
  AddName(!c.family.empty(), "family", &names);
  AddName(!c.given.empty(), "given", &names);
  AddName(!c.birth.empty(), "birth", &names);
  AddName(!c.sex.empty(), "sex", &names);
  AddName(!c.postal_code.empty(), "postal_code", &names);
  AddName(!c.city.empty(), "city", &names);
  AddName(!c.phone.empty(), "phone", &names);
  AddName(!c.insurer.empty() || !c.symbol.empty() || !c.number.empty(), "coverage", &names);
  AddName(!c.identifier.empty(), "identifier", &names);
  return names;
}

}  // namespace

absl::StatusOr<CrossReference> Network::Find(const RecordKey& identifier, std::span<const std::string> authorities,
                                             const Requester& by) {
  Call call(this, by, Operation::kFind, "find", {identifier});
  return call.Answer([&]() -> absl::StatusOr<CrossReference> {
    absl::StatusOr<CrossReference> found = registry_.Find(identifier);
    if (!found.ok()) return HideUnless(call.Owns(identifier), found.status());
    std::vector<std::vector<RecordKey>> person = {found->identifiers};
    LIBMPI_RETURN_IF_ERROR(call.Sift(&person));
    const bool may_name = found->by_alias ? !person[0].empty() : call.MayName(identifier, person[0]);
    if (!may_name) return NobodyThere();
    if (!authorities.empty())
      std::erase_if(person[0],
                    [&](const RecordKey& k) { return std::ranges::find(authorities, k.source) == authorities.end(); });
    LIBMPI_RETURN_IF_ERROR(call.Told(person));
    found->identifiers = std::move(person[0]);
    return found;
  });
}

absl::StatusOr<CrossReference> Network::Find(const EnterpriseId& id, const Requester& by) {
  Call call(this, by, Operation::kFind, "find");
  call.entry().detail = id.ToString();
  return call.Answer([&]() -> absl::StatusOr<CrossReference> {
    absl::StatusOr<CrossReference> found = registry_.Find(id);
    if (!found.ok()) return HideUnless(call.sight() == Sight::kAll, found.status());
    LIBMPI_RETURN_IF_ERROR(call.See(&found->identifiers));
    if (found->identifiers.empty()) return NobodyThere();
    return found;
  });
}

absl::StatusOr<Record> Network::Get(const RecordKey& identifier, RecordStatus* status, const Requester& by) {
  Call call(this, by, Operation::kRead, "get", {identifier});
  return call.Answer([&]() -> absl::StatusOr<Record> {
    LIBMPI_RETURN_IF_ERROR(call.RequireSeen({&identifier}));
    LIBMPI_ASSIGN_OR_RETURN(Record record, registry_.Get(identifier, status));
    LIBMPI_RETURN_IF_ERROR(call.ToldOne(identifier));
    return record;
  });
}

absl::StatusOr<GoldenRecord> Network::Golden(const RecordKey& identifier, const Requester& by) {
  Call call(this, by, Operation::kRead, "golden", {identifier});
  return call.Answer([&]() -> absl::StatusOr<GoldenRecord> {
    absl::StatusOr<CrossReference> found = registry_.Find(identifier);
    if (!found.ok()) return HideUnless(call.Owns(identifier), found.status());
    std::vector<std::vector<RecordKey>> person = {std::move(found->identifiers)};
    LIBMPI_RETURN_IF_ERROR(call.Sift(&person));
    if (!call.MayName(identifier, person[0])) return NobodyThere();
    LIBMPI_RETURN_IF_ERROR(call.Told(person));
    return registry_.Golden(person[0], call.members().survivorship);
  });
}

absl::StatusOr<SearchAnswer> Network::Search(const Record& record, size_t most, const Requester& by) {
  Call call(this, by, Operation::kSearch, "search_record");
  return call.Answer([&]() -> absl::StatusOr<SearchAnswer> {
    absl::StatusOr<SearchAnswer> found = registry_.Search(record, most, call.AsSift());
    return call.ToldOf(std::move(found));
  });
}

absl::StatusOr<SearchAnswer> Network::Search(const SearchCriteria& criteria, size_t most, const Requester& by) {
  Call call(this, by, Operation::kSearch, "search");
  call.entry().detail = NamesOf(criteria);
  return call.Answer([&]() -> absl::StatusOr<SearchAnswer> {
    absl::StatusOr<SearchAnswer> found = registry_.Search(criteria, most, call.AsSift());
    return call.ToldOf(std::move(found));
  });
}

absl::StatusOr<Explanation> Network::Explain(const RecordKey& a, const RecordKey& b, const Requester& by) {
  Call call(this, by, Operation::kExplain, "explain", {a, b});
  return call.Answer([&]() -> absl::StatusOr<Explanation> {
    LIBMPI_RETURN_IF_ERROR(call.RequireSeen({&a, &b}));
    return registry_.Explain(a, b);
  });
}

}  // namespace libmpi
