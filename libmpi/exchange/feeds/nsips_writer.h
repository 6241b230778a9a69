// SPDX-License-Identifier: Apache-2.0
// Records as what a pharmacy's system tells others.
#ifndef LIBMPI_EXCHANGE_FEEDS_NSIPS_WRITER_H_
#define LIBMPI_EXCHANGE_FEEDS_NSIPS_WRITER_H_

#include <memory>

#include "libmpi/exchange/feeds/feed_writer.h"

namespace libmpi {

// One NSIPS file, INSTITUTION/YYYYMMDD.txt, in CP932 or UTF-8: a header and, for each patient, a prescription (2)
// without drugs before the patient (1). A record has as many patients' lines as it says names, births, sexes, addresses
// or insurances, two phones or four public expenses; a list that is shorter repeats its last. Nothing is given where
// there are no records.
std::unique_ptr<FeedWriter> NewNsipsWriter(const FeedWriterOptions& options);

// Names (as one field, kana as one), births, sexes, addresses (as one field and the postal code), phones and coverages
// without their branch; no former names or care insurance.
Record NsipsAsCarried(const Record& record);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_NSIPS_WRITER_H_
