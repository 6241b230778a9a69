// SPDX-License-Identifier: Apache-2.0
// What an MllpServer counts, for metrics.
#ifndef NAYOSE_SERVE_SERVER_STATS_H_
#define NAYOSE_SERVE_SERVER_STATS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tools/serve/channel.h"
#include "tools/serve/frame_reader.h"

namespace nayose {

enum class RefusalReason : uint8_t {
  kTooMany,          // connections in all
  kTooManyOfPeer,    // connections of that address
  kNotAllowed,       // the hook `authorize` said no
  kTooManyFailures,  // handshakes with that address failed too often
};
inline constexpr size_t kRefusalReasons = 4;
std::string_view RefusalReasonName(RefusalReason reason);  // "too_many", "not_allowed" ...

enum class DeadlineKind : uint8_t { kHandshake, kFirstByte, kIdle, kFrame, kWrite };
inline constexpr size_t kDeadlineKinds = 5;
std::string_view DeadlineKindName(DeadlineKind kind);  // "handshake", "first_byte", "idle", "frame", "write"

// Counters since the start, unless "now" is said. Each is right by itself; together they may be of slightly different
// moments. Arrays are by the enumeration's value.
struct MllpServerStats {
  uint64_t connections_now = 0;      // with those in the handshake
  uint64_t connections = 0;
  std::array<uint64_t, kRefusalReasons> refused{};
  std::array<uint64_t, kHandshakeFailures> handshake_failures{};
  std::array<uint64_t, kFrameErrors> frame_errors{};
  std::array<uint64_t, kDeadlineKinds> timeouts{};
  uint64_t handshakes = 0;           // that succeeded
  uint64_t resumed_handshakes = 0;   // of these
  uint64_t accept_failures = 0;
  uint64_t frames = 0;               // whole ones
  uint64_t answers = 0;              // sent to the end
  uint64_t bytes_read = 0, bytes_written = 0;  // without TLS's own
  uint64_t handler_failures = 0;
  uint64_t waiting_now = 0;          // requests that wait for a worker
  uint64_t in_flight_now = 0;        // that are worked on
  uint64_t paused_now = 0;           // connections that are not read because of a bound
  uint64_t bytes_now = 0;            // of frames and answers, as max_bytes counts them, with what is set aside
};

}  // namespace nayose

#endif  // NAYOSE_SERVE_SERVER_STATS_H_
