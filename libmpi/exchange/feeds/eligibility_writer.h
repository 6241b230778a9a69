// SPDX-License-Identifier: Apache-2.0
// Patients as オンライン資格確認 answers with them.
#ifndef LIBMPI_EXCHANGE_FEEDS_ELIGIBILITY_WRITER_H_
#define LIBMPI_EXCHANGE_FEEDS_ELIGIBILITY_WRITER_H_

#include <memory>

#include "libmpi/exchange/feeds/feed_writer.h"

namespace libmpi {

// Answers to a query for many (資格確認一括照会), 500 patients each: OQSmuquc02res_<day>000001.xml. The patient's
// number is the reference number (照会番号).
std::unique_ptr<FeedWriter> NewEligibilityWriter(const FeedWriterOptions& options);

// The first name, as one text and its kana; the first birth date (YYYYMMDD), sex (1, 2), address (postal code and one
// text) and insurance, with its insurer in eight digits.
Record EligibilityAsCarried(const Record& record);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_ELIGIBILITY_WRITER_H_
