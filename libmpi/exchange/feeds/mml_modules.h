// SPDX-License-Identifier: Apache-2.0
// What MML's modules say of a patient. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_MML_MODULES_H_
#define LIBMPI_EXCHANGE_FEEDS_MML_MODULES_H_

#include <string>

#include "libmpi/exchange/feeds/xml_document.h"
#include "libmpi/record/record.h"

namespace libmpi {

// The master number; never another's, such as the spouse's (otherId).
std::string MmlPatientNumber(XmlNode patient);
// PatientModule, or what holds its elements.
void ReadMmlPatient(XmlNode patient, Record* record);
// HealthInsuranceModule. The person who is insured (clientInfo) may be another.
void ReadMmlInsurance(XmlNode insurance, Record* record);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_MML_MODULES_H_
