// SPDX-License-Identifier: Apache-2.0
// Which files an import has taken, so that the next one takes what is new or changed.
#ifndef LIBMPI_TOOLS_NAYOSE_IMPORT_STATE_H_
#define LIBMPI_TOOLS_NAYOSE_IMPORT_STATE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/feeds/find_feeds.h"

namespace nayose {

// A file is known by its path, size and time of change. A small JSON file; paths are all it tells.
class ImportState {
 public:
  // None yet: empty. kInvalidArgument: it is something else.
  static absl::StatusOr<ImportState> Read(const std::string& path);
  absl::Status Write(const std::string& path) const;

  bool IsTaken(const libmpi::FoundFeed& feed) const;
  void Take(const libmpi::FoundFeed& feed);

 private:
  struct Seen {
    uint64_t bytes = 0;
    int64_t modified_nanoseconds = 0;
  };
  std::map<std::string, Seen> seen_;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_IMPORT_STATE_H_
