// SPDX-License-Identifier: Apache-2.0
// Fields of feeds to UTF-8. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_FEED_TEXT_H_
#define LIBMPI_EXCHANGE_FEEDS_FEED_TEXT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "libmpi/exchange/feeds/feed.h"
#include "libmpi/text/charset.h"

namespace libmpi {

// The charset of one file, and what could not be read in it.
class FeedText {
 public:
  enum class Among {
    kAllCharsets,
    kUtf8AndCp932,  // the others are never guessed
  };
  // `options.encoding` counts, where it names a charset; else what the file's bytes are like.
  explicit FeedText(const FeedOptions& options, Among among = Among::kAllCharsets);

  // Gives the bytes of a file on to next(std::string_view), in order, once their charset is clear: plain ASCII at once,
  // what begins with the first other byte when there is enough of it to tell, or at the end. So how a file is cut into
  // pieces changes nothing.
  template <typename Next>
  void Take(std::string_view bytes, const Next& next) {
    if (!charset_ && sample_.empty()) {
      const size_t plain = AsciiPrefix(bytes);
      if (plain > 0) next(bytes.substr(0, plain));
      bytes.remove_prefix(plain);
    }
    if (bytes.empty()) return;
    if (!charset_) {
      const size_t taken = std::min(kSampleBytes - sample_.size(), bytes.size());
      sample_.append(bytes.substr(0, taken));
      bytes.remove_prefix(taken);
      if (sample_.size() < kSampleBytes) return;
      TakeSample(next);
    }
    if (!bytes.empty()) next(bytes);
  }
  template <typename Next>
  void End(const Next& next) {
    if (!sample_.empty()) TakeSample(next);
  }

  // For who does not read by Take(): the file's first bytes, before anything is decoded; later ones change nothing.
  // Pure ASCII decides nothing yet.
  void Begin(std::string_view bytes);

  // A field, in UTF-8, without spaces around it. ASCII is not copied but into the result.
  std::string Field(std::string_view bytes);
  // A line, or a document, as it is.
  std::string Whole(std::string_view bytes);

  std::string_view encoding() const { return CharsetName(charset_.value_or(Charset::kUtf8)); }
  uint64_t malformed_characters() const { return malformed_; }

 private:
  static constexpr size_t kSampleBytes = size_t{64} << 10;

  // How many bytes at the front every charset reads alike.
  static size_t AsciiPrefix(std::string_view bytes);
  Charset Guess(std::string_view sample) const;
  template <typename Next>
  void TakeSample(const Next& next) {
    charset_ = Guess(sample_);
    const std::string sample = std::move(sample_);
    sample_.clear();
    next(std::string_view(sample));
  }

  const Among among_;
  std::optional<Charset> charset_;
  std::string sample_;
  uint64_t malformed_ = 0;
};

// Whether every charset reads the bytes alike: no byte above 0x7F, and no escape sequence of ISO-2022-JP.
bool IsPlainAscii(std::string_view bytes);
// Whether there is nothing but digits in it; true where there is nothing.
bool AreDigits(std::string_view text);

// Without the blanks, also full-width ones (of UTF-8), around it.
std::string_view WithoutBlanks(std::string_view text);

// Each text without blanks around it, in the one form of the characters that charsets disagree on: as readers say it.
Record WithUnifiedTexts(Record record);

// The file's name in a path, without folder and extensions; "feed" where that is nothing.
std::string FileStem(std::string_view path);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_FEED_TEXT_H_
