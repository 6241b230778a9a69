// SPDX-License-Identifier: Apache-2.0
// Questions to the network, one method each.
#include <algorithm>
#include <cstdint>
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

// Whether so many may fit what was typed that not all of them are looked at: there is no number of theirs in it, nor a
// birth date with a whole name.
bool IsWide(const SearchCriteria& c) {
  const auto whole = [](const std::string& name) { return !name.empty() && name.find('*') == std::string::npos; };
  const bool named = whole(c.full) || (whole(c.family) && whole(c.given));
  return c.identifier.empty() && c.phone.empty() && c.number.empty() && (!named || c.birth.empty());
}

// A search by who is told of one tenant alone. That more fit than were looked at would be of others, too: a wide
// question is told that always, another one where more of the tenant's own fit than were asked for.
template <typename Ask>
absl::StatusOr<SearchAnswer> Within(bool tenant, bool wide, size_t most, const Ask& ask) {
  if (!tenant) return ask(most);
  absl::StatusOr<SearchAnswer> answer = ask(most < SIZE_MAX ? most + 1 : most);
  if (!answer.ok()) return answer;
  answer->too_many = wide || answer->candidates.size() > most;
  if (answer->candidates.size() > most) answer->candidates.resize(most);
  return answer;
}

}  // namespace

absl::StatusOr<CrossReference> Network::Find(const RecordKey& identifier, std::span<const std::string> authorities,
                                             const Requester& by) {
  Call call(this, by, Operation::kFind, "find", {identifier});
  return call.Answer([&]() -> absl::StatusOr<CrossReference> {
    absl::StatusOr<CrossReference> found = call.FindPerson(identifier);
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
    if (!found.ok()) return HideUnless(call.SeesEverybody(), found.status());
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
    absl::StatusOr<CrossReference> found = call.FindPerson(identifier);
    if (!found.ok()) return HideUnless(call.Owns(identifier), found.status());
    std::vector<std::vector<RecordKey>> person = {std::move(found->identifiers)};
    LIBMPI_RETURN_IF_ERROR(call.Sift(&person));
    if (!call.MayName(identifier, person[0])) return NobodyThere();
    LIBMPI_RETURN_IF_ERROR(call.Told(person));
    return registry_.Golden(person[0], call.members().survivorship);
  });
}

absl::StatusOr<std::vector<std::optional<PersonDescription>>> Network::Describe(std::span<const RecordKey> identifiers,
                                                                                const Requester& by) {
  Call call(this, by, Operation::kSearch, "describe", {identifiers.begin(), identifiers.end()});
  return call.Answer([&]() -> absl::StatusOr<std::vector<std::optional<PersonDescription>>> {
    std::vector<std::vector<RecordKey>> persons(identifiers.size());
    std::vector<CrossReference> found(identifiers.size());
    for (size_t i = 0; i < identifiers.size(); ++i) {
      absl::StatusOr<CrossReference> person = call.FindPerson(identifiers[i]);
      if (!person.ok() && !absl::IsNotFound(person.status()) && !absl::IsFailedPrecondition(person.status()))
        return person.status();
      if (!person.ok()) continue;
      persons[i] = std::move(person->identifiers);
      found[i] = *std::move(person);
    }
    LIBMPI_RETURN_IF_ERROR(call.Sift(&persons));
    for (size_t i = 0; i < identifiers.size(); ++i)
      if (!call.MayName(identifiers[i], persons[i])) persons[i].clear();
    LIBMPI_RETURN_IF_ERROR(call.Told(persons));
    std::vector<std::optional<PersonDescription>> descriptions(identifiers.size());
    for (size_t i = 0; i < identifiers.size(); ++i) {
      if (persons[i].empty()) continue;
      LIBMPI_ASSIGN_OR_RETURN(GoldenRecord golden, registry_.Golden(persons[i], call.members().survivorship));
      found[i].identifiers = std::move(persons[i]);
      descriptions[i] = PersonDescription{std::move(found[i]), std::move(golden)};
    }
    return descriptions;
  });
}

absl::StatusOr<SearchAnswer> Network::Search(const Record& record, size_t most, const Requester& by) {
  Call call(this, by, Operation::kSearch, "search_record");
  return call.Answer([&]() -> absl::StatusOr<SearchAnswer> {
    return call.ToldOf(Within(call.WithinTenant(), false, most, [&](size_t look) {
      return registry_.Search(record, look, call.AsSift());
    }));
  });
}

absl::StatusOr<SearchAnswer> Network::Search(const SearchCriteria& criteria, size_t most, const Requester& by) {
  Call call(this, by, Operation::kSearch, "search");
  call.entry().detail = NamesOf(criteria);
  return call.Answer([&]() -> absl::StatusOr<SearchAnswer> {
    return call.ToldOf(Within(call.WithinTenant(), IsWide(criteria), most, [&](size_t look) {
      return registry_.Search(criteria, look, call.AsSift());
    }));
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
