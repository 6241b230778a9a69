// SPDX-License-Identifier: Apache-2.0
// Files of SS-MIX2's standardized storage: one HL7 v2 message each, in folders that say whose it is.
#ifndef LIBMPI_EXCHANGE_FEEDS_SS_MIX2_H_
#define LIBMPI_EXCHANGE_FEEDS_SS_MIX2_H_

#include <memory>

#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

// As NewHl7v2Parser(), and by options.path:
//   - ADT-00 with condition 0, like ADT^A23 in it, withdraws the record; with condition 2 it was replaced by a newer
//     file, and says nothing. Files of other datatypes with condition 0 or 2 are documents that are no more: they say
//     nothing of the patient either way.
//   - Of patients' numbers without an authority (the usual case here), the source is options.source, else the name of
//     the tree's root (SsMix2SourceOf), else MSH-4.
//   - A PID of another patient than the name says is refused (leading zeros aside).
// Which of a patient's files counts is the tree's matter: ss_mix2_tree.h.
std::unique_ptr<FeedParser> NewSsMix2Parser(const FeedOptions& options, FeedSink* sink);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_SS_MIX2_H_
