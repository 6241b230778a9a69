// SPDX-License-Identifier: Apache-2.0
// Who may speak where: what a connection's certificate allows, and how its messages are written.
#ifndef LIBMPI_TOOLS_SERVE_PARTY_GATE_H_
#define LIBMPI_TOOLS_SERVE_PARTY_GATE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/serve/config.h"
#include "tools/serve/peer_info.h"

namespace nayose {

// Immutable; thread-safe. Borrows the configuration.
class PartyGate {
 public:
  explicit PartyGate(const ServeConfig* config) : config_(*config) {}

  // The names of the parties that may speak over a connection: those whose certificate it showed; without one, those
  // that have none. Empty: nobody.
  std::vector<std::string> Allowed(const PeerInfo& peer) const;
  // How a message is written where its MSH-18 does not say: as its party writes, else as its listener has it.
  const EncodingConfig& EncodingOf(std::string_view listener, std::string_view message) const;

 private:
  const ServeConfig& config_;
};

// The first components of MSH-3 and MSH-4, before anybody knows the charset; nothing where there is no MSH in front.
std::optional<std::pair<std::string_view, std::string_view>> SenderOf(std::string_view message);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_PARTY_GATE_H_
