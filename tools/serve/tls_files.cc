// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/tls_files.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <cstddef>
#include <string_view>

#include "libmpi/base/status_macros.h"

namespace nayose {
namespace {

// A session that a ticket resumes was checked no longer ago than this.
constexpr long kSessionSeconds = 3600;

absl::Status Unusable(std::string_view what, const std::string& file) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  const std::string why = reason == nullptr ? "unknown error" : reason;
  ERR_clear_error();
  return absl::InvalidArgumentError(std::string(what) + " " + file + ": " + why);
}

// A key with a pass phrase would be asked for at the terminal.
int NoPassPhrase(char*, int, int, void*) { return -1; }

absl::Status UseRevocations(const std::string& file, SSL_CTX* context) {
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  if (lookup == nullptr || X509_load_crl_file(lookup, file.c_str(), X509_FILETYPE_PEM) <= 0)
    return Unusable("revocation list", file);
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  return absl::OkStatus();
}

absl::Status UseFiles(const TlsFiles& files, SSL_CTX* context) {
  SSL_CTX_set_default_passwd_cb(context, NoPassPhrase);
  if (!files.certificate_file.empty()) {
    if (SSL_CTX_use_certificate_chain_file(context, files.certificate_file.c_str()) != 1)
      return Unusable("certificate", files.certificate_file);
    if (SSL_CTX_use_PrivateKey_file(context, files.key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
      return Unusable("key", files.key_file);
  }
  if (!files.ca_file.empty() && SSL_CTX_load_verify_file(context, files.ca_file.c_str()) != 1)
    return Unusable("CA", files.ca_file);
  if (!files.crl_file.empty()) LIBMPI_RETURN_IF_ERROR(UseRevocations(files.crl_file, context));
  return absl::OkStatus();
}

absl::StatusOr<SslContext> NewContext(const SSL_METHOD* method, const TlsFiles& files) {
  ERR_clear_error();
  SslContext context(SSL_CTX_new(method), SSL_CTX_free);
  if (context == nullptr) return absl::InternalError("OpenSSL gives no context");
  SSL_CTX* c = context.get();
  SSL_CTX_set_min_proto_version(c, files.min_version == TlsVersion::k1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
  // Idle connections, of which there are many, keep no buffers.
  SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS |
                          SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_read_ahead(c, 1);  // one call of the system a record, not two
  SSL_CTX_set_options(c, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  LIBMPI_RETURN_IF_ERROR(UseFiles(files, c));
  return context;
}

}  // namespace

absl::StatusOr<SslContext> ServerContext(const TlsFiles& files, bool require_client_certificate) {
  if (files.certificate_file.empty()) return absl::InvalidArgumentError("a TLS server needs a certificate");
  if (require_client_certificate && files.ca_file.empty())
    return absl::InvalidArgumentError("client certificates need a CA file");
  LIBMPI_ASSIGN_OR_RETURN(SslContext context, NewContext(TLS_server_method(), files));
  SSL_CTX* c = context.get();
  static constexpr unsigned char kSessions[] = "nayose";
  SSL_CTX_set_session_id_context(c, kSessions, sizeof(kSessions) - 1);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);  // tickets only: nothing is kept here
  SSL_CTX_set_timeout(c, kSessionSeconds);
  SSL_CTX_set_num_tickets(c, 1);
  SSL_CTX_set_options(c, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  if (require_client_certificate) {
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_client_CA_list(c, SSL_load_client_CA_file(files.ca_file.c_str()));
  }
  return context;
}

absl::StatusOr<SslContext> ClientContext(const TlsFiles& files) {
  if (files.ca_file.empty()) return absl::InvalidArgumentError("a TLS client needs a CA file");
  LIBMPI_ASSIGN_OR_RETURN(SslContext context, NewContext(TLS_client_method(), files));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

}  // namespace nayose
