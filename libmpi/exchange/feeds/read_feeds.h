// SPDX-License-Identifier: Apache-2.0
// Feeds of many facilities as one list of patients.
#ifndef LIBMPI_EXCHANGE_FEEDS_READ_FEEDS_H_
#define LIBMPI_EXCHANGE_FEEDS_READ_FEEDS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/feeds/find_feeds.h"
#include "libmpi/exchange/patient_files.h"

namespace libmpi {

struct ReadFeeds {
  std::vector<FoundFeed> taken;
  std::vector<Reject> unreadable;  // whole files, and why
  PatientFiles files;              // of those taken
};

// A file that can't be read at all keeps nobody else out: then each is tried by itself, and the good ones are read.
// Errors as PatientFiles::Read()'s, where no file is good or they can't stand together.
absl::StatusOr<ReadFeeds> ReadThoseThatCanBe(std::vector<FoundFeed> feeds, const ReadOptions& options);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_READ_FEEDS_H_
