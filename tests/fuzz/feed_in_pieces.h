// SPDX-License-Identifier: Apache-2.0
// Any bytes as a feed, whole and in pieces: the same is found, and every patient has a key.
#ifndef TESTS_FUZZ_FEED_IN_PIECES_H_
#define TESTS_FUZZ_FEED_IN_PIECES_H_

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

struct FeedCollected final : FeedSink {
  std::vector<FeedRecord> taken;
  std::vector<uint64_t> refused, noted;
  void Take(FeedRecord&& record) override {
    if (record.record.key.record_id.empty() || record.record.key.source.empty()) std::abort();
    taken.push_back(std::move(record));
  }
  void Refuse(FeedRemark&& remark) override { refused.push_back(remark.line); }
  void Note(FeedRemark&& remark) override { noted.push_back(remark.line); }
};

// The first byte says the pieces' size and whether the charset is told.
template <typename NewParser>
void TryFeed(const uint8_t* data, size_t size, const NewParser& parser_of) {
  if (size == 0) return;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  FeedOptions options;
  options.max_line_bytes = 1000;
  if (data[0] >= 0xC0) options.encoding = "CP932";
  const auto read = [&](size_t step, FeedCollected* found) {
    const std::unique_ptr<FeedParser> parser = parser_of(options, found);
    absl::Status status;
    for (size_t i = 0; i < bytes.size() && status.ok(); i += step) status = parser->Take(bytes.substr(i, step));
    if (status.ok()) status = parser->End();
    return std::pair(status.ok(), parser->malformed_characters());
  };
  FeedCollected whole, pieces;
  if (read(std::max<size_t>(1, bytes.size()), &whole) != read(1 + data[0] % 64, &pieces)) std::abort();
  const auto same = [](const FeedRecord& a, const FeedRecord& b) { return a.record == b.record && a.line == b.line; };
  if (!std::ranges::equal(whole.taken, pieces.taken, same)) std::abort();
  if (whole.refused != pieces.refused || whole.noted != pieces.noted) std::abort();
}

}  // namespace libmpi

#endif  // TESTS_FUZZ_FEED_IN_PIECES_H_
