// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/local_http.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "serve/test_peers.h"

namespace nayose {
namespace {

using std::chrono::milliseconds;

LocalHttp::Pages Pages() {
  return {{"/metrics", [] { return HttpAnswer{.body = "frames 3\n"}; }},
          {"/health", [] { return HttpAnswer{.status = 503, .content_type = "application/json", .body = "{}"}; }},
          {"/fails", []() -> HttpAnswer { throw std::runtime_error("secret"); }}};
}

std::string Ask(uint16_t port, std::string_view request) {
  const BarePeer peer(port);
  peer.Send(request);
  return peer.ReceiveAll();
}

TEST(LocalHttp, Table) {
  LocalHttp server({}, Pages());
  ASSERT_TRUE(server.Start().ok());
  const struct {
    std::string request;
    std::string status, content;
  } rows[] = {
      {"GET /metrics HTTP/1.1", "HTTP/1.1 200 OK", "frames 3\n"},
      {"GET /metrics?a=b HTTP/1.1", "HTTP/1.1 200 OK", "frames 3\n"},
      {"GET /health HTTP/1.1", "HTTP/1.1 503 Service Unavailable", "{}"},
      {"HEAD /metrics HTTP/1.1", "HTTP/1.1 200 OK", ""},
      {"GET / HTTP/1.1", "HTTP/1.1 404 Not Found", "no such page\n"},
      {"GET /metrics/../health HTTP/1.1", "HTTP/1.1 404 Not Found", "no such page\n"},
      {"POST /metrics HTTP/1.1", "HTTP/1.1 405 Method Not Allowed", "only GET and HEAD\n"},
      {"GET /fails HTTP/1.1", "HTTP/1.1 500 Internal Server Error", "the page failed\n"},
  };
  for (const auto& row : rows) {
    const std::string answer = Ask(server.port(), row.request + "\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(answer.substr(0, answer.find('\r')), row.status) << row.request;
    EXPECT_EQ(answer.substr(answer.find("\r\n\r\n") + 4), row.content) << row.request;
    EXPECT_EQ(answer.find("secret"), std::string::npos);
  }
}

TEST(LocalHttp, KeepsAConnection) {
  LocalHttp server({}, Pages());
  ASSERT_TRUE(server.Start().ok());
  const BarePeer peer(server.port());
  const std::string once = Ask(server.port(), "GET /metrics HTTP/1.0\r\n\r\n");
  EXPECT_NE(once.find("frames 3"), std::string::npos);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(peer.Send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n"));
    const std::string answer = peer.Receive(40);
    EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 503") << i;
    for (std::string rest = answer; !rest.ends_with("{}");) rest = peer.Receive(1).insert(0, rest);
  }
}

TEST(LocalHttp, IsBounded) {
  LocalHttp server({.max_connections = 2, .deadline = milliseconds(500)}, Pages());
  ASSERT_TRUE(server.Start().ok());
  {
    const BarePeer giant(server.port());
    giant.Send("GET /" + std::string(100'000, 'x'));
    EXPECT_TRUE(giant.IsClosed());
    const BarePeer body(server.port());
    body.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789");
    EXPECT_EQ(body.ReceiveAll().find("200"), std::string::npos);
  }
  const BarePeer silent(server.port()), slow(server.port());
  slow.Send("GET /met");
  EXPECT_TRUE(BarePeer(server.port()).IsClosed());  // the third
  EXPECT_TRUE(silent.IsClosed() && slow.IsClosed());
  const std::string answer = Ask(server.port(), "GET /metrics HTTP/1.0\r\n\r\n");
  EXPECT_NE(answer.find("frames 3"), std::string::npos);
}

TEST(LocalHttp, StopsAndSaysWhereItCanNotListen) {
  const size_t threads = ThreadsNow();
  LocalHttp first({}, Pages());
  ASSERT_TRUE(first.Start().ok());
  EXPECT_EQ(LocalHttp({.port = first.port()}, Pages()).Start().code(), absl::StatusCode::kUnavailable);
  const BarePeer peer(first.port());
  first.Stop();
  EXPECT_EQ(ThreadsNow(), threads);
}

}  // namespace
}  // namespace nayose
