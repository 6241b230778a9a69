// SPDX-License-Identifier: Apache-2.0
// What JP Core's Patient and Coverage say, without their JSON, and what a record makes of it; both ways. Internal to
// libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_FHIR_VALUES_H_
#define LIBMPI_EXCHANGE_FEEDS_FHIR_VALUES_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/record/record.h"

namespace libmpi {

inline constexpr std::string_view kFhirLocalIdRoot = "urn:oid:1.2.392.100495.20.3.51.1";  // and the ten digits
inline constexpr std::string_view kFhirMemberIdSystem = "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID";
inline constexpr std::string_view kFhirCoverageIdSystem = "http://jpfhir.jp/fhir/core/IdSystem/JP_Coverage_id";
inline constexpr std::string_view kFhirInsurerSystem = "http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsurerNumber";
inline constexpr std::string_view kFhirRepresentation =
    "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation";
// And "Symbol", "Number" or "SubNumber".
inline constexpr std::string_view kFhirInsuredPerson =
    "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Coverage_InsuredPerson";

struct FhirIdentifier {
  std::string system, value, use, type_code, type_text;
  bool empty() const { return system.empty() && value.empty(); }
};

enum class FhirScript : uint8_t { kUnsaid, kIdeographic, kSyllabic, kAlphabetic };  // IDE, SYL, ABC

struct FhirName {
  FhirScript script = FhirScript::kUnsaid;
  std::string use, text, family, given;
};

struct FhirAddress {
  std::string use, text, state, city, line, postal_code;
};

struct FhirReference {
  std::string reference;
  FhirIdentifier identifier;  // where it is said beside the reference, or alone
};

struct FhirPatient {
  std::string id;
  std::vector<FhirIdentifier> identifiers;
  std::vector<FhirName> names;
  std::vector<FhirAddress> addresses;
  std::vector<std::string> phones;
  std::string birth, gender;
  FhirIdentifier managing_organization;
  bool inactive = false, replaced = false;
};

struct FhirCoverage {
  std::vector<std::string> member_ids;    // "insurer:symbol:number:branch"
  std::vector<std::string> coverage_ids;  // the same as CSV
  std::string symbol, number, branch;     // of the extensions
  std::string subscriber_id, dependent;
  std::string insurer;  // of the payor
  std::vector<FhirReference> payors;
  FhirReference beneficiary;
  std::optional<FhirPatient> contained_patient;  // the beneficiary, where it is told within
  bool is_care = false;                          // 介護保険
  bool entered_in_error = false;
};

// Takes a note: a canonical field name, and what is odd.
using FhirNote = std::function<void(std::string_view field, std::string_view reason)>;

// "urn:oid:1.2.392.100495.20.3.51.11312345670" to "1312345670", the institution; other OIDs without "urn:oid:", other
// systems as they are.
std::string FhirSourceOf(std::string_view system);
// What says of itself that it is a My Number (個人番号), which must not be stored.
bool IsFhirMyNumber(const FhirIdentifier& identifier);
// Systems of insurers and payers: what an Organization is known by to those that it insures.
bool IsFhirInsurerSystem(std::string_view system);

// The identifier that is the record's key, of those that a patient has: of `wished` (an assigning authority), else a
// local number of an institution, of type MR or PI, of none, without a system; old ones last. Those of insurers and My
// Numbers are none. Null: there is none.
const FhirIdentifier* FhirKeyOf(std::span<const FhirIdentifier> identifiers, std::string_view wished);
// How many of them are local numbers of different institutions.
size_t FhirInstitutionsOf(std::span<const FhirIdentifier> identifiers);

// Names, former names, addresses, phones, birth, sex, and the insurance that stands among the identifiers.
void AddFhirPatient(FhirPatient&& patient, const FhirNote& note, Record* record);
void AddFhirCoverage(const FhirCoverage& coverage, const FhirNote& note, Record* record);

// What is written of a record. FHIR has one birth date and one gender: the first that can be read.
std::vector<FhirName> FhirNamesOf(const Record& record);
std::vector<FhirAddress> FhirAddressesOf(const Record& record);
std::vector<FhirCoverage> FhirCoveragesOf(const Record& record);
std::string FhirBirthOf(const Record& record);   // YYYY-MM-DD, YYYY-MM or YYYY
std::string FhirGenderOf(const Record& record);  // male, female, other, unknown; empty: nothing is said

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_FHIR_VALUES_H_
