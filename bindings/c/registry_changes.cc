// SPDX-License-Identifier: Apache-2.0
// What changes a registry, but for putting it into a folder and taking it out (registry_operation.cc).
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bindings/c/model.h"
#include "bindings/c/options.h"
#include "bindings/c/record.h"
#include "bindings/c/registry.h"
#include "bindings/c/rows.h"
#include "libmpi/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace libmpi::c {
namespace {

struct Changed {
  std::string person;
  PersonOutcome outcome;
  uint64_t event;
  uint32_t revision;
};
constexpr Column<Changed> kChangedColumns[] = {
    {LIBMPI_COLUMN_PERSON, [](const Changed& c) { return Cell::Text(c.person); }},
    {LIBMPI_COLUMN_OUTCOME, [](const Changed& c) { return Cell::Word(PersonOutcomeName(c.outcome)); }},
    {LIBMPI_COLUMN_EVENT, [](const Changed& c) { return Cell::Integer(c.event); }},
    {LIBMPI_COLUMN_REVISION, [](const Changed& c) { return Cell::Integer(int64_t{c.revision}); }}};

struct LinkRow {
  RegistryLink link;
  std::string person;
};
constexpr Column<LinkRow> kLinkColumns[] = {
    LIBMPI_KEY_COLUMNS(LinkRow, link.other),
    {LIBMPI_COLUMN_PERSON, [](const LinkRow& r) { return Cell::Text(r.person); }},
    {LIBMPI_COLUMN_WEIGHT, [](const LinkRow& r) { return Cell::Number(r.link.weight); }},
    {LIBMPI_COLUMN_PROBABILITY, [](const LinkRow& r) { return Cell::Number(r.link.probability); }},
    {LIBMPI_COLUMN_LINKED, [](const LinkRow& r) { return Cell::Integer(r.link.linked); }},
    {LIBMPI_COLUMN_HELD, [](const LinkRow& r) { return Cell::Integer(r.link.held); }}};

std::unique_ptr<libmpi_answer> AnswerOf(ChangeAnswer change) {
  auto answer = std::make_unique<libmpi_answer>();
  std::vector<Changed> changed;
  changed.push_back({change.person.ToString(), change.outcome, change.event, change.revision});
  answer->Add(LIBMPI_LIST_MAIN, std::move(changed), kChangedColumns);
  std::vector<LinkRow> links;
  for (RegistryLink& link : change.links) {
    std::string person = link.person.ToString();
    links.push_back({std::move(link), std::move(person)});
  }
  answer->Add(LIBMPI_LIST_LINKS, std::move(links), kLinkColumns);
  std::vector<MoveRow> moves;
  for (PersonMove& move : change.moves) moves.push_back(MoveRowOf(std::move(move), change.event));
  AddMoves(std::move(moves), answer.get());
  AddFindings(std::move(change.findings), answer.get());
  return answer;
}

// A change by somebody: `change` is told how they come in.
template <typename Change>
libmpi_code ChangeBy(libmpi_answer** answer_out, libmpi_registry* registry, const libmpi_attribution* by,
                     libmpi_error** error, const Change& change) {
  Clear(answer_out);
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(registry, "registry"));
    LIBMPI_RETURN_IF_ERROR(Need(by, "by"));
    absl::StatusOr<ChangeAnswer> changed = change(registry->Door(by->by));
    LIBMPI_RETURN_IF_ERROR(changed.status());
    if (answer_out != nullptr) Give(AnswerOf(*std::move(changed)), answer_out);
    return absl::OkStatus();
  });
}

absl::StatusOr<AssigningAuthority> AuthorityOf(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return absl::InvalidArgumentError("json is no JSON object");
  AssigningAuthority authority;
  std::string trust;
  const std::pair<const char*, std::string*> parts[] = {{"name", &authority.name}, {"oid", &authority.oid},
                                                        {"facility", &authority.facility},
                                                        {"owner", &authority.owner}, {"trust", &trust}};
  for (const auto& [name, value] : json.items()) {
    std::string* part = nullptr;
    for (const auto& [known, at] : parts)
      if (name == known) part = at;
    if (part == nullptr || !value.is_string())
      return absl::InvalidArgumentError("an authority has name, oid, facility, owner and trust, which are texts");
    *part = value.get<std::string>();
  }
  if (authority.name.empty()) return absl::InvalidArgumentError("\"name\" is missing");
  const std::optional<AuthorityTrust> known = AuthorityTrustOf(trust);
  if (!known) return absl::InvalidArgumentError("\"trust\" must be verified or declared");
  authority.trust = *known;
  return authority;
}

}  // namespace
}  // namespace libmpi::c

