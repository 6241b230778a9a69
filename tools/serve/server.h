// SPDX-License-Identifier: Apache-2.0
// `nayose serve`: registry, network, manager, HL7 and transport put together. Start here.
#ifndef LIBMPI_TOOLS_SERVE_SERVER_H_
#define LIBMPI_TOOLS_SERVE_SERVER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/pix/manager.h"
#include "tools/serve/answerer.h"
#include "tools/serve/audit_file.h"
#include "tools/serve/cache_warmer.h"
#include "tools/serve/config.h"
#include "tools/serve/local_http.h"
#include "tools/serve/log.h"
#include "tools/serve/metrics.h"
#include "tools/serve/mllp_server.h"
#include "tools/serve/quarantine.h"
#include "tools/serve/quarantine_keeper.h"
#include "tools/serve/serve_registry.h"
#include "tools/serve/update_sender.h"

namespace nayose {

// Its methods are called by one thread.
class Server {
 public:
  // Borrows the log.
  explicit Server(Log* log) : log_(*log) {}
  ~Server();

  absl::Status Start(const ServeConfig& config);
  // Takes another configuration, but for what wants a new start (restart_keys.h), which is logged and shown. Where
  // something is wrong with it nothing changes.
  absl::Status Reload(const ServeConfig& config);
  // To be called now and then.
  void Tick();
  // What is under way is finished and answered, new things are not taken.
  absl::Status Stop();

 private:
  absl::Status Apply(const ServeConfig& config, std::shared_ptr<const libmpi::pix::Directory> directory);
  void StartUpdates(const ServeConfig& config);
  bool HasSender(const std::string& party) const;
  absl::Status StartTransport(const ServeConfig& config);
  // One whose configuration is as before goes on.
  void StartAuditFile(const ServeConfig& config);
  absl::Status StartPages(const MetricsConfig& config);
  // Where that fails the pages stay where they were.
  absl::Status MovePages(const MetricsConfig& from, const MetricsConfig& to);
  void TellOfRestart(std::vector<std::string> keys);
  std::vector<std::string> restart_keys() const;
  void Note(const MllpEvent& event);
  std::vector<MetricValue> LookAt() const;
  HttpAnswer Health() const;

  Log& log_;
  Metrics metrics_;
  ServedRegistry served_;
  std::unique_ptr<libmpi::pix::Manager> manager_;
  std::unique_ptr<Quarantine> quarantine_;
  std::unique_ptr<Answerer> answerer_;
  std::unique_ptr<QuarantineKeeper> keeper_;
  std::unique_ptr<CacheWarmer> warmer_;
  mutable std::mutex senders_mutex_;
  std::vector<std::unique_ptr<UpdateSender>> senders_;
  mutable std::mutex audit_file_mutex_;
  std::unique_ptr<AuditFile> audit_file_;
  mutable std::mutex restart_mutex_;
  std::vector<std::string> restart_keys_;  // changed, and waiting for a new start
  std::unique_ptr<MllpServer> transport_;
  std::unique_ptr<LocalHttp> pages_;
  std::atomic<bool> serving_{false};
  int64_t started_ = 0;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_SERVER_H_
