// SPDX-License-Identifier: Apache-2.0
// Bytes over a connected socket, plain or by TLS, without blocking: server and client share it.
#ifndef NAYOSE_SERVE_CHANNEL_H_
#define NAYOSE_SERVE_CHANNEL_H_

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace nayose {

// OpenSSL counts references; so may be shared by channels while another context takes its place for new ones.
using SslContext = std::shared_ptr<SSL_CTX>;

// Why a TLS handshake failed, as far as this side can tell.
enum class HandshakeFailure : uint8_t {
  kTimedOut,
  kClosed,         // the peer went away
  kNoCertificate,  // the peer showed none
  kExpired,
  kNotYetValid,
  kUnknownCa,      // also of a certificate that signed itself
  kRevoked,
  kWrongName,      // of a server: not the one that was called
  kBadCertificate, // another fault: of purpose, signature, strength ...
  kOldProtocol,    // no version of TLS that both allow
  kNotTls,         // the peer speaks something else
  kRefusedByPeer,  // an alert: the peer liked our certificate or methods not
  kOther,
};
inline constexpr size_t kHandshakeFailures = 13;
std::string_view HandshakeFailureName(HandshakeFailure failure);  // "timed_out", "closed", "no_certificate" ...

// Over a non-blocking socket that it borrows. Not thread-safe. Never raises SIGPIPE.
class Channel {
 public:
  enum class Io : uint8_t {
    kDone,
    kWantRead,   // call again once the socket can be read
    kWantWrite,  // call again once it can be written
    kClosed,     // the peer sends no more, or is gone
    kFailed,     // failure() tells more of a handshake
  };

  // Plain.
  explicit Channel(int socket) : socket_(socket) {}
  // By TLS, as a server.
  static Channel Accepting(int socket, SSL_CTX* context);
  // By TLS, as a client of a server of this name (a DNS name or an IP address).
  static Channel Connecting(int socket, SSL_CTX* context, const std::string& name);

  // To be called until done before anything else; at once done where plain.
  Io Handshake();
  // Reads or writes some; `count` is how many.
  Io Read(char* to, size_t room, size_t* count);
  Io Write(std::string_view bytes, size_t* count);
  // Tells the peer that no more is sent.
  void Finish();

  // Null where plain.
  SSL* ssl() const { return ssl_.get(); }
  // After kFailed.
  HandshakeFailure failure() const { return failure_; }
  // After kFailed, in OpenSSL's words; never what was sent or read.
  const std::string& failure_text() const { return failure_text_; }

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  Io TlsResult(int result);

  int socket_;
  std::unique_ptr<SSL, Free> ssl_;
  HandshakeFailure failure_ = HandshakeFailure::kOther;
  std::string failure_text_;
};

}  // namespace nayose

#endif  // NAYOSE_SERVE_CHANNEL_H_
