// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/party_gate.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "libmpi/base/status_macros.h"

namespace nayose {
namespace {

bool Shows(const PeerInfo& peer, const std::string& certificate) {
  if (certificate.starts_with("sha256:")) return peer.fingerprint == certificate.substr(7);
  const auto is = [&](const std::string& name) {
    return !name.empty() && absl::EqualsIgnoreCase(libmpi::ToAbsl(name), libmpi::ToAbsl(certificate));
  };
  return is(peer.common_name) || std::ranges::any_of(peer.dns_names, is);
}

// Up to the first component's or the field's end.
std::string_view FirstComponent(std::string_view field, char component) {
  return field.substr(0, field.find(component));
}

}  // namespace

std::vector<std::string> PartyGate::Allowed(const PeerInfo& peer) const {
  std::vector<std::string> names;
  for (const PartyConfig& party : config_.parties) {
    const bool may = peer.fingerprint.empty()
                         ? party.certificates.empty()
                         : std::ranges::any_of(party.certificates, [&](const auto& c) { return Shows(peer, c); });
    if (may) names.push_back(party.party.name);
  }
  return names;
}

const EncodingConfig& PartyGate::EncodingOf(std::string_view listener, std::string_view message) const {
  static const EncodingConfig kNone;
  if (const auto sender = SenderOf(message))
    for (const PartyConfig& party : config_.parties)
      if (party.own_encoding && party.party.application == sender->first && party.party.facility == sender->second)
        return party.encoding;
  for (const ListenerConfig& each : config_.listeners)
    if (each.name == listener) return each.encoding;
  return kNone;
}

std::optional<std::pair<std::string_view, std::string_view>> SenderOf(std::string_view message) {
  const size_t start = message.find("MSH");
  if (start == std::string_view::npos || start > 16 || message.size() < start + 5) return std::nullopt;
  message.remove_prefix(start);
  message = message.substr(0, message.find_first_of("\r\n"));
  const char separator = message[3], component = message[4];
  std::string_view fields[4];  // MSH-2 to MSH-5
  message.remove_prefix(4);
  for (std::string_view& field : fields) {
    const size_t end = message.find(separator);
    field = message.substr(0, end);
    message = end == std::string_view::npos ? std::string_view() : message.substr(end + 1);
  }
  return std::pair(FirstComponent(fields[1], component), FirstComponent(fields[2], component));
}

}  // namespace nayose
