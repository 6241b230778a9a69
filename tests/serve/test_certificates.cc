// SPDX-License-Identifier: Apache-2.0
#include "serve/test_certificates.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>

namespace nayose {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File Create(const std::string& path) { return File(std::fopen(path.c_str(), "w"), std::fclose); }

void AddExtension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

}  // namespace

TestFolder::TestFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "nayose-serve-XXXXXX").string();
  path_ = mkdtemp(pattern.data());
}

TestFolder::~TestFolder() { std::filesystem::remove_all(path_); }

TestAuthority::TestAuthority(const TestFolder& folder, const std::string& name)
    : folder_(folder), name_(name), key_(EVP_EC_gen("P-256")) {
  certificate_ = Make({.common_name = name}, key_.get(), nullptr, key_.get(), true);
  PEM_write_X509(Create(ca_file()).get(), certificate_.get());
}

TestAuthority::Certificate TestAuthority::Make(const CertificateText& text, EVP_PKEY* key, X509* issuer,
                                               EVP_PKEY* issuer_key, bool is_ca) {
  static long serial = 0;
  Certificate made(X509_new());
  X509* certificate = made.get();
  if (issuer == nullptr) issuer = certificate;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), text.from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), text.until);
  X509_set_pubkey(certificate, key);
  X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), NID_commonName, MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(text.common_name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  AddExtension(certificate, issuer, NID_basic_constraints, is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (is_ca) AddExtension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
  if (!is_ca) AddExtension(certificate, issuer, NID_ext_key_usage, text.usage);
  if (!text.alternative_names.empty())
    AddExtension(certificate, issuer, NID_subject_alt_name, text.alternative_names);
  X509_sign(certificate, issuer_key, EVP_sha256());
  return made;
}

TlsFiles TestAuthority::Write(const std::string& file, const Certificate& certificate, const Key& key) const {
  TlsFiles files;
  files.certificate_file = folder_.Path(file + ".pem");
  files.key_file = folder_.Path(file + ".key");
  files.ca_file = ca_file();
  PEM_write_X509(Create(files.certificate_file).get(), certificate.get());
  PEM_write_PrivateKey(Create(files.key_file).get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return files;
}

TlsFiles TestAuthority::Certify(const std::string& file, const CertificateText& text) {
  const Key key(EVP_EC_gen("P-256"));
  return Write(file, Make(text, key.get(), certificate_.get(), key_.get(), false), key);
}

TlsFiles TestAuthority::CertifyItself(const std::string& file, const CertificateText& text) {
  const Key key(EVP_EC_gen("P-256"));
  return Write(file, Make(text, key.get(), nullptr, key.get(), false), key);
}

std::string TestAuthority::Revoke(const std::string& file) {
  const File in(std::fopen(folder_.Path(file + ".pem").c_str(), "r"), std::fclose);
  const Certificate revoked_one(PEM_read_X509(in.get(), nullptr, nullptr, nullptr));
  X509_CRL* list = X509_CRL_new();
  X509_CRL_set_version(list, X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(list, X509_get_subject_name(certificate_.get()));
  ASN1_TIME* time = X509_gmtime_adj(nullptr, -60);
  X509_CRL_set1_lastUpdate(list, time);
  X509_REVOKED* revoked = X509_REVOKED_new();
  X509_REVOKED_set_serialNumber(revoked, X509_get_serialNumber(revoked_one.get()));
  X509_REVOKED_set_revocationDate(revoked, time);
  X509_CRL_add0_revoked(list, revoked);
  X509_gmtime_adj(time, 3600);
  X509_CRL_set1_nextUpdate(list, time);
  X509_CRL_sign(list, key_.get(), EVP_sha256());
  const std::string path = folder_.Path(file + ".crl");
  PEM_write_X509_CRL(Create(path).get(), list);
  ASN1_TIME_free(time);
  X509_CRL_free(list);
  return path;
}

}  // namespace nayose
