// SPDX-License-Identifier: Apache-2.0
// A client of MLLP over TCP and TLS: one question at a time, waiting for its answer.
#ifndef NAYOSE_SERVE_MLLP_CLIENT_H_
#define NAYOSE_SERVE_MLLP_CLIENT_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/serve/channel.h"
#include "tools/serve/frame_reader.h"
#include "tools/serve/tls_files.h"

namespace nayose {

struct MllpClientOptions {
  std::string host;                  // a name or an address; all its addresses are tried in turn
  uint16_t port = 0;
  std::optional<TlsFiles> tls;       // none: plain
  std::string server_name;           // that the server's certificate has to name; empty: host
  std::chrono::milliseconds connect_deadline{10'000};   // with the handshake; not of looking the name up
  std::chrono::milliseconds exchange_deadline{30'000};  // from sending to the answer's last byte
  size_t max_frame_bytes = size_t{1} << 20;             // of an answer
};

// A connection is made at the first call, kept, and made anew at the call after an error. Nothing is ever sent twice:
// after an error in the middle of an exchange only the caller can know whether to send again. Not thread-safe.
class MllpClient {
 public:
  explicit MllpClient(MllpClientOptions options);
  ~MllpClient();
  MllpClient(MllpClient&&) noexcept;
  MllpClient& operator=(MllpClient&&) noexcept;

  // Connects, unless it is connected. kUnavailable: nobody answers there; kUnauthenticated: the handshake failed;
  // kDeadlineExceeded; kInvalidArgument: a file of TLS can't be used.
  absl::Status Connect();

  // Sends a payload, and gives the payload of the answer. Errors are those of Connect() and: kInvalidArgument: the
  // payload has bytes that no frame can hold; kUnavailable: the connection was closed before the answer was whole;
  // kDeadlineExceeded: the answer did not come in time; kDataLoss: what came is no frame. A server that likes not our
  // certificate may say so only here (TLS 1.3): kUnauthenticated. But for kInvalidArgument and Connect()'s errors the
  // server may have handled what was sent.
  absl::StatusOr<std::string> Exchange(std::string_view payload);

  // Sends a payload to which no answer comes. Errors as of Exchange().
  absl::Status Send(std::string_view payload);

  bool connected() const;
  void Close();

 private:
  struct Connection;
  using Moment = std::chrono::steady_clock::time_point;

  absl::Status ConnectBy(Moment end);
  absl::Status SendBy(std::string_view payload, Moment end);
  absl::StatusOr<std::string> ReceiveBy(Moment end);
  bool IsStale();

  MllpClientOptions options_;
  SslContext context_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace nayose

#endif  // NAYOSE_SERVE_MLLP_CLIENT_H_
