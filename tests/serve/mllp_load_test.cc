// SPDX-License-Identifier: Apache-2.0
// Many peers, much work, and an end in the middle of it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "serve/test_certificates.h"
#include "serve/test_peers.h"
#include "tools/serve/mllp_server.h"

namespace nayose {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

std::string Echo(const PeerInfo&, std::string_view payload) { return "to " + std::string(payload); }

MllpServerOptions Plain() {
  MllpServerOptions options;
  options.listeners = {{.name = "plain"}};
  return options;
}

// Asks `times` questions on each of `senders` connections at once, of `bytes` each; how many were answered rightly.
uint64_t AskAtOnce(const MllpClientOptions& options, int senders, int times, size_t bytes) {
  std::atomic<uint64_t> answered{0};
  std::vector<std::thread> threads;
  for (int sender = 0; sender < senders; ++sender)
    threads.emplace_back([&, sender] {
      MllpClient client(options);
      for (int i = 0; i < times; ++i) {
        std::string question = std::to_string(sender) + " " + std::to_string(i);
        question.resize(std::max(bytes, question.size()), 'x');
        const auto answer = client.Exchange(question);
        if (answer.ok() && *answer == "to " + question) ++answered;
      }
    });
  for (std::thread& thread : threads) thread.join();
  return answered;
}

TEST(MllpLoad, ASlowHandlerMakesSendersWaitAndLosesNothing) {
  MllpServerOptions options = Plain();
  options.worker_threads = 4;
  options.max_waiting = 8;
  std::atomic<uint64_t> most_waiting{0}, most_in_flight{0};
  MllpServer* running = nullptr;
  MllpServer server(options, {.handle = [&](const PeerInfo& peer, std::string_view payload) {
    std::this_thread::sleep_for(milliseconds(1));
    const MllpServerStats stats = running->Stats();
    most_waiting = std::max<uint64_t>(most_waiting, stats.waiting_now);
    most_in_flight = std::max<uint64_t>(most_in_flight, stats.in_flight_now);
    return Echo(peer, payload);
  }});
  running = &server;
  ASSERT_TRUE(server.Start().ok());
  EXPECT_EQ(AskAtOnce({.host = "127.0.0.1", .port = server.port()}, 64, 20, 10), 64 * 20);
  EXPECT_LE(most_waiting, 8 + 2);  // a loop may have looked before the other took one
  EXPECT_LE(most_in_flight, 4);
  EXPECT_EQ(server.Stats().waiting_now, 0);
}

TEST(MllpLoad, LargeFramesShareTheRoomThatThereIs) {
  MllpServerOptions options = Plain();
  options.max_bytes = size_t{16} << 20;
  std::atomic<uint64_t> most{0};
  MllpServer* running = nullptr;
  MllpServer server(options, {.handle = [&](const PeerInfo&, std::string_view) {
    std::this_thread::sleep_for(milliseconds(1));
    most = std::max<uint64_t>(most, running->Stats().bytes_now);
    return std::string("taken");
  }});
  running = &server;
  ASSERT_TRUE(server.Start().ok());
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 64; ++i)
    threads.emplace_back([&] {
      MllpClient client({.host = "127.0.0.1", .port = server.port()});
      for (int k = 0; k < 3; ++k)
        if (client.Exchange(std::string(1'000'000, 'x')).ok()) ++taken;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, 64 * 3);
  EXPECT_LE(most, options.max_bytes);
  EXPECT_TRUE(Eventually([&] { return server.Stats().bytes_now == 0; }));
}

// Whatever was handled was answered, and nothing runs on.
TEST(MllpLoad, AStopInTheMiddleLosesNoAnswer) {
  const size_t threads_before = ThreadsNow();
  for (int round = 0; round < 5; ++round) {
    std::atomic<uint64_t> handled{0}, answered{0};
    MllpServer server(Plain(), {.handle = [&handled](const PeerInfo& peer, std::string_view payload) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
      ++handled;
      return Echo(peer, payload);
    }});
    ASSERT_TRUE(server.Start().ok());
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i)
      threads.emplace_back([&, port = server.port()] {
        MllpClient client({.host = "127.0.0.1", .port = port});
        while (client.Exchange("a").ok()) ++answered;
      });
    EXPECT_TRUE(Eventually([&] { return answered > 200; }));
    server.Stop(milliseconds(10'000));
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(handled, answered);
    EXPECT_EQ(server.Stats().answers, answered);
    EXPECT_EQ(server.Stats().connections_now, 0);
    EXPECT_EQ(server.Stats().waiting_now, 0);
  }
  EXPECT_EQ(ThreadsNow(), threads_before);
}

TEST(MllpLoad, AStopWaitsForWhatIsWorkedOnAndNoLonger) {
  std::atomic<bool> working{false};
  MllpServer server(Plain(), {.handle = [&](const PeerInfo& peer, std::string_view payload) {
    working = true;
    std::this_thread::sleep_for(milliseconds(300));
    return Echo(peer, payload);
  }});
  ASSERT_TRUE(server.Start().ok());
  const BarePeer asks(server.port()), begins(server.port());
  ASSERT_TRUE(begins.Send("\x0b" "never ended"));
  ASSERT_TRUE(asks.Send(FrameOf("a")));
  ASSERT_TRUE(Eventually([&] { return working && server.Stats().bytes_read == 16; }));
  const auto begin = Clock::now();
  server.Stop(milliseconds(1'000));
  EXPECT_LT(Clock::now() - begin, milliseconds(10'000));
  EXPECT_EQ(asks.ReceiveAll(), FrameOf("to a"));
  EXPECT_TRUE(begins.IsClosed());
}

// Both ends need a file each, so the far ends are another process's. Gives its number once all are connected.
pid_t ConnectMany(int count, uint16_t port, int* hold) {
  int go_on[2], done[2];
  if (pipe(go_on) != 0 || pipe(done) != 0) return -1;
  const pid_t child = fork();
  if (child == 0) {
    close(go_on[1]);
    std::vector<BarePeer> peers(static_cast<size_t>(count));
    bool all = true;
    for (BarePeer& peer : peers) all = peer.Connect(port) && all;
    char byte = all ? 'y' : 'n';
    if (write(done[1], &byte, 1) != 1) _exit(1);
    // Until the parent lets go, or is gone.
    if (read(go_on[0], &byte, 1) < 0) _exit(1);
    _exit(0);
  }
  close(go_on[0]);
  close(done[1]);
  char byte = 'n';
  const bool connected = read(done[0], &byte, 1) == 1 && byte == 'y';
  close(done[0]);
  *hold = go_on[1];
  return connected ? child : -1;
}

double Median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// Answers a second to a client that asks without a pause, in some short whiles.
void MeasureRates(uint16_t port, std::vector<double>* rates) {
  constexpr int kTimes = 100;
  for (int i = 0; i < 5; ++i) {
    const auto begin = Clock::now();
    EXPECT_EQ(AskAtOnce({.host = "127.0.0.1", .port = port}, 1, kTimes, 100), kTimes);
    rates->push_back(kTimes / std::chrono::duration<double>(Clock::now() - begin).count());
  }
}

// Idle connections while it lives.
class IdleOnes {
 public:
  IdleOnes(int count, const MllpServer& server) : child_(ConnectMany(count, server.port(), &hold_)) {
    EXPECT_GT(child_, 0);
    EXPECT_TRUE(Eventually([&] { return server.Stats().connections_now == static_cast<uint64_t>(count); }));
  }
  ~IdleOnes() {
    close(hold_);
    waitpid(child_, nullptr, 0);
  }

 private:
  int hold_ = -1;
  const pid_t child_;
};

// What a good client keeps of its rate; measured on where other work on the machine may have come between.
double KeptAmongIdleOnes(int count, const MllpServer& server) {
  double kept = 0;
  std::vector<double> among, without;
  for (int attempt = 0; attempt < 5 && kept < 0.8; ++attempt) {
    MeasureRates(server.port(), &without);
    {
      const IdleOnes idle(count, server);
      MeasureRates(server.port(), &among);
    }
    EXPECT_TRUE(Eventually([&] { return server.Stats().connections_now == 0; }));
    MeasureRates(server.port(), &without);
    kept = Median(among) / Median(without);
  }
  std::cout << "among " << count << " idle connections: " << static_cast<int64_t>(Median(among))
            << " a second, without " << static_cast<int64_t>(Median(without)) << "\n";
  return kept;
}

void ServeAmongIdleOnes(int count) {
  MllpServerOptions options = Plain();
  options.max_connections_of_peer = static_cast<size_t>(count) + 10;
  MllpServer server(options, {.handle = Echo});
  ASSERT_TRUE(server.Start().ok());
  EXPECT_GE(KeptAmongIdleOnes(count, server), 0.8);
  const IdleOnes idle(count, server);
  EXPECT_EQ(AskAtOnce({.host = "127.0.0.1", .port = server.port()}, 4, 200, 100), 800);
  EXPECT_EQ(server.Stats().accept_failures, 0);
  const auto begin = Clock::now();
  server.Stop(milliseconds(1'000));
  EXPECT_LT(Clock::now() - begin, milliseconds(5'000));
}

TEST(MllpLoad, ManyIdleConnectionsAreNoBurden) {
  ServeAmongIdleOnes(std::getenv("LIBMPI_LONG") != nullptr ? 10'000 : 2'000);
}

// The rate is printed, not asserted: it is the machine's as well.
TEST(MllpLoad, SixteenTlsConnections) {
  TestFolder folder;
  TestAuthority authority(folder, "authority");
  MllpServerOptions options = Plain();
  options.listeners[0].tls = authority.Certify("server", {.common_name = "s", .alternative_names = "IP:127.0.0.1"});
  MllpServer server(options, {.handle = Echo});
  ASSERT_TRUE(server.Start().ok());
  MllpClientOptions client = {.host = "127.0.0.1", .port = server.port()};
  client.tls = authority.Certify("client", {.common_name = "c"});
  const int times = std::getenv("LIBMPI_LONG") != nullptr ? 10'000 : 500;
  const auto begin = Clock::now();
  EXPECT_EQ(AskAtOnce(client, 16, times, 300), static_cast<uint64_t>(16 * times));
  const std::chrono::duration<double> seconds = Clock::now() - begin;
  std::cout << "requests a second: " << static_cast<int64_t>(16 * times / seconds.count()) << "\n";
}

}  // namespace
}  // namespace nayose
