// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/restart_keys.h"

#include <algorithm>
#include <tuple>

namespace nayose {
namespace {

struct RestartKey {
  const char* name;
  bool (*same)(const ServeConfig& a, const ServeConfig& b);
  void (*keep)(const ServeConfig& from, ServeConfig* to);
};

// Of a part that at(config) gives.
template <auto at>
constexpr RestartKey Key(const char* name) {
  return {name, [](const ServeConfig& a, const ServeConfig& b) { return at(a) == at(b); },
          [](const ServeConfig& from, ServeConfig* to) { at(*to) = at(from); }};
}

// How messages are read is no part of where they are taken.
auto PlaceOf(const ListenerConfig& l) { return std::tie(l.name, l.address, l.port, l.tls); }

bool SameListeners(const ServeConfig& a, const ServeConfig& b) {
  return std::ranges::equal(a.listeners, b.listeners,
                            [](const auto& one, const auto& other) { return PlaceOf(one) == PlaceOf(other); });
}

void KeepListeners(const ServeConfig& from, ServeConfig* to) {
  std::vector<ListenerConfig> listeners = from.listeners;
  for (ListenerConfig& listener : listeners)
    for (const ListenerConfig& wanted : to->listeners)
      if (wanted.name == listener.name) listener.encoding = wanted.encoding;
  to->listeners = std::move(listeners);
}

constexpr RestartKey kKeys[] = {
    Key<[](auto& c) -> auto& { return c.registry.folder; }>("registry.folder"),
    Key<[](auto& c) -> auto& { return c.registry.options.cache_bytes; }>("registry.cache_megabytes"),
    Key<[](auto& c) -> auto& { return c.registry.options.write_buffer_bytes; }>("registry.write_buffer_megabytes"),
    Key<[](auto& c) -> auto& { return c.registry.options.known_authorities_only; }>("registry.known_authorities_only"),
    Key<[](auto& c) -> auto& { return c.server.threads; }>("server.threads"),
    Key<[](auto& c) -> auto& { return c.server.io_threads; }>("server.io_threads"),
    Key<[](auto& c) -> auto& { return c.server.remember_days; }>("server.remember_days"),
    Key<[](auto& c) -> auto& { return c.server.max_message_bytes; }>("server.max_message_bytes"),
    Key<[](auto& c) -> auto& { return c.server.max_connections; }>("server.max_connections"),
    Key<[](auto& c) -> auto& { return c.server.max_connections_of_peer; }>("server.max_connections_of_peer"),
    Key<[](auto& c) -> auto& { return c.server.max_failed_handshakes_of_peer; }>(
        "server.max_failed_handshakes_of_peer"),
    Key<[](auto& c) -> auto& { return c.server.max_waiting; }>("server.max_waiting"),
    Key<[](auto& c) -> auto& { return c.server.max_megabytes; }>("server.max_megabytes"),
    Key<[](auto& c) -> auto& { return c.server.handshake_seconds; }>("server.handshake_seconds"),
    Key<[](auto& c) -> auto& { return c.server.first_byte_seconds; }>("server.first_byte_seconds"),
    Key<[](auto& c) -> auto& { return c.server.idle_seconds; }>("server.idle_seconds"),
    Key<[](auto& c) -> auto& { return c.server.message_seconds; }>("server.message_seconds"),
    Key<[](auto& c) -> auto& { return c.server.write_seconds; }>("server.write_seconds"),
    {"listener", SameListeners, KeepListeners},
    Key<[](auto& c) -> auto& { return c.questions_wait_for_disk; }>("audit.questions_wait_for_disk"),
    Key<[](auto& c) -> auto& { return c.quarantine.folder; }>("quarantine.folder"),
};

}  // namespace

std::vector<std::string> RestartKeys() {
  std::vector<std::string> names;
  for (const RestartKey& key : kKeys) names.emplace_back(key.name);
  return names;
}

std::vector<std::string> ChangedRestartKeys(const ServeConfig& running, const ServeConfig& wanted) {
  std::vector<std::string> names;
  for (const RestartKey& key : kKeys)
    if (!key.same(running, wanted)) names.emplace_back(key.name);
  return names;
}

void KeepRestartKeys(const ServeConfig& running, ServeConfig* wanted) {
  for (const RestartKey& key : kKeys) key.keep(running, wanted);
}

std::string KeyList(const std::vector<std::string>& keys) {
  std::string list;
  for (const std::string& key : keys) list += (list.empty() ? "" : ", ") + key;
  return list;
}

}  // namespace nayose
