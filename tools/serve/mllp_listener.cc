// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/mllp_listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <memory>
#include <string>
#include <utility>

#include <boost/asio/post.hpp>

#include "tools/serve/mllp_connection.h"
#include "tools/serve/server_loop.h"

namespace nayose {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr int kBacklog = 4096;
constexpr std::chrono::milliseconds kAcceptPause(100);

std::string AddressText(const boost::asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_string();
  return address.to_string();
}

void SetOption(int socket, int level, int option, int value) {
  setsockopt(socket, level, option, &value, sizeof(value));
}

// A peer whose machine or network is gone is noticed after some two minutes, whatever the deadlines.
void NoticeDeadPeers(int socket) {
  SetOption(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  SetOption(socket, IPPROTO_TCP, TCP_KEEPIDLE, 60);
  SetOption(socket, IPPROTO_TCP, TCP_KEEPINTVL, 15);
  SetOption(socket, IPPROTO_TCP, TCP_KEEPCNT, 4);
}

}  // namespace

MllpListener::MllpListener(ServerCore* core, const ListenOptions* options)
    : core_(*core), options_(*options), acceptor_(core->loops.front()->io()), pause_(core->loops.front()->io()) {}

absl::Status MllpListener::Open() {
  error_code why;
  tcp::resolver resolver(core_.loops.front()->io());
  const auto found = resolver.resolve(options_.host, std::to_string(options_.port), tcp::resolver::passive, why);
  if (!why) {
    const tcp::endpoint endpoint = found.begin()->endpoint();
    acceptor_.open(endpoint.protocol(), why);
    if (!why) acceptor_.set_option(tcp::acceptor::reuse_address(true), why);
    if (!why) acceptor_.bind(endpoint, why);
    if (!why) acceptor_.listen(kBacklog, why);
    if (!why) port_ = acceptor_.local_endpoint(why).port();
  }
  if (!why) return absl::OkStatus();
  return absl::UnavailableError("can't listen at " + options_.host + " port " + std::to_string(options_.port) + ": " +
                                why.message());
}

void MllpListener::Start() {
  boost::asio::post(acceptor_.get_executor(), [this] { Accept(); });
}

void MllpListener::CloseSoon() {
  boost::asio::post(acceptor_.get_executor(), [this] {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  });
}

absl::StatusOr<SslContext> MllpListener::LoadTls() const {
  if (!options_.tls.has_value()) return SslContext();
  return ServerContext(*options_.tls, options_.require_client_certificate);
}

void MllpListener::UseTls(SslContext tls) {
  const std::lock_guard lock(tls_mutex_);
  tls_ = std::move(tls);
}

void MllpListener::Accept() {
  if (!acceptor_.is_open()) return;
  ServerLoop* loop = core_.loops[next_loop_++ % core_.loops.size()].get();
  acceptor_.async_accept(loop->io(), [this, loop](const error_code& why, tcp::socket socket) {
    if (!acceptor_.is_open()) return;
    if (why) return Failed(why);
    Accept();  // first: it has to go on, also where there is no memory for this one
    Take(std::move(socket), loop);
  });
}

// Such as no more files: to try again at once would only burn time.
void MllpListener::Failed(const error_code& why) {
  if (why == boost::asio::error::connection_aborted) return Accept();
  ++core_.counters.accept_failures;
  PeerInfo nobody;
  nobody.listener = options_.name;
  core_.Tell(MllpEvent::Kind::kAcceptFailed, nobody, why.message());
  pause_.expires_after(kAcceptPause);
  pause_.async_wait([this](const error_code&) { Accept(); });
}

void MllpListener::Take(tcp::socket socket, ServerLoop* loop) {
  error_code why;
  const tcp::endpoint remote = socket.remote_endpoint(why);
  if (why) return;  // gone already
  PeerInfo peer;
  peer.address = AddressText(remote.address());
  peer.port = remote.port();
  peer.listener = options_.name;
  if (const auto reason = core_.TakePlace(peer.address, options_.tls.has_value()); reason.has_value()) {
    ++core_.counters.refused[static_cast<size_t>(*reason)];
    return core_.Tell(MllpEvent::Kind::kRefused, peer, std::string(RefusalReasonName(*reason)));
  }
  socket.non_blocking(true, why);
  socket.set_option(tcp::no_delay(true), why);
  NoticeDeadPeers(socket.native_handle());
  SslContext tls;
  {
    const std::lock_guard lock(tls_mutex_);
    tls = tls_;
  }
  auto connection =
      std::make_shared<MllpConnection>(&core_, loop, std::move(socket), std::move(tls), std::move(peer));
  boost::asio::post(loop->io(), [connection = std::move(connection)] { connection->Start(); });
}

}  // namespace nayose
