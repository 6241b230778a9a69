// SPDX-License-Identifier: Apache-2.0
// FHIR as Japan has it (JP Core): Patient and Coverage, one resource, a Bundle, or a bulk file of lines (NDJSON).
#ifndef LIBMPI_EXCHANGE_FEEDS_FHIR_H_
#define LIBMPI_EXCHANGE_FEEDS_FHIR_H_

#include <memory>

#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

// A record for each Patient; with it what the Coverages of its Bundle say whose beneficiary it is. Other resources are
// no concern of an index, but for the Organizations that Coverages name as payors.
//
// The key: of a patient's identifiers the one of `options.source`, where that is given; else the local number of an
// institution (urn:oid:1.2.392.100495.20.3.51.1 and its ten digits: the source is these digits), else one of type MR or
// PI, else of another system (the source is the system, an OID without urn:oid:), else one without a system; old ones
// last. A patient with none of them has its resource's id, which is noted. Where the key has no system, the source is
// `options.source`, the managing organization's ten digits, or the file's name ("fhir" where that is a resource's).
// Member identifiers of insurance are coverages and no keys; what says to be a My Number is left out, with a note.
//
// A Coverage whose beneficiary is told by an identifier, or stands in another line of the file, is a record of that
// key with the coverage alone. Where the beneficiary is not in the file, its resource's id stands for the number, which
// is noted once: such a file meets its patients only where their numbers are their ids.
//
// Withdrawn: a Patient that is not active or is replaced by another, and one that a Bundle DELETEs.
//
// FeedRecord::line is a bulk file's line; of one document, which entry of the Bundle (of the list) it is, from 1. A
// document or a line larger than options.max_document_bytes is refused. JSON is UTF-8; what is not is read in
// options.encoding or as its bytes look.
std::unique_ptr<FeedParser> NewFhirParser(const FeedOptions& options, FeedSink* sink);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_FHIR_H_
