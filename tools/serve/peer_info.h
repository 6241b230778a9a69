// SPDX-License-Identifier: Apache-2.0
// Who is at the other end of a connection.
#ifndef NAYOSE_SERVE_PEER_INFO_H_
#define NAYOSE_SERVE_PEER_INFO_H_

#include <cstdint>
#include <string>
#include <vector>

namespace nayose {

struct PeerInfo {
  std::string address;   // "192.0.2.7", "2001:db8::7"
  uint16_t port = 0;
  std::string listener;  // its name in the options
  // Of the certificate that the peer showed, and that a CA of ours certified; all empty where there is none.
  std::string common_name;             // of the subject
  std::vector<std::string> dns_names;  // of the subject's alternative names
  std::string fingerprint;             // SHA-256 of the certificate, 64 hexadecimal digits
};

}  // namespace nayose

#endif  // NAYOSE_SERVE_PEER_INFO_H_
