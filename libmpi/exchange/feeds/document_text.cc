// SPDX-License-Identifier: Apache-2.0
// The charset of a whole document, and its values.
#include <algorithm>
#include <optional>
#include <utility>

#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/exchange/feeds/xml_document.h"
#include "libmpi/text/charset.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

constexpr size_t kSample = size_t{1} << 16;

bool Has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Where in a pair the high byte stands: 0 or 1; none where it is not UTF-16. Without a mark, a document begins with an
// ASCII character.
std::optional<size_t> Utf16HighByte(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  if (bytes.starts_with("\xFE\xFF")) return 0;
  if (bytes.starts_with("\xFF\xFE")) return 1;
  if (bytes[0] == '\0' && bytes[1] != '\0') return 0;
  if (bytes[1] == '\0' && bytes[0] != '\0') return 1;
  return std::nullopt;
}

DocumentText FromUtf16(std::string_view bytes, size_t high) {
  DocumentText out;
  out.encoding = "UTF-16";
  const auto unit = [&](size_t at) {
    const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(bytes[at + i])); };
    return byte(high) << 8 | byte(1 - high);
  };
  std::string text;
  size_t at = 0;
  for (; at + 2 <= bytes.size(); at += 2) {
    uint32_t c = unit(at);
    const bool is_high = c >= 0xD800 && c < 0xDC00, is_low = c >= 0xDC00 && c < 0xE000;
    const uint32_t low = is_high && at + 4 <= bytes.size() ? unit(at + 2) : 0;
    if (low >= 0xDC00 && low < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
      at += 2;
    } else if (is_high || is_low) {
      c = 0xFFFD;
      ++out.malformed;
    }
    AppendUtf8(c, &text);
  }
  if (at < bytes.size()) {
    AppendUtf8(0xFFFD, &text);
    ++out.malformed;
  }
  out.utf8 = DecodeText(text, Charset::kUtf8).utf8;  // drops the mark, and unifies as from other charsets
  return out;
}

// The value of encoding="..." in a declaration at the beginning.
std::string_view DeclaredName(std::string_view bytes) {
  const size_t begin = bytes.substr(0, 64).find("<?xml");
  if (begin == std::string_view::npos) return {};
  std::string_view text = bytes.substr(begin, 512);
  text = text.substr(0, text.find("?>"));
  const size_t name = text.find("encoding");
  if (name == std::string_view::npos) return {};
  const size_t quote = text.find_first_of("\"'", name);
  if (quote == std::string_view::npos) return {};
  const size_t end = text.find(text[quote], quote + 1);
  return end == std::string_view::npos ? std::string_view() : text.substr(quote + 1, end - quote - 1);
}

std::optional<Charset> CharsetOf(std::string_view name) {
  const auto charset = ParseCharset(name);
  return name.empty() || !charset.ok() ? std::nullopt : std::optional(*charset);
}

std::optional<Charset> IdentifiedCharset(std::string_view bytes) {
  constexpr std::string_view kTag = "CharacterCodeIdentifier>";
  const size_t at = bytes.substr(0, kSample).find(kTag);
  const std::string_view value = at == std::string_view::npos ? "" : bytes.substr(at + kTag.size(), 2);
  if (value == "0<") return Charset::kUtf8;
  if (value == "1<") return Charset::kCp932;
  return std::nullopt;
}

// Valid UTF-8 that no other charset's text is by chance: half-width katakana in pairs could be, characters of three
// bytes are not.
bool IsSurelyUtf8(std::string_view bytes) {
  return std::ranges::any_of(bytes, [](char c) { return static_cast<unsigned char>(c) >= 0xE0; }) &&
         DetectCharset(bytes.substr(0, kSample)) == Charset::kUtf8 && DecodeText(bytes, Charset::kUtf8).malformed == 0;
}

DocumentText As(Charset charset, DecodedText decoded, bool as_declared) {
  return {std::move(decoded.utf8), CharsetName(charset), decoded.malformed, as_declared};
}
DocumentText In(Charset charset, std::string_view bytes, bool as_declared) {
  return As(charset, DecodeText(bytes, charset), as_declared);
}

// What the bytes name is believed where they can be that.
DocumentText InNamed(Charset named, std::string_view bytes) {
  if (named != Charset::kIso2022Jp && Has(bytes, "\x1b$")) return In(Charset::kIso2022Jp, bytes, false);
  if (named != Charset::kUtf8 && IsSurelyUtf8(bytes)) return In(Charset::kUtf8, bytes, false);
  DecodedText decoded = DecodeText(bytes, named);
  if (decoded.malformed > 0) {
    const Charset likely = DetectCharset(bytes);
    DecodedText other = DecodeText(bytes, likely);
    if (other.malformed < decoded.malformed) return As(likely, std::move(other), false);
  }
  return As(named, std::move(decoded), true);
}

// U+FFFE and U+FFFF are no characters of XML.
void ReplaceNoCharacters(std::string* text) {
  for (const std::string_view none : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"})
    for (size_t at = text->find(none); at != std::string::npos; at = text->find(none, at)) text->replace(at, 3, "〓");
}

}  // namespace

std::string CleanText(std::string_view text) {
  std::string out = IsPlainAscii(text) ? std::string(text) : DecodeText(text, Charset::kUtf8).utf8;
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  ReplaceNoCharacters(&out);
  return std::string(WithoutBlanks(out));
}

DocumentText DecodeDocument(std::string_view bytes, std::string_view told) {
  if (const auto high = Utf16HighByte(bytes)) return FromUtf16(bytes, *high);
  if (const auto charset = CharsetOf(told)) return In(*charset, bytes, true);
  if (IsPlainAscii(bytes)) return In(Charset::kUtf8, bytes, true);
  if (bytes.starts_with("\xEF\xBB\xBF")) return In(Charset::kUtf8, bytes, true);
  const std::string_view declared = DeclaredName(bytes);
  std::optional<Charset> named = CharsetOf(declared);
  if (!named) named = IdentifiedCharset(bytes);
  if (named) return InNamed(*named, bytes);
  return In(DetectCharset(bytes), bytes, declared.empty());
}

}  // namespace libmpi
