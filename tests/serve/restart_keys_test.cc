// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/restart_keys.h"

#include <functional>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nayose {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

ServeConfig Running() {
  ServeConfig config;
  config.listeners = {{"local", "127.0.0.1", 2575, {}, {}, 7}, {"network", "0.0.0.0", 2576, {}, {}, 12}};
  return config;
}

TEST(RestartKeysTest, EachIsSeenAndKept) {
  const std::vector<std::pair<std::string, std::function<void(ServeConfig*)>>> cases = {
      {"registry.folder", [](ServeConfig* c) { c->registry.folder = "other"; }},
      {"registry.cache_megabytes", [](ServeConfig* c) { c->registry.options.cache_bytes += 1; }},
      {"registry.write_buffer_megabytes", [](ServeConfig* c) { c->registry.options.write_buffer_bytes += 1; }},
      {"registry.known_authorities_only", [](ServeConfig* c) { c->registry.options.known_authorities_only ^= true; }},
      {"server.threads", [](ServeConfig* c) { ++c->server.threads; }},
      {"server.io_threads", [](ServeConfig* c) { ++c->server.io_threads; }},
      {"server.remember_days", [](ServeConfig* c) { ++c->server.remember_days; }},
      {"server.max_message_bytes", [](ServeConfig* c) { ++c->server.max_message_bytes; }},
      {"server.max_connections", [](ServeConfig* c) { ++c->server.max_connections; }},
      {"server.max_connections_of_peer", [](ServeConfig* c) { ++c->server.max_connections_of_peer; }},
      {"server.max_failed_handshakes_of_peer", [](ServeConfig* c) { ++c->server.max_failed_handshakes_of_peer; }},
      {"server.max_waiting", [](ServeConfig* c) { ++c->server.max_waiting; }},
      {"server.max_megabytes", [](ServeConfig* c) { ++c->server.max_megabytes; }},
      {"server.handshake_seconds", [](ServeConfig* c) { ++c->server.handshake_seconds; }},
      {"server.first_byte_seconds", [](ServeConfig* c) { ++c->server.first_byte_seconds; }},
      {"server.idle_seconds", [](ServeConfig* c) { ++c->server.idle_seconds; }},
      {"server.message_seconds", [](ServeConfig* c) { ++c->server.message_seconds; }},
      {"server.write_seconds", [](ServeConfig* c) { ++c->server.write_seconds; }},
      {"listener", [](ServeConfig* c) { ++c->listeners[0].port; }},
      {"listener", [](ServeConfig* c) { c->listeners[1].tls.certificate = "other.pem"; }},
      {"listener", [](ServeConfig* c) { c->listeners.pop_back(); }},
      {"audit.questions_wait_for_disk", [](ServeConfig* c) { c->questions_wait_for_disk ^= true; }},
      {"quarantine.folder", [](ServeConfig* c) { c->quarantine.folder = "other"; }},
  };
  std::vector<std::string> seen;
  for (const auto& [key, change] : cases) {
    ServeConfig wanted = Running();
    change(&wanted);
    EXPECT_THAT(ChangedRestartKeys(Running(), wanted), ElementsAre(key));
    KeepRestartKeys(Running(), &wanted);
    EXPECT_THAT(ChangedRestartKeys(Running(), wanted), IsEmpty()) << key;
    if (seen.empty() || seen.back() != key) seen.push_back(key);
  }
  EXPECT_EQ(seen, RestartKeys());
}

TEST(RestartKeysTest, AllElseIsTakenAsItIs) {
  ServeConfig wanted = Running();
  wanted.server.stop_seconds = 5;
  wanted.server.application = "MPI";
  wanted.quarantine.most = 7;
  wanted.metrics.port = 9000;
  wanted.audit_file.file = "audit";
  wanted.listeners[0].encoding.name = "CP932";
  wanted.listeners[0].line = 99;
  wanted.listeners[1].port = 1;
  EXPECT_THAT(ChangedRestartKeys(Running(), wanted), ElementsAre("listener"));
  KeepRestartKeys(Running(), &wanted);
  EXPECT_EQ(wanted.listeners[0].encoding.name, "CP932");
  EXPECT_EQ(wanted.listeners[1].port, 2576);
  EXPECT_EQ(wanted.server.stop_seconds, 5);
  EXPECT_EQ(wanted.server.application, "MPI");
  EXPECT_EQ(wanted.quarantine.most, 7u);
  EXPECT_EQ(wanted.metrics.port, 9000);
  EXPECT_EQ(wanted.audit_file.file, "audit");
}

TEST(RestartKeysTest, KeysInALine) {
  EXPECT_EQ(KeyList({}), "");
  EXPECT_EQ(KeyList({"listener", "server.threads"}), "listener, server.threads");
}

}  // namespace
}  // namespace nayose
