// SPDX-License-Identifier: Apache-2.0
// A second copy of a registry in another place, some seconds behind, ready to take over.
//
// Its folder holds a backup ("base") and, after it, the log of the first as files of commits ("log"). Each file is
// written whole or not at all and says whether it has come whole, so the folder may be a mounted disk or be copied on by
// rsync or scp, in any order. Only what the first has acknowledged is shipped. The first is not slowed: its own log is
// read beside it, also after it died, as long as its disk can be read.
//
//   registry->StartStandby("/mnt/standby", kKeepLog);                     // once
//   shipper = LogShipper::Open("network/", "/mnt/standby"); shipper->Ship();   // every second, in any process
//   Promote("/mnt/standby", "network2/", {});                             // when the first is lost
//
// What is in the folder is as private as the registry.
#ifndef LIBMPI_REGISTRY_STANDBY_H_
#define LIBMPI_REGISTRY_STANDBY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/base/progress.h"

namespace libmpi {

struct StandbyState {
  uint64_t shipped = 0;                // the last commit of the first that is in the standby's folder
  uint64_t acknowledged = 0;           // the last that the first had acknowledged when it was looked at
  int64_t looked_unix_milliseconds = 0;  // when that was, by the shipper's clock
  bool promoted = false;
};

// Ships the log of the registry in a folder, which this or another program may have open, or have had open when it died.
// One shipper at a time for a standby. Thread-compatible.
class LogShipper {
 public:
  // kNotFound: no standby was started there; kFailedPrecondition: it is another registry's, of an earlier start, or was
  // promoted.
  static absl::StatusOr<std::unique_ptr<LogShipper>> Open(const std::string& registry, const std::string& standby);
  ~LogShipper();

  // Ships what was acknowledged before the call and is not there yet; durable, as far as the standby's disk is, when it
  // returns OK. O(bytes). kFailedPrecondition: promoted, or the log no longer has all of it (it was not shipped for too
  // long, or records were loaded in bulk): StartStandby() again; kUnavailable: try again.
  absl::StatusOr<StandbyState> Ship();

 private:
  struct Rep;
  explicit LogShipper(std::unique_ptr<Rep> rep);
  const std::unique_ptr<Rep> rep_;
};

// How far a standby has come. kNotFound: there is none; kDataLoss: the folder has not come whole.
absl::StatusOr<StandbyState> StateOfStandby(const std::string& standby);

// Brings the registry in `replica` (a new folder, or where this was done before) up to what the standby has; it may be
// opened for reading, and shows what it had when it was opened. The last commit that it has then. kFailedPrecondition:
// the folder is something else, or of an earlier start; kDataLoss: a file has not come whole: what is before it is done.
absl::StatusOr<uint64_t> ApplyStandby(const std::string& standby, const std::string& replica,
                                      const ProgressCallback& progress);

struct PromoteOptions {
  std::string first;             // the folder of the first, where its disk can still be read: then nothing is missing
  bool accept_loss = false;      // also where files of the standby have not come
  ProgressCallback progress;     // may be null
};

struct Promotion {
  uint64_t commit = 0;           // the last that is there
  StandbyState standby;
  // Commits that the first had acknowledged when it was last looked at, or, where its folder was given, ever, and that
  // are not there. Those after the last look nobody can count.
  uint64_t missing = 0;
};

// Makes of a standby the registry in `folder` (new, or a replica), to be opened for writing from now on, and marks the
// standby so that the first ships nothing there any more. Every checksum of the files is read before. Stop the first
// before, and see that nobody starts it again: two that both change are never one again. kFailedPrecondition: the first
// is open elsewhere; kDataLoss: files have not come, and accept_loss is not set, or some are damaged: nothing is
// promoted then.
absl::StatusOr<Promotion> Promote(const std::string& standby, const std::string& folder, const PromoteOptions& options);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_STANDBY_H_
