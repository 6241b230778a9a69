// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/local_http.h"

#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "tools/serve/signals_blocked.h"

namespace nayose {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;
using Response = http::response<http::string_body>;

constexpr std::chrono::milliseconds kAcceptPause(100);

HttpAnswer AnswerTo(const http::request<http::empty_body>& request, const LocalHttp::Pages& pages) {
  if (request.method() != http::verb::get && request.method() != http::verb::head)
    return {.status = 405, .body = "only GET and HEAD\n"};
  const std::string_view target(request.target().data(), request.target().size());
  const auto page = pages.find(std::string(target.substr(0, target.find('?'))));
  if (page == pages.end()) return {.status = 404, .body = "no such page\n"};
  try {
    return page->second();
  } catch (...) {
    return {.status = 500, .body = "the page failed\n"};
  }
}

// One connection: request, answer, and again. Kept alive by what it waits for.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const LocalHttpOptions& options, const LocalHttp::Pages& pages, size_t* sessions)
      : stream_(std::move(socket)), options_(options), pages_(pages), sessions_(*sessions) {
    ++sessions_;
  }
  ~Session() { --sessions_; }

  void Read() {
    parser_.emplace();
    parser_->header_limit(static_cast<uint32_t>(options_.max_request_bytes));
    parser_->body_limit(0);
    stream_.expires_after(options_.deadline);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](const error_code& why, size_t) {
      if (!why) self->Answer();
    });
  }

 private:
  void Answer() {
    const auto& request = parser_->get();
    HttpAnswer answer = AnswerTo(request, pages_);
    response_ = Response(static_cast<http::status>(answer.status), request.version());
    response_.set(http::field::content_type, answer.content_type);
    response_.set(http::field::cache_control, "no-store");
    if (answer.status == 405) response_.set(http::field::allow, "GET, HEAD");
    response_.keep_alive(request.keep_alive());
    response_.content_length(answer.body.size());
    if (request.method() != http::verb::head) response_.body() = std::move(answer.body);
    stream_.expires_after(options_.deadline);
    http::async_write(stream_, response_, [self = shared_from_this()](const error_code& why, size_t) {
      if (why) return;
      if (self->response_.keep_alive()) return self->Read();
      error_code ignored;
      self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    });
  }

  boost::beast::tcp_stream stream_;
  const LocalHttpOptions& options_;
  const LocalHttp::Pages& pages_;
  size_t& sessions_;
  boost::beast::flat_static_buffer<16384> buffer_;
  std::optional<http::request_parser<http::empty_body>> parser_;
  Response response_;
};

}  // namespace

class LocalHttpImpl {
 public:
  LocalHttpImpl(LocalHttpOptions options, LocalHttp::Pages pages)
      : options_(std::move(options)), pages_(std::move(pages)) {}
  ~LocalHttpImpl() { Stop(); }

  absl::Status Start() {
    error_code why;
    tcp::resolver resolver(io_);
    const auto found = resolver.resolve(options_.host, std::to_string(options_.port), tcp::resolver::passive, why);
    if (!why) {
      const tcp::endpoint endpoint = found.begin()->endpoint();
      acceptor_.open(endpoint.protocol(), why);
      if (!why) acceptor_.set_option(tcp::acceptor::reuse_address(true), why);
      if (!why) acceptor_.bind(endpoint, why);
      if (!why) acceptor_.listen(static_cast<int>(options_.max_connections), why);
      if (!why) port_ = acceptor_.local_endpoint(why).port();
    }
    if (why)
      return absl::UnavailableError("can't listen at " + options_.host + " port " + std::to_string(options_.port) +
                                    ": " + why.message());
    Accept();
    const SignalsBlocked blocked;
    thread_ = std::thread([this] { io_.run(); });
    return absl::OkStatus();
  }

  void Stop() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  uint16_t port() const { return port_; }

 private:
  void Accept() {
    acceptor_.async_accept([this](const error_code& why, tcp::socket socket) {
      if (why) {
        pause_.expires_after(kAcceptPause);
        return pause_.async_wait([this](const error_code&) { Accept(); });
      }
      if (sessions_ < options_.max_connections)
        std::make_shared<Session>(std::move(socket), options_, pages_, &sessions_)->Read();
      Accept();
    });
  }

  const LocalHttpOptions options_;
  const LocalHttp::Pages pages_;
  size_t sessions_ = 0;            // before what ends them
  boost::asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  boost::asio::steady_timer pause_{io_};
  uint16_t port_ = 0;
  std::thread thread_;
};

LocalHttp::LocalHttp(LocalHttpOptions options, Pages pages)
    : impl_(std::make_unique<LocalHttpImpl>(std::move(options), std::move(pages))) {}

LocalHttp::~LocalHttp() = default;

absl::Status LocalHttp::Start() { return impl_->Start(); }
void LocalHttp::Stop() { impl_->Stop(); }
uint16_t LocalHttp::port() const { return impl_->port(); }

}  // namespace nayose
