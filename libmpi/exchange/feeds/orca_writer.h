// SPDX-License-Identifier: Apache-2.0
// Patients as 日医標準レセプトソフト would answer with them.
#ifndef LIBMPI_EXCHANGE_FEEDS_ORCA_WRITER_H_
#define LIBMPI_EXCHANGE_FEEDS_ORCA_WRITER_H_

#include <memory>

#include "libmpi/exchange/feeds/feed_writer.h"

namespace libmpi {

// Answers of patientlst2v2 as XML, 500 patients each: patientlst2v2_000001.xml.
std::unique_ptr<FeedWriter> NewOrcaWriter(const FeedWriterOptions& options);

// The first name, as one text and its kana; the first birth date (YYYY-MM-DD), sex (1, 2) and address (postal code and
// one text); two phones; every insurance, public expense and care insurance.
Record OrcaAsCarried(const Record& record);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_ORCA_WRITER_H_
