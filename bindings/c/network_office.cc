// SPDX-License-Identifier: Apache-2.0
// What a network's office does by libmpi_network_call: takes over an index or a registry, erases, reports, gives out
// pseudonyms.
#include <algorithm>
#include <memory>
#include <utility>

#include "bindings/c/network_verbs.h"
#include "libmpi/network/absorb.h"
#include "libmpi/network/network_json.h"
#include "libmpi/network/pseudonyms.h"
#include "libmpi/network/report_json.h"
#include "libmpi/network/takeover.h"
#include "libmpi/network/threshold_advice.h"

namespace libmpi::c {
namespace {

Attribution By(const RegistryDoor& door) {
  const Requester& who = door.who();
  return {who.facility.empty() ? who.actor : who.facility + "|" + who.actor, who.reason};
}

Lines Erased(const ErasureAnswer& answer) {
  return OneLine({{"records", answer.records}, {"retired", answer.retired}, {"withdrawn", answer.withdrawn}});
}

Lines Erase(const RegistryDoor& door, const Told& told) {
  LIBMPI_ASSIGN_OR_RETURN(const RecordKey key, told.Identifier());
  LIBMPI_ASSIGN_OR_RETURN(const bool person, told.YesNo("person"));
  LIBMPI_ASSIGN_OR_RETURN(const ErasureAnswer answer, door.Erase(key, person));
  return Erased(answer);
}

Lines Retention(const RegistryDoor& door, const Told&) {
  LIBMPI_ASSIGN_OR_RETURN(const RetentionRules rules, door.network()->Retention(door.who()));
  return OneLine({{"retired_days", rules.retired_days}, {"withdrawn_days", rules.withdrawn_days}});
}

Lines SetRetention(const RegistryDoor& door, const Told& told) {
  LIBMPI_ASSIGN_OR_RETURN(const uint64_t retired, told.Number("retired_days", 0));
  LIBMPI_ASSIGN_OR_RETURN(const uint64_t withdrawn, told.Number("withdrawn_days", 0));
  if (std::max(retired, withdrawn) > UINT32_MAX) return absl::InvalidArgumentError("so many days are for good: say 0");
  LIBMPI_RETURN_IF_ERROR(door.network()->SetRetention(
      {static_cast<uint32_t>(retired), static_cast<uint32_t>(withdrawn)}, door.who()));
  return std::vector<std::string>();
}

Lines EraseDue(const RegistryDoor& door, const Told& told) {
  LIBMPI_ASSIGN_OR_RETURN(const bool dry_run, told.YesNo("dry_run"));
  LIBMPI_ASSIGN_OR_RETURN(const ErasureAnswer answer, door.network()->EraseDue(dry_run, door.who()));
  return Erased(answer);
}

absl::StatusOr<std::vector<std::string>> TextsOf(const nlohmann::json& person, const char* name) {
  std::vector<std::string> texts;
  const auto it = person.find(name);
  if (it == person.end()) return texts;
  if (!it->is_array()) return absl::InvalidArgumentError(std::string("\"") + name + "\" must be a list of texts");
  for (const nlohmann::json& text : *it) {
    if (!text.is_string()) return absl::InvalidArgumentError(std::string("\"") + name + "\" must be a list of texts");
    texts.push_back(text.get<std::string>());
  }
  return texts;
}

absl::StatusOr<InheritedPerson> InheritedPersonOf(const nlohmann::json& json) {
  InheritedPerson person;
  if (!json.is_object() || !json.contains("id") || !json["id"].is_string())
    return absl::InvalidArgumentError("a person needs an \"id\", a text");
  person.id = json["id"].get<std::string>();
  LIBMPI_ASSIGN_OR_RETURN(person.retired_ids, TextsOf(json, "retired_ids"));
  const auto records = json.find("records");
  if (records == json.end() || !records->is_array())
    return absl::InvalidArgumentError("a person needs \"records\", a list of identifiers");
  for (const nlohmann::json& record : *records) {
    LIBMPI_ASSIGN_OR_RETURN(person.records.emplace_back(), KeyOfJson(record));
  }
  return person;
}

Lines TakeOverIndex(const RegistryDoor& door, const Told& told) {
  TakeoverOptions options;
  LIBMPI_ASSIGN_OR_RETURN(options.index, told.Text("index", ""));
  LIBMPI_ASSIGN_OR_RETURN(options.dry_run, told.YesNo("dry_run"));
  LIBMPI_ASSIGN_OR_RETURN(const nlohmann::json list, told.List("persons"));
  std::vector<InheritedPerson> persons;
  for (const nlohmann::json& json : list) {
    LIBMPI_ASSIGN_OR_RETURN(persons.emplace_back(), InheritedPersonOf(json));
  }
  LIBMPI_RETURN_IF_ERROR(door.Admit(Operation::kAdminister, "takeover"));
  LIBMPI_ASSIGN_OR_RETURN(const TakeoverAnswer answer, TakeOver(&door.registry(), persons, options, By(door)));
  std::vector<std::string> lines = OneLine({{"persons", answer.persons},
                                            {"ids", answer.ids},
                                            {"agreed", answer.agreed},
                                            {"unknown_records", answer.unknown_records},
                                            {"repeated_records", answer.repeated_records}});
  for (const Disagreement& d : answer.disagreements) lines.push_back(JsonLine(DisagreementJson(d)));
  return lines;
}

Lines ListTakeover(const RegistryDoor& door, const Told& told) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string index, told.Text("index", ""));
  LIBMPI_RETURN_IF_ERROR(door.Admit(Operation::kReview, "takeover_list"));
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<Disagreement> list, TakeoverList(door.registry(), index));
  std::vector<std::string> lines;
  for (const Disagreement& d : list) lines.push_back(JsonLine(DisagreementJson(d)));
  return lines;
}

