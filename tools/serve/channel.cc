// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/channel.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "tools/serve/socket_bio.h"

namespace nayose {
namespace {

HandshakeFailure FailureOfCertificate(long verified) {
  switch (verified) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return HandshakeFailure::kExpired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return HandshakeFailure::kNotYetValid;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
      return HandshakeFailure::kUnknownCa;
    case X509_V_ERR_CERT_REVOKED:
      return HandshakeFailure::kRevoked;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return HandshakeFailure::kWrongName;
    default:
      return HandshakeFailure::kBadCertificate;
  }
}

HandshakeFailure FailureOfError(unsigned long error) {
  if (ERR_GET_LIB(error) != ERR_LIB_SSL) return HandshakeFailure::kOther;
  const int reason = ERR_GET_REASON(error);
  switch (reason) {
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return HandshakeFailure::kNoCertificate;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_VERSION_TOO_HIGH:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
      return HandshakeFailure::kOldProtocol;
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_BAD_RECORD_TYPE:
    case SSL_R_UNEXPECTED_MESSAGE:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
      return HandshakeFailure::kNotTls;
    default:
      return reason > SSL_AD_REASON_OFFSET ? HandshakeFailure::kRefusedByPeer : HandshakeFailure::kOther;
  }
}

bool IsAddress(const std::string& name) {
  std::array<unsigned char, sizeof(in6_addr)> address;
  return inet_pton(AF_INET, name.c_str(), address.data()) == 1 || inet_pton(AF_INET6, name.c_str(), address.data()) == 1;
}

Channel::Io ResultOfErrno() {
  if (errno == EAGAIN || errno == EWOULDBLOCK) return Channel::Io::kWantRead;
  return Channel::Io::kClosed;
}

}  // namespace

std::string_view HandshakeFailureName(HandshakeFailure failure) {
  static constexpr std::array<std::string_view, kHandshakeFailures> kNames = {
      "timed_out", "closed",     "no_certificate",  "expired",      "not_yet_valid", "unknown_ca",     "revoked",
      "wrong_name", "bad_certificate", "old_protocol", "not_tls",       "refused_by_peer", "other"};
  return kNames[static_cast<size_t>(failure)];
}

Channel Channel::Accepting(int socket, SSL_CTX* context) {
  Channel channel(socket);
  channel.ssl_.reset(SSL_new(context));
  if (channel.ssl_ == nullptr) return channel;
  SetSocket(channel.ssl_.get(), socket);
  SSL_set_accept_state(channel.ssl_.get());
  return channel;
}

Channel Channel::Connecting(int socket, SSL_CTX* context, const std::string& name) {
  Channel channel(socket);
  channel.ssl_.reset(SSL_new(context));
  if (channel.ssl_ == nullptr) return channel;
  SSL* ssl = channel.ssl_.get();
  SetSocket(ssl, socket);
  if (IsAddress(name)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str());
  } else {
    SSL_set_tlsext_host_name(ssl, name.c_str());
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(ssl, name.c_str());
  }
  SSL_set_connect_state(ssl);
  return channel;
}

Channel::Io Channel::Handshake() {
  if (ssl_ == nullptr) return Io::kDone;
  ERR_clear_error();
  return TlsResult(SSL_do_handshake(ssl_.get()));
}

Channel::Io Channel::Read(char* to, size_t room, size_t* count) {
  *count = 0;
  if (ssl_ != nullptr) {
    ERR_clear_error();
    return TlsResult(SSL_read_ex(ssl_.get(), to, room, count));
  }
  ssize_t got;
  do {
    got = recv(socket_, to, room, 0);
  } while (got < 0 && errno == EINTR);
  if (got == 0) return Io::kClosed;
  if (got < 0) return ResultOfErrno();
  *count = static_cast<size_t>(got);
  return Io::kDone;
}

Channel::Io Channel::Write(std::string_view bytes, size_t* count) {
  *count = 0;
  if (ssl_ != nullptr) {
    ERR_clear_error();
    return TlsResult(SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), count));
  }
  ssize_t put;
  do {
    put = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  } while (put < 0 && errno == EINTR);
  if (put < 0) return ResultOfErrno() == Io::kWantRead ? Io::kWantWrite : Io::kClosed;
  *count = static_cast<size_t>(put);
  return Io::kDone;
}

void Channel::Finish() {
  if (ssl_ != nullptr && SSL_is_init_finished(ssl_.get())) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  shutdown(socket_, SHUT_WR);
}

Channel::Io Channel::TlsResult(int result) {
  if (result > 0) return Io::kDone;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Io::kWantRead;
    case SSL_ERROR_WANT_WRITE:
      return Io::kWantWrite;
    case SSL_ERROR_ZERO_RETURN:
      return Io::kClosed;
    case SSL_ERROR_SYSCALL:
      if (ERR_peek_error() == 0) {
        failure_ = HandshakeFailure::kClosed;
        failure_text_ = "the connection was closed";
        return Io::kClosed;
      }
      [[fallthrough]];
    default:
      break;
  }
  const unsigned long error = ERR_peek_error();
  const char* reason = ERR_reason_error_string(error);
  failure_text_ = reason == nullptr ? "unknown error" : reason;
  failure_ = FailureOfError(error);
  const long verified = SSL_get_verify_result(ssl_.get());
  if (verified != X509_V_OK && failure_ != HandshakeFailure::kRefusedByPeer) {
    failure_ = FailureOfCertificate(verified);
    failure_text_ = X509_verify_cert_error_string(verified);
  }
  ERR_clear_error();
  return Io::kFailed;
}

}  // namespace nayose
