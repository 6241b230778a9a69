// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/message_text.h"

#include <algorithm>

#include "absl/status/status.h"
#include "libmpi/text/iso2022jp.h"

namespace libmpi::hl7v2 {

std::string_view WithoutByteOrderMark(std::string_view bytes) {
  if (bytes.substr(0, 3) == "\xEF\xBB\xBF") bytes.remove_prefix(3);
  return bytes;
}

std::string_view FirstLine(std::string_view bytes) {
  bytes.remove_prefix(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
  bytes = bytes.substr(0, bytes.find('\r'));
  return bytes.substr(0, bytes.find('\n'));
}

std::string PlaceOf(std::string_view text, size_t offset) {
  const std::string_view msh = FirstLine(text);
  const char separator = msh.size() > 3 ? msh[3] : '|';
  size_t segment = 0, field = 0;
  bool at_start = true;
  for (size_t i = 0; i < std::min(offset + 1, text.size()); ++i) {
    const bool line_end = text[i] == '\r' || text[i] == '\n';
    if (!line_end && at_start) {
      ++segment;
      field = segment == 1 ? 1 : 0;  // MSH-1 is the separator itself
    }
    at_start = line_end;
    if (text[i] == separator) ++field;
  }
  return "segment " + std::to_string(segment) + ", field " + std::to_string(field);
}

absl::StatusOr<std::string> DecodeMessage(std::string_view bytes, const CharacterSet& set) {
  bytes = WithoutByteOrderMark(bytes);
  DecodedText text;
  if (set.charset == Charset::kIso2022Jp) {
    if (HasUnreadableJis0213(bytes))
      return absl::InvalidArgumentError("the message has characters of JIS X 0213, which this system can't read");
    Iso2022JpOptions options;
    options.roman_is_ascii = true;
    options.kana_in_right_half = std::find(set.msh18.begin(), set.msh18.end(), "ISO IR13") != set.msh18.end();
    text = DecodeIso2022Jp(bytes, options);
  } else {
    // The bytes of such kanji would be read as letters and delimiters.
    if (HasIso2022Escapes(bytes))
      return absl::InvalidArgumentError("the message has escape sequences of ISO 2022, and its character set is " +
                                        std::string(CharsetName(set.charset)));
    text = DecodeText(bytes, set.charset);
  }
  if (text.malformed > 0)
    return absl::InvalidArgumentError("characters that can't be read as " + std::string(CharsetName(set.charset)) +
                                      ", the first in " + PlaceOf(text.utf8, text.first_malformed));
  return std::move(text.utf8);
}

}  // namespace libmpi::hl7v2
