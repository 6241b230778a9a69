// SPDX-License-Identifier: Apache-2.0
// OpenSSL over a socket without SIGPIPE: OpenSSL's own socket BIO writes by write(2), which kills a process whose peer
// is gone.
#ifndef NAYOSE_SERVE_SOCKET_BIO_H_
#define NAYOSE_SERVE_SOCKET_BIO_H_

#include <openssl/ssl.h>

namespace nayose {

// Reads and writes `ssl` over a non-blocking socket, which it borrows.
void SetSocket(SSL* ssl, int socket);

}  // namespace nayose

#endif  // NAYOSE_SERVE_SOCKET_BIO_H_
