// SPDX-License-Identifier: Apache-2.0
// A feed's file as rows of a patient list, for all that reads such lists (patient_files.h).
#ifndef LIBMPI_EXCHANGE_FEEDS_FEED_TABLE_H_
#define LIBMPI_EXCHANGE_FEEDS_FEED_TABLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/exchange/feeds/feed_format.h"

namespace libmpi {

struct FeedTable {
  absl::Status status;          // why it could not be read
  std::string rows;             // AppendRecordRows() of each patient
  std::vector<uint32_t> lines;  // of each row, where in the feed its patient begins
  std::vector<RecordKey> withdrawn;  // by the facility
  std::vector<FeedRemark> refused, notes;
  std::string encoding;
  uint64_t malformed = 0;
};

// O(bytes).
FeedTable ReadFeedTable(FeedFormat format, std::string_view bytes, const FeedOptions& options);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_FEED_TABLE_H_
