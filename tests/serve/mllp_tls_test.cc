// SPDX-License-Identifier: Apache-2.0
// Who is let in by TLS, and what the server knows of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "serve/test_certificates.h"
#include "serve/test_peers.h"
#include "tools/serve/mllp_client.h"
#include "tools/serve/mllp_server.h"

namespace nayose {
namespace {

using std::chrono::milliseconds;

class MllpTls : public testing::Test {
 protected:
  MllpTls() : authority_(folder_, "authority"), other_(folder_, "other") {
    options_.listeners = {{.name = "tls"}};
    options_.listeners[0].tls = authority_.Certify("server", kServer);
  }

  void Start() {
    MllpHooks hooks;
    hooks.handle = [this](const PeerInfo& peer, std::string_view payload) {
      const std::lock_guard lock(mutex_);
      seen_ = peer;
      return "to " + std::string(payload);
    };
    hooks.authorize = [](const PeerInfo& peer) { return peer.common_name != "nobody"; };
    hooks.on_event = [this](const MllpEvent& event) {
      const std::lock_guard lock(mutex_);
      events_.push_back(std::string(MllpEventName(event.kind)) + " " + event.detail);
    };
    server_ = std::make_unique<MllpServer>(options_, std::move(hooks));
    const absl::Status status = server_->Start();
    ASSERT_TRUE(status.ok()) << status;
  }

  MllpClientOptions Client(const TlsFiles& files) const {
    MllpClientOptions options = {.host = "127.0.0.1", .port = server_->port()};
    options.tls = files;
    options.tls->ca_file = authority_.ca_file();
    options.server_name = "server.example";
    return options;
  }

  absl::Status Ask(const TlsFiles& files) const { return MllpClient(Client(files)).Exchange("a").status(); }

  uint64_t Failures(HandshakeFailure failure) const {
    return server_->Stats().handshake_failures[static_cast<size_t>(failure)];
  }

  const CertificateText kServer = {.common_name = "server", .alternative_names = "DNS:server.example,IP:127.0.0.1"};
  const CertificateText kClient = {.common_name = "clinic", .alternative_names = "DNS:a.clinic.example,DNS:clinic.example"};
  TestFolder folder_;
  TestAuthority authority_, other_;
  MllpServerOptions options_;
  std::mutex mutex_;
  PeerInfo seen_;
  std::vector<std::string> events_;
  std::unique_ptr<MllpServer> server_;
};

TEST_F(MllpTls, TellsTheHandlerWhoAsks) {
  Start();
  MllpClient client(Client(authority_.Certify("client", kClient)));
  for (const std::string& payload : {std::string("a"), std::string(1'000'000, 'x')}) {
    const auto answer = client.Exchange(payload);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(*answer, "to " + payload);
  }
  server_->Stop(milliseconds(2'000));
  EXPECT_EQ(seen_.common_name, "clinic");
  EXPECT_EQ(seen_.dns_names, (std::vector<std::string>{"a.clinic.example", "clinic.example"}));
  EXPECT_EQ(seen_.fingerprint.size(), 64);
  EXPECT_EQ(seen_.fingerprint.find_first_not_of("0123456789abcdef"), std::string::npos);
  ASSERT_FALSE(events_.empty());
  EXPECT_EQ(events_.front(), "connected clinic");
  EXPECT_EQ(server_->Stats().handshakes, 1);
}

TEST_F(MllpTls, RefusesBadCertificatesAndCountsWhy) {
  using F = HandshakeFailure;
  TlsFiles none;
  const TlsFiles good = authority_.Certify("good", kClient);
  const TlsFiles revoked = authority_.Certify("revoked", kClient);
  options_.listeners[0].tls->crl_file = authority_.Revoke("revoked");
  CertificateText expired = kClient, early = kClient, purpose = kClient;
  expired.until = -60;
  early.from = 600;
  purpose.usage = "serverAuth";
  const struct {
    const char* name;
    TlsFiles files;
    F failure;
  } rows[] = {
      {"none", none, F::kNoCertificate},
      {"expired", authority_.Certify("expired", expired), F::kExpired},
      {"not yet valid", authority_.Certify("early", early), F::kNotYetValid},
      {"of another CA", other_.Certify("stranger", kClient), F::kUnknownCa},
      {"signed by itself", authority_.CertifyItself("self", kClient), F::kUnknownCa},
      {"for servers only", authority_.Certify("purpose", purpose), F::kBadCertificate},
      {"revoked", revoked, F::kRevoked},
  };
  Start();
  MllpClientOptions by_tls = Client(good);
  SteadyClient steady(by_tls);
  for (const auto& row : rows) {
    const uint64_t before = Failures(row.failure);
    const absl::Status status = Ask(row.files);
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << row.name << ": " << status;
    EXPECT_TRUE(Eventually([&] { return Failures(row.failure) == before + 1; })) << row.name;
  }
  const absl::Status status = steady.Stop();
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_GT(steady.answers(), 0);
  EXPECT_EQ(server_->Stats().handshakes, 1);
}

TEST_F(MllpTls, RefusesWhoIsNotAllowed) {
  Start();
  EXPECT_FALSE(Ask(authority_.Certify("nobody", {.common_name = "nobody"})).ok());
  EXPECT_EQ(server_->Stats().refused[static_cast<size_t>(RefusalReason::kNotAllowed)], 1);
  EXPECT_TRUE(Ask(authority_.Certify("client", kClient)).ok());
  EXPECT_EQ(server_->Stats().frames, 1);
}

TEST_F(MllpTls, TheClientChecksTheServer) {
  Start();
  const TlsFiles files = authority_.Certify("client", kClient);
  const struct {
    const char* name;
    bool ok;
  } rows[] = {{"server.example", true}, {"127.0.0.1", true}, {"", true}, {"other.example", false}, {"127.0.0.2", false}};
  for (const auto& row : rows) {
    MllpClientOptions options = Client(files);
    options.server_name = row.name;
    const absl::Status status = MllpClient(options).Exchange("a").status();
    EXPECT_EQ(status.ok(), row.ok) << row.name << ": " << status;
    EXPECT_EQ(status.message().find("wrong_name") != absl::string_view::npos, !row.ok) << status;
  }
  MllpClientOptions of_other = Client(files);
  of_other.tls->ca_file = other_.ca_file();
  const absl::Status status = MllpClient(of_other).Exchange("a").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_NE(status.message().find("unknown_ca"), absl::string_view::npos) << status;
  EXPECT_TRUE(Eventually([&] { return Failures(HandshakeFailure::kRefusedByPeer) == 3; }));
}

// A handshake of OpenSSL's own making; gives its result.
class TestHandshake {
 public:
  TestHandshake(uint16_t port, const TlsFiles& files, int max_version, SSL_SESSION* session = nullptr)
      : context_(*ClientContext(files)), peer_(port) {
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), max_version);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), peer_.socket());
    if (session != nullptr) SSL_set_session(ssl_.get(), session);
    done_ = SSL_connect(ssl_.get()) == 1;
  }

