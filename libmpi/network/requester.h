// SPDX-License-Identifier: Apache-2.0 Who asks, from where and what for. That they are who they say is for the host to
// see to: by a certificate, a card, a login.
#ifndef LIBMPI_NETWORK_REQUESTER_H_
#define LIBMPI_NETWORK_REQUESTER_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace libmpi {

enum class Profession : uint8_t {
  kPhysician, kDentist, kPharmacist, kNurse, kCareWorker, kClerk,
  kSystem,  // a program of a facility
  // The network's own.
  kSteward, kAuditor, kOperator, kResearcher,
};
inline constexpr int kProfessions = 11;
std::string_view ProfessionName(Profession profession);  // "physician", "care_worker" ...
std::optional<Profession> ProfessionOf(std::string_view name);

// As HL7's PurposeOfUse has them (TREAT, ETREAT, PATADMIN, HOPERAT, HRESCH, PATRQT), and the network's own two.
enum class Purpose : uint8_t {
  kTreatment,
  kEmergency,       // treatment that can't wait for consent: "break-glass"
  kRegistration,
  kStewardship,     // clerical review
  kAudit,
  kOperations,
  kResearch,
  kPatientRequest,  // the patient asks
};
inline constexpr int kPurposes = 8;
std::string_view PurposeName(Purpose purpose);  // "treatment", "patient_request" ...
std::optional<Purpose> PurposeOf(std::string_view name);

// What is asked for, as far as rights go.
enum class Operation : uint8_t {
  kFeed,          // put, retire, merge and unmerge identifiers
  kFind,          // under which identifiers a person is known
  kSearch,
  kRead,          // what a record says, and the golden record
  kExplain,       // why two records have the weight they have
  kFollow,        // what changed
  kReview,        // questions, decisions, held revisions
  kTakeConsent,   // to take down what a patient said
  kReadConsent,
  kReadAudit,     // who looked
  kReport,        // counts
  kExport,        // records, many
  kPseudonymize,  // for secondary use
  kAdminister,    // facilities, authorities, rules, models
  kReidentify,    // whose a pseudonym is
  kErase,         // to take out what records say
};
inline constexpr int kOperations = 16;
std::string_view OperationName(Operation operation);  // "feed", "take_consent" ...
std::optional<Operation> OperationOf(std::string_view name);

struct Requester {
  std::string actor;        // a person or a program, as the facility names it
  std::string facility;     // empty: the network's own office
  std::string application;
  Profession profession = Profession::kClerk;
  Purpose purpose = Purpose::kTreatment;
  std::string request;      // its own number of the request (HL7 MSH-10), to find it again
  std::string reason;       // required in an emergency
  // Of a message between systems, for an audit record by DICOM and ATNA: the IHE transaction ("ITI-9"), and from which
  // network address it came. Empty: it was none.
  std::string transaction = {}, peer = {};
  auto operator<=>(const Requester&) const = default;
};

// A member of the network.
struct Facility {
  std::string name;
  std::string kind;                      // hospital, clinic, pharmacy, dental, care ...: for reports
  bool feeds = true;                     // may put records
  bool queries = true;                   // may be told of other facilities' patients
  std::vector<std::string> authorities;  // assigning authorities of its identifiers: its own patients
  std::string tenant = {};               // those of one are told nothing of another's (AccessRules); empty: of none
  auto operator<=>(const Facility&) const = default;
};

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_REQUESTER_H_
