// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/mllp_server.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tools/serve/mllp_client.h"

namespace nayose {
namespace {

using std::chrono::milliseconds;

std::string Echo(const PeerInfo&, std::string_view payload) { return "to " + std::string(payload); }

TEST(MllpServer, AnswersOverPlainTcp) {
  MllpServerOptions options;
  options.listeners = {{.name = "plain"}};
  MllpServer server(options, {.handle = Echo});
  ASSERT_TRUE(server.Start().ok());
  MllpClient client({.host = "127.0.0.1", .port = server.port()});
  for (const std::string payload : {"a", "b", ""}) {
    const auto answer = client.Exchange(payload);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(*answer, "to " + payload);
  }
  server.Stop(milliseconds(1'000));
  EXPECT_EQ(server.Stats().frames, 3);
  EXPECT_EQ(server.Stats().answers, 3);
  EXPECT_EQ(server.Stats().connections_now, 0);
}

}  // namespace
}  // namespace nayose
