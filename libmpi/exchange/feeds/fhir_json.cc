// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/fhir_json.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/text/ascii.h"
#include "libmpi/text/charset.h"

namespace libmpi {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr size_t kAll = std::numeric_limits<size_t>::max();
// Lists that are looked through once for each of another list's elements.
constexpr size_t kMostPayors = 8, kMostContained = 32;

std::string TextOf(element said) {
  std::string_view text;
  int64_t number = 0;
  if (said.get(text) == simdjson::SUCCESS) return FhirText(text);
  return said.get(number) == simdjson::SUCCESS ? std::to_string(number) : std::string();
}

// Strings of a list, one after the other with spaces between; or the one string that stands in its place.
std::string JoinedTexts(object from, std::string_view name) {
  element said;
  array list;
  if (from[name].get(said) != simdjson::SUCCESS) return "";
  if (said.get(list) != simdjson::SUCCESS) return TextOf(said);
  std::string out;
  for (const element each : list) {
    const std::string text = TextOf(each);
    if (!text.empty()) out += (out.empty() ? "" : " ") + text;
  }
  return out;
}

FhirIdentifier ReadIdentifier(object from) {
  FhirIdentifier out{FhirText(from, "system"), FhirText(from, "value"), FhirText(from, "use"), "", ""};
  object type;
  if (!FhirMember(from, "type", &type)) return out;
  out.type_text = FhirText(type, "text");
  ForEachFhirObject(type, "coding", 1, [&](object coding) { out.type_code = FhirText(coding, "code"); });
  return out;
}

FhirReference ReadReference(object from) {
  FhirReference out;
  out.reference = FhirText(from, "reference");
  if (object identifier; FhirMember(from, "identifier", &identifier)) out.identifier = ReadIdentifier(identifier);
  return out;
}

FhirReference ReadReference(object from, std::string_view name) {
  object reference;
  return FhirMember(from, name, &reference) ? ReadReference(reference) : FhirReference();
}

FhirScript ScriptOfExtensions(object name) {
  FhirScript script = FhirScript::kUnsaid;
  ForEachFhirObject(name, "extension", kAll, [&](object extension) {
    if (FhirString(extension, "url") != kFhirRepresentation) return;
    const std::string_view code = FhirString(extension, "valueCode");
    if (code == "IDE") script = FhirScript::kIdeographic;
    if (code == "SYL") script = FhirScript::kSyllabic;
    if (code == "ABC") script = FhirScript::kAlphabetic;
  });
  return script;
}

FhirName ReadName(object from) {
  return {ScriptOfExtensions(from), FhirText(from, "use"), FhirText(from, "text"), FhirText(from, "family"),
          JoinedTexts(from, "given")};
}

FhirAddress ReadAddress(object from) {
  return {FhirText(from, "use"),  FhirText(from, "text"),    FhirText(from, "state"),
          FhirText(from, "city"), JoinedTexts(from, "line"), FhirText(from, "postalCode")};
}

void ReadPhone(object telecom, FhirPatient* out) {
  const std::string_view system = FhirString(telecom, "system");
  if (!system.empty() && system != "phone" && system != "sms") return;
  std::string number = FhirText(telecom, "value");
  const bool is_mail = system.empty() && number.find('@') != std::string::npos;
  if (!number.empty() && !is_mail) out->phones.push_back(std::move(number));
}

void ReadCoverageExtension(object extension, FhirCoverage* out) {
  std::string_view name = FhirString(extension, "url");
  if (!name.starts_with(kFhirInsuredPerson)) return;
  name.remove_prefix(kFhirInsuredPerson.size());
  std::string value = FhirText(extension, "valueString");
  if (name == "Symbol")
    out->symbol = std::move(value);
  else if (name == "Number")
    out->number = std::move(value);
  else if (name == "SubNumber")
    out->branch = std::move(value);
}

bool SaysCare(object type) {
  constexpr std::string_view kCare = "介護";
  bool says = FhirString(type, "text").find(kCare) != std::string_view::npos;
  ForEachFhirObject(type, "coding", kMostContained, [&](object coding) {
    says = says || FhirString(coding, "display").find(kCare) != std::string_view::npos;
  });
  return says;
}

// What a coverage tells of others within itself: "#name".
void ReadContained(object coverage, FhirCoverage* out) {
  const auto is_payor = [&](std::string_view id) {
    return std::ranges::any_of(out->payors, [&](const FhirReference& payor) {
      return payor.reference.starts_with('#') && std::string_view(payor.reference).substr(1) == id;
    });
  };
  ForEachFhirObject(coverage, "contained", kMostContained, [&](object contained) {
    const std::string_view type = FhirString(contained, "resourceType"), id = FhirString(contained, "id");
    if (type == "Organization" && out->insurer.empty() && is_payor(id)) out->insurer = ReadFhirInsurer(contained);
    if (type == "Patient" && !out->contained_patient && out->beneficiary.reference == "#" + std::string(id))
      out->contained_patient = ReadFhirPatient(contained);
  });
}

}  // namespace

