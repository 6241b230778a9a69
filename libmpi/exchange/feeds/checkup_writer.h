// SPDX-License-Identifier: Apache-2.0
// Patients as 特定健診 and 後期高齢者健診 tell of them.
#ifndef LIBMPI_EXCHANGE_FEEDS_CHECKUP_WRITER_H_
#define LIBMPI_EXCHANGE_FEEDS_CHECKUP_WRITER_H_

#include <memory>

#include "libmpi/exchange/feeds/feed_writer.h"

namespace libmpi {

// A CDA document for each, without results: DATA/h<institution><day>1<six digits>.xml. The patient's number at the
// institution is an id under 1.2.392.100495.20.3.51.1, beside those of the card.
std::unique_ptr<FeedWriter> NewCheckupWriter(const FeedWriterOptions& options);

// The kana of the first name, as one text; where it has none, the name. The first birth date (YYYYMMDD), sex (1, 2),
// address (postal code and one text), and insurance, with its insurer in eight digits.
Record CheckupAsCarried(const Record& record);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_CHECKUP_WRITER_H_
