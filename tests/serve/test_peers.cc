// SPDX-License-Identifier: Apache-2.0
#include "serve/test_peers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <iterator>

namespace nayose {
namespace {

sockaddr_in LoopbackAddress(uint8_t host, uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl((INADDR_LOOPBACK & 0xFFFFFF00) | host);
  return address;
}

}  // namespace

bool Eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

BarePeer::BarePeer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const timeval patience{20, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

bool BarePeer::Connect(uint16_t port) {
  const sockaddr_in address = LoopbackAddress(1, port);
  return connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

bool BarePeer::ConnectFrom(uint8_t host, uint16_t port) {
  const sockaddr_in own = LoopbackAddress(host, 0);
  return bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof(own)) == 0 && Connect(port);
}

BarePeer::~BarePeer() {
  if (socket_ >= 0) close(socket_);
}

bool BarePeer::Send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

void BarePeer::SendNoMore() const { shutdown(socket_, SHUT_WR); }

std::string BarePeer::Receive(size_t count) const {
  std::string all;
  std::array<char, 65536> buffer;
  while (all.size() < count) {
    const ssize_t got = recv(socket_, buffer.data(), std::min(buffer.size(), count - all.size()), 0);
    if (got <= 0) break;
    all.append(buffer.data(), static_cast<size_t>(got));
  }
  return all;
}

bool BarePeer::IsClosed() const {
  ReceiveAll();
  char byte;
  const ssize_t got = recv(socket_, &byte, 1, MSG_DONTWAIT);
  return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

SteadyClient::SteadyClient(MllpClientOptions options, std::chrono::microseconds pause)
    : client_(std::move(options)), pause_(pause) {
  status_ = client_.Connect();
  thread_ = std::thread([this] {
    while (!stopping_ && status_.ok()) {
      const std::string question = "question " + std::to_string(answers_);
      const auto answer = client_.Exchange(question);
      status_ = answer.status();
      if (answer.ok() && *answer != "to " + question) status_ = absl::InternalError("another's answer");
      if (status_.ok()) ++answers_;
      if (pause_.count() > 0) std::this_thread::sleep_for(pause_);
    }
  });
}

absl::Status SteadyClient::Stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  return status_;
}

size_t ThreadsNow() {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/task"), {}));
}

}  // namespace nayose
