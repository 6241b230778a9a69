// SPDX-License-Identifier: Apache-2.0
// 特定健診 and 後期高齢者健診: results of health checkups as HL7 CDA R2.
#ifndef LIBMPI_EXCHANGE_FEEDS_CHECKUP_H_
#define LIBMPI_EXCHANGE_FEEDS_CHECKUP_H_

#include <memory>

#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

// A record for each patientRole, mostly one a document: the name, which is kana alone, where its letters say so (or its
// `use`: SYL, IDE, ABC), sex, birth date, postal code and address, phones, and the card of the ids
// 1.2.392.200119.6.101 (insurer), .204 (symbol), .205 (number), .211 (branch); some write .208 to .210 for the last
// three, which is noted. The source is the institution's code (.102) of the author.
//
// A checkup's specification has no place for the institution's number of the patient. Where an id has a root that is
// none of its own, as CDA allows, that is the number (our writer's root is JP Core's, 1.2.392.100495.20.3.51.1 and the
// institution's code). Else the card stands for it, with the birth date where it has no branch, as "card-" and a hash;
// the number of the year's ticket (.209, 受診券整理番号) only where there is no card: it changes every year. Both are
// noted.
std::unique_ptr<FeedParser> NewCheckupParser(const FeedOptions& options, FeedSink* sink);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_CHECKUP_H_
