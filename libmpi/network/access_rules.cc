// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/access_rules.h"

#include <algorithm>
#include <optional>

#include "libmpi/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace libmpi {
namespace {

using Json = nlohmann::ordered_json;

bool OwnsAuthority(const Facility* facility, std::string_view authority) {
  return facility != nullptr && std::ranges::find(facility->authorities, authority) != facility->authorities.end();
}

bool OfTheOffice(Profession profession) {
  return profession >= Profession::kSteward || profession == Profession::kSystem;
}

template <typename Value, typename NameOf>
Json NamesJson(const SetOf<Value>& set, int count, NameOf name) {
  Json names = Json::array();
  for (int i = 0; i < count; ++i)
    if (set.Has(static_cast<Value>(i))) names.push_back(std::string(name(static_cast<Value>(i))));
  return names;
}

absl::Status Wrong(const std::string& where, const std::string& what) {
  return absl::InvalidArgumentError("access rules: " + where + ": " + what);
}

template <typename Value, typename Named>
absl::Status ReadNames(const Json& rule, const std::string& where, const char* member, Named named, SetOf<Value>* set) {
  const auto list = rule.find(member);
  if (list == rule.end() || !list->is_array() || list->empty())
    return Wrong(where, std::string("\"") + member + "\" must be a list of names");
  for (const Json& item : *list) {
    const std::optional<Value> value = item.is_string() ? named(item.get<std::string>()) : std::nullopt;
    if (!value) return Wrong(where, std::string("\"") + member + "\" has a name that there is not");
    set->Add(*value);
  }
  return absl::OkStatus();
}

absl::Status ReadRule(const Json& json, const std::string& where, AccessRule* rule) {
  if (!json.is_object()) return Wrong(where, "must be an object");
  for (const auto& [name, value] : json.items())
    if (name != "who" && name != "why" && name != "what" && name != "sees")
      return Wrong(where, "knows who, why, what and sees, and nothing else");
  LIBMPI_RETURN_IF_ERROR(ReadNames(json, where, "who", ProfessionOf, &rule->who));
  LIBMPI_RETURN_IF_ERROR(ReadNames(json, where, "why", PurposeOf, &rule->why));
  LIBMPI_RETURN_IF_ERROR(ReadNames(json, where, "what", OperationOf, &rule->what));
  const auto sees = json.find("sees");
  const std::optional<Sight> sight =
      sees != json.end() && sees->is_string() ? SightOf(sees->get<std::string>()) : std::nullopt;
  if (!sight || *sight == Sight::kRefused) return Wrong(where, "\"sees\" must be own, told_of or all");
  rule->sees = *sight;
  return absl::OkStatus();
}

}  // namespace

std::string_view SightName(Sight sight) {
  switch (sight) {
    case Sight::kRefused: return "refused";
    case Sight::kOwn: return "own";
    case Sight::kToldOf: return "told_of";
    case Sight::kAll: return "all";
  }
  return "";
}

std::optional<Sight> SightOf(std::string_view name) {
  for (const Sight sight : {Sight::kRefused, Sight::kOwn, Sight::kToldOf, Sight::kAll})
    if (name == SightName(sight)) return sight;
  return std::nullopt;
}

AccessRules AccessRules::Default() {
  using enum Profession;
  using enum Purpose;
  using enum Operation;
  AccessRules rules;
  const SetOf<Profession> treating = {kPhysician, kDentist, kPharmacist, kNurse, kCareWorker};
  rules.rules = {
      {treating, {kTreatment}, {kFind, kSearch, kRead, kFollow}, Sight::kToldOf},
      {{kSystem}, {kTreatment}, {kFind, kSearch, kRead, kFollow}, Sight::kToldOf},
      // Whom one treats one may register, and ask whether they wish to be.
      {treating, {kTreatment}, {kTakeConsent, kReadConsent}, Sight::kOwn},
      // Care that can't wait: not for care workers, who call those who treat.
      {{kPhysician, kDentist, kPharmacist, kNurse}, {kEmergency}, {kFind, kSearch, kRead}, Sight::kAll},
      {{kClerk, kSystem}, {kRegistration}, {kFeed, kRead, kFollow, kTakeConsent, kReadConsent}, Sight::kOwn},
      {{kClerk, kSystem}, {kRegistration}, {kFind, kSearch}, Sight::kToldOf},
      {{kClerk}, {kPatientRequest}, {kReadConsent, kReadAudit, kTakeConsent}, Sight::kOwn},
      {{kSteward},
       {kStewardship},
       {kReview, kFind, kSearch, kRead, kExplain, kFollow, kReadConsent, kReport},
       Sight::kAll},
      {{kAuditor}, {kAudit}, {kReadAudit, kReport}, Sight::kAll},
      {{kOperator}, {kOperations}, {kAdminister, kReport, kFind, kFollow, kReadConsent, kErase}, Sight::kAll},
      {{kOperator}, {kPatientRequest}, {kFind, kReadConsent, kTakeConsent, kReadAudit, kReidentify, kErase}, Sight::kAll},
      {{kResearcher}, {kResearch}, {kPseudonymize}, Sight::kToldOf},
  };
  return rules;
}

