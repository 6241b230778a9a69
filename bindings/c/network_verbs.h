// SPDX-License-Identifier: Apache-2.0
// What a network is asked to do by libmpi_network_call: verbs, and what they are told. Internal to bindings/c.
#ifndef LIBMPI_BINDINGS_C_NETWORK_VERBS_H_
#define LIBMPI_BINDINGS_C_NETWORK_VERBS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/record_json.h"
#include "libmpi/network/audit_trail.h"
#include "libmpi/network/registry_door.h"
#include "nlohmann/json.hpp"

namespace libmpi::c {

using Json = nlohmann::ordered_json;
// One JSON object a row.
using Lines = absl::StatusOr<std::vector<std::string>>;

inline std::vector<std::string> OneLine(const Json& json) { return {JsonLine(json)}; }

// What a verb is told: an object, whose members are asked for one by one.
class Told {
 public:
  explicit Told(const std::string& text)
      : json_(text.empty() ? nlohmann::json::object() : nlohmann::json::parse(text, nullptr, false)) {}
  absl::Status Check() const {
    return json_.is_object() ? absl::OkStatus() : absl::InvalidArgumentError("json is no JSON object");
  }
  bool Has(const char* name) const { return json_.contains(name); }
  absl::StatusOr<RecordKey> Identifier(const char* name = "identifier") const {
    const auto it = json_.find(name);
    if (it == json_.end()) return absl::InvalidArgumentError(std::string("\"") + name + "\" is missing");
    return KeyOfJson(*it);
  }
  absl::StatusOr<nlohmann::json> Object(const char* name) const {
    const auto it = json_.find(name);
    if (it == json_.end() || !it->is_object())
      return absl::InvalidArgumentError(std::string("\"") + name + "\" must be an object");
    return *it;
  }
  absl::StatusOr<std::string> Text(const char* name, const char* if_missing) const {
    const auto it = json_.find(name);
    if (it == json_.end()) return std::string(if_missing);
    if (!it->is_string()) return absl::InvalidArgumentError(std::string("\"") + name + "\" must be a text");
    return it->get<std::string>();
  }
  absl::StatusOr<uint64_t> Number(const char* name, uint64_t if_missing) const {
    const auto it = json_.find(name);
    if (it == json_.end()) return if_missing;
    if (!it->is_number_unsigned())
      return absl::InvalidArgumentError(std::string("\"") + name + "\" must be a whole number");
    return it->get<uint64_t>();
  }
  absl::StatusOr<double> Share(const char* name, double if_missing) const {
    const auto it = json_.find(name);
    if (it == json_.end()) return if_missing;
    if (!it->is_number() || it->get<double>() <= 0 || it->get<double>() >= 1)
      return absl::InvalidArgumentError(std::string("\"") + name + "\" must be a number between 0 and 1");
    return it->get<double>();
  }
  absl::StatusOr<bool> YesNo(const char* name) const {
    const auto it = json_.find(name);
    if (it == json_.end()) return false;
    if (!it->is_boolean()) return absl::InvalidArgumentError(std::string("\"") + name + "\" must be true or false");
    return it->get<bool>();
  }
  absl::StatusOr<nlohmann::json> List(const char* name) const {
    const auto it = json_.find(name);
    if (it == json_.end() || !it->is_array())
      return absl::InvalidArgumentError(std::string("\"") + name + "\" must be a list");
    return *it;
  }
  absl::StatusOr<std::vector<AuditHead>> Anchors() const {
    std::vector<AuditHead> anchors;
    const auto it = json_.find("anchors");
    if (it == json_.end()) return anchors;
    for (const nlohmann::json& line : *it) {
      if (!line.is_string()) return absl::InvalidArgumentError("\"anchors\" must be a list of texts");
      LIBMPI_ASSIGN_OR_RETURN(anchors.emplace_back(), AuditHead::Parse(line.get<std::string>()));
    }
    return anchors;
  }

 private:
  const nlohmann::json json_;
};

// What the network's office does. The door is somebody's: it has a network.
struct OfficeVerb {
  std::string_view name;
  Lines (*run)(const RegistryDoor& door, const Told& told);
};
std::span<const OfficeVerb> OfficeVerbs();
std::span<const OfficeVerb> DeskVerbs();

}  // namespace libmpi::c

#endif  // LIBMPI_BINDINGS_C_NETWORK_VERBS_H_
