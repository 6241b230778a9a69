// SPDX-License-Identifier: Apache-2.0
// The table of docs/network.md, written down once more: as questions to a cell, without the rules' own code.
#ifndef LIBMPI_TESTS_NETWORK_ACCESS_TABLE_H_
#define LIBMPI_TESTS_NETWORK_ACCESS_TABLE_H_

#include "libmpi/network/consent.h"
#include "libmpi/network/requester.h"

namespace libmpi {

struct TableRow {
  bool allowed = false;
  bool consenting = false;  // foreign records by consent
  bool everybody = false;   // foreign records whatever was consented to
};

inline TableRow RulesAlone(Profession who, Purpose why, Operation what) {
  using P = Profession;
  using W = Operation;
  const auto any = [](auto value, auto... of) { return ((value == of) || ...); };
  const bool care_staff = any(who, P::kPhysician, P::kDentist, P::kPharmacist, P::kNurse, P::kCareWorker);
  switch (why) {
    case Purpose::kTreatment:
      if ((care_staff || who == P::kSystem) && any(what, W::kFind, W::kSearch, W::kRead, W::kFollow))
        return {true, true, false};
      if (care_staff && any(what, W::kTakeConsent, W::kReadConsent)) return {true, false, false};
      return {};
    case Purpose::kEmergency:
      if (care_staff && who != P::kCareWorker && any(what, W::kFind, W::kSearch, W::kRead)) return {true, true, true};
      return {};
    case Purpose::kRegistration:
      if (!any(who, P::kClerk, P::kSystem)) return {};
      if (any(what, W::kFind, W::kSearch)) return {true, true, false};
      if (any(what, W::kFeed, W::kRead, W::kFollow, W::kTakeConsent, W::kReadConsent)) return {true, false, false};
      return {};
    case Purpose::kStewardship:
      if (who == P::kSteward && !any(what, W::kFeed, W::kTakeConsent, W::kReadAudit, W::kExport, W::kPseudonymize, W::kAdminister,
                                       W::kReidentify, W::kErase))
        return {true, true, true};
      return {};
    case Purpose::kAudit:
      if (who == P::kAuditor && any(what, W::kReadAudit, W::kReport)) return {true, true, true};
      return {};
    case Purpose::kOperations:
      if (who == P::kOperator && any(what, W::kAdminister, W::kReport, W::kFind, W::kFollow, W::kReadConsent, W::kErase))
        return {true, true, true};
      return {};
    case Purpose::kResearch:
      if (who == P::kResearcher && what == W::kPseudonymize) return {true, true, false};
      return {};
    case Purpose::kPatientRequest:
      if (who == P::kClerk && any(what, W::kReadConsent, W::kReadAudit, W::kTakeConsent)) return {true, false, false};
      if (who == P::kOperator && any(what, W::kFind, W::kReadConsent, W::kTakeConsent, W::kReadAudit, W::kReidentify,
                                     W::kErase))
        return {true, true, true};
      return {};
  }
  return {};
}

inline TableRow TableRowOf(const Requester& by, const Facility* facility, Operation what) {
  const bool office = by.facility.empty();
  const bool office_staff = by.profession == Profession::kSteward || by.profession == Profession::kAuditor ||
                            by.profession == Profession::kOperator || by.profession == Profession::kResearcher ||
                            by.profession == Profession::kSystem;
  if (office && !office_staff) return {};
  if (!office && facility == nullptr) return {};
  if (!office && what == Operation::kFeed && !facility->feeds) return {};
  TableRow row = RulesAlone(by.profession, by.purpose, what);
  if (!office && !facility->queries) row.consenting = row.everybody = false;
  return row;
}

// Of another facility's patient, in a network of consent by opt-in; `named`: the patient named this facility, else
// another one.
inline bool ForeignIsTold(const TableRow& row, ConsentState state, bool named) {
  if (!row.allowed) return false;
  if (row.everybody) return true;
  if (!row.consenting) return false;
  return named && (state == ConsentState::kRegistered || state == ConsentState::kReconsented);
}

}  // namespace libmpi

#endif  // LIBMPI_TESTS_NETWORK_ACCESS_TABLE_H_
