// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/party_gate.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nayose {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

PartyConfig Party(const std::string& name, std::vector<std::string> certificates, const std::string& encoding = "") {
  PartyConfig party;
  party.party.name = name;
  party.party.application = name + "_APP";
  party.party.facility = name + "_FAC";
  party.certificates = std::move(certificates);
  party.own_encoding = !encoding.empty();
  if (party.own_encoding) party.encoding.name = encoding;
  return party;
}

PeerInfo Peer(const std::string& common_name, std::vector<std::string> dns_names, const std::string& fingerprint) {
  PeerInfo peer;
  peer.listener = "local";
  peer.common_name = common_name;
  peer.dns_names = std::move(dns_names);
  peer.fingerprint = fingerprint;
  return peer;
}

TEST(PartyGateTest, ACertificateSaysWhoMaySpeak) {
  const std::string print(64, 'a');
  ServeConfig config;
  config.parties = {Party("plain", {}), Party("named", {"his.example"}), Party("printed", {"sha256:" + print}),
                    Party("both", {"other.example", "HIS.example"})};
  const PartyGate gate(&config);
  EXPECT_THAT(gate.Allowed(Peer("", {}, "")), ElementsAre("plain"));
  EXPECT_THAT(gate.Allowed(Peer("his.example", {}, "bb")), ElementsAre("named", "both"));
  EXPECT_THAT(gate.Allowed(Peer("x", {"y", "other.example"}, "bb")), ElementsAre("both"));
  EXPECT_THAT(gate.Allowed(Peer("x", {}, print)), ElementsAre("printed"));
  EXPECT_THAT(gate.Allowed(Peer("", {}, "bb")), IsEmpty());
  // Somebody certified by our CA is nobody without a party of theirs, and does not become a plain one.
  EXPECT_THAT(gate.Allowed(Peer("stranger", {"stranger.example"}, "cc")), IsEmpty());
}

TEST(PartyGateTest, APartysEncodingComesBeforeItsListeners) {
  ServeConfig config;
  config.listeners.resize(1);
  config.listeners[0].name = "local";
  config.listeners[0].encoding.name = "ISO-2022-JP";
  config.parties = {Party("A", {}, "CP932"), Party("B", {})};
  const PartyGate gate(&config);
  EXPECT_EQ(gate.EncodingOf("local", "MSH|^~\\&|A_APP|A_FAC|X|Y\r").name, "CP932");
  EXPECT_EQ(gate.EncodingOf("local", "MSH|^~\\&|A_APP|B_FAC|X|Y\r").name, "ISO-2022-JP");
  EXPECT_EQ(gate.EncodingOf("local", "MSH|^~\\&|B_APP|B_FAC\r").name, "ISO-2022-JP");
  EXPECT_EQ(gate.EncodingOf("nowhere", "MSH|^~\\&|B_APP|B_FAC\r").name, "ASCII");
}

TEST(SenderOfTest, ReadsTheFirstComponents) {
  const auto sender = SenderOf("\xef\xbb\xbfMSH$%~\\&$APP%1.2%ISO$FAC%3$X\nPID$APP2");
  ASSERT_TRUE(sender.has_value());
  EXPECT_EQ(sender->first, "APP");
  EXPECT_EQ(sender->second, "FAC");
  for (const char* text : {"", "MSH", "MSH|", "PID|^~\\&|A|B", "\r\n\r\n"}) EXPECT_FALSE(SenderOf(text)) << text;
  EXPECT_EQ(SenderOf("MSH|^~\\&")->first, "");
}

}  // namespace
}  // namespace nayose
