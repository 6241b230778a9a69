// SPDX-License-Identifier: Apache-2.0
// Writes the audit trail, as it grows, as audit messages (dicom_audit.h) into a file, a message a line, for who sends
// them on: a syslog agent that follows the file. On a thread of its own; whoever is answered does not wait for it.
//
// FILE.position has the number of the last entry that is in the file: what comes after it is written after a new start
// as well. Where there is none the file begins with the next entry. A crash may have the last lines written twice.
#ifndef LIBMPI_TOOLS_SERVE_AUDIT_FILE_H_
#define LIBMPI_TOOLS_SERVE_AUDIT_FILE_H_

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/network/audit_trail.h"
#include "libmpi/registry/registry.h"
#include "tools/serve/config.h"
#include "tools/serve/log.h"
#include "tools/serve/stop_signal.h"

namespace nayose {

class AuditFile {
 public:
  // Borrows registry and log. Begins at once. `server`: as others know it, facility and application.
  AuditFile(AuditFileConfig config, std::string server, const libmpi::Registry* registry, Log* log);
  // Stops; waits for the lines in hand.
  ~AuditFile();

  const AuditFileConfig& config() const { return config_; }
  const std::string& server() const { return server_; }
  // Entries that are not in the file yet.
  absl::StatusOr<uint64_t> waiting() const;

 private:
  void Run();
  // False: there was nothing to write.
  absl::StatusOr<bool> Round();
  absl::Status Begin();
  absl::StatusOr<std::string> LinesOf(const std::vector<libmpi::AuditEntry>& entries) const;
  absl::Status Confirm(uint64_t last);
  std::string PositionPath() const { return config_.file + ".position"; }

  const AuditFileConfig config_;
  const std::string server_;
  const libmpi::Registry& registry_;
  Log& log_;

  StopSignal stop_;
  mutable std::mutex mutex_;
  std::optional<uint64_t> last_;   // that is in the file
  std::thread thread_;             // the last, as it uses all others
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_AUDIT_FILE_H_
