// SPDX-License-Identifier: Apache-2.0
// Peers for tests: a bare socket that may do anything, and a good client that never stops asking.
#ifndef NAYOSE_TESTS_SERVE_TEST_PEERS_H_
#define NAYOSE_TESTS_SERVE_TEST_PEERS_H_

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "tools/serve/mllp_client.h"

namespace nayose {

// Waits until `holds`, 20 seconds at most; whether it did.
bool Eventually(const std::function<bool()>& holds);

// A connection to this machine, blocking.
class BarePeer {
 public:
  BarePeer();  // not yet connected
  explicit BarePeer(uint16_t port) : BarePeer() { Connect(port); }
  // From an address of this machine that is not the usual one: 127.0.0.`host`.
  BarePeer(uint16_t port, uint8_t host) : BarePeer() { ConnectFrom(host, port); }
  ~BarePeer();
  BarePeer(BarePeer&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}

  bool Connect(uint16_t port);
  bool ConnectFrom(uint8_t host, uint16_t port);
  int socket() const { return socket_; }
  // Whether the system took it all.
  bool Send(std::string_view bytes) const;
  void SendNoMore() const;
  // What comes until there are `count` bytes or the server closes; gives up after 20 seconds.
  std::string Receive(size_t count) const;
  std::string ReceiveAll() const { return Receive(std::string::npos); }
  // Whether the server has closed the connection; waits for it 20 seconds at most.
  bool IsClosed() const;

 private:
  int socket_ = -1;
};

// Exchanges small payloads on a thread of its own, over one connection, with a pause after each.
class SteadyClient {
 public:
  explicit SteadyClient(MllpClientOptions options,
                        std::chrono::microseconds pause = std::chrono::microseconds(1'000));
  ~SteadyClient() { Stop().IgnoreError(); }

  uint64_t answers() const { return answers_; }
  // Ends it; the first thing that went wrong, or OK.
  absl::Status Stop();

 private:
  MllpClient client_;
  const std::chrono::microseconds pause_;
  std::atomic<bool> stopping_{false};
  std::atomic<uint64_t> answers_{0};
  absl::Status status_;
  std::thread thread_;
};

// How many threads this process has.
size_t ThreadsNow();

}  // namespace nayose

#endif  // NAYOSE_TESTS_SERVE_TEST_PEERS_H_
