// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/mllp_client.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "libmpi/base/status_macros.h"

namespace nayose {
namespace {

using Clock = std::chrono::steady_clock;

class Socket {
 public:
  explicit Socket(int number) : number_(number) {}
  ~Socket() {
    if (number_ >= 0) close(number_);
  }
  Socket(Socket&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

std::string Words(int error) { return std::generic_category().message(error); }

// Waits until the socket can be read or written; kDeadlineExceeded.
absl::Status WaitFor(int socket, short events, Clock::time_point end) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) return absl::DeadlineExceededError("no answer in time");
    pollfd wanted{socket, events, 0};
    const int ready = poll(&wanted, 1, static_cast<int>(std::min<int64_t>(left.count(), 60'000)));
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return absl::InternalError("poll: " + Words(errno));
  }
}

absl::StatusOr<Socket> ConnectTo(const addrinfo& address, Clock::time_point end) {
  Socket socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.number() < 0) return absl::UnavailableError(Words(errno));
  const int on = 1;
  setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  setsockopt(socket.number(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  if (connect(socket.number(), address.ai_addr, address.ai_addrlen) == 0) return socket;
  if (errno != EINPROGRESS) return absl::UnavailableError(Words(errno));
  LIBMPI_RETURN_IF_ERROR(WaitFor(socket.number(), POLLOUT, end));
  int error = 0;
  socklen_t size = sizeof(error);
  getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return absl::UnavailableError(Words(error));
  return socket;
}

absl::StatusOr<Socket> ConnectToAny(const std::string& host, uint16_t port, Clock::time_point end) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failed != 0) return absl::UnavailableError(host + ": " + gai_strerror(failed));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> all(found, freeaddrinfo);
  absl::Status last = absl::UnavailableError("no address");
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    auto socket = ConnectTo(*address, end);
    if (socket.ok()) return socket;
    last = socket.status();
  }
  return absl::Status(last.code(), libmpi::ToAbsl("can't connect to " + host + " port " + std::to_string(port) + ": " +
                                                  std::string(last.message())));
}

}  // namespace

struct MllpClient::Connection {
  Connection(Socket the_socket, FrameLimits limits)
      : socket(std::move(the_socket)), channel(socket.number()), reader(limits) {}

  // Calls `io` until it is done, waiting between. What it gives else is an error.
  template <typename Call>
  absl::Status Until(Clock::time_point end, Call io) {
    while (true) {
      switch (io()) {
        case Channel::Io::kDone:
          return absl::OkStatus();
        case Channel::Io::kWantRead:
          LIBMPI_RETURN_IF_ERROR(WaitFor(socket.number(), POLLIN, end));
          break;
        case Channel::Io::kWantWrite:
          LIBMPI_RETURN_IF_ERROR(WaitFor(socket.number(), POLLOUT, end));
          break;
        case Channel::Io::kClosed:
          return absl::UnavailableError("the server closed the connection");
        case Channel::Io::kFailed:
          return absl::UnauthenticatedError("TLS: " + std::string(HandshakeFailureName(channel.failure())) + ": " +
                                            channel.failure_text());
      }
    }
  }

  Socket socket;
  Channel channel;
  FrameReader reader;
};

MllpClient::MllpClient(MllpClientOptions options) : options_(std::move(options)) {}
MllpClient::~MllpClient() { Close(); }
MllpClient::MllpClient(MllpClient&&) noexcept = default;
MllpClient& MllpClient::operator=(MllpClient&&) noexcept = default;

bool MllpClient::connected() const { return connection_ != nullptr; }

void MllpClient::Close() {
  if (connection_ != nullptr) connection_->channel.Finish();
  connection_.reset();
}

absl::Status MllpClient::Connect() {
  if (connection_ != nullptr && !IsStale()) return absl::OkStatus();
  connection_.reset();
  const absl::Status status = ConnectBy(Clock::now() + options_.connect_deadline);
  if (!status.ok()) connection_.reset();
  return status;
}

absl::Status MllpClient::ConnectBy(Moment end) {
  if (options_.tls.has_value() && context_ == nullptr) {
    LIBMPI_ASSIGN_OR_RETURN(context_, ClientContext(*options_.tls));
  }
  LIBMPI_ASSIGN_OR_RETURN(Socket socket, ConnectToAny(options_.host, options_.port, end));
  connection_ = std::make_unique<Connection>(std::move(socket), FrameLimits{options_.max_frame_bytes});
  if (context_ == nullptr) return absl::OkStatus();
  Channel& channel = connection_->channel;
  channel = Channel::Connecting(connection_->socket.number(), context_.get(),
                                options_.server_name.empty() ? options_.host : options_.server_name);
  if (channel.ssl() == nullptr) return absl::InternalError("OpenSSL gives no connection");
  return connection_->Until(end, [&channel] { return channel.Handshake(); });
}

// Whether the server has closed the connection meanwhile, or sent what nobody asked for.
bool MllpClient::IsStale() {
  std::array<char, 1> byte;
  size_t count = 0;
  return connection_->channel.Read(byte.data(), byte.size(), &count) != Channel::Io::kWantRead;
}

absl::StatusOr<std::string> MllpClient::Exchange(std::string_view payload) {
  if (HasFrameBytes(payload)) return absl::InvalidArgumentError("the payload has bytes of a frame's ends inside");
  LIBMPI_RETURN_IF_ERROR(Connect());
  const Moment end = Clock::now() + options_.exchange_deadline;
  const absl::Status sent = SendBy(payload, end);
  absl::StatusOr<std::string> answer = sent.ok() ? ReceiveBy(end) : sent;
  // An answer that comes late is not to be taken for the next one's.
  if (!answer.ok()) connection_.reset();
  return answer;
}

absl::Status MllpClient::Send(std::string_view payload) {
  if (HasFrameBytes(payload)) return absl::InvalidArgumentError("the payload has bytes of a frame's ends inside");
  LIBMPI_RETURN_IF_ERROR(Connect());
  const absl::Status status = SendBy(payload, Clock::now() + options_.exchange_deadline);
  if (!status.ok()) connection_.reset();
  return status;
}

absl::Status MllpClient::SendBy(std::string_view payload, Moment end) {
  const std::string frame = FrameOf(payload);
  for (std::string_view left = frame; !left.empty();) {
    size_t count = 0;
    LIBMPI_RETURN_IF_ERROR(
        connection_->Until(end, [&] { return connection_->channel.Write(left, &count); }));
    left.remove_prefix(count);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> MllpClient::ReceiveBy(Moment end) {
  std::array<char, 16384> buffer;
  while (true) {
    switch (connection_->reader.Next()) {
      case FrameReader::Found::kFrame:
        return std::string(connection_->reader.payload());
      case FrameReader::Found::kError:
        return absl::DataLossError("the answer is no frame: " +
                                   std::string(FrameErrorName(connection_->reader.error())));
      case FrameReader::Found::kMore:
        break;
    }
    size_t count = 0;
    LIBMPI_RETURN_IF_ERROR(connection_->Until(
        end, [&] { return connection_->channel.Read(buffer.data(), buffer.size(), &count); }));
    connection_->reader.Feed(std::string_view(buffer.data(), count));
  }
}

}  // namespace nayose
