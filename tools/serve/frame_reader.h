// SPDX-License-Identifier: Apache-2.0
// Frames of MLLP (HL7 v2.x Minimal Lower Layer Protocol, release 1): 0x0B payload 0x1C 0x0D.
//
// No character of ISO-2022-JP, CP932, EUC-JP or UTF-8 has one of these bytes inside, so frames are found without
// knowing the charset. Pure: no input or output, no clock.
#ifndef NAYOSE_SERVE_FRAME_READER_H_
#define NAYOSE_SERVE_FRAME_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nayose {

inline constexpr char kFrameStart = '\x0b';
inline constexpr char kFrameEnd = '\x1c';
inline constexpr char kFrameReturn = '\x0d';

enum class FrameError : uint8_t {
  kNone,
  kJunk,         // more than max_junk_bytes before a 0x0B
  kStartInside,  // a 0x0B inside a frame: the frame before was cut
  kBadEnd,       // a 0x1C that neither 0x0D nor the next frame's 0x0B follows
  kTooBig,       // more than max_frame_bytes
  kCut,          // the peer stopped sending inside a frame; the reader itself never says so
};
inline constexpr size_t kFrameErrors = 6;
std::string_view FrameErrorName(FrameError error);  // "none", "junk", "start_inside" ...

struct FrameLimits {
  size_t max_frame_bytes = size_t{1} << 20;  // of a payload
  size_t max_junk_bytes = 16;                // between two frames, beside CR, LF and spaces
};

// Cuts bytes as they come into payloads. What is met and does no harm is borne: a missing CR where the next frame
// follows at once, CR, LF and spaces between frames, a few other bytes there. Everything else is an error, and ends the
// reader. How the bytes were cut makes no difference to what is found.
//
// Linear time. Memory grows with what has arrived (at most twofold), and is given back after a large frame. Not
// thread-safe.
class FrameReader {
 public:
  enum class Found : uint8_t { kFrame, kMore, kError };

  explicit FrameReader(FrameLimits limits = {}) : limits_(limits) {}

  // Takes bytes of any size. Nothing after an error.
  void Feed(std::string_view bytes);
  // Finds the next frame. kMore: none is whole yet. kError: see error(); also at every later call.
  Found Next();
  // What the last Next() found; valid until the next call of Feed() or Next().
  std::string_view payload() const { return std::string_view(buffer_).substr(payload_at_, payload_bytes_); }
  FrameError error() const { return error_; }
  // After Next() gave kMore: whether part of a frame has come.
  bool in_frame() const { return in_frame_; }
  // What it holds.
  size_t memory_bytes() const { return buffer_.capacity(); }

 private:
  Found Fail(FrameError error);
  bool FindStart();
  Found FindEnd();
  void Compact();

  const FrameLimits limits_;
  std::string buffer_;
  size_t at_ = 0;           // the first byte that is not done with; in a frame: of the payload
  size_t looked_to_ = 0;    // no end before here
  size_t payload_at_ = 0, payload_bytes_ = 0;
  size_t junk_bytes_ = 0;   // since the last frame
  bool in_frame_ = false;
  FrameError error_ = FrameError::kNone;
};

// Whether a payload has a 0x0B or 0x1C, so that no frame can hold it.
bool HasFrameBytes(std::string_view payload);
// The frame of a payload that has none.
std::string FrameOf(std::string_view payload);

}  // namespace nayose

#endif  // NAYOSE_SERVE_FRAME_READER_H_
