// SPDX-License-Identifier: Apache-2.0
// One connection of an MllpServer, from the handshake to its end. Internal to tools/serve.
#ifndef NAYOSE_SERVE_MLLP_CONNECTION_H_
#define NAYOSE_SERVE_MLLP_CONNECTION_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "tools/serve/channel.h"
#include "tools/serve/frame_reader.h"
#include "tools/serve/peer_info.h"
#include "tools/serve/server_loop.h"

namespace nayose {

// handshake -> reading -> working -> writing -> reading ..., from each of which it may be closed; lingering is closing
// so that what was written last arrives. All on the thread of its loop, except Work().
class MllpConnection : public std::enable_shared_from_this<MllpConnection> {
 public:
  using Clock = std::chrono::steady_clock;

  // Borrows core and loop; the place that the core counts for the address is left when it closes. `tls`: null where
  // plain.
  MllpConnection(ServerCore* core, ServerLoop* loop, boost::asio::ip::tcp::socket socket, SslContext tls,
                 PeerInfo peer);
  ~MllpConnection();

  void Start();
  void CheckDeadline(Clock::time_point now);
  // Goes on reading after a pause, if a bound lets it.
  void Resume();
  // Unless a request is being read, worked on or answered.
  void CloseIfIdle();
  void Close(const std::string& why);

 private:
  enum class State : uint8_t { kHandshake, kReading, kWorking, kWriting, kLingering, kClosed };
  // What a step leaves to be done.
  enum class Then : uint8_t { kAgain, kWaitToRead, kWaitToWrite, kRest };

  // Goes on as far as it can without waiting.
  void Drive();
  Then Step();
  Then ShakeHands();
  Then Read();
  Then Write();
  Then Discard();

  void FailHandshake(HandshakeFailure failure, const std::string& words);
  void LetIn();
  void BeginReading(DeadlineKind kind);
  Then ReadMore();
  void FailFrame(FrameError error);
  bool MayRead();
  void Pause();
  void HandOver();
  void Work();
  void TakeAnswer(std::string answer, bool failed);
  void Linger();

  void WaitUntil(boost::asio::ip::tcp::socket::wait_type type);
  void DriveLater();
  void SetDeadline(DeadlineKind kind);
  void NoDeadline() { deadline_ = Clock::time_point::max(); }
  // Tells the core what it holds, and gives back the room for a large frame when that is done with.
  void Account();

  ServerCore& core_;
  ServerLoop& loop_;
  boost::asio::ip::tcp::socket socket_;
  const SslContext tls_;
  Channel channel_;
  PeerInfo peer_;
  FrameReader reader_;
  ServerLoop::Connections::iterator place_;
  State state_ = State::kHandshake;
  bool will_drive_ = false;  // a wait or a post stands that calls Drive()
  bool paused_ = false;
  bool let_in_ = false;
  bool has_large_place_ = false;
  std::atomic<bool> closed_{false};  // for the worker
  Clock::time_point deadline_ = Clock::time_point::max();
  DeadlineKind deadline_kind_ = DeadlineKind::kHandshake;
  Clock::time_point last_answer_{};  // the clock's beginning: none yet
  std::string answer_;  // as a frame
  size_t written_ = 0;  // of it
  size_t accounted_ = 0;
};

}  // namespace nayose

#endif  // NAYOSE_SERVE_MLLP_CONNECTION_H_
