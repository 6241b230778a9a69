// SPDX-License-Identifier: Apache-2.0
// Files as UTF-8 text, many at once.
#ifndef LIBMPI_EXCHANGE_INPUT_TEXTS_H_
#define LIBMPI_EXCHANGE_INPUT_TEXTS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/exchange/text_buffer.h"

namespace libmpi {

// What is known of the rows of a feed beside them.
struct FeedRows {
  FeedFormat format;
  std::vector<uint32_t> lines;  // where in the file each row's patient begins
  std::vector<RecordKey> withdrawn;
  std::vector<FeedRemark> refused, notes;
};

struct InputText {
  absl::Status status;  // why it could not be had
  TextBuffer text;
  std::string encoding;      // as CharsetName says
  std::string content_hash;  // HashBytes of the file's bytes (unpacked), 16 hex digits
  uint64_t bytes = 0;        // unpacked
  uint64_t malformed = 0;    // characters that could not be read
  // Of a feed that is no patient list: `text` has its rows.
  std::optional<FeedRows> feed;
};

// Which files are feeds. Null where a caller reads tables of any kind.
struct FeedWish {
  std::optional<FeedFormat> format;  // of all files; nothing: each one's is found out
  FeedOptions options;               // but for the path
  const std::map<std::string, std::string>* source_of = nullptr;  // by path, where it is another
};

// Told on the calling thread how much of the work is done, in thousandths; false: stop.
using LoadProgress = std::function<bool(uint64_t done)>;

// Reads ("-": standard input), unpacks and decodes. `encoding` as ParseCharset takes it; empty: found out
// for each file. Plain files are read and checked in pieces side by side and decoded where they stand, so
// that their bytes are in memory once; damaged ones, other character sets and packed ones take twice
// their size for a while. Statuses are those of ReadInputBytes, and kInvalidArgument for UTF-16 and an
// unknown `encoding`; where the work was stopped the texts are of no use. With `space` long texts end up there: plain
// files from the first byte on, others once they are decoded.
std::vector<InputText> LoadInputTexts(std::span<const std::string> paths, const std::string& encoding, int threads,
                                      const LoadProgress& progress, ArraySpace* space = nullptr,
                                      const FeedWish* feeds = nullptr);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_INPUT_TEXTS_H_
