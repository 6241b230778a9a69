// SPDX-License-Identifier: Apache-2.0
// 日医標準レセプトソフト (ORCA): patients of its API, as XML (xmlio2) or JSON, and MML and CLAIM messages.
#ifndef LIBMPI_EXCHANGE_FEEDS_ORCA_H_
#define LIBMPI_EXCHANGE_FEEDS_ORCA_H_

#include <memory>

#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

// A record for each Patient_Information of an answer (patientgetv2, patientlst1v2 to 7v2, and others that tell of
// patients): number, name and kana name, the name by which the patient goes (NickName), birth date, sex, address, the
// phones at home, at work and mobile, insurance with its branch, public expenses, care insurance (介護保険). The source
// is the file's name: answers do not say whose they are.
// - Objects that say nothing, with which ORCA fills up its lists, are passed over.
// - Test patients (TestPatient_Flag) are refused, and who is not registered yet (number *), or told of by the number
//   alone, as answers repeat what was asked.
// - The head of the household, the insured person, workplace, who is to be told (Contact_Information) and where the
//   patient comes from (Home2_Information) are somebody else, or elsewhere. Individual_Number is My Number, and not
//   read.
// - Community_Cid, the patient's number in a network, has no place in a record.
// Several answers may stand in one file, one after the other.
//
// A record for each patient of a Mml document, whatever its prefixes: PatientModule (master number, names as
// ideographs, kana and letters, birth date, sex, addresses but for the workplace's, phones but for faxes) and the
// HealthInsuranceModules beside it (insurer, symbol, number, public expenses). The source is the facility of the
// header. Between documents may stand EOT, as where CLAIM is sent to port 8210.
//
// After ORCA's description of its API, MML 2.3 and 3.0.
std::unique_ptr<FeedParser> NewOrcaParser(const FeedOptions& options, FeedSink* sink);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_ORCA_H_
