// SPDX-License-Identifier: Apache-2.0
// The feeds in folders.
#ifndef LIBMPI_EXCHANGE_FEEDS_FIND_FEEDS_H_
#define LIBMPI_EXCHANGE_FEEDS_FIND_FEEDS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/feeds/feed_format.h"

namespace libmpi {

struct FoundFeed {
  std::string path;
  FeedFormat format = FeedFormat::kCsv;
  uint64_t bytes = 0;
  int64_t modified_nanoseconds = 0;  // since 1970
};

struct FoundFeeds {
  std::vector<FoundFeed> feeds;  // by path
  // Files that are none of the formats, or can't be read, and extended storages of SS-MIX2, which have no patients but
  // documents of theirs; by path.
  std::vector<std::string> unknown;
};

// Files are taken as they are, folders with all below them, but for what is hidden and for symbolic links to folders;
// of a standard storage of SS-MIX2 those files that count (ss_mix2_tree.h). `format`: of all files, nothing is looked
// into then. kNotFound, kPermissionDenied name the path. O(files), and 64 KiB read of each; compressed files are looked
// into as well.
absl::StatusOr<FoundFeeds> FindFeeds(std::span<const std::string> paths, std::optional<FeedFormat> format);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_FIND_FEEDS_H_
