// SPDX-License-Identifier: Apache-2.0
// What is said to a network and what it answers, as JSON: for the command and for the C API.
#ifndef LIBMPI_NETWORK_NETWORK_JSON_H_
#define LIBMPI_NETWORK_NETWORK_JSON_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/base/system_time.h"
#include "libmpi/network/absorb.h"
#include "libmpi/network/network.h"
#include "libmpi/network/takeover.h"
#include "nlohmann/json.hpp"

namespace libmpi {

// An object of texts: "actor", "facility", "application", "profession", "purpose", "request", "reason"; what is left
// out is empty, but profession and purpose. kInvalidArgument names the member that is wrong.
absl::StatusOr<Requester> RequesterOfJson(std::string_view text);

// "name", "kind", "feeds" and "queries" (true where left out), "authorities", "tenant" (left out: of none).
nlohmann::ordered_json FacilityJson(const Facility& facility);
absl::StatusOr<Facility> FacilityOfJson(const nlohmann::json& json);

// "kind" (registered, withdrawn), "from" (2026-04-01), "facilities", "reference".
absl::StatusOr<ConsentStatement> ConsentStatementOfJson(const nlohmann::json& json);
nlohmann::ordered_json ConsentJson(const Consent& consent);
nlohmann::ordered_json PersonConsentJson(const PersonConsent& consent);
nlohmann::ordered_json RegistrationJson(const RegistrationReport& report);

nlohmann::ordered_json DisagreementJson(const Disagreement& disagreement);
// The counts; and an object each of what is in the way, was refused or contradicts.
nlohmann::ordered_json AbsorbCountsJson(const AbsorbAnswer& answer);
std::vector<nlohmann::ordered_json> AbsorbFindingsJson(const AbsorbAnswer& answer);

nlohmann::ordered_json AuditEntryJson(const AuditEntry& entry);
nlohmann::ordered_json UsageJson(const UsageCount& count);
nlohmann::ordered_json AuditHeadJson(const AuditHead& head);

// Its values, why each survived, what did not, and what was refused.
nlohmann::ordered_json GoldenJson(const GoldenRecord& golden);

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_NETWORK_JSON_H_
