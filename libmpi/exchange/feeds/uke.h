// SPDX-License-Identifier: Apache-2.0
// UKE files (レセプト電算処理システム): receipts of medical, DPC, dental,
// pharmacy and home-visit nursing claims.
#ifndef LIBMPI_EXCHANGE_FEEDS_UKE_H_
#define LIBMPI_EXCHANGE_FEEDS_UKE_H_

#include <memory>

#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

// A record for each receipt (RE): name, kana name, sex and birth date as they
// are written (dates of either convention, by their length), a coverage for HO
// with the branch that SN says, one for each KO. The local number is the
// patient's in RE (カルテ番号等); where it is empty, the month of the claim and
// the receipt's own number, and that is noted. The source is the institution's
// ten-digit code, of IR, YK or HM. What other records say is no concern of an
// index.
//
// After 記録条件仕様 (医科 DPC 歯科 調剤 訪問看護), as far as it is public.
std::unique_ptr<FeedParser> NewUkeParser(const FeedOptions &options,
                                         FeedSink *sink);

} // namespace libmpi

#endif // LIBMPI_EXCHANGE_FEEDS_UKE_H_
