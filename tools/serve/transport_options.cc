// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/transport_options.h"

namespace nayose {
std::optional<TlsFiles> TlsFilesOf(const TlsConfig& tls) {
  if (!tls.enabled) return std::nullopt;
  TlsFiles files;
  files.certificate_file = tls.certificate;
  files.key_file = tls.key;
  files.ca_file = tls.ca;
  files.crl_file = tls.crl;
  files.min_version = tls.allow_1_2 ? TlsVersion::k1_2 : TlsVersion::k1_3;
  return files;
}

MllpServerOptions ServerOptionsOf(const ServeConfig& config) {
  const ServerConfig& server = config.server;
  MllpServerOptions options;
  for (const ListenerConfig& listener : config.listeners)
    options.listeners.push_back({listener.name, listener.address, listener.port, TlsFilesOf(listener.tls),
                                 listener.tls.require_client_certificate});
  options.max_connections = server.max_connections;
  options.max_connections_of_peer = server.max_connections_of_peer;
  options.max_failed_handshakes_of_peer = server.max_failed_handshakes_of_peer;
  options.max_frame_bytes = server.max_message_bytes;
  options.max_waiting = server.max_waiting;
  options.max_bytes = server.max_megabytes << 20;
  options.deadlines.handshake = std::chrono::seconds(server.handshake_seconds);
  options.deadlines.first_byte = std::chrono::seconds(server.first_byte_seconds);
  options.deadlines.idle = std::chrono::seconds(server.idle_seconds);
  options.deadlines.frame = std::chrono::seconds(server.message_seconds);
  options.deadlines.write = std::chrono::seconds(server.write_seconds);
  options.worker_threads = server.threads;
  options.io_threads = server.io_threads;
  return options;
}

}  // namespace nayose
