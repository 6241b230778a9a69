// SPDX-License-Identifier: Apache-2.0
// What schema and model files have in common. Internal to libmpi/table.
#ifndef LIBMPI_TABLE_JSON_READER_H_
#define LIBMPI_TABLE_JSON_READER_H_

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/table/schema.h"
#include "nlohmann/json.hpp"

namespace libmpi::table {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;  // to write: as a reader expects it

inline absl::Status RefuseFile(const std::string& what) { return absl::InvalidArgumentError("schema: " + what); }

// A JSON object read key by key; what no one asked for is refused.
class Reader {
 public:
  Reader(const Json& json, std::string place) : json_(json), place_(std::move(place)) {}

  absl::Status IsObject(std::initializer_list<std::string_view> known) const {
    if (!json_.is_object()) return RefuseFile(place_ + " must be an object");
    for (const auto& [key, value] : json_.items()) {
      if (std::find(known.begin(), known.end(), std::string_view(key)) != known.end()) continue;
      std::string all;
      for (std::string_view name : known) all += (all.empty() ? "" : ", ") + std::string(name);
      return RefuseFile(place_ + ": unknown key '" + key.substr(0, 40) + "'; known are " + all);
    }
    return absl::OkStatus();
  }
  const Json* Find(const char* key) const {
    const auto found = json_.find(key);
    return found == json_.end() ? nullptr : &*found;
  }
  absl::Status Text(const char* key, std::string* out) const {
    if (const Json* value = Find(key)) {
      if (!value->is_string()) return RefuseFile(place_ + ": " + key + " must be a text");
      *out = value->get<std::string>();
    }
    return absl::OkStatus();
  }
  absl::Status Number(const char* key, double* out) const {
    if (const Json* value = Find(key)) {
      if (!value->is_number()) return RefuseFile(place_ + ": " + key + " must be a number");
      *out = value->get<double>();
    }
    return absl::OkStatus();
  }
  absl::Status Flag(const char* key, bool* out) const {
    if (const Json* value = Find(key)) {
      if (!value->is_boolean()) return RefuseFile(place_ + ": " + key + " must be true or false");
      *out = value->get<bool>();
    }
    return absl::OkStatus();
  }
  absl::Status Texts(const char* key, std::vector<std::string>* out) const {
    const Json* value = Find(key);
    if (value == nullptr) return absl::OkStatus();
    if (!value->is_array()) return RefuseFile(place_ + ": " + key + " must be a list of texts");
    out->clear();
    for (const Json& one : *value) {
      if (!one.is_string()) return RefuseFile(place_ + ": " + key + " must be a list of texts");
      out->push_back(one.get<std::string>());
    }
    return absl::OkStatus();
  }
  // One of some words.
  template <size_t N>
  absl::Status Choice(const char* key, const std::string_view (&words)[N], int* out) const {
    std::string said;
    LIBMPI_RETURN_IF_ERROR(Text(key, &said));
    if (Find(key) == nullptr) return absl::OkStatus();
    std::string all;
    for (size_t i = 0; i < N; ++i) {
      if (words[i] == said) {
        *out = static_cast<int>(i);
        return absl::OkStatus();
      }
      all += (i == 0 ? "" : ", ") + std::string(words[i]);
    }
    return RefuseFile(place_ + ": " + key + " is '" + said.substr(0, 40) + "'; known are " + all);
  }
  const std::string& place() const { return place_; }

 private:
  const Json& json_;
  std::string place_;
};

template <typename Named>
std::optional<size_t> IndexOf(const std::vector<Named>& all, const std::string& name) {
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].name == name) return i;
  return std::nullopt;
}

inline absl::Status ReadVersion(const Reader& in, const char* format, int version) {
  std::string said;
  double number = 0;
  LIBMPI_RETURN_IF_ERROR(in.Text("format", &said));
  if (said != format) return RefuseFile(std::string("no \"format\": \"") + format + "\"");
  LIBMPI_RETURN_IF_ERROR(in.Number("version", &number));
  if (number != version)
    return RefuseFile("version " + Json(number).dump() + "; this nayose reads version " + std::to_string(version));
  return absl::OkStatus();
}

template <typename Result, typename Read>
absl::StatusOr<Result> Parse(std::string_view text, const Read& read) {
  // The parser reports by exception; none leaves this function.
  try {
    return read(Json::parse(text));
  } catch (const Json::parse_error& e) {
    return RefuseFile("not JSON: byte " + std::to_string(e.byte));
  } catch (const Json::exception&) {
    return RefuseFile("an entry cannot be read");
  }
}

// Of schema_json.cc.
absl::StatusOr<Schema> ReadSchema(const Json& json);
absl::Status ReadRules(const Json& json, const Schema& schema, std::vector<BlockingRule>* rules);
absl::Status CheckRules(const std::vector<BlockingRule>& rules);
OrderedJson SchemaToJson(const Schema& schema);
OrderedJson RulesToJson(const Schema& schema, const std::vector<BlockingRule>& rules);

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_JSON_READER_H_
