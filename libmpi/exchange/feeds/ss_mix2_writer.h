// SPDX-License-Identifier: Apache-2.0
// Records as SS-MIX2's standardized storage.
#ifndef LIBMPI_EXCHANGE_FEEDS_SS_MIX2_WRITER_H_
#define LIBMPI_EXCHANGE_FEEDS_SS_MIX2_WRITER_H_

#include <memory>
#include <string>

#include "libmpi/exchange/feeds/feed_writer.h"

namespace libmpi {

// ADT-00 of each patient, <institution>/pat/ien/patient/-/ADT-00/patient_-_ADT-00_999999999999999_time_-_1, in
// ISO-2022-JP where the options name no other encoding. Patients' numbers have no authority, as is usual there. A
// patient's number that is shorter than six characters has the folder - where nothing is left of it. kInvalidArgument
// from Add(): a number that can't be a folder's name (letters and digits of ASCII, - and . can); from all calls: an
// encoding that nobody here knows.
std::unique_ptr<FeedWriter> NewSsMix2Writer(const FeedWriterOptions& options);

// CarriedByHl7() with addresses in one piece. `encoding`: as the writer's.
Record SsMix2AsCarried(const Record& record, const std::string& encoding = "");

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_SS_MIX2_WRITER_H_
