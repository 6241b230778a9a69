// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/feed_lines.h"

#include <algorithm>
#include <cstring>

namespace libmpi {

// Most lines end in LF, or CR LF: a CR is looked for only up to there.
size_t FeedLines::FindEnd(std::string_view bytes) {
  const void *const lf = std::memchr(bytes.data(), '\n', bytes.size());
  const size_t end =
      lf == nullptr
          ? bytes.size()
          : static_cast<size_t>(static_cast<const char *>(lf) - bytes.data());
  const void *const cr =
      end == 0 ? nullptr : std::memchr(bytes.data(), '\r', end);
  if (cr != nullptr)
    return static_cast<size_t>(static_cast<const char *>(cr) - bytes.data());
  return lf == nullptr ? std::string_view::npos : end;
}

} // namespace libmpi
