// SPDX-License-Identifier: Apache-2.0
// One address at which an MllpServer listens. Internal to tools/serve.
#ifndef NAYOSE_SERVE_MLLP_LISTENER_H_
#define NAYOSE_SERVE_MLLP_LISTENER_H_

#include <cstddef>
#include <cstdint>
#include <mutex>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/serve/server_core.h"

namespace nayose {

class MllpListener {
 public:
  // Borrows both; accepts on the core's first loop, and gives connections to all in turn.
  MllpListener(ServerCore* core, const ListenOptions* options);

  // kUnavailable: that address can't be listened at.
  absl::Status Open();
  // Accepts from now on.
  void Start();
  // From any thread.
  void CloseSoon();

  // From any thread: null where plain.
  absl::StatusOr<SslContext> LoadTls() const;
  void UseTls(SslContext tls);

  const ListenOptions& options() const { return options_; }
  uint16_t port() const { return port_; }

 private:
  void Accept();
  void Failed(const boost::system::error_code& why);
  void Take(boost::asio::ip::tcp::socket socket, ServerLoop* loop);

  ServerCore& core_;
  const ListenOptions& options_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  size_t next_loop_ = 0;
  uint16_t port_ = 0;
  std::mutex tls_mutex_;
  SslContext tls_;
};

}  // namespace nayose

#endif  // NAYOSE_SERVE_MLLP_LISTENER_H_