std::string FhirText(std::string_view text) {
  text = WithoutBlanks(text);
  if (IsAscii(text)) return std::string(text);
  return DecodeText(text, Charset::kUtf8).utf8;
}

std::string_view FhirString(object from, std::string_view name) {
  std::string_view text;
  return from[name].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::string FhirText(object from, std::string_view name) {
  element said;
  return from[name].get(said) == simdjson::SUCCESS ? TextOf(said) : std::string();
}

bool IsFhirObject(element said, object* out) { return said.get(*out) == simdjson::SUCCESS; }

bool FhirMember(object from, std::string_view name, object* member) {
  return from[name].get(*member) == simdjson::SUCCESS;
}

FhirPatient ReadFhirPatient(object patient) {
  FhirPatient out;
  out.id = FhirText(patient, "id");
  ForEachFhirObject(patient, "identifier", kAll, [&](object o) { out.identifiers.push_back(ReadIdentifier(o)); });
  ForEachFhirObject(patient, "name", kAll, [&](object o) { out.names.push_back(ReadName(o)); });
  ForEachFhirObject(patient, "address", kAll, [&](object o) { out.addresses.push_back(ReadAddress(o)); });
  ForEachFhirObject(patient, "telecom", kAll, [&](object o) { ReadPhone(o, &out); });
  out.birth = FhirText(patient, "birthDate");
  out.gender = FhirText(patient, "gender");
  out.managing_organization = ReadReference(patient, "managingOrganization").identifier;
  bool active = true;
  out.inactive = patient["active"].get(active) == simdjson::SUCCESS && !active;
  ForEachFhirObject(patient, "link", kAll,
                    [&](object link) { out.replaced = out.replaced || FhirString(link, "type") == "replaced-by"; });
  return out;
}

FhirCoverage ReadFhirCoverage(object coverage) {
  FhirCoverage out;
  ForEachFhirObject(coverage, "identifier", kAll, [&](object o) {
    const std::string_view system = FhirString(o, "system");
    if (system == kFhirMemberIdSystem) out.member_ids.push_back(FhirText(o, "value"));
    if (system == kFhirCoverageIdSystem) out.coverage_ids.push_back(FhirText(o, "value"));
  });
  ForEachFhirObject(coverage, "extension", kAll, [&](object o) { ReadCoverageExtension(o, &out); });
  out.subscriber_id = FhirText(coverage, "subscriberId");
  out.dependent = FhirText(coverage, "dependent");
  out.beneficiary = ReadReference(coverage, "beneficiary");
  ForEachFhirObject(coverage, "payor", kMostPayors, [&](object o) {
    FhirReference payor = ReadReference(o);
    if (out.insurer.empty() && IsFhirInsurerSystem(payor.identifier.system)) out.insurer = payor.identifier.value;
    out.payors.push_back(std::move(payor));
  });
  if (object type; FhirMember(coverage, "type", &type)) out.is_care = SaysCare(type);
  out.entered_in_error = FhirString(coverage, "status") == "entered-in-error";
  ReadContained(coverage, &out);
  return out;
}

std::string ReadFhirInsurer(object organization) {
  std::string number;
  ForEachFhirObject(organization, "identifier", kMostContained, [&](object o) {
    if (number.empty() && IsFhirInsurerSystem(FhirString(o, "system"))) number = FhirText(o, "value");
  });
  return number;
}

}  // namespace libmpi
