// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/tls_peer.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <string>

namespace nayose {
namespace {

std::string Utf8Of(const ASN1_STRING* text) {
  unsigned char* bytes = nullptr;
  const int count = ASN1_STRING_to_UTF8(&bytes, text);
  if (count < 0) return {};
  std::string utf8(reinterpret_cast<const char*>(bytes), static_cast<size_t>(count));
  OPENSSL_free(bytes);
  return utf8.find('\0') == std::string::npos ? utf8 : std::string();
}

std::string CommonName(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  return Utf8Of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

std::vector<std::string> DnsNames(const X509* certificate) {
  std::vector<std::string> names;
  auto* all = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(all); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all, i);
    if (name->type != GEN_DNS) continue;
    std::string dns = Utf8Of(name->d.dNSName);
    if (!dns.empty()) names.push_back(std::move(dns));
  }
  GENERAL_NAMES_free(all);
  return names;
}

std::string Fingerprint(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned count = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &count) != 1) return {};
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < count; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

}  // namespace

void ReadCertificate(const SSL* ssl, PeerInfo* peer) {
  const X509* certificate = SSL_get0_peer_certificate(ssl);
  if (certificate == nullptr) return;
  peer->common_name = CommonName(certificate);
  peer->dns_names = DnsNames(certificate);
  peer->fingerprint = Fingerprint(certificate);
}

bool HasExpired(const SSL* ssl) {
  const X509* certificate = SSL_get0_peer_certificate(ssl);
  return certificate != nullptr && X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0;
}

}  // namespace nayose
