// SPDX-License-Identifier: Apache-2.0
// What all parts of an MllpServer share. Internal to tools/serve.
#ifndef NAYOSE_SERVE_SERVER_CORE_H_
#define NAYOSE_SERVE_SERVER_CORE_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "tools/serve/failure_limit.h"
#include "tools/serve/mllp_server.h"

namespace nayose {

class ServerLoop;

// As MllpServerStats, counted by many threads.
struct ServerCounters {
  using Counter = std::atomic<uint64_t>;
  Counter connections_now{0}, connections{0}, handshakes{0}, resumed_handshakes{0}, accept_failures{0}, frames{0},
      answers{0}, bytes_read{0}, bytes_written{0}, handler_failures{0}, waiting_now{0}, in_flight_now{0}, paused_now{0},
      bytes_now{0};
  std::array<Counter, kRefusalReasons> refused{};
  std::array<Counter, kHandshakeFailures> handshake_failures{};
  std::array<Counter, kFrameErrors> frame_errors{};
  std::array<Counter, kDeadlineKinds> timeouts{};

  MllpServerStats Snapshot() const;
};

struct ServerCore {
  ServerCore(MllpServerOptions the_options, MllpHooks the_hooks)
      : options(std::move(the_options)),
        hooks(std::move(the_hooks)),
        handshakes(options.max_failed_handshakes_of_peer) {}

  // Counts one connection more of that address, in all and of it, unless that is too many, or it would have to do with
  // TLS and failed too often.
  std::optional<RefusalReason> TakePlace(const std::string& address, bool for_tls);
  void LeavePlace(const std::string& address);
  // Waits until no connection is left, or the moment has come.
  void WaitUntilAlone(std::chrono::steady_clock::time_point until);

  // Sets aside what the largest frame takes. Only whole places are given: were they to grow bit by bit, many frames
  // begun could use up all the room with none of them able to end.
  bool TakeLargePlace();
  void LeaveLargePlace() { --large_places_; }
  // A buffer that grows may be twice what it holds.
  size_t LargeBytes() const { return 2 * options.max_frame_bytes; }

  bool Allows(const PeerInfo& peer) const;
  void Tell(MllpEvent::Kind kind, const PeerInfo& peer, std::string detail) const;
  // Connections that waited because of a bound look whether they may go on.
  void ResumePaused();

  const MllpServerOptions options;
  const MllpHooks hooks;
  ServerCounters counters;
  FailureLimit handshakes;
  std::atomic<bool> stopping{false};
  std::vector<std::unique_ptr<ServerLoop>> loops;  // outlive the workers
  std::optional<boost::asio::thread_pool> workers;

 private:
  std::mutex places_mutex_;
  std::condition_variable place_left_;
  std::unordered_map<std::string, size_t> connections_of_;
  size_t places_ = 0;
  std::atomic<size_t> large_places_{0};
};

}  // namespace nayose

#endif  // NAYOSE_SERVE_SERVER_CORE_H_
