// SPDX-License-Identifier: Apache-2.0
// Files of HL7 v2 messages: ADT, laboratory results (ORU, OUL), orders, one after the other.
#ifndef LIBMPI_EXCHANGE_FEEDS_HL7V2_H_
#define LIBMPI_EXCHANGE_FEEDS_HL7V2_H_

#include <memory>

#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

// A record for each PID of any message, with the cards of the IN1 after it: what the message says and no more. Batches
// (FHS BHS ... BTS FTS), dumps of MLLP frames and messages one after the other; segments end with CR, LF or both.
//   - ADT^A23 and A29 withdraw the record. Messages that join or move patients' numbers (A40 and the like) are refused:
//     a file says what a facility knows of its patients; who is whom comes by the PIX manager, or a steward decides it.
//     Answers to queries are no statements of a facility and are left out.
//   - Characters: as MSH-18 says; where the message can't be read so, or MSH-18 says nothing, ISO-2022-JP by its escape
//     sequences, else options.encoding, else as the messages look. Where MSH-18 is belied, that is noted.
//   - The local number is PID-3's of the authority options.source, else of type PI or MR, else its first. Its source is
//     the authority's namespace (CX.4.1): registries know authorities by such a name, and the namespace is the one that
//     the sender gave it; else its OID (CX.4.2). Where PID-3 names no authority: options.source, else MSH-4, else the
//     file's name.
std::unique_ptr<FeedParser> NewHl7v2Parser(const FeedOptions& options, FeedSink* sink);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_HL7V2_H_
