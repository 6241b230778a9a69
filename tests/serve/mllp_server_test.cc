// SPDX-License-Identifier: Apache-2.0
// What a server does for well-behaved peers, and its bounds.
#include "tools/serve/mllp_server.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "serve/test_peers.h"
#include "tools/serve/frame_reader.h"
#include "tools/serve/mllp_client.h"

namespace nayose {
namespace {

using std::chrono::milliseconds;

std::string Echo(const PeerInfo&, std::string_view payload) { return "to " + std::string(payload); }

MllpServerOptions Plain() {
  MllpServerOptions options;
  options.listeners = {{.name = "plain"}};
  return options;
}

TEST(MllpServer, AnswersOverPlainTcp) {
  PeerInfo seen;
  const size_t threads = ThreadsNow();
  MllpServer server(Plain(), {.handle = [&seen](const PeerInfo& peer, std::string_view payload) {
    seen = peer;
    return Echo(peer, payload);
  }});
  ASSERT_TRUE(server.Start().ok());
  MllpClient client({.host = "localhost", .port = server.port()});
  for (const std::string& payload : {std::string("a"), std::string("b\rc"), std::string(), std::string(900'000, 'x')}) {
    const auto answer = client.Exchange(payload);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(*answer, "to " + payload);
  }
  server.Stop(milliseconds(5'000));
  EXPECT_EQ(ThreadsNow(), threads);
  const MllpServerStats stats = server.Stats();
  EXPECT_EQ(stats.frames, 4);
  EXPECT_EQ(stats.answers, 4);
  EXPECT_EQ(stats.bytes_written - stats.bytes_read, 4 * 3);
  EXPECT_EQ(stats.connections, 1);
  EXPECT_EQ(stats.connections_now, 0);
  EXPECT_EQ(stats.bytes_now, 0);
  EXPECT_EQ(seen.address, "127.0.0.1");
  EXPECT_EQ(seen.listener, "plain");
  EXPECT_TRUE(seen.fingerprint.empty() && seen.common_name.empty() && seen.dns_names.empty());
  EXPECT_EQ(client.Exchange("d").status().code(), absl::StatusCode::kUnavailable);
}

TEST(MllpServer, AnswersInOrderWhatComesAtOnce) {
  MllpServer server(Plain(), {.handle = [](const PeerInfo&, std::string_view payload) {
    return payload == "7" ? std::string() : std::string(payload);  // an empty answer is none
  }});
  ASSERT_TRUE(server.Start().ok());
  std::string frames, answers;
  for (int i = 0; i < 200; ++i) {
    frames += FrameOf(std::to_string(i));
    if (i != 7) answers += FrameOf(std::to_string(i));
  }
  const BarePeer peer(server.port());
  ASSERT_TRUE(peer.Send(frames));
  peer.SendNoMore();  // is answered all the same
  EXPECT_EQ(peer.ReceiveAll(), answers);
}

TEST(MllpServer, AFailingHandlerClosesItsConnectionOnly) {
  std::mutex mutex;
  std::vector<std::string> details;
  MllpHooks hooks;
  hooks.handle = [](const PeerInfo& peer, std::string_view payload) {
    if (payload == "throw") throw std::runtime_error("secret payload");
    if (payload == "bytes") return std::string("a\x1c\r\x0b");
    return Echo(peer, payload);
  };
  hooks.on_event = [&](const MllpEvent& event) {
    const std::lock_guard lock(mutex);
    details.push_back(std::string(MllpEventName(event.kind)) + " " + event.detail);
  };
  MllpServer server(Plain(), hooks);
  ASSERT_TRUE(server.Start().ok());
  SteadyClient good({.host = "127.0.0.1", .port = server.port()});
  for (const char* payload : {"throw", "bytes"}) {
    MllpClient client({.host = "127.0.0.1", .port = server.port()});
    EXPECT_EQ(client.Exchange(payload).status().code(), absl::StatusCode::kUnavailable);
    EXPECT_TRUE(client.Exchange("again").ok());  // over a new connection
  }
  const uint64_t before = good.answers();
  EXPECT_TRUE(Eventually([&] { return good.answers() > before + 5; }));
  EXPECT_TRUE(good.Stop().ok());
  EXPECT_EQ(server.Stats().handler_failures, 2);
  server.Stop(milliseconds(0));
  for (const std::string& detail : details) EXPECT_EQ(detail.find("secret"), std::string::npos);
  EXPECT_EQ(std::count(details.begin(), details.end(), "handler_failed the handler failed"), 2);
}

TEST(MllpServer, RefusesConnectionsBeyondItsBounds) {
  MllpServerOptions options = Plain();
  options.max_connections_of_peer = 3;
  options.listeners.push_back({.name = "other"});
  MllpServer server(options, {.handle = Echo});
  ASSERT_TRUE(server.Start().ok());
  {
    std::vector<BarePeer> peers;
    for (int i = 0; i < 3; ++i) {
      peers.emplace_back(server.port(i % 2));
      ASSERT_TRUE(peers.back().Send(FrameOf("a")));
      ASSERT_EQ(peers.back().Receive(7), FrameOf("to a"));
    }
    EXPECT_TRUE(BarePeer(server.port()).IsClosed());
    EXPECT_EQ(server.Stats().refused[static_cast<size_t>(RefusalReason::kTooManyOfPeer)], 1);
    EXPECT_EQ(server.Stats().connections_now, 3);
  }
  ASSERT_TRUE(Eventually([&] { return server.Stats().connections_now == 0; }));
  MllpClient client({.host = "127.0.0.1", .port = server.port(1)});
  EXPECT_TRUE(client.Exchange("a").ok());
}

TEST(MllpServer, RefusesConnectionsBeyondAllItsBounds) {
  MllpServerOptions options = Plain();
  options.max_connections = 2;
  MllpServer server(options, {.handle = Echo});
  ASSERT_TRUE(server.Start().ok());
  const BarePeer first(server.port()), second(server.port());
  ASSERT_TRUE(Eventually([&] { return server.Stats().connections_now == 2; }));
  EXPECT_TRUE(BarePeer(server.port()).IsClosed());
  EXPECT_EQ(server.Stats().refused[static_cast<size_t>(RefusalReason::kTooMany)], 1);
}

TEST(MllpServer, AsksWhoIsLetIn) {
  std::atomic<int> asked = 0;
  MllpServer server(Plain(), {.handle = Echo, .authorize = [&asked](const PeerInfo&) {
    if (++asked == 2) throw std::runtime_error("a hook that fails lets nobody in");
    return asked == 3;
  }});
  ASSERT_TRUE(server.Start().ok());
  EXPECT_TRUE(BarePeer(server.port()).IsClosed());
  EXPECT_TRUE(BarePeer(server.port()).IsClosed());
  EXPECT_EQ(server.Stats().refused[static_cast<size_t>(RefusalReason::kNotAllowed)], 2);
  MllpClient client({.host = "127.0.0.1", .port = server.port()});
  EXPECT_TRUE(client.Exchange("a").ok());
}

TEST(MllpServer, OutOfFilesItGoesOnLater) {
  MllpServer server(Plain(), {.handle = Echo});
  ASSERT_TRUE(server.Start().ok());
  rlimit files;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  EXPECT_EQ(files.rlim_cur, files.rlim_max);
  const BarePeer served(server.port());
  BarePeer waits;
  ASSERT_TRUE(Eventually([&] { return server.Stats().connections_now == 1; }));
  const rlimit few{3, files.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  EXPECT_TRUE(waits.Connect(server.port()));
  EXPECT_TRUE(Eventually([&] { return server.Stats().accept_failures > 0; }));
  EXPECT_TRUE(served.Send(FrameOf("a")));
  EXPECT_EQ(served.Receive(7), FrameOf("to a"));
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
  EXPECT_TRUE(waits.Send(FrameOf("a")));
  EXPECT_EQ(waits.Receive(7), FrameOf("to a"));
  MllpClient client({.host = "127.0.0.1", .port = server.port()});
  EXPECT_TRUE(client.Exchange("a").ok());
}

TEST(MllpServer, SaysWhyItDoesNotStart) {
  MllpServerOptions none;
  EXPECT_EQ(MllpServer(none, {.handle = Echo}).Start().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MllpServer(Plain(), {}).Start().code(), absl::StatusCode::kInvalidArgument);
  MllpServerOptions small = Plain();
  small.max_bytes = 4 * small.max_frame_bytes;
  EXPECT_EQ(MllpServer(small, {.handle = Echo}).Start().code(), absl::StatusCode::kInvalidArgument);
  MllpServerOptions no_files = Plain();
  no_files.listeners[0].tls = TlsFiles{"/nowhere/a.pem", "/nowhere/a.key", "/nowhere/ca.pem"};
  const absl::Status status = MllpServer(no_files, {.handle = Echo}).Start();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("/nowhere/a.pem"), absl::string_view::npos) << status;
  MllpServer first(Plain(), {.handle = Echo});
  ASSERT_TRUE(first.Start().ok());
  MllpServerOptions taken = Plain();
  taken.listeners[0].port = first.port();
  EXPECT_EQ(MllpServer(taken, {.handle = Echo}).Start().code(), absl::StatusCode::kUnavailable);
}

TEST(MllpClient, KnowsAServerThatIsSlowOrSpeaksSomethingElse) {
  MllpServer server(Plain(), {.handle = [](const PeerInfo&, std::string_view payload) {
    return payload == "none" ? std::string() : std::string(payload == "long" ? 5'000 : 1, 'a');
  }});
  ASSERT_TRUE(server.Start().ok());
  MllpClientOptions options = {.host = "127.0.0.1", .port = server.port(), .exchange_deadline = milliseconds(1'000),
                               .max_frame_bytes = 100};
  MllpClient client(options);
  EXPECT_EQ(client.Exchange("none").status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_FALSE(client.connected());
  EXPECT_EQ(client.Exchange("long").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(client.Exchange("a\x1c").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(client.Exchange("short").ok());
  EXPECT_TRUE(client.Send("none").ok());
  EXPECT_TRUE(client.connected());
  server.Stop(milliseconds(0));
  EXPECT_EQ(client.Exchange("short").status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace nayose
