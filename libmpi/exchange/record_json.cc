// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/record_json.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/column_map.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/exchange/row_record.h"

namespace nayose {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;  // to write: as a reader expects it
using libmpi::Record;

template <typename Statement>
struct Part {
  const char* name;
  std::string Statement::*text;
};
constexpr Part<libmpi::StatedName> kNameParts[] = {
    {"name", &libmpi::StatedName::full},           {"family", &libmpi::StatedName::family},
    {"given", &libmpi::StatedName::given},         {"kana", &libmpi::StatedName::full_kana},
    {"family_kana", &libmpi::StatedName::family_kana}, {"given_kana", &libmpi::StatedName::given_kana},
    {"latin", &libmpi::StatedName::latin}};
constexpr Part<libmpi::StatedCoverage> kCoverageParts[] = {{"insurer", &libmpi::StatedCoverage::insurer},
                                                           {"symbol", &libmpi::StatedCoverage::symbol},
                                                           {"number", &libmpi::StatedCoverage::number},
                                                           {"branch", &libmpi::StatedCoverage::branch}};
constexpr Part<libmpi::StatedCareInsurance> kCareParts[] = {{"insurer", &libmpi::StatedCareInsurance::insurer},
                                                            {"number", &libmpi::StatedCareInsurance::number}};
constexpr Part<libmpi::StatedAddress> kAddressParts[] = {
    {"postal_code", &libmpi::StatedAddress::postal_code}, {"prefecture", &libmpi::StatedAddress::prefecture},
    {"city", &libmpi::StatedAddress::city},               {"street", &libmpi::StatedAddress::street},
    {"address", &libmpi::StatedAddress::full}};

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
  libmpi::ColumnMap columns;
  const auto fields = libmpi::CanonicalFields();
  for (const auto& [name, value] : json.items()) {
    if (name == "source" || name == "record_id" || name == "part") continue;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto field = std::find(fields.begin(), fields.end(), name);
    if (field == fields.end()) return Refuse(name, "is no field of a record; nayose dedupe --help names them");
    if (!value.is_string()) return Refuse(name, "must be a text");
    texts.push_back(value.get_ref<const std::string&>());
    columns.field_of_column.push_back(static_cast<libmpi::Field>(field - fields.begin()));
  }
  libmpi::AddRow<std::string>(texts, columns, record);
  return absl::OkStatus();
}

}  // namespace

OrderedJson KeyJson(const libmpi::RecordKey& key) {
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

absl::StatusOr<libmpi::RecordKey> KeyOfJson(const Json& json) {
  if (!json.is_object()) return absl::InvalidArgumentError("is no JSON object");
  libmpi::RecordKey key;
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

std::string RecordText(const Record& record) {
  std::string text;
  const auto say = [&](const std::string& value) {
    if (value.empty()) return;
    if (!text.empty()) text += "  ";
    for (char c : value) text += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  };
  const auto joined = [](const std::string& first, const std::string& second) {
    return first.empty() || second.empty() ? first + second : first + " " + second;
  };
  for (const libmpi::StatedName& name : record.names) {
    say(name.full);
    say(joined(name.family, name.given));
    say(name.full_kana);
    say(joined(name.family_kana, name.given_kana));
    say(name.latin);
  }
  for (const std::string& birth : record.births) say(birth);
  for (const std::string& sex : record.sexes) say(sex);
  for (const libmpi::StatedAddress& address : record.addresses)
    say(address.full + address.prefecture + address.city + address.street);
  for (const std::string& phone : record.phones) say(phone);
  return text;
}

}  // namespace nayose
