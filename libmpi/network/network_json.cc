// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/network_json.h"

#include <cstdio>
#include <ctime>
#include <optional>
#include <string>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/record/iso_date.h"

namespace libmpi {
namespace {

using Json = nlohmann::ordered_json;

absl::Status Wrong(const std::string& what) { return absl::InvalidArgumentError(what); }

Json KeyOf(const RecordKey& key) {
  Json json = {{"source", key.source}, {"record_id", key.record_id}};
  if (key.part != 0) json["part"] = key.part;
  return json;
}

Json KeysOf(const std::vector<RecordKey>& keys) {
  Json json = Json::array();
  for (const RecordKey& key : keys) json.push_back(KeyOf(key));
  return json;
}

// Reads the members that it is told of, and refuses all others.
class Members {
 public:
  Members(const nlohmann::json& json, const char* what) : json_(json), what_(what) {}

  void Text(const char* name, std::string* out) {
    if (const nlohmann::json* value = Take(name)) {
      if (value->is_string()) *out = value->get<std::string>();
      else Fail(name, "must be a text");
    }
  }
  void YesNo(const char* name, bool* out) {
    if (const nlohmann::json* value = Take(name)) {
      if (value->is_boolean()) *out = value->get<bool>();
      else Fail(name, "must be true or false");
    }
  }
  void Texts(const char* name, std::vector<std::string>* out) {
    const nlohmann::json* value = Take(name);
    if (value == nullptr) return;
    if (!value->is_array()) return Fail(name, "must be a list of texts");
    for (const nlohmann::json& item : *value) {
      if (!item.is_string()) return Fail(name, "must be a list of texts");
      out->push_back(item.get<std::string>());
    }
  }
  void Fail(const char* name, const std::string& why) {
    if (status_.ok()) status_ = Wrong(std::string(what_) + ": \"" + name + "\" " + why);
  }
  absl::Status Finish() {
    if (!json_.is_object()) return Wrong(std::string(what_) + " must be a JSON object");
    if (status_.ok() && taken_ != json_.size()) status_ = Wrong(std::string(what_) + " has a member that there is not");
    return status_;
  }

 private:
  const nlohmann::json* Take(const char* name) {
    if (!json_.is_object()) return nullptr;
    const auto it = json_.find(name);
    if (it == json_.end()) return nullptr;
    ++taken_;
    return &*it;
  }

