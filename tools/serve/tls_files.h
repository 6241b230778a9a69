// SPDX-License-Identifier: Apache-2.0
// TLS contexts of files: certificates, keys and CAs, all in PEM.
#ifndef NAYOSE_SERVE_TLS_FILES_H_
#define NAYOSE_SERVE_TLS_FILES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "tools/serve/channel.h"

namespace nayose {

enum class TlsVersion : uint8_t { k1_2, k1_3 };

struct TlsFiles {
  std::string certificate_file;  // one's own, followed by those of the CAs between; a client may have none
  std::string key_file;          // of that certificate, without a pass phrase
  std::string ca_file;           // of those whom the other side has to be certified by
  std::string crl_file;          // revoked certificates of every CA in the chain; empty: none are looked for
  TlsVersion min_version = TlsVersion::k1_3;
};

// kInvalidArgument names the file that can't be used and why; never what it holds. `require_client_certificate`: a
// client without one that the CA file certifies is refused.
absl::StatusOr<SslContext> ServerContext(const TlsFiles& files, bool require_client_certificate);
absl::StatusOr<SslContext> ClientContext(const TlsFiles& files);

}  // namespace nayose

#endif  // NAYOSE_SERVE_TLS_FILES_H_
