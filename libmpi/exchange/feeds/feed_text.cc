// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/feed_text.h"

#include <algorithm>
#include <utility>

#include "libmpi/exchange/row_record.h"

namespace libmpi {
namespace {

bool IsAscii(std::string_view bytes) {
  return std::ranges::none_of(bytes, [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || c == '\x1b';
  });
}

} // namespace

FeedText::FeedText(const FeedOptions &options) {
  if (options.encoding.empty())
    return;
  if (const auto named = ParseCharset(options.encoding); named.ok())
    charset_ = *named;
}

void FeedText::Begin(std::string_view bytes) {
  if (!charset_ && !IsAscii(bytes))
    charset_ = DetectCharset(bytes);
}

std::string FeedText::Whole(std::string_view bytes) {
  if (IsAscii(bytes))
    return std::string(bytes);
  Begin(bytes);
  DecodedText decoded = DecodeText(bytes, *charset_);
  malformed_ += decoded.malformed;
  return std::move(decoded.utf8);
}

std::string FeedText::Field(std::string_view bytes) {
  if (IsAscii(bytes))
    return std::string(WithoutBlanks(bytes));
  const std::string text = Whole(bytes);
  return std::string(WithoutBlanks(text));
}

std::string_view WithoutBlanks(std::string_view text) {
  return TrimSpaces(text);
}

std::string FileStem(std::string_view path) {
  const size_t slash = path.find_last_of('/');
  std::string_view name =
      slash == std::string_view::npos ? path : path.substr(slash + 1);
  name = name.substr(0, name.find('.'));
  return name.empty() || name == "-" ? "feed" : std::string(name);
}

} // namespace libmpi
