// SPDX-License-Identifier: Apache-2.0
// Any bytes in every character set: decoded to valid UTF-8 with all line ends, and what is encoded is decoded to the
// same, and encoded to the same bytes again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "libmpi/text/charset.h"
#include "libmpi/text/iso2022jp.h"

namespace {

using libmpi::Charset;
using libmpi::DecodedText;
using libmpi::EncodedText;
using libmpi::EncodeOptions;

constexpr std::string_view kMark = "\xEF\xBF\xBD", kByteOrderMark = "\xEF\xBB\xBF";

void Require(bool condition) {
  if (!condition) std::abort();
}

auto LineEnds(std::string_view text) { return std::ranges::count(text, '\n') + std::ranges::count(text, '\r'); }

// It begins as the text that is dropped from the beginning of a text.
bool HasByteOrderMark(std::string_view utf8) { return utf8.starts_with(kByteOrderMark); }

void RequireText(std::string_view bytes, const DecodedText& text) {
  const DecodedText again = libmpi::DecodeText(text.utf8, Charset::kUtf8);
  Require(again.malformed == 0 && (HasByteOrderMark(text.utf8) || again.utf8 == text.utf8));
  Require(LineEnds(bytes) == LineEnds(text.utf8));
  Require((text.malformed == 0) == (text.first_malformed == std::string::npos));
  if (text.malformed > 0) Require(text.utf8.substr(text.first_malformed, kMark.size()) == kMark);
}

void TryEncoding(const std::string& utf8, Charset charset, const EncodeOptions& options) {
  const EncodedText once = libmpi::EncodeText(utf8, charset, options);
  Require((once.unencodable == 0) == (once.first_unencodable == std::string::npos));
  Require(once.unencodable == 0 || once.first_unencodable < utf8.size());
  const DecodedText read = libmpi::DecodeText(once.bytes, charset);
  Require(read.malformed == 0);
  if (HasByteOrderMark(once.bytes)) return;
  if (once.unencodable == 0) Require(read.utf8 == libmpi::DecodeText(utf8, Charset::kUtf8).utf8);
  const EncodedText twice = libmpi::EncodeText(read.utf8, charset, options);
  Require(twice.unencodable == 0 && twice.bytes == once.bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  libmpi::DetectCharset(bytes);
  constexpr Charset kAll[] = {Charset::kUtf8, Charset::kCp932, Charset::kEucJp, Charset::kIso2022Jp};
  for (const Charset from : kAll) {
    const DecodedText text = libmpi::DecodeText(bytes, from);
    RequireText(bytes, text);
    if (HasByteOrderMark(text.utf8)) continue;
    for (const Charset to : kAll) TryEncoding(text.utf8, to, {});
    TryEncoding(text.utf8, Charset::kIso2022Jp, {true, true});
  }
  for (const bool roman_is_ascii : {false, true})
    for (const bool kana_in_right_half : {false, true})
      RequireText(bytes, libmpi::DecodeIso2022Jp(bytes, {roman_is_ascii, kana_in_right_half}));
  return 0;
}
