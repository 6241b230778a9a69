// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/server_core.h"

#include <array>

#include "tools/serve/server_loop.h"

namespace nayose {
namespace {

template <size_t N>
std::array<uint64_t, N> Values(const std::array<ServerCounters::Counter, N>& counters) {
  std::array<uint64_t, N> values;
  for (size_t i = 0; i < N; ++i) values[i] = counters[i].load(std::memory_order_relaxed);
  return values;
}

}  // namespace

std::string_view RefusalReasonName(RefusalReason reason) {
  static constexpr std::array<std::string_view, kRefusalReasons> kNames = {"too_many", "too_many_of_peer",
                                                                           "not_allowed", "too_many_failures"};
  return kNames[static_cast<size_t>(reason)];
}

std::string_view DeadlineKindName(DeadlineKind kind) {
  static constexpr std::array<std::string_view, kDeadlineKinds> kNames = {"handshake", "first_byte", "idle", "frame",
                                                                          "write"};
  return kNames[static_cast<size_t>(kind)];
}

std::string_view MllpEventName(MllpEvent::Kind kind) {
  static constexpr std::array<std::string_view, 8> kNames = {
      "connected", "disconnected", "refused", "handshake_failed", "frame_error", "timed_out", "handler_failed",
      "accept_failed"};
  return kNames[static_cast<size_t>(kind)];
}

MllpServerStats ServerCounters::Snapshot() const {
  MllpServerStats stats;
  stats.connections_now = connections_now;
  stats.connections = connections;
  stats.refused = Values(refused);
  stats.handshake_failures = Values(handshake_failures);
  stats.frame_errors = Values(frame_errors);
  stats.timeouts = Values(timeouts);
  stats.handshakes = handshakes;
  stats.resumed_handshakes = resumed_handshakes;
  stats.accept_failures = accept_failures;
  stats.frames = frames;
  stats.answers = answers;
  stats.bytes_read = bytes_read;
  stats.bytes_written = bytes_written;
  stats.handler_failures = handler_failures;
  stats.waiting_now = waiting_now;
  stats.in_flight_now = in_flight_now;
  stats.paused_now = paused_now;
  stats.bytes_now = bytes_now;
  return stats;
}

std::optional<RefusalReason> ServerCore::TakePlace(const std::string& address, bool for_tls) {
  ++counters.connections;
  if (for_tls && handshakes.IsReached(address, FailureLimit::Clock::now())) return RefusalReason::kTooManyFailures;
  const std::lock_guard lock(places_mutex_);
  if (places_ >= options.max_connections) return RefusalReason::kTooMany;
  size_t& of_peer = connections_of_[address];
  if (of_peer >= options.max_connections_of_peer) {
    if (of_peer == 0) connections_of_.erase(address);
    return RefusalReason::kTooManyOfPeer;
  }
  ++of_peer;
  counters.connections_now = ++places_;
  return std::nullopt;
}

void ServerCore::LeavePlace(const std::string& address) {
  const std::lock_guard lock(places_mutex_);
  const auto it = connections_of_.find(address);
  if (it != connections_of_.end() && --it->second == 0) connections_of_.erase(it);
  counters.connections_now = --places_;
  if (places_ == 0) place_left_.notify_all();
}

void ServerCore::WaitUntilAlone(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(places_mutex_);
  place_left_.wait_until(lock, until, [this] { return places_ == 0; });
}

// All of them take half of the room, so that peers who never end large frames don't stand in small ones' way.
bool ServerCore::TakeLargePlace() {
  if (counters.bytes_now + LargeBytes() > options.max_bytes) return false;
  size_t taken = large_places_;
  do {
    if ((taken + 1) * LargeBytes() > options.max_bytes / 2) return false;
  } while (!large_places_.compare_exchange_weak(taken, taken + 1));
  return true;
}

bool ServerCore::Allows(const PeerInfo& peer) const {
  if (!hooks.authorize) return true;
  try {
    return hooks.authorize(peer);
  } catch (...) {
    return false;
  }
}

void ServerCore::Tell(MllpEvent::Kind kind, const PeerInfo& peer, std::string detail) const {
  if (!hooks.on_event) return;
  try {
    hooks.on_event({kind, peer.address, peer.port, peer.listener, std::move(detail)});
  } catch (...) {
    // Nobody is left to tell.
  }
}

void ServerCore::ResumePaused() {
  if (counters.paused_now == 0) return;
  for (const auto& loop : loops) loop->ResumeSoon();
}

}  // namespace nayose
