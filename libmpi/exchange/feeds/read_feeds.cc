// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/read_feeds.h"

#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "libmpi/base/status_macros.h"

namespace libmpi {
namespace {

std::vector<std::string> PathsOf(const std::vector<FoundFeed>& feeds) {
  std::vector<std::string> paths;
  for (const FoundFeed& feed : feeds) paths.push_back(feed.path);
  return paths;
}

}  // namespace

absl::StatusOr<ReadFeeds> ReadThoseThatCanBe(std::vector<FoundFeed> feeds, const ReadOptions& options) {
  absl::StatusOr<PatientFiles> files = PatientFiles::Read(PathsOf(feeds), options);
  if (files.ok()) return ReadFeeds{std::move(feeds), {}, *std::move(files)};
  if (absl::IsCancelled(files.status())) return files.status();
  std::vector<FoundFeed> good;
  std::vector<Reject> unreadable;
  for (FoundFeed& feed : feeds) {
    const absl::Status alone = PatientFiles::Read(std::span(&feed.path, 1), options).status();
    if (absl::IsCancelled(alone)) return alone;
    std::string reason(alone.message());
    if (reason.starts_with(feed.path + ": ")) reason.erase(0, feed.path.size() + 2);
    if (alone.ok()) good.push_back(std::move(feed));
    else unreadable.push_back({feed.path, 0, "", std::move(reason)});
  }
  // Else it is not one of them, but what they are together.
  if (unreadable.empty() || good.empty()) return files.status();
  files = PatientFiles::Read(PathsOf(good), options);
  LIBMPI_RETURN_IF_ERROR(files.status());
  return ReadFeeds{std::move(good), std::move(unreadable), *std::move(files)};
}

}  // namespace libmpi
