// SPDX-License-Identifier: Apache-2.0
// A patient list, as one of the forms in which a facility's patients are written.
#ifndef LIBMPI_EXCHANGE_FEEDS_CSV_WRITER_H_
#define LIBMPI_EXCHANGE_FEEDS_CSV_WRITER_H_

#include <memory>

#include "libmpi/exchange/feeds/feed_writer.h"

namespace libmpi {

// One file, patients.csv, in UTF-8 or the charset of the options: the columns of RecordRowColumns(), or those of the map
// that the options name, with names and addresses whole.
std::unique_ptr<FeedWriter> NewCsvWriter(const FeedWriterOptions& options);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_CSV_WRITER_H_
