// SPDX-License-Identifier: Apache-2.0
// NSIPS files (調剤システム情報共有化システム), by which pharmacies' systems tell each other of a prescription.
#ifndef LIBMPI_EXCHANGE_FEEDS_NSIPS_H_
#define LIBMPI_EXCHANGE_FEEDS_NSIPS_H_

#include <memory>

#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

// A record for each line that begins with 1, wherever it stands: number, kana and kanji name, sex, birth date, postal
// code and address, phones at home and at work (the one for emergencies is somebody else's), insurance and up to four
// public expenses. The source is the pharmacy's ten-digit code of the header line.
//
// The specification (VER010501) is not public, and vendors write columns one or two to the left or right. Five groups
// of columns are found by what is in them: number and names (kana), sex with birth date, postal code with address and
// phones, insurance, and public expenses (payers' numbers). What has nothing of the kind stands where it stood in the
// patient before, else where the group before it says. A shift is noted once.
std::unique_ptr<FeedParser> NewNsipsParser(const FeedOptions& options, FeedSink* sink);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_NSIPS_H_