using libmpi::ChangeAnswer;
using libmpi::Registry;
using libmpi::RegistryDoor;
using libmpi::c::Call;
using libmpi::c::ChangeBy;
using libmpi::c::Clear;
using libmpi::c::Need;
using libmpi::c::TextIn;
using Changes = absl::StatusOr<ChangeAnswer>;

libmpi_code libmpi_registry_put(libmpi_answer** answer_out, libmpi_registry* registry, const libmpi_record* record,
                                const libmpi_attribution* by, libmpi_error** error) {
  return ChangeBy(answer_out, registry, by, error, [&](const RegistryDoor& to) -> Changes {
    LIBMPI_RETURN_IF_ERROR(Need(record, "record"));
    return to.Put(record->record);
  });
}

libmpi_code libmpi_registry_retire(libmpi_answer** answer_out, libmpi_registry* registry,
                                   const libmpi_identifier* identifier, const libmpi_attribution* by,
                                   libmpi_error** error) {
  return ChangeBy(answer_out, registry, by, error, [&](const RegistryDoor& to) -> Changes {
    LIBMPI_RETURN_IF_ERROR(Need(identifier, "identifier"));
    return to.Retire(identifier->key);
  });
}

libmpi_code libmpi_registry_merge(libmpi_answer** answer_out, libmpi_registry* registry,
                                  const libmpi_identifier* subsumed, const libmpi_identifier* surviving,
                                  const libmpi_attribution* by, libmpi_error** error) {
  return ChangeBy(answer_out, registry, by, error, [&](const RegistryDoor& to) -> Changes {
    LIBMPI_RETURN_IF_ERROR(Need(subsumed, "subsumed"));
    LIBMPI_RETURN_IF_ERROR(Need(surviving, "surviving"));
    return to.Subsume(subsumed->key, surviving->key);
  });
}

libmpi_code libmpi_registry_unmerge(libmpi_answer** answer_out, libmpi_registry* registry,
                                    const libmpi_identifier* subsumed, const libmpi_attribution* by,
                                    libmpi_error** error) {
  return ChangeBy(answer_out, registry, by, error, [&](const RegistryDoor& to) -> Changes {
    LIBMPI_RETURN_IF_ERROR(Need(subsumed, "subsumed"));
    return to.Unsubsume(subsumed->key);
  });
}

libmpi_code libmpi_registry_decide(libmpi_answer** answer_out, libmpi_registry* registry, const libmpi_identifier* a,
                                   const libmpi_identifier* b, const char* decision, size_t decision_size,
                                   const libmpi_attribution* by, libmpi_error** error) {
  return ChangeBy(answer_out, registry, by, error, [&](const RegistryDoor& to) -> Changes {
    LIBMPI_RETURN_IF_ERROR(Need(a, "a"));
    LIBMPI_RETURN_IF_ERROR(Need(b, "b"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string word, TextIn(decision, decision_size, "decision"));
    if (word == "withdrawn") return to.Undecide(a->key, b->key);
    if (word != "same" && word != "different")
      return absl::InvalidArgumentError("decision must be same, different or withdrawn");
    return to.Decide(a->key, b->key, word == "same");
  });
}

libmpi_code libmpi_registry_settle(libmpi_answer** answer_out, libmpi_registry* registry,
                                   const libmpi_identifier* identifier, const char* verdict, size_t verdict_size,
                                   const libmpi_attribution* by, libmpi_error** error) {
  return ChangeBy(answer_out, registry, by, error, [&](const RegistryDoor& to) -> Changes {
    LIBMPI_RETURN_IF_ERROR(Need(identifier, "identifier"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string word, TextIn(verdict, verdict_size, "verdict"));
    if (word == "refused") return to.RefuseRevision(identifier->key);
    if (word != "same" && word != "different")
      return absl::InvalidArgumentError("verdict must be same, different or refused");
    return to.AcceptRevision(identifier->key, word == "same");
  });
}

libmpi_code libmpi_registry_assign(libmpi_registry* registry, const libmpi_identifier* a, const libmpi_identifier* b,
                                   const char* assignee, size_t assignee_size, const libmpi_attribution* by,
                                   libmpi_error** error) {
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(registry, "registry"));
    LIBMPI_RETURN_IF_ERROR(Need(a, "a"));
    LIBMPI_RETURN_IF_ERROR(Need(b, "b"));
    LIBMPI_RETURN_IF_ERROR(Need(by, "by"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string who, TextIn(assignee, assignee_size, "assignee"));
    return registry->Door(by->by).Assign(a->key, b->key, who);
  });
}

