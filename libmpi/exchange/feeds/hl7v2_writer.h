// SPDX-License-Identifier: Apache-2.0
// Records as files of HL7 v2 messages.
#ifndef LIBMPI_EXCHANGE_FEEDS_HL7V2_WRITER_H_
#define LIBMPI_EXCHANGE_FEEDS_HL7V2_WRITER_H_

#include <memory>
#include <string>

#include "libmpi/exchange/feeds/feed_writer.h"

namespace libmpi {

// <institution>_YYYYMMDD_nnnn.hl7, of some megabytes each: a batch of ADT^A08 (HL7 2.5), in ISO-2022-JP where the
// options name no other encoding. PID-3 names the key's source as the assigning authority. kInvalidArgument from Add():
// no number; from all calls: an encoding that nobody here knows.
std::unique_ptr<FeedWriter> NewHl7v2Writer(const FeedWriterOptions& options);

// CarriedByHl7() with addresses in parts. `encoding`: as the writer's; also of the key.
Record Hl7v2AsCarried(const Record& record, const std::string& encoding = "");

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_HL7V2_WRITER_H_
