// SPDX-License-Identifier: Apache-2.0
// Fields of feeds to UTF-8. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_FEED_TEXT_H_
#define LIBMPI_EXCHANGE_FEEDS_FEED_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libmpi/exchange/feeds/feed.h"
#include "libmpi/text/charset.h"

namespace libmpi {

// The charset of one file, and what could not be read in it.
class FeedText {
public:
  // `options.encoding` counts, where it names a charset; else how the file
  // begins.
  explicit FeedText(const FeedOptions &options);

  // The file's first bytes, before anything is decoded; later ones change
  // nothing. Pure ASCII decides nothing yet.
  void Begin(std::string_view bytes);

  // A field, in UTF-8, without spaces around it. ASCII is not copied but into
  // the result.
  std::string Field(std::string_view bytes);
  // A line, or a document, as it is.
  std::string Whole(std::string_view bytes);

  std::string_view encoding() const {
    return CharsetName(charset_.value_or(Charset::kUtf8));
  }
  uint64_t malformed_characters() const { return malformed_; }

private:
  std::optional<Charset> charset_;
  uint64_t malformed_ = 0;
};

// Without the blanks, also full-width ones (of UTF-8), around it.
std::string_view WithoutBlanks(std::string_view text);

// The file's name in a path, without folder and extensions; "feed" where that
// is nothing.
std::string FileStem(std::string_view path);

} // namespace libmpi

#endif // LIBMPI_EXCHANGE_FEEDS_FEED_TEXT_H_
