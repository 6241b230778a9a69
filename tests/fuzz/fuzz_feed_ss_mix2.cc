// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file of SS-MIX2, the first line of them its path.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/exchange/feeds/ss_mix2.h"
#include "libmpi/exchange/feeds/ss_mix2_name.h"

namespace {

using namespace libmpi;  // NOLINT

class Sink final : public FeedSink {
 public:
  void Take(FeedRecord&& record) override {
    if (record.record.key.record_id.empty() || record.record.key.source.empty()) std::abort();
  }
  void Refuse(FeedRemark&&) override {}
  void Note(FeedRemark&&) override {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::string_view path = all.substr(0, all.find('\n'));
  const std::string_view bytes = all.substr(std::min(path.size() + 1, all.size()));
  (void)DetectFeedFormat(path, bytes);
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  if (const auto parsed = ParseSsMix2Name(name); parsed) (void)SsMix2SourceOf(SsMix2RootOf(path, *parsed));
  FeedOptions options;
  options.path = path;
  options.max_line_bytes = 500;
  options.max_document_bytes = 2000;
  Sink sink;
  const auto parser = NewSsMix2Parser(options, &sink);
  (void)parser->Take(bytes);
  (void)parser->End();
  return 0;
}
