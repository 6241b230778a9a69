// SPDX-License-Identifier: Apache-2.0
// Certificates made while a test runs.
#ifndef NAYOSE_TESTS_SERVE_TEST_CERTIFICATES_H_
#define NAYOSE_TESTS_SERVE_TEST_CERTIFICATES_H_

#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "tools/serve/tls_files.h"

namespace nayose {

// A folder that is there while the object lives.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  std::string Path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// What a certificate says. Times are seconds from now.
struct CertificateText {
  std::string common_name;
  std::string alternative_names;  // as OpenSSL's configuration has it: "DNS:a.example,IP:127.0.0.1"; empty: none
  std::string usage = "clientAuth,serverAuth";
  long from = -3600, until = 3600;
};

// A CA that certifies into a folder.
class TestAuthority {
 public:
  // Writes NAME.pem, its own certificate.
  TestAuthority(const TestFolder& folder, const std::string& name);

  std::string ca_file() const { return folder_.Path(name_ + ".pem"); }
  // Writes FILE.pem and FILE.key, and gives what a TLS side needs that trusts this CA too.
  TlsFiles Certify(const std::string& file, const CertificateText& text);
  // The same, of a certificate that signs itself.
  TlsFiles CertifyItself(const std::string& file, const CertificateText& text);
  // Writes a list of revoked certificates with those that Certify() wrote as FILE.pem.
  std::string Revoke(const std::string& file);

 private:
  template <typename Value, void (*Free)(Value*)>
  struct Freed {
    void operator()(Value* value) const { Free(value); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
  using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;

  static Certificate Make(const CertificateText& text, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key, bool is_ca);
  TlsFiles Write(const std::string& file, const Certificate& certificate, const Key& key) const;

  const TestFolder& folder_;
  const std::string name_;
  Key key_;
  Certificate certificate_;
};

}  // namespace nayose

#endif  // NAYOSE_TESTS_SERVE_TEST_CERTIFICATES_H_
