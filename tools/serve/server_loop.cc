// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/server_loop.h"

#include <algorithm>
#include <new>

#include <boost/asio/post.hpp>

#include "tools/serve/mllp_connection.h"

namespace nayose {
namespace {

using std::chrono::milliseconds;

// A deadline is seen late by an eighth of itself at most.
milliseconds TickOf(const MllpDeadlines& deadlines) {
  milliseconds shortest(1'600);
  for (const milliseconds deadline :
       {deadlines.handshake, deadlines.first_byte, deadlines.idle, deadlines.frame, deadlines.write})
    if (deadline.count() > 0) shortest = std::min(shortest, deadline);
  return std::max(shortest / 8, milliseconds(5));
}

}  // namespace

ServerLoop::ServerLoop(ServerCore* core) : core_(*core), tick_(TickOf(core->options.deadlines)) {}

ServerLoop::~ServerLoop() = default;

void ServerLoop::Start() {
  SweepLater();
  thread_ = std::thread([this] { Run(); });
}

// A connection for which there was no memory is left to its deadline; the others go on.
void ServerLoop::Run() {
  while (true) {
    try {
      io_.run();
      return;
    } catch (const std::bad_alloc&) {
      continue;
    }
  }
}

void ServerLoop::CloseIdleSoon() {
  boost::asio::post(io_, [this] { ForEach([](MllpConnection& connection) { connection.CloseIfIdle(); }); });
}

void ServerLoop::CloseAllSoon() {
  boost::asio::post(io_, [this] { ForEach([](MllpConnection& connection) { connection.Close("the server stops"); }); });
}

void ServerLoop::ResumeSoon() {
  if (!resume_posted_.exchange(true)) boost::asio::post(io_, [this] { Resume(); });
}

void ServerLoop::Join() {
  boost::asio::post(io_, [this] {
    ending_ = true;
    timer_.cancel();
    Resume();  // all are closed: this only lets go of them
    work_.reset();
  });
  if (thread_.joinable()) thread_.join();
}

ServerLoop::Connections::iterator ServerLoop::Add(std::shared_ptr<MllpConnection> connection) {
  return connections_.insert(connections_.end(), std::move(connection));
}

template <typename Act>
void ServerLoop::ForEach(Act act) {
  for (auto it = connections_.begin(); it != connections_.end();) {
    const std::shared_ptr<MllpConnection> connection = *it++;
    act(*connection);
  }
}

void ServerLoop::Resume() {
  resume_posted_ = false;
  std::vector<std::shared_ptr<MllpConnection>> paused;
  paused.swap(paused_);
  for (const auto& connection : paused) connection->Resume();
}

void ServerLoop::SweepLater() {
  timer_.expires_after(tick_);
  timer_.async_wait([this](const boost::system::error_code&) {
    if (!ending_) Sweep();
  });
}

void ServerLoop::Sweep() {
  const auto now = std::chrono::steady_clock::now();
  ForEach([now](MllpConnection& connection) { connection.CheckDeadline(now); });
  Resume();
  SweepLater();
}

}  // namespace nayose
