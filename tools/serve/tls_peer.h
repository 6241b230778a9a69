// SPDX-License-Identifier: Apache-2.0
// What a TLS peer's certificate says.
#ifndef NAYOSE_SERVE_TLS_PEER_H_
#define NAYOSE_SERVE_TLS_PEER_H_

#include <openssl/ssl.h>

#include "tools/serve/peer_info.h"

namespace nayose {

// Fills in the names and fingerprint of the certificate that the peer showed in a handshake, if any. A name with a zero
// byte inside is left out: it means to look like another.
void ReadCertificate(const SSL* ssl, PeerInfo* peer);

// Whether the peer's certificate is past its end now; a ticket may resume a session that began before.
bool HasExpired(const SSL* ssl);

}  // namespace nayose

#endif  // NAYOSE_SERVE_TLS_PEER_H_