libmpi_code libmpi_registry_put_authority(libmpi_registry* registry, const char* json, size_t size,
                                          const libmpi_attribution* by, libmpi_error** error) {
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(registry, "registry"));
    LIBMPI_RETURN_IF_ERROR(Need(by, "by"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string text, TextIn(json, size, "json"));
    LIBMPI_ASSIGN_OR_RETURN(const libmpi::AssigningAuthority authority, libmpi::c::AuthorityOf(text));
    return registry->Door(by->by).PutAuthority(authority);
  });
}

namespace {

// In a network's registry patients may have said something of identifiers: a load is for its first day.
absl::Status MayLoad(const RegistryDoor& door) {
  if (door.network() == nullptr) return absl::OkStatus();
  LIBMPI_ASSIGN_OR_RETURN(const Registry::Stats stats, door.registry().GetStats());
  if (stats.records > 0)
    return absl::FailedPreconditionError(
        "records come into a network's registry one by one; a load fills an empty one");
  return door.Admit(libmpi::Operation::kAdminister, "load");
}

}  // namespace

libmpi_code libmpi_registry_load(libmpi_answer** answer_out, libmpi_registry* registry,
                                 const libmpi_record* const* records, size_t count, const libmpi_options* options,
                                 const libmpi_attribution* by, libmpi_error** error) {
  Clear(answer_out);
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(registry, "registry"));
    LIBMPI_RETURN_IF_ERROR(Need(by, "by"));
    LIBMPI_RETURN_IF_ERROR(libmpi::c::NeedOptions(options));
    LIBMPI_ASSIGN_OR_RETURN(const auto all, libmpi::c::RecordsIn(records, count));
    const std::vector<uint32_t> order = libmpi::c::KeyOrder(all, count);
    const libmpi_options& told = libmpi::c::OrDefault(options);
    const RegistryDoor door = registry->Door(by->by);
    LIBMPI_RETURN_IF_ERROR(MayLoad(door));
    LIBMPI_ASSIGN_OR_RETURN(const Registry::BulkAnswer loaded,
                            door.registry().BulkLoad(count, libmpi::c::ReaderOf(all, order), by->by, told.threads,
                                                         told.progress));
    if (answer_out == nullptr) return absl::OkStatus();
    auto answer = std::make_unique<libmpi_answer>();
    answer->AddCounts({{"created", loaded.created}, {"revised", loaded.revised},
                       {"unchanged", loaded.unchanged}, {"held", loaded.held},
                       {"refused", loaded.refused}, {"persons", loaded.persons}});
    libmpi::c::Give(std::move(answer), answer_out);
    return absl::OkStatus();
  });
}

libmpi_code libmpi_registry_relink(libmpi_answer** answer_out, libmpi_registry* registry, const libmpi_model* model,
                                   int32_t dry_run, const libmpi_options* options, const libmpi_attribution* by,
                                   libmpi_error** error) {
  Clear(answer_out);
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(registry, "registry"));
    LIBMPI_RETURN_IF_ERROR(Need(model, "model"));
    LIBMPI_RETURN_IF_ERROR(Need(by, "by"));
    LIBMPI_RETURN_IF_ERROR(libmpi::c::NeedOptions(options));
    const libmpi_options& told = libmpi::c::OrDefault(options);
    const RegistryDoor door = registry->Door(by->by);
    LIBMPI_RETURN_IF_ERROR(door.Admit(libmpi::Operation::kAdminister, "relink"));
    LIBMPI_ASSIGN_OR_RETURN(const Registry::RelinkAnswer linked,
                            door.registry().Relink(*model->model, libmpi::c::FrozenOptionsOf(told), dry_run != 0,
                                                       by->by, told.threads, told.progress));
    if (answer_out == nullptr) return absl::OkStatus();
    auto answer = std::make_unique<libmpi_answer>();
    answer->AddCounts({{"persons_before", linked.persons_before},
                       {"persons_after", linked.persons_after}, {"merged", linked.merged},
                       {"split", linked.split}, {"moved", linked.moved}});
    libmpi::c::Give(std::move(answer), answer_out);
    return absl::OkStatus();
  });
}
