// SPDX-License-Identifier: Apache-2.0
// A message to its answer, with all that belongs to it: who may speak, log, metrics, quarantine.
#ifndef LIBMPI_TOOLS_SERVE_ANSWERER_H_
#define LIBMPI_TOOLS_SERVE_ANSWERER_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "libmpi/exchange/hl7v2/responder.h"
#include "libmpi/pix/manager.h"
#include "tools/serve/config.h"
#include "tools/serve/log.h"
#include "tools/serve/metrics.h"
#include "tools/serve/party_gate.h"
#include "tools/serve/quarantine.h"

namespace nayose {

// What a configuration makes of answering; immutable.
class AnswererRules {
 public:
  static absl::StatusOr<std::shared_ptr<const AnswererRules>> Make(ServeConfig config, libmpi::pix::Manager* manager);
  const ServeConfig& config() const { return config_; }
  const PartyGate& gate() const { return gate_; }
  const libmpi::hl7v2::Responder& ResponderOf(const EncodingConfig& encoding) const;

 private:
  explicit AnswererRules(ServeConfig config) : config_(std::move(config)), gate_(&config_) {}
  const ServeConfig config_;
  const PartyGate gate_;
  std::map<std::pair<std::string, bool>, std::unique_ptr<libmpi::hl7v2::Responder>> responders_;
};

// Thread-safe.
class Answerer {
 public:
  // Borrows all of them.
  Answerer(Log* log, Metrics* metrics, Quarantine* quarantine)
      : log_(*log), metrics_(*metrics), quarantine_(*quarantine) {}

  std::shared_ptr<const AnswererRules> rules() const;
  // From now on these; messages under way go on with those before.
  void SetRules(std::shared_ptr<const AnswererRules> rules);

  bool MayConnect(const PeerInfo& peer) const { return !rules()->gate().Allowed(peer).empty(); }
  // The answer's bytes; empty: none. A message that goes to quarantine is on disk there before.
  std::string Answer(const PeerInfo& peer, std::string_view message);
  // One that an operator hands in again.
  ReplayOutcome Replay(const QuarantineAbout& about, const std::string& message);

 private:
  libmpi::hl7v2::Response Respond(const AnswererRules& rules, const libmpi::hl7v2::MessagePeer& peer,
                                  const std::string& listener, std::string_view message);
  void Note(const libmpi::hl7v2::Response& response, const std::string& listener, const std::string& address,
            double seconds);
  void Keep(const libmpi::hl7v2::Response& response, const libmpi::hl7v2::MessagePeer& peer,
            const std::string& listener, const EncodingConfig& encoding, std::string_view message);

  Log& log_;
  Metrics& metrics_;
  Quarantine& quarantine_;
  mutable std::mutex mutex_;
  std::shared_ptr<const AnswererRules> rules_;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_ANSWERER_H_
