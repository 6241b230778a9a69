// SPDX-License-Identifier: Apache-2.0
// Which class reads which format.
#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/exchange/feeds/nsips.h"
#include "libmpi/exchange/feeds/uke.h"

namespace libmpi {

std::unique_ptr<FeedParser> NewFeedParser(FeedFormat format, const FeedOptions& options, FeedSink* sink) {
  switch (format) {
    case FeedFormat::kUke: return NewUkeParser(options, sink);
    case FeedFormat::kNsips: return NewNsipsParser(options, sink);
    default: return nullptr;
  }
}

}  // namespace libmpi
