// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/hl7_text.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/text/iso2022jp.h"

namespace libmpi {
namespace {

using hl7v2::CharacterSet;

// So much of a file tells EUC-JP from CP932.
constexpr size_t kEnoughToGuess = size_t{16} << 10;

bool IsPlainAscii(std::string_view bytes) {
  const char* p = bytes.data();
  size_t left = bytes.size();
  for (; left >= 8; left -= 8, p += 8) {
    uint64_t word;
    std::memcpy(&word, p, 8);
    if ((word & 0x8080808080808080ULL) != 0) return false;
  }
  if (std::any_of(p, p + left, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) return false;
  return bytes.find('\x1B') == std::string_view::npos;
}

// MSH-1 and MSH-2, and MSH-18, from which alone the character set comes where MSH is ASCII.
struct Declaration {
  std::string_view delimiters, sets;
};
// Nothing where MSH is not ASCII.
std::optional<Declaration> DeclarationOf(std::string_view msh) {
  if (msh.size() < 9 || !IsPlainAscii(msh)) return std::nullopt;
  constexpr size_t kBefore = 17;  // separators
  size_t begin = 0, seen = 0;
  while (begin < msh.size() && seen < kBefore) seen += msh[begin++] == msh[3];
  const std::string_view rest = msh.substr(begin);
  return Declaration{msh.substr(3, 6), rest.substr(0, rest.find(msh[3]))};
}

bool DeclaresUtf8(const CharacterSet& set) {
  return !set.msh18.empty() && set.msh18.front().find("UTF") != std::string::npos;
}

DecodedText DecodeAs(std::string_view message, Charset charset, bool kana_in_right_half) {
  if (charset != Charset::kIso2022Jp) return DecodeText(message, charset);
  Iso2022JpOptions options;
  options.roman_is_ascii = true;
  options.kana_in_right_half = kana_in_right_half;
  return DecodeIso2022Jp(message, options);
}

}  // namespace

Hl7Text::Hl7Text(const FeedOptions& options) : undeclared_{Charset::kUtf8, {"?"}, ""} {
  if (options.encoding.empty()) return;
  if (const auto named = ParseCharset(options.encoding); named.ok()) told_ = undeclared_.charset = *named;
}

Charset Hl7Text::Guessed(std::string_view message) {
  if (HasIso2022Escapes(message)) return Charset::kIso2022Jp;
  if (told_) return *told_;
  // One message has too few characters to go by; what came before it counts too.
  if (sample_.size() < kEnoughToGuess) sample_.append(message.substr(0, kEnoughToGuess));
  return DetectCharset(sample_);
}

absl::StatusOr<Hl7Text::Decoded> Hl7Text::Decode(std::string_view message) {
  if (IsPlainAscii(message)) return Decoded{std::string(message), ""};
  const std::string_view msh = message.substr(0, message.find('\r'));
  const std::optional<Declaration> declaration = DeclarationOf(msh);
  if (!declaration || declaration->delimiters != delimiters_ || declaration->sets != sets_) {
    delimiters_.clear();
    LIBMPI_ASSIGN_OR_RETURN(declared_, hl7v2::CharacterSetOfMessage(msh, undeclared_));
    if (declaration) {
      delimiters_ = declaration->delimiters;
      sets_ = declaration->sets;
    }
  }
  const CharacterSet& set = declared_;
  const bool silent = set == undeclared_;
  const bool says_ascii = !silent && set.charset == Charset::kUtf8 && !DeclaresUtf8(set);
  // Escape sequences in a set that has none would be read as letters and delimiters.
  const bool other_escapes = set.charset != Charset::kIso2022Jp && HasIso2022Escapes(message);

  Charset charset = set.charset;
  DecodedText text;
  const bool believed = !silent && !says_ascii && !other_escapes;
  const bool kana = std::ranges::find(set.msh18, "ISO IR13") != set.msh18.end();
  if (believed) text = DecodeAs(message, charset, kana);
  bool belied = says_ascii || (!silent && other_escapes);
  if (!believed || text.malformed > 0) {
    const Charset guess = Guessed(message);
    DecodedText otherwise = DecodeAs(message, guess, true);  // JIS with kana of eight bits is met as well
    if (!believed || otherwise.malformed == 0) {
      belied = belied || (believed && guess != charset);
      charset = guess;
      text = std::move(otherwise);
    }
  }
  if (!charset_) charset_ = charset;
  malformed_ += text.malformed;
  Decoded decoded{std::move(text.utf8), ""};
  if (text.malformed > 0)
    decoded.remark = "characters that can't be read as " + std::string(CharsetName(charset));
  else if (belied)
    decoded.remark = "the characters are not those that MSH-18 says: read as " + std::string(CharsetName(charset));
  return decoded;
}

}  // namespace libmpi
