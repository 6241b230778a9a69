// SPDX-License-Identifier: Apache-2.0
// Records as bulk files of FHIR (JP Core).
#ifndef LIBMPI_EXCHANGE_FEEDS_FHIR_WRITER_H_
#define LIBMPI_EXCHANGE_FEEDS_FHIR_WRITER_H_

#include <memory>

#include "libmpi/exchange/feeds/feed_writer.h"

namespace libmpi {

// Patient.000.ndjson and Coverage.000.ndjson, and the next numbers where these grow large. The identifier's system is
// that of the institution; each Coverage names its beneficiary by that identifier, so that each file says its patients
// by itself. UTF-8, whatever options.encoding says.
std::unique_ptr<FeedWriter> NewFhirWriter(const FeedWriterOptions& options);
// One birth date and one sex, in FHIR's words; insurers of eight digits, branches of two; whole texts beside their
// parts where they say something else. Addresses, phones and care insurance are carried.
Record FhirAsCarried(const Record& record);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_FHIR_WRITER_H_
