// SPDX-License-Identifier: Apache-2.0
// Any bytes as MLLP: however they are cut, the same payloads and the same error; and payloads can be framed again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "tools/serve/frame_reader.h"

namespace {

using nayose::FrameReader;

constexpr nayose::FrameLimits kLimits = {64, 4};

void Require(bool condition) {
  if (!condition) std::abort();
}

struct Read {
  std::vector<std::string> payloads;
  nayose::FrameError error = nayose::FrameError::kNone;
  bool in_frame = false;
  bool operator==(const Read&) const = default;
};

// Cut into pieces of the sizes that `cuts` says, in turn.
Read ReadCut(std::string_view bytes, std::string_view cuts) {
  FrameReader reader(kLimits);
  Read read;
  size_t fed = 0;
  for (size_t i = 0; fed < bytes.size(); ++i) {
    const size_t count = cuts.empty() ? bytes.size() : static_cast<uint8_t>(cuts[i % cuts.size()]) % 16 + 1;
    reader.Feed(bytes.substr(fed, count));
    fed += std::min(count, bytes.size() - fed);
    FrameReader::Found found;
    while ((found = reader.Next()) == FrameReader::Found::kFrame) read.payloads.emplace_back(reader.payload());
    if (found == FrameReader::Found::kError) read.error = reader.error();
    Require(reader.memory_bytes() <= 4096 + 2 * fed);
  }
  read.in_frame = reader.in_frame();
  return read;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  // The first bytes say how to cut.
  const std::string cuts = bytes.substr(0, std::min<size_t>(size, 4));
  bytes.erase(0, cuts.size());
  const Read whole = ReadCut(bytes, {});
  Require(whole == ReadCut(bytes, cuts));
  Require(whole == ReadCut(bytes, std::string(1, '\0')));
  std::string again;
  for (const std::string& payload : whole.payloads) {
    Require(!nayose::HasFrameBytes(payload) && payload.size() <= kLimits.max_frame_bytes);
    again += nayose::FrameOf(payload);
  }
  Require(ReadCut(again, cuts).payloads == whole.payloads);
  return 0;
}