  bool done() const { return done_; }
  SSL* ssl() const { return ssl_.get(); }
  std::string Exchange(std::string_view payload) {
    const std::string frame = FrameOf(payload);
    if (SSL_write(ssl(), frame.data(), static_cast<int>(frame.size())) <= 0) return {};
    std::string answer(1'000, '\0');
    answer.resize(static_cast<size_t>(std::max(SSL_read(ssl(), answer.data(), 1'000), 0)));
    return answer;
  }

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  SslContext context_;
  BarePeer peer_;
  std::unique_ptr<SSL, Free> ssl_;
  bool done_ = false;
};

TEST_F(MllpTls, OldVersionsNeedAnOption) {
  const TlsFiles files = authority_.Certify("client", kClient);
  options_.listeners.push_back(options_.listeners[0]);
  options_.listeners[1].tls->min_version = TlsVersion::k1_2;
  Start();
  EXPECT_FALSE(TestHandshake(server_->port(0), files, TLS1_2_VERSION).done());
  EXPECT_TRUE(Eventually([&] { return Failures(HandshakeFailure::kOldProtocol) == 1; }));
  TestHandshake old(server_->port(1), files, TLS1_2_VERSION);
  EXPECT_TRUE(old.done());
  EXPECT_EQ(old.Exchange("a"), FrameOf("to a"));
}

TEST_F(MllpTls, AResumedSessionIsTheSamePeer) {
  CertificateText soon = kClient;
  soon.until = 3;
  const TlsFiles files = authority_.Certify("client", soon);
  Start();
  TestHandshake first(server_->port(), files, TLS1_3_VERSION);
  ASSERT_EQ(first.Exchange("a"), FrameOf("to a"));
  SSL_SESSION* session = SSL_get1_session(first.ssl());
  TestHandshake second(server_->port(), files, TLS1_3_VERSION, session);
  EXPECT_EQ(second.Exchange("b"), FrameOf("to b"));
  EXPECT_TRUE(SSL_session_reused(second.ssl()));
  EXPECT_EQ(server_->Stats().resumed_handshakes, 1);
  {
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(seen_.common_name, "clinic");
    EXPECT_EQ(seen_.dns_names.size(), 2);
  }
  // The certificate's end ends sessions too.
  EXPECT_TRUE(Eventually([&] {
    return TestHandshake(server_->port(), files, TLS1_3_VERSION, session).Exchange("c").empty();
  }));
  EXPECT_TRUE(Eventually([&] { return Failures(HandshakeFailure::kExpired) >= 1; }));
  SSL_SESSION_free(session);
}

TEST_F(MllpTls, ReadsItsFilesAnewForNewConnections) {
  Start();
  const TlsFiles of_first = authority_.Certify("client", kClient);
  MllpClient before(Client(of_first));
  ASSERT_TRUE(before.Exchange("a").ok());

  const TlsFiles& used = *options_.listeners[0].tls;
  const TlsFiles fresh = other_.Certify("server2", kServer);
  // Half of a change can't be used, and changes nothing.
  std::filesystem::copy_file(fresh.key_file, used.key_file, std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(server_->ReloadTls().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(Ask(of_first).ok());

  std::filesystem::copy_file(fresh.certificate_file, used.certificate_file,
                             std::filesystem::copy_options::overwrite_existing);
  std::filesystem::copy_file(other_.ca_file(), used.ca_file, std::filesystem::copy_options::overwrite_existing);
  EXPECT_TRUE(server_->ReloadTls().ok());
  EXPECT_TRUE(before.Exchange("b").ok());  // goes on
  EXPECT_TRUE(Ask(other_.Certify("client2", kClient)).ok());  // the CA file is one for both sides here
  EXPECT_EQ(Ask(of_first).code(), absl::StatusCode::kUnauthenticated);
}

TEST_F(MllpTls, AKeyWithAPassPhraseIsAnErrorAndAsksNobody) {
  std::ofstream(options_.listeners[0].tls->key_file)
      << "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAg=\n"
         "-----END ENCRYPTED PRIVATE KEY-----\n";
  EXPECT_EQ(MllpServer(options_, {.handle = [](const PeerInfo&, std::string_view) { return std::string(); }})
                .Start().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace nayose