std::string ToJson(const AccessRules& rules) {
  Json json;
  json["consent"] = std::string(ConsentBasisName(rules.basis));
  json["tenants_apart"] = rules.tenants_apart;
  json["rules"] = Json::array();
  for (const AccessRule& rule : rules.rules)
    json["rules"].push_back({{"who", NamesJson(rule.who, kProfessions, ProfessionName)},
                             {"why", NamesJson(rule.why, kPurposes, PurposeName)},
                             {"what", NamesJson(rule.what, kOperations, OperationName)},
                             {"sees", std::string(SightName(rule.sees))}});
  return json.dump(2);
}

absl::StatusOr<AccessRules> AccessRulesOfJson(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object()) return Wrong("the text", "is no JSON object");
  for (const auto& [name, value] : json.items())
    if (name != "consent" && name != "tenants_apart" && name != "rules")
      return Wrong("the text", "knows consent, tenants_apart and rules, and nothing else");
  AccessRules rules;
  const auto basis = json.find("consent");
  const auto known =
      basis != json.end() && basis->is_string() ? ConsentBasisOf(basis->get<std::string>()) : std::nullopt;
  if (!known) return Wrong("consent", "must be opt_in or opt_out");
  rules.basis = *known;
  if (const auto apart = json.find("tenants_apart"); apart != json.end()) {
    if (!apart->is_boolean()) return Wrong("tenants_apart", "must be true or false");
    rules.tenants_apart = apart->get<bool>();
  }
  const auto list = json.find("rules");
  if (list == json.end() || !list->is_array()) return Wrong("rules", "must be a list");
  for (size_t i = 0; i < list->size(); ++i)
    LIBMPI_RETURN_IF_ERROR(ReadRule((*list)[i], "rules[" + std::to_string(i) + "]", &rules.rules.emplace_back()));
  return rules;
}

Sight SightOf(const AccessRules& rules, const Requester& by, const Facility* facility, Operation operation) {
  const bool office = by.facility.empty();
  if (office ? !OfTheOffice(by.profession) : facility == nullptr) return Sight::kRefused;
  if (operation == Operation::kFeed && !office && !facility->feeds) return Sight::kRefused;
  Sight sight = Sight::kRefused;
  for (const AccessRule& rule : rules.rules)
    if (rule.who.Has(by.profession) && rule.why.Has(by.purpose) && rule.what.Has(operation))
      sight = std::max(sight, rule.sees);
  return office || facility->queries ? sight : std::min(sight, Sight::kOwn);
}

bool MayKnowTenant(const AccessRules& rules, const Facility* facility, std::string_view tenant) {
  return facility == nullptr || !rules.tenants_apart || facility->tenant == tenant;
}

bool MaySee(Sight sight, const AccessRules& rules, const Facility* facility, std::string_view authority,
            std::string_view tenant, const Consent& consent) {
  if (sight == Sight::kRefused || !MayKnowTenant(rules, facility, tenant)) return false;
  if (sight == Sight::kAll || OwnsAuthority(facility, authority)) return true;
  if (sight == Sight::kOwn) return false;
  return MayBeTold(consent, rules.basis, facility != nullptr ? facility->name : std::string_view());
}

}  // namespace libmpi
