// SPDX-License-Identifier: Apache-2.0
// Peers that break the rules all at once, while a good client goes on being answered.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "serve/test_certificates.h"
#include "serve/test_peers.h"
#include "tools/serve/frame_reader.h"
#include "tools/serve/mllp_server.h"

namespace nayose {
namespace {

using std::chrono::milliseconds;
using namespace std::string_view_literals;

class Hostile : public testing::Test {
 protected:
  Hostile() : authority_(folder_, "authority") {
    MllpServerOptions options;
    options.listeners = {{.name = "plain"}, {.name = "tls"}};
    options.listeners[1].tls = authority_.Certify("server", {.common_name = "server", .alternative_names = "IP:127.0.0.1"});
    options.max_frame_bytes = 100'000;
    constexpr milliseconds kSoon(1'000);
    options.deadlines = {kSoon, kSoon, kSoon, kSoon, kSoon};
    server_ = std::make_unique<MllpServer>(options, MllpHooks{.handle = [](const PeerInfo&, std::string_view payload) {
      if (payload == "much") return std::string(size_t{32} << 20, 'x');  // more than the system takes
      return "to " + std::string(payload);
    }});
  }

  uint64_t Timeouts(DeadlineKind kind) const { return server_->Stats().timeouts[static_cast<size_t>(kind)]; }
  uint64_t Errors(FrameError error) const { return server_->Stats().frame_errors[static_cast<size_t>(error)]; }
  uint64_t Failures(HandshakeFailure failure) const {
    return server_->Stats().handshake_failures[static_cast<size_t>(failure)];
  }

  TestFolder folder_;
  TestAuthority authority_;
  std::unique_ptr<MllpServer> server_;
};

TEST_F(Hostile, ArePutOutWhileTheGoodOnesAreServed) {
  ASSERT_TRUE(server_->Start().ok());
  const uint16_t plain = server_->port(0), tls = server_->port(1);
  MllpClientOptions by_tls = {.host = "127.0.0.1", .port = tls};
  by_tls.tls = authority_.Certify("client", {.common_name = "client"});
  SteadyClient good({.host = "127.0.0.1", .port = plain}), good_by_tls(by_tls);

  const BarePeer silent(plain), silent_at_tls(tls), half(plain), idle(plain), reads_nothing(plain);
  ASSERT_TRUE(half.Send("\x0b" "half of"));
  ASSERT_TRUE(idle.Send(FrameOf("a")));
  ASSERT_TRUE(reads_nothing.Send(FrameOf("much")));
  const struct {
    std::string_view bytes;
    FrameError error;
  } wrong[] = {
      {"GET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, FrameError::kJunk},
      {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS client at the wrong port"sv, FrameError::kJunk},
      {"\x0b" "a\x0b"sv, FrameError::kStartInside},
      {"\x0b" "a\x1c" "b"sv, FrameError::kBadEnd},
      {"\x0b" "cut"sv, FrameError::kCut},
  };
  for (const auto& row : wrong) {
    const uint64_t before = Errors(row.error);
    const BarePeer peer(plain);
    ASSERT_TRUE(peer.Send(row.bytes));
    if (row.error == FrameError::kCut) peer.SendNoMore();
    EXPECT_TRUE(peer.IsClosed());
    EXPECT_EQ(Errors(row.error), before + 1) << FrameErrorName(row.error);
  }
  const BarePeer giant(plain);
  giant.Send("\x0b" + std::string(200'000, 'x'));
  EXPECT_TRUE(giant.IsClosed());
  EXPECT_EQ(Errors(FrameError::kTooBig), 1);
  for (const std::string_view bytes : {"\x0bMSH|^~\\&|\r\x1c\r"sv, "GET / HTTP/1.1\r\n\r\n"sv}) {
    const BarePeer at_tls(tls);
    ASSERT_TRUE(at_tls.Send(bytes));
    EXPECT_TRUE(at_tls.IsClosed());
  }
  EXPECT_EQ(Failures(HandshakeFailure::kNotTls), 2);

  // A byte now and then moves no deadline.
  const BarePeer slow(plain), blank(plain);
  ASSERT_TRUE(slow.Send("\x0b"));
  EXPECT_TRUE(Eventually([&] {
    std::this_thread::sleep_for(milliseconds(50));
    slow.Send("x");
    blank.Send(" ");
    return Timeouts(DeadlineKind::kFrame) == 2 && Timeouts(DeadlineKind::kFirstByte) == 2;
  }));
  EXPECT_TRUE(half.IsClosed() && slow.IsClosed() && silent.IsClosed() && silent_at_tls.IsClosed());
  EXPECT_EQ(idle.ReceiveAll(), FrameOf("to a"));
  EXPECT_TRUE(Eventually([&] { return Timeouts(DeadlineKind::kWrite) == 1; }));
  EXPECT_EQ(Timeouts(DeadlineKind::kHandshake), 1);
  EXPECT_EQ(Timeouts(DeadlineKind::kIdle), 1);
  EXPECT_EQ(Failures(HandshakeFailure::kTimedOut), 1);

  for (SteadyClient* client : {&good, &good_by_tls}) {
    const uint64_t before = client->answers();
    EXPECT_TRUE(Eventually([&] { return client->answers() > before + 5; }));
    const absl::Status status = client->Stop();
    EXPECT_TRUE(status.ok()) << status;
  }
  EXPECT_TRUE(Eventually([&] { return server_->Stats().connections_now == 2; }));
  server_->Stop(milliseconds(2'000));
  EXPECT_EQ(server_->Stats().bytes_now, 0);
}

// Large frames that nobody ends may take the room set aside for such; small ones have theirs.
TEST(HostileFrames, LargeOnesStandInNoSmallOnesWay) {
  MllpServerOptions options;
  options.listeners = {{.name = "plain"}};
  options.max_frame_bytes = 1'000'000;
  options.max_bytes = 8'000'000;
  options.deadlines.frame = milliseconds(2'000);
  MllpServer server(options, {.handle = [](const PeerInfo&, std::string_view payload) {
    return "to " + std::string(payload);
  }});
  ASSERT_TRUE(server.Start().ok());
  SteadyClient good({.host = "127.0.0.1", .port = server.port()});
  std::vector<BarePeer> peers;
  for (int i = 0; i < 40; ++i) {
    peers.emplace_back(server.port());
    peers.back().Send("\x0b" + std::string(100'000, 'x'));
  }
  ASSERT_TRUE(Eventually([&] { return server.Stats().paused_now >= 30; }));
  EXPECT_LE(server.Stats().bytes_now, options.max_bytes);
  const uint64_t before = good.answers();
  EXPECT_TRUE(Eventually([&] { return good.answers() > before + 20; }));
  // An honest large one comes in once their deadlines have put them out; before that it may wait too long itself.
  MllpClient client({.host = "127.0.0.1", .port = server.port()});
  client.Exchange(std::string(900'000, 'y')).status().IgnoreError();
  EXPECT_TRUE(Eventually([&] { return server.Stats().timeouts[static_cast<size_t>(DeadlineKind::kFrame)] >= 40; }));
  EXPECT_TRUE(client.Exchange(std::string(900'000, 'y')).ok());
  EXPECT_TRUE(good.Stop().ok());
}

}  // namespace
}  // namespace nayose
