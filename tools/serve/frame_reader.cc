// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/frame_reader.h"

#include <algorithm>
#include <array>

namespace nayose {
namespace {

// An empty reader keeps so much, that small frames need no allocation each.
constexpr size_t kKeptBytes = 4096;

}  // namespace

std::string_view FrameErrorName(FrameError error) {
  static constexpr std::array<std::string_view, kFrameErrors> kNames = {"none",    "junk",    "start_inside",
                                                                        "bad_end", "too_big", "cut"};
  return kNames[static_cast<size_t>(error)];
}

void FrameReader::Feed(std::string_view bytes) {
  if (error_ != FrameError::kNone) return;
  payload_at_ = payload_bytes_ = 0;
  Compact();
  buffer_.append(bytes);
}

FrameReader::Found FrameReader::Next() {
  payload_at_ = payload_bytes_ = 0;
  if (error_ != FrameError::kNone) return Found::kError;
  if (in_frame_ || FindStart()) {
    const Found found = FindEnd();
    if (found != Found::kMore) return found;
  }
  if (error_ != FrameError::kNone) return Found::kError;
  Compact();
  return Found::kMore;
}

FrameReader::Found FrameReader::Fail(FrameError error) {
  error_ = error;
  std::string().swap(buffer_);
  at_ = looked_to_ = 0;
  in_frame_ = false;
  return Found::kError;
}

bool FrameReader::FindStart() {
  for (; at_ < buffer_.size(); ++at_) {
    const char c = buffer_[at_];
    if (c == kFrameStart) {
      looked_to_ = ++at_;
      in_frame_ = true;
      junk_bytes_ = 0;
      return true;
    }
    if (c == '\r' || c == '\n' || c == ' ') continue;
    if (++junk_bytes_ > limits_.max_junk_bytes) {
      Fail(FrameError::kJunk);
      return false;
    }
  }
  return false;
}

FrameReader::Found FrameReader::FindEnd() {
  const std::string_view bytes = buffer_;
  const size_t end = std::min(bytes.find(kFrameEnd, looked_to_), bytes.size());
  // The earlier of two errors counts, however the bytes were cut.
  const size_t start = bytes.substr(0, end).find(kFrameStart, looked_to_);
  if (start != std::string_view::npos && start - at_ <= limits_.max_frame_bytes) return Fail(FrameError::kStartInside);
  if (end - at_ > limits_.max_frame_bytes) return Fail(FrameError::kTooBig);
  looked_to_ = end;
  if (end + 1 >= bytes.size()) return Found::kMore;
  if (bytes[end + 1] != kFrameReturn && bytes[end + 1] != kFrameStart) return Fail(FrameError::kBadEnd);
  payload_at_ = at_;
  payload_bytes_ = end - at_;
  at_ = end + (bytes[end + 1] == kFrameReturn ? 2 : 1);
  in_frame_ = false;
  return Found::kFrame;
}

// Moves what is left to the front where that is no more than what is done with, so that all moves together are linear.
void FrameReader::Compact() {
  const size_t left = buffer_.size() - at_;
  if (buffer_.capacity() > kKeptBytes && left < buffer_.capacity() / 4) {
    std::string(buffer_, at_).swap(buffer_);  // an assignment would keep the capacity
  } else if (at_ >= left) {
    buffer_.erase(0, at_);
  } else {
    return;
  }
  looked_to_ -= std::min(at_, looked_to_);
  at_ = 0;
}

bool HasFrameBytes(std::string_view payload) {
  return payload.find(kFrameStart) != std::string_view::npos || payload.find(kFrameEnd) != std::string_view::npos;
}

std::string FrameOf(std::string_view payload) {
  std::string frame;
  frame.reserve(payload.size() + 3);
  frame += kFrameStart;
  frame += payload;
  frame += kFrameEnd;
  frame += kFrameReturn;
  return frame;
}

}  // namespace nayose
