// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/mllp_connection.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "tools/serve/tls_peer.h"

namespace nayose {
namespace {

using boost::asio::ip::tcp;
using Kind = MllpEvent::Kind;

// A frame that fits in this much needs no place set aside for large ones.
constexpr size_t kSmallBytes = 16384;
// So many steps at once; then others have their turn.
constexpr int kStepsInTurn = 16;
constexpr std::chrono::milliseconds kLingerTime(300);

template <typename Enumeration>
constexpr size_t Index(Enumeration value) {
  return static_cast<size_t>(value);
}

}  // namespace

MllpConnection::MllpConnection(ServerCore* core, ServerLoop* loop, tcp::socket socket, SslContext tls, PeerInfo peer)
    : core_(*core),
      loop_(*loop),
      socket_(std::move(socket)),
      tls_(std::move(tls)),
      channel_(tls_ == nullptr ? Channel(socket_.native_handle())
                               : Channel::Accepting(socket_.native_handle(), tls_.get())),
      peer_(std::move(peer)),
      reader_({core->options.max_frame_bytes, core->options.max_junk_bytes}) {}

MllpConnection::~MllpConnection() {
  core_.counters.bytes_now -= accounted_;
  if (has_large_place_) core_.LeaveLargePlace();
  if (accounted_ > 0) core_.ResumePaused();
}

void MllpConnection::Start() {
  place_ = loop_.Add(shared_from_this());
  if (core_.stopping) return Close("the server stops");
  if (tls_ == nullptr) {
    LetIn();
  } else if (channel_.ssl() == nullptr) {
    return Close("no memory for TLS");
  } else {
    SetDeadline(DeadlineKind::kHandshake);
  }
  Drive();
}

void MllpConnection::Close(const std::string& why) {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  closed_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
  if (let_in_) core_.Tell(Kind::kDisconnected, peer_, why);
  // Whoever calls holds a reference.
  loop_.Remove(place_);
  core_.LeavePlace(peer_.address);
}

void MllpConnection::CloseIfIdle() {
  if (state_ == State::kHandshake) return Close("the server stops");
  if (state_ != State::kReading || reader_.in_frame()) return;
  if (Clock::now() > last_answer_ + kLingerTime) {
    channel_.Finish();
    return Close("the server stops");
  }
  Linger();
  if (!will_drive_) Drive();
}

// Closing a socket that has something unread resets the connection, and what was written last may be lost with it.
void MllpConnection::Linger() {
  channel_.Finish();
  state_ = State::kLingering;
  deadline_ = Clock::now() + kLingerTime;
}

void MllpConnection::Drive() {
  for (int step = 0; step < kStepsInTurn; ++step) {
    switch (Step()) {
      case Then::kAgain:
        break;
      case Then::kWaitToRead:
        return WaitUntil(tcp::socket::wait_read);
      case Then::kWaitToWrite:
        return WaitUntil(tcp::socket::wait_write);
      case Then::kRest:
        return;
    }
  }
  DriveLater();
}

MllpConnection::Then MllpConnection::Step() {
  switch (state_) {
    case State::kHandshake:
      return ShakeHands();
    case State::kReading:
      return Read();
    case State::kWriting:
      return Write();
    case State::kLingering:
      return Discard();
    default:
      return Then::kRest;
  }
}

void MllpConnection::WaitUntil(tcp::socket::wait_type type) {
  if (std::exchange(will_drive_, true)) return;
  socket_.async_wait(type, [self = shared_from_this()](const boost::system::error_code&) {
    self->will_drive_ = false;
    self->Drive();
  });
}

void MllpConnection::DriveLater() {
  if (std::exchange(will_drive_, true)) return;
  boost::asio::post(loop_.io(), [self = shared_from_this()] {
    self->will_drive_ = false;
    self->Drive();
  });
}

MllpConnection::Then MllpConnection::ShakeHands() {
  switch (channel_.Handshake()) {
    case Channel::Io::kWantRead:
      return Then::kWaitToRead;
    case Channel::Io::kWantWrite:
      return Then::kWaitToWrite;
    case Channel::Io::kClosed:
    case Channel::Io::kFailed:
      FailHandshake(channel_.failure(), channel_.failure_text());
      return Then::kAgain;
    case Channel::Io::kDone:
      break;
  }
  if (HasExpired(channel_.ssl())) {
    FailHandshake(HandshakeFailure::kExpired, "certificate of a resumed session");
    return Then::kAgain;
  }
  ++core_.counters.handshakes;
  if (SSL_session_reused(channel_.ssl())) ++core_.counters.resumed_handshakes;
  ReadCertificate(channel_.ssl(), &peer_);
  LetIn();
  return Then::kAgain;
}

void MllpConnection::FailHandshake(HandshakeFailure failure, const std::string& words) {
  ++core_.counters.handshake_failures[Index(failure)];
  core_.handshakes.Failed(peer_.address, Clock::now());
  core_.Tell(Kind::kHandshakeFailed, peer_, std::string(HandshakeFailureName(failure)) + ": " + words);
  Linger();  // the alert says why
}

void MllpConnection::LetIn() {
  if (!core_.Allows(peer_)) {
    constexpr RefusalReason kReason = RefusalReason::kNotAllowed;
    ++core_.counters.refused[Index(kReason)];
    if (tls_ != nullptr) core_.handshakes.Failed(peer_.address, Clock::now());
    core_.Tell(Kind::kRefused, peer_, std::string(RefusalReasonName(kReason)));
    return Linger();
  }
  let_in_ = true;
  core_.Tell(Kind::kConnected, peer_, peer_.common_name);
  BeginReading(DeadlineKind::kFirstByte);
}

void MllpConnection::BeginReading(DeadlineKind kind) {
  state_ = State::kReading;
  SetDeadline(kind);
}

MllpConnection::Then MllpConnection::Read() {
  switch (reader_.Next()) {
    case FrameReader::Found::kFrame:
      HandOver();
      return Then::kRest;
    case FrameReader::Found::kError:
      FailFrame(reader_.error());
      return Then::kRest;
    case FrameReader::Found::kMore:
      return ReadMore();
  }
  return Then::kRest;
}

MllpConnection::Then MllpConnection::ReadMore() {
  Account();
  if (reader_.in_frame()) {
    if (deadline_kind_ != DeadlineKind::kFrame) SetDeadline(DeadlineKind::kFrame);
  } else if (core_.stopping) {
    Linger();
    return Then::kAgain;
  }
  if (!MayRead()) {
    Pause();
    return Then::kRest;
  }
  size_t count = 0;
  auto& buffer = loop_.buffer();
  switch (channel_.Read(buffer.data(), buffer.size(), &count)) {
    case Channel::Io::kDone:
      core_.counters.bytes_read += count;
      reader_.Feed(std::string_view(buffer.data(), count));
      return Then::kAgain;
    case Channel::Io::kWantRead:
      return Then::kWaitToRead;
    case Channel::Io::kWantWrite:
      return Then::kWaitToWrite;
    case Channel::Io::kClosed:
      if (reader_.in_frame()) {
        FailFrame(FrameError::kCut);
      } else {
        Close("closed by the peer");
      }
      return Then::kRest;
    case Channel::Io::kFailed:
      Close(channel_.failure_text());
      return Then::kRest;
  }
  return Then::kRest;
}

void MllpConnection::FailFrame(FrameError error) {
  ++core_.counters.frame_errors[Index(error)];
  const std::string name(FrameErrorName(error));
  core_.Tell(Kind::kFrameError, peer_, name);
  Close("frame error: " + name);
}

bool MllpConnection::MayRead() {
  const MllpServerOptions& options = core_.options;
  if (has_large_place_) return true;
  if (!reader_.in_frame() && core_.counters.waiting_now >= options.max_waiting) return false;
  if (reader_.memory_bytes() <= kSmallBytes) return core_.counters.bytes_now < options.max_bytes;
  has_large_place_ = core_.TakeLargePlace();
  Account();
  return has_large_place_;
}

void MllpConnection::Pause() {
  paused_ = true;
  ++core_.counters.paused_now;
  if (!reader_.in_frame()) NoDeadline();  // it is us who make the peer wait
  loop_.Pause(shared_from_this());
}

void MllpConnection::Resume() {
  if (!std::exchange(paused_, false)) return;
  --core_.counters.paused_now;
  if (state_ != State::kReading) return;
  if (!reader_.in_frame()) SetDeadline(deadline_kind_);
  Drive();
}

void MllpConnection::HandOver() {
  state_ = State::kWorking;
  NoDeadline();
  Account();
  ++core_.counters.frames;
  ++core_.counters.waiting_now;
  boost::asio::post(*core_.workers, [self = shared_from_this()] { self->Work(); });
}

// On a worker's thread: nobody else looks at the reader and the peer meanwhile.
void MllpConnection::Work() {
  --core_.counters.waiting_now;
  core_.ResumePaused();
  std::string frame;
  bool failed = false;
  if (!closed_) {
    ++core_.counters.in_flight_now;
    try {
      const std::string answer = core_.hooks.handle(peer_, reader_.payload());
      failed = HasFrameBytes(answer);
      if (!failed && !answer.empty()) frame = FrameOf(answer);
    } catch (...) {
      failed = true;  // what it says may tell of the payload
    }
    --core_.counters.in_flight_now;
  }
  boost::asio::post(loop_.io(), [self = shared_from_this(), frame = std::move(frame), failed]() mutable {
    self->TakeAnswer(std::move(frame), failed);
  });
}

void MllpConnection::TakeAnswer(std::string answer, bool failed) {
  if (failed) {
    ++core_.counters.handler_failures;
    core_.Tell(Kind::kHandlerFailed, peer_, "the handler failed");
    return Close("the handler failed");
  }
  if (state_ != State::kWorking) return;
  if (answer.empty()) {
    BeginReading(DeadlineKind::kIdle);
  } else {
    answer_ = std::move(answer);
    written_ = 0;
    state_ = State::kWriting;
    SetDeadline(DeadlineKind::kWrite);
    Account();
  }
  Drive();
}

MllpConnection::Then MllpConnection::Write() {
  size_t count = 0;
  switch (channel_.Write(std::string_view(answer_).substr(written_), &count)) {
    case Channel::Io::kWantRead:
      return Then::kWaitToRead;
    case Channel::Io::kWantWrite:
      return Then::kWaitToWrite;
    case Channel::Io::kClosed:
    case Channel::Io::kFailed:
      Close("the peer takes no answer");
      return Then::kRest;
    case Channel::Io::kDone:
      break;
  }
  written_ += count;
  core_.counters.bytes_written += count;
  if (written_ < answer_.size()) return Then::kAgain;
  ++core_.counters.answers;
  std::string().swap(answer_);
  last_answer_ = Clock::now();
  BeginReading(DeadlineKind::kIdle);
  return Then::kAgain;
}

MllpConnection::Then MllpConnection::Discard() {
  size_t count = 0;
  auto& buffer = loop_.buffer();
  switch (Channel(socket_.native_handle()).Read(buffer.data(), buffer.size(), &count)) {
    case Channel::Io::kDone:
      return Then::kAgain;
    case Channel::Io::kWantRead:
      return Then::kWaitToRead;
    default:
      Close("closed");
      return Then::kRest;
  }
}

void MllpConnection::SetDeadline(DeadlineKind kind) {
  const MllpDeadlines& deadlines = core_.options.deadlines;
  const std::array<std::chrono::milliseconds, kDeadlineKinds> times = {
      deadlines.handshake, deadlines.first_byte, deadlines.idle, deadlines.frame, deadlines.write};
  const std::chrono::milliseconds time = times[Index(kind)];
  deadline_kind_ = kind;
  deadline_ = time.count() > 0 ? Clock::now() + time : Clock::time_point::max();
}

void MllpConnection::CheckDeadline(Clock::time_point now) {
  if (now < deadline_) return;
  if (state_ == State::kLingering) return Close("closed");
  ++core_.counters.timeouts[Index(deadline_kind_)];
  const std::string name(DeadlineKindName(deadline_kind_));
  if (state_ == State::kHandshake) {
    ++core_.counters.handshake_failures[Index(HandshakeFailure::kTimedOut)];
    core_.handshakes.Failed(peer_.address, now);
  }
  core_.Tell(Kind::kTimedOut, peer_, name);
  Close("timed out: " + name);
}

void MllpConnection::Account() {
  const size_t frame = reader_.memory_bytes();
  if (has_large_place_ && frame <= kSmallBytes) {
    has_large_place_ = false;
    core_.LeaveLargePlace();
  }
  const size_t held = (has_large_place_ ? std::max(frame, core_.LargeBytes()) : frame) + answer_.capacity();
  if (held == accounted_) return;
  const bool less = held < accounted_;
  core_.counters.bytes_now += held - accounted_;  // modulo 2^64, as unsigned numbers go
  accounted_ = held;
  if (less) core_.ResumePaused();
}

}  // namespace nayose
