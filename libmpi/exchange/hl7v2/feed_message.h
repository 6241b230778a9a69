// SPDX-License-Identifier: Apache-2.0
// Patient identity feeds: ITI-8 (ADT of HL7 2.3.1), ITI-30 (of 2.5), and what else of ADT says who is who.
#ifndef LIBMPI_EXCHANGE_HL7V2_FEED_MESSAGE_H_
#define LIBMPI_EXCHANGE_HL7V2_FEED_MESSAGE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/wire_error.h"
#include "libmpi/pix/feed.h"

namespace libmpi::hl7v2 {

struct FeedMessage {
  pix::Feed feed;
  // Where each of feed.identifiers and feed.subsumed stood.
  std::vector<Location> identifier_places, subsumed_places;
  Location subsumed_place;        // of subsumed ones in all
  std::vector<WireError> errors;  // what is missing; the feed is good where there are none
};

// A01 A04 A05 A28 add, A08 A31 revise, A40 merges, A24 links, A37 unlinks. Nothing: another trigger.
std::optional<pix::Feed::Kind> FeedKindOf(std::string_view trigger);
// "ITI-8", or "ITI-30" for what only that has.
std::string_view FeedTransactionOf(std::string_view trigger);

// Of any version and structure that MSH-9.3 says or does not say: PID has to be there (MRG too in a merge, a second PID
// in a link), EVN and PV1, of which nothing is taken, need not. A merge or link says nothing of demographics (ITI-8:
// those come by A08). Of a merge the identifier of PID-3 that has the authority of MRG-1's first one is put first. Of
// PID-19 what has an authority.
FeedMessage ReadFeed(const Message& message, pix::Feed::Kind kind);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_FEED_MESSAGE_H_
