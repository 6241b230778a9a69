// SPDX-License-Identifier: Apache-2.0
// A registry as a network's: who comes to it, and what facilities, patients and auditors ask.
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bindings/c/network_verbs.h"
#include "bindings/c/registry.h"
#include "bindings/c/rows.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/record_json.h"
#include "libmpi/network/network_json.h"

namespace libmpi::c {
namespace {

constexpr Column<std::string> kJsonColumns[] = {
    {LIBMPI_COLUMN_JSON, [](const std::string& line) { return Cell::Text(line); }}};

Lines PutFacility(Network& network, const Told& told, const Requester& who) {
  LIBMPI_ASSIGN_OR_RETURN(const nlohmann::json json, told.Object("facility"));
  LIBMPI_ASSIGN_OR_RETURN(const Facility facility, FacilityOfJson(json));
  LIBMPI_RETURN_IF_ERROR(network.PutFacility(facility, who));
  return std::vector<std::string>();
}

Lines Facilities(Network& network, const Told&, const Requester& who) {
  LIBMPI_RETURN_IF_ERROR(network.Admit(Operation::kAdminister, "facilities", who));
  std::vector<std::string> lines;
  for (const Facility& facility : network.facilities()) lines.push_back(JsonLine(FacilityJson(facility)));
  return lines;
}

Lines SetRules(Network& network, const Told& told, const Requester& who) {
  LIBMPI_ASSIGN_OR_RETURN(const nlohmann::json json, told.Object("rules"));
  LIBMPI_ASSIGN_OR_RETURN(const AccessRules rules, AccessRulesOfJson(json.dump()));
  LIBMPI_RETURN_IF_ERROR(network.SetRules(rules, who));
  return std::vector<std::string>();
}

Lines Rules(Network& network, const Told&, const Requester& who) {
  LIBMPI_RETURN_IF_ERROR(network.Admit(Operation::kAdminister, "rules", who));
  return OneLine(Json::parse(ToJson(network.rules())));
}

Lines SetSurvivorship(Network& network, const Told& told, const Requester& who) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string text, told.Text("text", ""));
  SurvivorshipRules rules;
  LIBMPI_RETURN_IF_ERROR(ParseSurvivorship(text, &rules));
  LIBMPI_RETURN_IF_ERROR(network.SetSurvivorship(rules, who));
  return std::vector<std::string>();
}

Lines TakeConsent(Network& network, const Told& told, const Requester& who) {
  LIBMPI_ASSIGN_OR_RETURN(const RecordKey key, told.Identifier());
  LIBMPI_ASSIGN_OR_RETURN(const nlohmann::json json, told.Object("statement"));
  LIBMPI_ASSIGN_OR_RETURN(const ConsentStatement statement, ConsentStatementOfJson(json));
  LIBMPI_ASSIGN_OR_RETURN(const Consent consent, network.TakeConsent(key, statement, who));
  return OneLine(ConsentJson(consent));
}

Lines ConsentOf(Network& network, const Told& told, const Requester& who) {
  LIBMPI_ASSIGN_OR_RETURN(const RecordKey key, told.Identifier());
  LIBMPI_ASSIGN_OR_RETURN(const PersonConsent consent, network.ConsentOf(key, who));
  return OneLine(PersonConsentJson(consent));
}

Lines Golden(Network& network, const Told& told, const Requester& who) {
  LIBMPI_ASSIGN_OR_RETURN(const RecordKey key, told.Identifier());
  LIBMPI_ASSIGN_OR_RETURN(const GoldenRecord golden, network.Golden(key, who));
  Json json = GoldenJson(golden);
  json["record"] = RecordJson(golden.record);
  return OneLine(json);
}

Lines Registrations(Network& network, const Told&, const Requester& who) {
  LIBMPI_ASSIGN_OR_RETURN(const RegistrationReport report, network.Registrations(who));
  return OneLine(RegistrationJson(report));
}

std::vector<std::string> LinesOf(const std::vector<AuditEntry>& entries) {
  std::vector<std::string> lines;
  for (const AuditEntry& entry : entries) lines.push_back(JsonLine(AuditEntryJson(entry)));
  return lines;
}

Lines Audit(Network& network, const Told& told, const Requester& who) {
  LIBMPI_ASSIGN_OR_RETURN(const uint64_t from, told.Number("from", 1));
  LIBMPI_ASSIGN_OR_RETURN(const uint64_t most, told.Number("most", 100));
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<AuditEntry> entries, network.Audit(from, most, who));
  return LinesOf(entries);
}