  const nlohmann::json& json_;
  const char* const what_;
  size_t taken_ = 0;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<Requester> RequesterOfJson(std::string_view text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  Requester by;
  std::string profession, purpose;
  Members members(json, "who asks");
  members.Text("actor", &by.actor);
  members.Text("facility", &by.facility);
  members.Text("application", &by.application);
  members.Text("profession", &profession);
  members.Text("purpose", &purpose);
  members.Text("request", &by.request);
  members.Text("reason", &by.reason);
  const std::optional<Profession> who = ProfessionOf(profession);
  const std::optional<Purpose> why = PurposeOf(purpose);
  if (!who) members.Fail("profession", "must be physician, clerk, steward ...");
  if (!why) members.Fail("purpose", "must be treatment, registration, stewardship ...");
  LIBMPI_RETURN_IF_ERROR(members.Finish());
  by.profession = *who;
  by.purpose = *why;
  return by;
}

Json FacilityJson(const Facility& f) {
  Json json = {
      {"name", f.name}, {"kind", f.kind}, {"feeds", f.feeds}, {"queries", f.queries}, {"authorities", f.authorities}};
  if (!f.tenant.empty()) json["tenant"] = f.tenant;
  return json;
}

absl::StatusOr<Facility> FacilityOfJson(const nlohmann::json& json) {
  Facility facility;
  Members members(json, "a facility");
  members.Text("name", &facility.name);
  members.Text("kind", &facility.kind);
  members.YesNo("feeds", &facility.feeds);
  members.YesNo("queries", &facility.queries);
  members.Texts("authorities", &facility.authorities);
  members.Text("tenant", &facility.tenant);
  LIBMPI_RETURN_IF_ERROR(members.Finish());
  return facility;
}

absl::StatusOr<ConsentStatement> ConsentStatementOfJson(const nlohmann::json& json) {
  ConsentStatement statement;
  std::string kind, from;
  Members members(json, "a consent");
  members.Text("kind", &kind);
  members.Text("from", &from);
  members.Texts("facilities", &statement.facilities);
  members.Text("reference", &statement.reference);
  const std::optional<ConsentKind> known = ConsentKindOf(kind);
  const std::optional<CivilDate> day = ParseIsoDate(from);
  if (!known) members.Fail("kind", "must be registered or withdrawn");
  if (!day) members.Fail("from", "must be the first day on which it counts, as 2026-04-01");
  LIBMPI_RETURN_IF_ERROR(members.Finish());
  statement.kind = *known;
  statement.from = *day;
  return statement;
}

Json ConsentJson(const Consent& consent) {
  Json json = {{"state", ConsentStateName(consent.state)}};
  if (consent.since.IsFull()) json["since"] = IsoDateText(consent.since);
  if (!consent.facilities.empty()) json["facilities"] = consent.facilities;
  return json;
}

Json PersonConsentJson(const PersonConsent& consent) {
  Json json = ConsentJson(consent.now);
  json["said"] = Json::array();
  for (const SaidConsent& s : consent.said) {
    Json one = {{"identifier", KeyOf(s.identifier)}, {"kind", ConsentKindName(s.statement.kind)},
                {"from", IsoDateText(s.statement.from)}, {"facilities", s.statement.facilities},
                {"reference", s.statement.reference}, {"at", s.statement.facility}, {"entry", s.statement.number},
                {"time", UtcText(s.statement.unix_milliseconds)}};
    if (s.statement.carried_from) one["carried_from"] = KeyOf(*s.statement.carried_from);
    json["said"].push_back(std::move(one));
  }
  return json;
}

Json RegistrationJson(const RegistrationReport& report) {
  Json json = {{"persons", report.persons}};
  for (size_t s = 0; s < report.by_state.size(); ++s)
    json["by_state"][std::string(ConsentStateName(static_cast<ConsentState>(s)))] = report.by_state[s];
  json["registered"] = report.registered();
  for (const char* list : {"months", "facilities"}) json[list] = Json::array();
  for (const RegistrationReport::OfFacility& f : report.facilities)
    json["facilities"].push_back({{"facility", f.facility}, {"persons", f.persons}, {"registered", f.registered}});
  for (const RegistrationReport::OfMonth& m : report.months)
    json["months"].push_back({{"month", m.month}, {"registered", m.registered}});
  return json;
}

nlohmann::ordered_json DisagreementJson(const Disagreement& d) {
  nlohmann::ordered_json json = {{"kind", std::string(DisagreementName(d.kind))},
                                 {"a", KeyOf(d.a)},
                                 {"b", KeyOf(d.b)},
                                 {"weight", d.weight}};
  if (!d.id_a.empty()) json["id_a"] = d.id_a;
  if (!d.id_b.empty()) json["id_b"] = d.id_b;
  return json;
}

nlohmann::ordered_json AbsorbCountsJson(const AbsorbAnswer& a) {
  return {{"full", a.full}, {"to_event", a.to_event}, {"records", a.records}, {"created", a.created},
          {"revised", a.revised}, {"unchanged", a.unchanged}, {"held", a.held}, {"kept", a.kept},
          {"refused", a.refused}, {"merged", a.merged}, {"unmerged", a.unmerged}, {"retired", a.retired},
          {"held_revisions", a.held_revisions}, {"not_held", a.not_held}, {"decided", a.decided},
          {"undecided", a.undecided}, {"contradicted", a.contradicted.size()}, {"names", a.names},
          {"authorities", a.authorities}, {"facilities", a.facilities}, {"statements", a.statements},
          {"conflicts", a.conflicts.size()}};
}

std::vector<nlohmann::ordered_json> AbsorbFindingsJson(const AbsorbAnswer& a) {
  std::vector<nlohmann::ordered_json> all;
  for (const AbsorbConflict& c : a.conflicts)
    all.push_back({{"conflict", std::string(AbsorbConflictName(c.kind))}, {"name", c.name}, {"what", c.what}});
  for (const AbsorbAnswer::Refusal& r : a.refusals) all.push_back({{"refused", KeyOf(r.record)}, {"why", r.why}});
  for (const StewardDecision& d : a.contradicted)
    all.push_back({{"contradicted", d.same ? "same" : "different"}, {"a", KeyOf(d.a)}, {"b", KeyOf(d.b)}});
  return all;
}

Json AuditEntryJson(const AuditEntry& e) {
  Json json = {{"entry", e.number},
          {"time", UtcText(e.unix_milliseconds)},
          {"actor", e.by.actor},
          {"facility", e.by.facility},
          {"application", e.by.application},
          {"profession", ProfessionName(e.by.profession)},
          {"purpose", PurposeName(e.by.purpose)},
          {"request", e.by.request},
          {"reason", e.by.reason},
          {"operation", OperationName(e.operation)},
          {"action", e.action},
          {"outcome", AuditOutcomeName(e.outcome)},
          {"asked", KeysOf(e.asked)},
          {"told", KeysOf(e.told)},
          {"detail", e.detail},
          {"beyond_consent", e.beyond_consent},
          {"event", e.event}};
  // Of a message between systems.
  if (!e.by.transaction.empty()) json["transaction"] = e.by.transaction;
  if (!e.by.peer.empty()) json["peer"] = e.by.peer;
  return json;
}

Json UsageJson(const UsageCount& c) {
  return {{"month", c.month}, {"facility", c.facility}, {"action", c.action}, {"outcome", AuditOutcomeName(c.outcome)},
          {"count", c.count}};
}

Json AuditHeadJson(const AuditHead& head) {
  return {{"trail", head.trail}, {"entries", head.entries}, {"hash", head.hash}, {"anchor", head.ToString()}};
}

Json GoldenJson(const GoldenRecord& golden) {
  Json json = {{"values", Json::array()}, {"refused", Json::array()}};
  for (const GoldenValue& v : golden.values) {
    Json value = {{"field", GoldenFieldName(v.field)}, {"text", v.text},
                  {"said_by", KeysOf(v.said_by)},      {"decided_by", DecisionName(v.decided_by)},
                  {"contradicted", v.contradicted},    {"rivals", Json::array()}};
    for (const GoldenRival& r : v.rivals) value["rivals"].push_back({{"text", r.text}, {"said_by", KeysOf(r.said_by)}});
    json["values"].push_back(std::move(value));
  }
  for (const GoldenRefusal& r : golden.refused)
    json["refused"].push_back({{"field", GoldenFieldName(r.field)}, {"finding", FindingName(r.code)},
                               {"said_by", KeysOf(r.said_by)}});
  return json;
}

}  // namespace libmpi
