// SPDX-License-Identifier: Apache-2.0
// Records as the claims of one institution.
#ifndef LIBMPI_EXCHANGE_FEEDS_UKE_WRITER_H_
#define LIBMPI_EXCHANGE_FEEDS_UKE_WRITER_H_

#include <memory>

#include "libmpi/exchange/feeds/feed_writer.h"

namespace libmpi {

// One UKE file, INSTITUTION/YYYYMMDD/RECEIPTC.UKE, of the kind that the third digit of the institution's code says (1
// medical, 3 dental, 4 pharmacy, 6 home-visit nursing; any other is medical), with the receipts alone and nothing of
// treatment. CP932, or UTF-8. A record has as many receipts as it says names, births, sexes or insurances, or four
// public expenses; a list that is shorter repeats its last. Nothing is given where there are no records.
std::unique_ptr<FeedWriter> NewUkeWriter(const FeedWriterOptions& options);

// All names (as one field, with full-width kana), births, sexes and coverages; no addresses, phones, former names or
// care insurance.
Record UkeAsCarried(const Record& record);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_UKE_WRITER_H_
