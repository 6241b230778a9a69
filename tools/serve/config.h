// SPDX-License-Identifier: Apache-2.0
// What `nayose serve` is told: data/serve/network.toml shows and explains all of it.
#ifndef LIBMPI_TOOLS_SERVE_CONFIG_H_
#define LIBMPI_TOOLS_SERVE_CONFIG_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/network/consent.h"
#include "libmpi/network/requester.h"
#include "libmpi/pix/directory.h"
#include "libmpi/registry/registry.h"
#include "tools/serve/config_tree.h"

namespace nayose {

// Files are PEM.
struct TlsConfig {
  bool enabled = false;
  std::string certificate, key;  // ours
  std::string ca;                // whose certificates are believed
  std::string crl;               // revoked ones; empty: none are looked for
  bool allow_1_2 = false;        // TLS 1.2, beside 1.3
  // Of a server: whether a client without a certificate is turned away.
  bool require_client_certificate = true;
  // Of a client: the name that the server's certificate must have; empty: the host's.
  std::string server_name;
  bool operator==(const TlsConfig&) const = default;
};

// How a system's messages are written where MSH-18 does not say.
struct EncodingConfig {
  std::string name = "ASCII";   // "ASCII", "UTF-8", "CP932" ...
  bool believe_msh18 = true;
  bool operator==(const EncodingConfig&) const = default;
};

struct ListenerConfig {
  std::string name;              // for logs and metrics
  std::string address = "127.0.0.1";
  uint16_t port = 0;             // 0: any one that is free
  TlsConfig tls;
  EncodingConfig encoding;
  int line = 0;
};

// Where a party is told of changes (ITI-10).
struct UpdatesConfig {
  bool enabled = false;
  std::string host;
  uint16_t port = 0;
  TlsConfig tls;
  std::string application, facility;  // MSH-5 and MSH-6; empty: as it calls itself
  int64_t answer_seconds = 30;
  // After a failure: the first pause, doubled each time up to the longest.
  int64_t first_pause_seconds = 1, longest_pause_seconds = 300;
  // How often is looked for changes.
  int64_t poll_milliseconds = 500;
  bool operator==(const UpdatesConfig&) const = default;
};

struct PartyConfig {
  libmpi::pix::Party party;
  // Common names, alternative names (DNS), or "sha256:" and a fingerprint, of which its certificate must have one.
  // Empty: it has none, and speaks where none is asked for.
  std::vector<std::string> certificates;
  bool own_encoding = false;     // else the listener's
  EncodingConfig encoding;
  UpdatesConfig updates;
  int line = 0;
};

struct RegistryConfig {
  std::string folder;
  bool create = false;           // where there is none
  std::string model;             // a file, of the one that is created; empty: the one that comes with nayose
  libmpi::ConsentBasis consent = libmpi::ConsentBasis::kOptIn;  // of the one that is created
  libmpi::RegistryOptions options;
  bool warm = true;              // read into the cache at a start
};

struct ServerConfig {
  std::string application = "NAYOSE", facility = "NAYOSE";  // MSH-3 and MSH-4 of answers
  bool check_receiver = false;
  int threads = 8, io_threads = 2;
  size_t max_message_bytes = size_t{1} << 20;
  size_t max_connections = 20'000, max_connections_of_peer = 1'000;
  size_t max_failed_handshakes_of_peer = 60;  // a minute; 0: any number
  size_t max_waiting = 1'000;    // messages that wait for a thread
  size_t max_megabytes = 256;    // of messages and answers of all connections
  // 0: for ever, except for the handshake.
  int64_t handshake_seconds = 10, first_byte_seconds = 60, idle_seconds = 600, message_seconds = 30, write_seconds = 30;
  int64_t stop_seconds = 30;     // for what is under way when it is told to stop
  size_t page = 50, most_page = 500;
  int64_t remember_days = 14;    // how long a message is known again
};

struct QuarantineConfig {
  std::string folder;
  size_t most = 1000;            // messages; the oldest goes
  int64_t days = 30;             // how long one is kept, whatever becomes of it; 0: for good
};

struct MetricsConfig {
  bool enabled = false;
  std::string address = "127.0.0.1";
  uint16_t port = 0;
  bool operator==(const MetricsConfig&) const = default;
};

// Where the audit trail is written as messages for others, as it grows.
struct AuditFileConfig {
  std::string file;              // empty: nowhere
  bool syslog = true;            // lines of syslog; else the messages alone
  bool operator==(const AuditFileConfig&) const = default;
};

struct LogConfig {
  std::string file;              // empty: standard error
  std::string level = "info";    // debug, info, warning, error
  bool json = true;
};

struct ServeConfig {
  RegistryConfig registry;
  ServerConfig server;
  std::vector<ListenerConfig> listeners;
  std::vector<libmpi::Facility> facilities;   // with the domains that name them
  std::vector<libmpi::pix::Domain> domains;
  std::vector<PartyConfig> parties;
  bool questions_wait_for_disk = false;       // [audit]
  AuditFileConfig audit_file;
  QuarantineConfig quarantine;
  MetricsConfig metrics;
  LogConfig log;

  std::vector<libmpi::pix::Party> Parties() const;
  const PartyConfig* FindParty(std::string_view name) const;
};

struct ReadConfig {
  ServeConfig config;            // of use where there are no errors
  ConfigProblems problems;       // in the order of lines
};

// Paths that are not absolute are from `folder` on.
ReadConfig ParseServeConfig(std::string_view text, const std::string& folder);
// The same of a file, whose folder it is; also looks at what it names (certificates, keys). A status: it can't be read.
absl::StatusOr<ReadConfig> ReadServeConfig(const std::string& path);

// Parts of these: what does not fit together, or is dangerous, and what the files are like that it names.
void CheckTogether(const ServeConfig& config, ConfigProblems* problems);
void CheckFiles(const ServeConfig& config, ConfigProblems* problems);

// Every problem in a line of its own.
std::string ProblemLines(const std::vector<ConfigProblem>& problems, std::string_view file);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_CONFIG_H_
