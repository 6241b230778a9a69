// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/find_feeds.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/ss_mix2_tree.h"
#include "libmpi/exchange/input_bytes.h"

namespace libmpi {
namespace {

namespace fs = std::filesystem;

constexpr size_t kSample = size_t{64} << 10;

bool IsPacked(std::string_view begin) {
  return begin.starts_with("\x1F\x8B") || begin.starts_with("\x28\xB5\x2F\xFD");
}

class Finder {
 public:
  explicit Finder(std::optional<FeedFormat> format) : format_(format) {}

  absl::Status Take(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found)
      return FileError(ENOENT, path.string());
    if (error) return FileError(error.value(), path.string());
    return fs::is_directory(status) ? TakeFolder(path) : TakeFile(path);
  }

  FoundFeeds Finish() {
    std::ranges::sort(found_.feeds, {}, &FoundFeed::path);
    std::ranges::sort(found_.unknown);
    return std::move(found_);
  }

 private:
  absl::Status TakeFolder(const fs::path& folder) {
    if (const SsMix2Storage storage = StorageOf(folder); storage != SsMix2Storage::kNone)
      return TakeStorage(folder, storage);
    std::error_code error;
    fs::recursive_directory_iterator it(folder, error);
    if (error) return FileError(error.value(), folder.string());
    for (; it != fs::recursive_directory_iterator(); it.increment(error)) {
      if (error) return FileError(error.value(), folder.string());
      const bool hidden = it->path().filename().string().starts_with('.');
      if (hidden) it.disable_recursion_pending();
      if (!hidden && it->is_regular_file(error)) LIBMPI_RETURN_IF_ERROR(TakeFile(it->path()));
      if (hidden || !it->is_directory(error) || it->is_symlink(error)) continue;
      if (const SsMix2Storage storage = StorageOf(it->path()); storage != SsMix2Storage::kNone) {
        it.disable_recursion_pending();
        LIBMPI_RETURN_IF_ERROR(TakeStorage(it->path(), storage));
      }
    }
    return error ? FileError(error.value(), folder.string()) : absl::OkStatus();
  }

  SsMix2Storage StorageOf(const fs::path& folder) const {
    return format_ && *format_ != FeedFormat::kSsMix2 ? SsMix2Storage::kNone : DetectSsMix2(folder.string());
  }

  // Of a storage the files that count; documents of an extended one say nothing of who a patient is.
  absl::Status TakeStorage(const fs::path& folder, SsMix2Storage storage) {
    if (storage == SsMix2Storage::kExtended) {
      found_.unknown.push_back(folder.string());
      return absl::OkStatus();
    }
    LIBMPI_ASSIGN_OR_RETURN(const SsMix2Tree tree, SsMix2Tree::Open(folder.string()));
    SsMix2State now;
    return tree
        .Walk({}, &now,
              [&](const std::vector<SsMix2File>& files) {
                for (const SsMix2File& file : files) {
                  const std::string path = (folder / file.path).string();
                  if (!file.problem.empty()) found_.unknown.push_back(path);
                  else found_.feeds.push_back({path, FeedFormat::kSsMix2, file.stamp.bytes, file.stamp.modified});
                }
                return absl::OkStatus();
              })
        .status();
  }

  absl::Status TakeFile(const fs::path& path) {
    std::error_code error;
    FoundFeed feed;
    feed.path = path.string();
    feed.bytes = fs::file_size(path, error);
    const fs::file_time_type modified = fs::last_write_time(path, error);
    if (error) return FileError(error.value(), path.string());
    feed.modified_nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(
                                    std::chrono::file_clock::to_sys(modified).time_since_epoch())
                                    .count();
    std::optional<FeedFormat> format = format_;
    if (!format) {
      LIBMPI_ASSIGN_OR_RETURN(format, FormatOf(feed.path));
    }
    if (!format) {
      found_.unknown.push_back(std::move(feed.path));
      return absl::OkStatus();
    }
    feed.format = *format;
    found_.feeds.push_back(std::move(feed));
    return absl::OkStatus();
  }

  static absl::StatusOr<std::optional<FeedFormat>> FormatOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return FileError(EACCES, path);
    std::string begin(kSample, '\0');
    file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    begin.resize(static_cast<size_t>(file.gcount()));
    if (!IsPacked(begin)) return DetectFeedFormat(path, begin);
    absl::StatusOr<std::string> whole = ReadInputBytes(path);
    // One that can't be unpacked is told of by who reads it.
    if (!whole.ok()) return FeedFormat::kCsv;
    return DetectFeedFormat(path, std::string_view(*whole).substr(0, kSample));
  }

  const std::optional<FeedFormat> format_;
  FoundFeeds found_;
};

}  // namespace

absl::StatusOr<FoundFeeds> FindFeeds(std::span<const std::string> paths, std::optional<FeedFormat> format) {
  Finder finder(format);
  for (const std::string& path : paths) LIBMPI_RETURN_IF_ERROR(finder.Take(path));
  return finder.Finish();
}

}  // namespace libmpi