using Settle = absl::Status(Registry*, const std::string&, const Disagreement&, const Attribution&);
Lines SettleEntry(const RegistryDoor& door, const Told& told, const char* action, Settle* settle) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string index, told.Text("index", ""));
  LIBMPI_ASSIGN_OR_RETURN(const RecordKey a, told.Identifier("a"));
  LIBMPI_ASSIGN_OR_RETURN(const RecordKey b, told.Identifier("b"));
  LIBMPI_RETURN_IF_ERROR(door.Admit(Operation::kReview, action));
  LIBMPI_ASSIGN_OR_RETURN(const Disagreement entry, TakeoverEntry(door.registry(), index, a, b));
  LIBMPI_RETURN_IF_ERROR(settle(&door.registry(), index, entry, By(door)));
  return std::vector<std::string>();
}
Lines ConfirmEntry(const RegistryDoor& door, const Told& told) {
  return SettleEntry(door, told, "takeover_confirm", Confirm);
}
Lines ReleaseEntry(const RegistryDoor& door, const Told& told) {
  return SettleEntry(door, told, "takeover_release", Release);
}

absl::StatusOr<Pseudonymizer> PseudonymizerOf(const Told& told) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string text, told.Text("key", ""));
  LIBMPI_ASSIGN_OR_RETURN(const SecretKey key, SecretKey::Parse(text));
  LIBMPI_ASSIGN_OR_RETURN(std::string project, told.Text("project", ""));
  return Pseudonymizer::Make(key, std::move(project));
}

Lines Pseudonymize(const RegistryDoor& door, const Told& told) {
  LIBMPI_ASSIGN_OR_RETURN(const Pseudonymizer pseudonymizer, PseudonymizerOf(told));
  PseudonymOptions options;
  LIBMPI_ASSIGN_OR_RETURN(options.smallest_cell, told.Number("smallest_cell", options.smallest_cell));
  std::vector<std::string> lines;
  const auto add = [&lines](const PseudonymRow& row) {
    lines.push_back(JsonLine({{"authority", row.authority},
                              {"record", row.record.ToString()},
                              {"person", row.person.ToString()},
                              {"small_cell", row.small_cell}}));
    return true;
  };
  LIBMPI_RETURN_IF_ERROR(door.network()->Pseudonymize(pseudonymizer, options, add, door.who()).status());
  return lines;
}

