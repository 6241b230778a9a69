// SPDX-License-Identifier: Apache-2.0
// A server of MLLP over TCP and TLS: frames come in, a handler answers each. Start here.
//
// It knows nothing of what frames hold. Connections are served by a few threads that never wait for one of them; the
// handler runs on worker threads and may take its time. Whatever a peer does, what it can make the server hold is
// bounded: a connection is not read while its request waits or is worked on, everything a peer has to do has a
// deadline, and there are bounds of connections, of waiting requests and of bytes.
#ifndef NAYOSE_SERVE_MLLP_SERVER_H_
#define NAYOSE_SERVE_MLLP_SERVER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/serve/peer_info.h"
#include "tools/serve/server_stats.h"
#include "tools/serve/tls_files.h"

namespace nayose {

struct ListenOptions {
  std::string name;                 // told to the handler and in events
  std::string host = "127.0.0.1";   // an address of this machine, or a name of one; "::" and "0.0.0.0" are all
  uint16_t port = 0;                // 0: any that is free
  std::optional<TlsFiles> tls;      // none: plain
  bool require_client_certificate = true;  // of TLS
};

// 0 is "no deadline", except for the handshake. A peer that misses one is disconnected.
struct MllpDeadlines {
  std::chrono::milliseconds handshake{10'000};   // from connecting until TLS stands
  std::chrono::milliseconds first_byte{60'000};  // from then to the first frame's first byte
  std::chrono::milliseconds idle{600'000};       // from an answer to the next frame's first byte
  std::chrono::milliseconds frame{30'000};       // from a frame's first byte to its last
  std::chrono::milliseconds write{30'000};       // until the peer has taken an answer
};

struct MllpServerOptions {
  std::vector<ListenOptions> listeners;
  size_t max_connections = 20'000;
  size_t max_connections_of_peer = 1'000;  // of one address
  // TLS handshakes with one address that fail, or whose certificate is nobody's: so many at once, then so many a
  // minute. Beyond that its connections are closed before TLS begins. 0: any number.
  size_t max_failed_handshakes_of_peer = 60;
  size_t max_frame_bytes = size_t{1} << 20;
  size_t max_junk_bytes = 16;              // between frames; see FrameLimits
  // While so many requests wait for a worker, no connection begins to be read; a frame that had begun is read to its
  // end.
  size_t max_waiting = 1'000;
  // Of frames and answers of all connections together; OpenSSL's own memory comes on top, some 25 KiB a connection. At
  // this much nobody is read until others are done with, or miss their deadlines. For a frame above 16 KiB twice
  // max_frame_bytes are set aside, and half of all serves that: beyond, such frames wait in the middle, where their
  // deadline goes on. At least eight times max_frame_bytes.
  size_t max_bytes = size_t{256} << 20;
  MllpDeadlines deadlines;
  int worker_threads = 8;
  int io_threads = 2;
};

struct MllpEvent {
  enum class Kind : uint8_t {
    kConnected,        // and let in; detail: the certificate's common name
    kDisconnected,     // who was connected; detail: why
    kRefused,          // detail: the name of the RefusalReason
    kHandshakeFailed,  // detail: the name of the HandshakeFailure, and OpenSSL's words
    kFrameError,       // detail: the name of the FrameError
    kTimedOut,         // detail: the name of the DeadlineKind
    kHandlerFailed,    // it threw, or its answer has bytes that no frame can hold
    kAcceptFailed,     // detail: the system's words; it is tried again soon
  };
  Kind kind = Kind::kConnected;
  std::string address;   // the peer's; empty where none
  uint16_t port = 0;
  std::string listener;
  std::string detail;    // never what a frame holds
};
std::string_view MllpEventName(MllpEvent::Kind kind);  // "connected", "handshake_failed" ...

// Answers a payload; an empty answer is not sent. Runs on worker threads, for several connections at once; one
// connection's requests come one after the other, and are answered in that order. `payload` is valid during the call.
// Where it throws, that connection is closed.
using MllpHandler = std::function<std::string(const PeerInfo& peer, std::string_view payload)>;

struct MllpHooks {
  MllpHandler handle;  // required
  // Whether a peer is let in, asked after the handshake; null: all are. Called on the threads that serve connections,
  // several at once: must not wait.
  std::function<bool(const PeerInfo& peer)> authorize;
  // Told what happens, for logs; may be null. Called like `authorize`; exceptions of both are swallowed (and refuse).
  std::function<void(const MllpEvent& event)> on_event;
};

class MllpServerImpl;

// Its methods may be called from any thread except those that call its hooks.
class MllpServer {
 public:
  MllpServer(MllpServerOptions options, MllpHooks hooks);
  // As Stop(0).
  ~MllpServer();
  MllpServer(const MllpServer&) = delete;
  MllpServer& operator=(const MllpServer&) = delete;

  // Listens, and serves from now on. Raises the process's soft limit of open files to the hard one. To be called once.
  // kInvalidArgument: options, or a file of TLS that can't be used; kUnavailable: an address that can't be listened at.
  absl::Status Start();

  // No more connections; what is being worked on, or has begun to come, is finished and answered; idle connections are
  // closed at once, all others after `grace`. Returns when every thread has ended: it waits for handlers that run, also
  // beyond the grace. Requests that still wait for a worker after the grace are not handled.
  void Stop(std::chrono::milliseconds grace);

  // Reads the TLS files of all listeners anew, for connections from now on; tickets of before are void. Where one can't
  // be used nothing changes.
  absl::Status ReloadTls();

  // Where that listener listens; 0 before Start().
  uint16_t port(size_t listener = 0) const;

  MllpServerStats Stats() const;

 private:
  std::unique_ptr<MllpServerImpl> impl_;
};

}  // namespace nayose

#endif  // NAYOSE_SERVE_MLLP_SERVER_H_
