// SPDX-License-Identifier: Apache-2.0
// Records as the files that facilities' systems would send: for tests, and for
// exchange.
#ifndef LIBMPI_EXCHANGE_FEEDS_FEED_WRITER_H_
#define LIBMPI_EXCHANGE_FEEDS_FEED_WRITER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/record/civil_date.h"
#include "libmpi/record/record.h"

namespace libmpi {

struct FeedFile {
  std::string path;  // below the folder that is written
  std::string bytes;
};

struct FeedWriterOptions {
  // The institution's ten-digit code (prefecture, kind, seven digits), where
  // the format has a place for it.
  std::string institution = "1312345670";
  CivilDate day;                                      // the day on which it is sent
  std::string encoding;                               // empty: the format's usual one
  std::string columns;                                // of kCsv: a bundled map (column_mapping.h) by whose headers it is written
  std::function<absl::Status(FeedFile&& file)> take;  // called for each file, as soon as it is whole
};

// Writes the patients of one facility. Not thread-safe.
class FeedWriter {
 public:
  virtual ~FeedWriter() = default;
  virtual absl::Status Add(const Record& record) = 0;
  // After the last: what is not given to `take` yet.
  virtual absl::Status End() = 0;
};
std::unique_ptr<FeedWriter> NewFeedWriter(FeedFormat format, const FeedWriterOptions& options);

// What of a record is read back from a file of a format: the fields that it
// carries, as it carries them. The key keeps its source, though few formats
// name it.
Record AsCarried(FeedFormat format, const Record& record);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_FEED_WRITER_H_
