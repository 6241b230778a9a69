// SPDX-License-Identifier: Apache-2.0
// The characters of the HL7 v2 messages of a file. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_HL7_TEXT_H_
#define LIBMPI_EXCHANGE_FEEDS_HL7_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libmpi/exchange/feeds/feed.h"
#include "libmpi/exchange/hl7v2/character_set.h"

namespace libmpi {

// Which character set a message has: what MSH-18 says, where the message can be read so; else ISO-2022-JP where there
// are its escape sequences; else what the options say; else what the file's messages so far look like.
class Hl7Text {
 public:
  explicit Hl7Text(const FeedOptions& options);

  struct Decoded {
    std::string utf8;
    std::string remark;  // what is odd, in words; or empty
  };
  // Of a message's segments, each ended by CR. What can't be read is U+FFFD. kInvalidArgument: MSH-18 says a set that
  // nobody here reads, and the message has more than ASCII.
  absl::StatusOr<Decoded> Decode(std::string_view message);

  // Of the first message with more than ASCII.
  std::string_view encoding() const { return CharsetName(charset_.value_or(Charset::kUtf8)); }
  uint64_t malformed_characters() const { return malformed_; }

 private:
  Charset Guessed(std::string_view message);

  hl7v2::CharacterSet undeclared_;  // stands for: MSH-18 says nothing
  // Of the message before: most files say the same in all.
  std::string delimiters_, sets_;  // MSH-1 and MSH-2, and MSH-18
  hl7v2::CharacterSet declared_;
  std::optional<Charset> told_;  // by the options
  std::string sample_;           // of messages that say nothing of their characters
  std::optional<Charset> charset_;
  uint64_t malformed_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_HL7_TEXT_H_
