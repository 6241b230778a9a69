// SPDX-License-Identifier: Apache-2.0
// One thread, and the connections that it serves. Internal to tools/serve.
#ifndef NAYOSE_SERVE_SERVER_LOOP_H_
#define NAYOSE_SERVE_SERVER_LOOP_H_

#include <array>
#include <atomic>
#include <chrono>
#include <list>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tools/serve/server_core.h"

namespace nayose {

class MllpConnection;

// A connection belongs to one loop for life, so nothing of it is locked. Where not said otherwise, methods are to be
// called on its thread.
class ServerLoop {
 public:
  using Connections = std::list<std::shared_ptr<MllpConnection>>;

  // Borrows the core.
  explicit ServerLoop(ServerCore* core);
  ~ServerLoop();

  boost::asio::io_context& io() { return io_; }
  // Room that a connection may read into until it returns.
  std::array<char, 16384>& buffer() { return buffer_; }

  // From any thread.
  void Start();
  void CloseIdleSoon();
  void CloseAllSoon();
  void ResumeSoon();
  // Ends the thread once every connection is closed and every worker has ended.
  void Join();

  Connections::iterator Add(std::shared_ptr<MllpConnection> connection);
  void Remove(Connections::iterator place) { connections_.erase(place); }
  // The connection is to be resumed when there is room again.
  void Pause(std::shared_ptr<MllpConnection> connection) { paused_.push_back(std::move(connection)); }

 private:
  // Calls `act`, which may remove that connection, with each.
  template <typename Act>
  void ForEach(Act act);
  void Run();
  void Resume();
  void SweepLater();
  void Sweep();

  ServerCore& core_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  // One timer for the deadlines of all connections: setting one costs nothing, which a request does several times.
  boost::asio::steady_timer timer_{io_};
  const std::chrono::milliseconds tick_;
  bool ending_ = false;
  Connections connections_;
  std::vector<std::shared_ptr<MllpConnection>> paused_;
  std::atomic<bool> resume_posted_{false};
  std::array<char, 16384> buffer_;
  std::thread thread_;
};

}  // namespace nayose

#endif  // NAYOSE_SERVE_SERVER_LOOP_H_
