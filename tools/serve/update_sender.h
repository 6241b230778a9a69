// SPDX-License-Identifier: Apache-2.0
// Tells a party of changes (ITI-10) as they come, on a thread of its own: one that does not answer holds nobody up.
#ifndef LIBMPI_TOOLS_SERVE_UPDATE_SENDER_H_
#define LIBMPI_TOOLS_SERVE_UPDATE_SENDER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "libmpi/exchange/hl7v2/update_message.h"
#include "libmpi/pix/manager.h"
#include "tools/serve/config.h"
#include "tools/serve/log.h"
#include "tools/serve/metrics.h"
#include "tools/serve/mllp_client.h"
#include "tools/serve/quarantine.h"
#include "tools/serve/stop_signal.h"

namespace nayose {

class UpdateSender {
 public:
  // Borrows manager, quarantine, log and metrics. Begins at once.
  UpdateSender(PartyConfig party, ServerConfig server, libmpi::pix::Manager* manager, Quarantine* quarantine, Log* log,
               Metrics* metrics);
  // Stops; waits for an exchange that is under way.
  ~UpdateSender();
  // Does not wait.
  void StopSoon() { stop_.Stop(); }

  const PartyConfig& config() const { return party_; }
  const ServerConfig& server() const { return server_; }
  const std::string& party() const { return party_.party.name; }
  // Notifications that were made and not taken yet; since when they fail, milliseconds (0: they do not).
  size_t waiting() const;
  int64_t failing_milliseconds() const;

 private:
  void Run();
  // Looks for changes and delivers them. False: there were none.
  absl::StatusOr<bool> Round();
  absl::Status Fetch();
  absl::Status DeliverFront();
  absl::StatusOr<std::deque<std::string>> MessagesOf(const libmpi::pix::Party& party,
                                                     const std::vector<libmpi::pix::Update>& updates) const;
  absl::StatusOr<libmpi::hl7v2::Acknowledged> Send(const std::string& message);
  // Puts what was refused for good into quarantine.
  absl::Status Keep(const std::string& message, const libmpi::hl7v2::Acknowledged& answer);
  // Tells again of the patients of notifications that were refused, where a command asks for it: what is so now.
  void TakeAgain();
  ReplayOutcome TellAgain(const std::string& message);
  absl::StatusOr<std::deque<std::string>> MakeAnew(const std::string& message) const;
  // Pauses, and takes again meanwhile what is asked for. False: it is to stop.
  bool Rest(int64_t milliseconds);

  const PartyConfig party_;
  const ServerConfig server_;
  libmpi::pix::Manager& manager_;
  Quarantine& quarantine_;
  Log& log_;
  Metrics& metrics_;
  MllpClient client_;
  uint64_t next_ = 0;              // to be confirmed when all of waiting_ is delivered

  StopSignal stop_;
  mutable std::mutex mutex_;
  std::deque<std::string> waiting_;  // messages; the same bytes each time, so that a repeat is known as one
  bool fetched_ = false;
  int64_t failing_since_ = 0;
  std::thread thread_;             // the last, as it uses all others
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_UPDATE_SENDER_H_