Lines WhoLooked(Network& network, const Told& told, const Requester& who) {
  LIBMPI_ASSIGN_OR_RETURN(const RecordKey key, told.Identifier());
  LIBMPI_ASSIGN_OR_RETURN(const uint64_t most, told.Number("most", 100));
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<AuditEntry> entries, network.WhoLooked(key, most, who));
  return LinesOf(entries);
}

Lines Usage(Network& network, const Told& told, const Requester& who) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string first, told.Text("first", "0000-00"));
  LIBMPI_ASSIGN_OR_RETURN(const std::string last, told.Text("last", "9999-12"));
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<UsageCount> counts, network.Usage(first, last, who));
  std::vector<std::string> lines;
  for (const UsageCount& count : counts) lines.push_back(JsonLine(UsageJson(count)));
  return lines;
}

Lines Anchor(Network& network, const Told&, const Requester& who) {
  LIBMPI_ASSIGN_OR_RETURN(const AuditHead head, network.Anchor(who));
  return OneLine(AuditHeadJson(head));
}

Lines VerifyTrail(Network& network, const Told& told, const Requester& who) {
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<AuditHead> anchors, told.Anchors());
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<std::string> findings, network.VerifyTrail(anchors, who));
  return OneLine({{"sound", findings.empty()}, {"findings", findings}});
}

struct Verb {
  std::string_view name;
  Lines (*run)(Network&, const Told&, const Requester&);
};
constexpr Verb kVerbs[] = {
    {"put_facility", PutFacility}, {"facilities", Facilities},       {"set_rules", SetRules},
    {"rules", Rules},              {"set_survivorship", SetSurvivorship}, {"take_consent", TakeConsent},
    {"consent", ConsentOf},        {"golden", Golden},               {"registrations", Registrations},
    {"audit", Audit},              {"who_looked", WhoLooked},        {"usage", Usage},
    {"anchor", Anchor},            {"verify_trail", VerifyTrail}};

Lines RunVerb(const std::string& name, const RegistryDoor& door, const Told& told) {
  LIBMPI_RETURN_IF_ERROR(told.Check());
  for (const Verb& verb : kVerbs)
    if (verb.name == name) return verb.run(*door.network(), told, door.who());
  for (const std::span<const OfficeVerb> verbs : {OfficeVerbs(), DeskVerbs()})
    for (const OfficeVerb& verb : verbs)
      if (verb.name == name) return verb.run(door, told);
  return absl::InvalidArgumentError("there is no such verb; nayose.h lists them");
}

}  // namespace
}  // namespace libmpi::c

using libmpi::c::Made;
using libmpi::c::MakeHandle;
using libmpi::c::Need;
using libmpi::c::LongUtf8In;
using libmpi::c::TextIn;

libmpi_code libmpi_registry_as(libmpi_registry** registry_out, const libmpi_registry* registry, const char* requester,
                               size_t size, libmpi_error** error) {
  return MakeHandle(registry_out, error, [&]() -> Made<libmpi_registry> {
    LIBMPI_RETURN_IF_ERROR(Need(registry, "registry"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string text, TextIn(requester, size, "requester"));
    LIBMPI_ASSIGN_OR_RETURN(libmpi::Requester who, libmpi::RequesterOfJson(text));
    LIBMPI_ASSIGN_OR_RETURN(libmpi::Network* const network, registry->opened->network());
    return libmpi::c::New<libmpi_registry>(registry->opened, network, std::move(who));
  });
}

libmpi_code libmpi_network_call(libmpi_answer** answer_out, libmpi_registry* registry, const char* verb,
                                size_t verb_size, const char* json, size_t json_size, libmpi_error** error) {
  return MakeHandle(answer_out, error, [&]() -> Made<libmpi_answer> {
    LIBMPI_RETURN_IF_ERROR(Need(registry, "registry"));
    if (registry->network == nullptr)
      return absl::FailedPreconditionError("say who asks: libmpi_registry_as gives a handle for that");
    LIBMPI_ASSIGN_OR_RETURN(const std::string name, TextIn(verb, verb_size, "verb"));
    LIBMPI_ASSIGN_OR_RETURN(const std::string text, LongUtf8In(json, json_size, "json"));
    LIBMPI_ASSIGN_OR_RETURN(std::vector<std::string> lines,
                            libmpi::c::RunVerb(name, registry->Door(), libmpi::c::Told(text)));
    auto answer = std::make_unique<libmpi_answer>();
    answer->Add(LIBMPI_LIST_MAIN, std::move(lines), libmpi::c::kJsonColumns);
    return answer;
  });
}
