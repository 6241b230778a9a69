// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/import_state.h"

#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/output_file.h"
#include "nlohmann/json.hpp"

namespace nayose {

absl::StatusOr<ImportState> ImportState::Read(const std::string& path) {
  ImportState state;
  const absl::StatusOr<std::string> text = libmpi::ReadSmallFile(path);
  if (absl::IsNotFound(text.status())) return state;
  LIBMPI_RETURN_IF_ERROR(text.status());
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  const auto damaged = [&path] {
    return absl::InvalidArgumentError(path + ": is no list of imported files; name another file, or remove it to take all "
                                             "files again");
  };
  if (!json.is_object() || !json.contains("imported") || !json["imported"].is_object()) return damaged();
  for (const auto& [file, seen] : json["imported"].items()) {
    if (!seen.is_array() || seen.size() != 2 || !seen[0].is_number_unsigned() || !seen[1].is_number_integer())
      return damaged();
    state.seen_[file] = {seen[0].get<uint64_t>(), seen[1].get<int64_t>()};
  }
  return state;
}

absl::Status ImportState::Write(const std::string& path) const {
  nlohmann::ordered_json files = nlohmann::ordered_json::object();
  for (const auto& [file, seen] : seen_) files[file] = {seen.bytes, seen.modified_nanoseconds};
  const nlohmann::ordered_json json = {{"imported", std::move(files)}};
  return libmpi::WriteWholeFile(
      path, json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n", 0600);
}

bool ImportState::IsTaken(const libmpi::FoundFeed& feed) const {
  const auto seen = seen_.find(feed.path);
  return seen != seen_.end() && seen->second.bytes == feed.bytes &&
         seen->second.modified_nanoseconds == feed.modified_nanoseconds;
}

void ImportState::Take(const libmpi::FoundFeed& feed) { seen_[feed.path] = {feed.bytes, feed.modified_nanoseconds}; }

}  // namespace nayose
