// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/fhir_writer.h"

#include <cctype>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/exchange/feeds/fhir_values.h"
#include "libmpi/exchange/record_json.h"

namespace libmpi {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kLargeFile = size_t{32} << 20;

// Letters, digits, - and . are what an id may have, 64 at most; another local number has its place in the file.
std::string IdOf(const std::string& local, uint64_t ordinal) {
  bool may_be = !local.empty() && local.size() <= 64;
  for (const char c : local)
    may_be = may_be && (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.');
  return may_be ? local : "p." + std::to_string(ordinal);
}

void SetText(Json* json, const char* name, const std::string& text) {
  if (!text.empty()) (*json)[name] = text;
}

Json Extension(std::string_view url, const char* type, std::string_view value) { return {{"url", url}, {type, value}}; }

std::string_view CodeOf(FhirScript script) {
  return script == FhirScript::kIdeographic ? "IDE" : script == FhirScript::kSyllabic ? "SYL" : "ABC";
}

Json JsonOf(const FhirName& name) {
  Json json = Json::object();
  if (name.script != FhirScript::kUnsaid)
    json["extension"] = Json::array({Extension(kFhirRepresentation, "valueCode", CodeOf(name.script))});
  SetText(&json, "use", name.use);
  SetText(&json, "text", name.text);
  SetText(&json, "family", name.family);
  if (!name.given.empty()) json["given"] = Json::array({name.given});
  return json;
}

Json JsonOf(const FhirAddress& address) {
  Json json = Json::object();
  SetText(&json, "use", address.use);
  SetText(&json, "text", address.text);
  if (!address.line.empty()) json["line"] = Json::array({address.line});
  SetText(&json, "city", address.city);
  SetText(&json, "state", address.state);
  SetText(&json, "postalCode", address.postal_code);
  return json;
}

template <typename Value>
void SetList(Json* json, const char* name, const std::vector<Value>& values) {
  if (values.empty()) return;
  Json& list = (*json)[name] = Json::array();
  for (const Value& value : values) list.push_back(JsonOf(value));
}

Json JsonOf(const FhirCoverage& coverage) {
  Json json = {{"resourceType", "Coverage"}};
  Json extensions = Json::array();
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) extensions.push_back(Extension(std::string(kFhirInsuredPerson) + name, "valueString", value));
  };
  if (!coverage.insurer.empty()) {
    const Json number = {{"system", kFhirInsurerSystem}, {"value", coverage.insurer}};
    json["contained"] =
        Json::array({{{"resourceType", "Organization"}, {"id", "insurer"}, {"identifier", Json::array({number})}}});
  }
  add("Symbol", coverage.symbol);
  add("Number", coverage.number);
  add("SubNumber", coverage.branch);
  if (!extensions.empty()) json["extension"] = std::move(extensions);
  for (const std::string& id : coverage.member_ids)
    json["identifier"].push_back({{"system", kFhirMemberIdSystem}, {"value", id}});
  json["status"] = "active";
  if (coverage.is_care) json["type"] = {{"text", "介護保険"}};
  SetText(&json, "dependent", coverage.branch);
  if (!coverage.insurer.empty()) json["payor"] = Json::array({{{"reference", "#insurer"}}});
  return json;
}

class FhirWriter final : public FeedWriter {
 public:
  explicit FhirWriter(const FeedWriterOptions& options)
      : options_(options), system_(std::string(kFhirLocalIdRoot) + options.institution) {}

  absl::Status Add(const Record& record) override {
    const std::string id = IdOf(record.key.record_id, ++ordinal_);
    const Json identifier = {{"system", system_}, {"value", record.key.record_id}};
    AppendPatient(record, id, identifier);
    AppendCoverages(record, id, identifier);
    if (patients_.size() < kLargeFile && coverages_.size() < kLargeFile) return absl::OkStatus();
    return End();
  }

  absl::Status End() override {
    LIBMPI_RETURN_IF_ERROR(Give("Patient", &patients_));
    LIBMPI_RETURN_IF_ERROR(Give("Coverage", &coverages_));
    ++files_;
    return absl::OkStatus();
  }

 private:
  void AppendPatient(const Record& record, const std::string& id, const Json& identifier) {
    Json patient = {
        {"resourceType", "Patient"}, {"id", id}, {"identifier", Json::array({identifier})}, {"active", true}};
    SetList(&patient, "name", FhirNamesOf(record));
    for (const std::string& phone : record.phones)
      patient["telecom"].push_back({{"system", "phone"}, {"value", phone}});
    SetText(&patient, "gender", FhirGenderOf(record));
    SetText(&patient, "birthDate", FhirBirthOf(record));
    SetList(&patient, "address", FhirAddressesOf(record));
    patients_ += JsonLine(patient) + "\n";
  }

  void AppendCoverages(const Record& record, const std::string& id, const Json& identifier) {
    for (const FhirCoverage& said : FhirCoveragesOf(record)) {
      Json coverage = JsonOf(said);
      coverage["beneficiary"] = {{"reference", "Patient/" + id}, {"identifier", identifier}};
      coverages_ += JsonLine(coverage) + "\n";
    }
  }

  absl::Status Give(const char* type, std::string* bytes) {
    if (bytes->empty()) return absl::OkStatus();
    char number[16];
    std::snprintf(number, sizeof number, ".%03u", files_);
    return options_.take({std::string(type) + number + ".ndjson", std::exchange(*bytes, {})});
  }

  const FeedWriterOptions options_;
  const std::string system_;
  std::string patients_, coverages_;
  uint64_t ordinal_ = 0;
  unsigned files_ = 0;
};

}  // namespace

std::unique_ptr<FeedWriter> NewFhirWriter(const FeedWriterOptions& options) {
  return std::make_unique<FhirWriter>(options);
}

Record FhirAsCarried(const Record& said) {
  const Record record = WithUnifiedTexts(said);
  Record out;
  out.key = {record.key.source, record.key.record_id};
  const FhirNote ignore = [](std::string_view, std::string_view) {};
  FhirPatient patient;
  patient.names = FhirNamesOf(record);
  patient.addresses = FhirAddressesOf(record);
  patient.phones = record.phones;
  patient.birth = FhirBirthOf(record);
  patient.gender = FhirGenderOf(record);
  AddFhirPatient(std::move(patient), ignore, &out);
  for (const FhirCoverage& coverage : FhirCoveragesOf(record)) AddFhirCoverage(coverage, ignore, &out);
  out.Normalize();
  return out;
}

}  // namespace libmpi
