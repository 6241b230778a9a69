// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/feed_lines.h"

#include <algorithm>

namespace libmpi {

size_t FeedLines::LineEnds::Next(size_t from) {
  constexpr size_t kNone = std::string_view::npos;
  if (lf_ == kUnknown || (lf_ != kNone && lf_ < from)) lf_ = bytes_.find('\n', from);
  if (cr_ != kNone && cr_ >= from) return std::min(cr_, lf_);
  // Up to the next LF only: most files have no CR but before it.
  const size_t begin = std::max(from, no_cr_before_), end = std::min(lf_, bytes_.size());
  cr_ = begin < end ? bytes_.substr(0, end).find('\r', begin) : kNone;
  if (cr_ == kNone) no_cr_before_ = std::max(begin, end);
  return std::min(cr_, lf_);
}

}  // namespace libmpi