Lines Reidentify(const RegistryDoor& door, const Told& told) {
  LIBMPI_ASSIGN_OR_RETURN(const Pseudonymizer pseudonymizer, PseudonymizerOf(told));
  LIBMPI_ASSIGN_OR_RETURN(const std::string pseudonym, told.Text("pseudonym", ""));
  LIBMPI_ASSIGN_OR_RETURN(const CrossReference found,
                          door.network()->Reidentify(pseudonymizer, pseudonym, door.who()));
  Json identifiers = Json::array();
  for (const RecordKey& key : found.identifiers) identifiers.push_back(KeyJson(key));
  return OneLine({{"person", found.person.ToString()}, {"identifiers", std::move(identifiers)}});
}

Lines Report(const RegistryDoor& door, const Told& told) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string month, told.Text("month", ""));
  LIBMPI_ASSIGN_OR_RETURN(const MonthlyReport report, door.network()->MonthlyReport(month, door.who()));
  return OneLine(MonthlyReportJson(report));
}

Lines AbsorbOther(const RegistryDoor& door, const Told& told) {
  AbsorbOptions options;
  LIBMPI_ASSIGN_OR_RETURN(const std::string folder, told.Text("registry", ""));
  LIBMPI_ASSIGN_OR_RETURN(options.name, told.Text("name", ""));
  LIBMPI_ASSIGN_OR_RETURN(options.tenant, told.Text("tenant", ""));
  LIBMPI_ASSIGN_OR_RETURN(options.dry_run, told.YesNo("dry_run"));
  LIBMPI_ASSIGN_OR_RETURN(options.same_authorities, told.YesNo("same_authorities"));
  LIBMPI_ASSIGN_OR_RETURN(options.full, told.YesNo("full"));
  RegistryOptions read_only;
  read_only.read_only = true;
  LIBMPI_ASSIGN_OR_RETURN(const std::unique_ptr<Registry> other, Registry::Open(folder, read_only));
  LIBMPI_ASSIGN_OR_RETURN(const AbsorbAnswer answer, door.network()->Absorb(*other, options, door.who()));
  std::vector<std::string> lines = OneLine(AbsorbCountsJson(answer));
  for (const Json& finding : AbsorbFindingsJson(answer)) lines.push_back(JsonLine(finding));
  return lines;
}

Lines Thresholds(const RegistryDoor& door, const Told& told) {
  ThresholdOptions options;
  LIBMPI_ASSIGN_OR_RETURN(options.wrong_links, told.Share("wrong_links", options.wrong_links));
  LIBMPI_ASSIGN_OR_RETURN(options.missed_links, told.Share("missed_links", options.missed_links));
  LIBMPI_RETURN_IF_ERROR(door.Admit(Operation::kReport, "thresholds"));
  const std::shared_ptr<const FrozenModel> model = door.registry().model();
  options.match = WeightBits(model->thresholds().match);
  options.review = WeightBits(model->thresholds().review);
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<DecidedPair> decided, DecidedPairs(door.registry()));
  return OneLine(ThresholdAdviceJson(AdviseThresholds(decided, options)));
}

constexpr OfficeVerb kVerbs[] = {
    {"erase", Erase},
    {"retention", Retention},
    {"set_retention", SetRetention},
    {"erase_due", EraseDue},
    {"takeover", TakeOverIndex},
    {"takeover_list", ListTakeover},
    {"takeover_confirm", ConfirmEntry},
    {"takeover_release", ReleaseEntry},
    {"pseudonymize", Pseudonymize},
    {"reidentify", Reidentify},
    {"monthly_report", Report},
    {"thresholds", Thresholds},
    {"absorb", AbsorbOther},
};

}  // namespace

std::span<const OfficeVerb> OfficeVerbs() { return kVerbs; }

}  // namespace libmpi::c
