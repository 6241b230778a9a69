// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/record_json.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/column_map.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/exchange/row_record.h"

namespace libmpi {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;  // to write: as a reader expects it

template <typename Statement>
struct Part {
  const char* name;
  std::string Statement::*text;
};
constexpr Part<StatedName> kNameParts[] = {
    {"name", &StatedName::full},           {"family", &StatedName::family},
    {"given", &StatedName::given},         {"kana", &StatedName::full_kana},
    {"family_kana", &StatedName::family_kana}, {"given_kana", &StatedName::given_kana},
    {"latin", &StatedName::latin}};
constexpr Part<StatedCoverage> kCoverageParts[] = {{"insurer", &StatedCoverage::insurer},
                                                           {"symbol", &StatedCoverage::symbol},
                                                           {"number", &StatedCoverage::number},
                                                           {"branch", &StatedCoverage::branch}};
constexpr Part<StatedCareInsurance> kCareParts[] = {{"insurer", &StatedCareInsurance::insurer},
                                                            {"number", &StatedCareInsurance::number}};
constexpr Part<StatedAddress> kAddressParts[] = {
    {"postal_code", &StatedAddress::postal_code}, {"prefecture", &StatedAddress::prefecture},
    {"city", &StatedAddress::city},               {"street", &StatedAddress::street},
    {"address", &StatedAddress::full}};

// Calls visit(name, list) for lists of texts, visit(name, list, parts) for those of statements.
template <typename R, typename Visit>
void ForEachList(R& record, const Visit& visit) {
  visit("names", record.names, kNameParts);
  visit("former_names", record.former_names);
  visit("births", record.births);
  visit("sexes", record.sexes);
  visit("coverages", record.coverages, kCoverageParts);
  visit("care", record.care, kCareParts);
  visit("addresses", record.addresses, kAddressParts);
  visit("phones", record.phones);
}

struct Writer {
  OrderedJson* json;
  void operator()(const char* name, const std::vector<std::string>& list) const {
    if (!list.empty()) (*json)[name] = list;
  }
  template <typename Statement, size_t kParts>
  void operator()(const char* name, const std::vector<Statement>& list, const Part<Statement> (&parts)[kParts]) const {
    for (const Statement& statement : list) {
      OrderedJson one = OrderedJson::object();
      for (const Part<Statement>& part : parts)
        if (const std::string& text = statement.*part.text; !text.empty()) one[part.name] = text;
      (*json)[name].push_back(std::move(one));
    }
  }
};

absl::Status Refuse(const std::string& member, const char* what) {
  return absl::InvalidArgumentError("\"" + member.substr(0, 40) + "\" " + what);
}

// Reads the lists, and notes which members it knew.
struct Reader {
  const Json& json;
  std::vector<std::string>* known;
  absl::Status* status;

  const Json* Find(const char* name) const {
    const auto found = json.find(name);
    if (found == json.end() || !status->ok()) return nullptr;
    known->push_back(name);
    if (found->is_array()) return &*found;
    *status = Refuse(name, "must be a list");
    return nullptr;
  }
  void operator()(const char* name, std::vector<std::string>& list) const {
    const Json* const items = Find(name);
    if (items == nullptr) return;
    for (const Json& item : *items) {
      if (!item.is_string()) *status = Refuse(name, "must be a list of texts");
      else list.push_back(item.get<std::string>());
    }
  }
  template <typename Statement, size_t kParts>
  void operator()(const char* name, std::vector<Statement>& list, const Part<Statement> (&parts)[kParts]) const {
    const Json* const items = Find(name);
    if (items == nullptr) return;
    for (const Json& item : *items) {
      if (!item.is_object()) {
        *status = Refuse(name, "must be a list of objects");
        return;
      }
      Statement& statement = list.emplace_back();
      for (const auto& [part_name, text] : item.items()) {
        std::string Statement::*at = nullptr;
        for (const Part<Statement>& part : parts)
          if (part_name == part.name) at = part.text;
        if (at == nullptr || !text.is_string()) *status = Refuse(part_name, "is no part of this, or no text");
        else statement.*at = text.template get<std::string>();
      }
    }
  }
};

// Fields by the names that a patient list has them under.
absl::Status TakeFields(const Json& json, const std::vector<std::string>& known, Record* record) {
  std::vector<std::string_view> texts;
  ColumnMap columns;
  const auto fields = CanonicalFields();
  for (const auto& [name, value] : json.items()) {
    if (name == "source" || name == "record_id" || name == "part") continue;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto field = std::find(fields.begin(), fields.end(), name);
    if (field == fields.end()) return Refuse(name, "is no field of a record; nayose dedupe --help names them");
    if (!value.is_string()) return Refuse(name, "must be a text");
    texts.push_back(value.get_ref<const std::string&>());
    columns.field_of_column.push_back(static_cast<Field>(field - fields.begin()));
  }
  AddRow<std::string>(texts, columns, record);
  return absl::OkStatus();
}

}  // namespace

OrderedJson KeyJson(const RecordKey& key) {
  OrderedJson json = {{"source", key.source}, {"record_id", key.record_id}};
  if (key.part != 0) json["part"] = key.part;
  return json;
}

OrderedJson RecordJson(const Record& record) {
  OrderedJson json = KeyJson(record.key);
  ForEachList(record, Writer{&json});
  return json;
}

std::string JsonLine(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

absl::StatusOr<RecordKey> KeyOfJson(const Json& json) {
  if (!json.is_object()) return absl::InvalidArgumentError("is no JSON object");
  RecordKey key;
  for (auto [name, text] : {std::pair("source", &key.source), std::pair("record_id", &key.record_id)}) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_string() || found->get_ref<const std::string&>().empty())
      return Refuse(name, "is missing, or no text");
    *text = found->get<std::string>();
  }
  if (const auto part = json.find("part"); part != json.end()) {
    if (!part->is_number_unsigned() || part->get<uint64_t>() > UINT16_MAX) return Refuse("part", "must be 0 to 65535");
    key.part = part->get<uint16_t>();
  }
  return key;
}

absl::StatusOr<Record> RecordOfJson(const Json& json) {
  Record record;
  LIBMPI_ASSIGN_OR_RETURN(record.key, KeyOfJson(json));
  std::vector<std::string> known;
  absl::Status status;
  ForEachList(record, Reader{json, &known, &status});
  LIBMPI_RETURN_IF_ERROR(status);
  LIBMPI_RETURN_IF_ERROR(TakeFields(json, known, &record));
  record.Normalize();
  return record;
}

}  // namespace libmpi
