// SPDX-License-Identifier: Apache-2.0
// UKE files (レセプト電算処理システム): receipts of medical, DPC, dental, pharmacy and home-visit nursing claims.
#ifndef LIBMPI_EXCHANGE_FEEDS_UKE_H_
#define LIBMPI_EXCHANGE_FEEDS_UKE_H_

#include <memory>

#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

// A record for each receipt (RE): name, kana name, sex and birth date as they are written (dates of either convention,
// which the record layer tells by their length), a coverage for HO with the branch that SN says, one for each KO. What
// SN confirms beside them (files that came back) is a coverage of its own. The local number is the patient's in RE;
// where it is empty, the month of the claim, the payer, the kind and the number of the receipt, and that is noted. The
// source is the institution's ten-digit code, of IR, YK, HM or UK. Organ donors' parts of a receipt (TI, TR, TS) are
// other people's and passed over, as are all other records.
//
// After 記録条件仕様 (医科 DPC 歯科 調剤 訪問看護), as far as it is public.
std::unique_ptr<FeedParser> NewUkeParser(const FeedOptions& options, FeedSink* sink);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_UKE_H_
