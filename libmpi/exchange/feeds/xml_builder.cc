// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/xml_builder.h"

#include <cstdio>

#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

std::string_view DeclaredName(Charset charset) {
  return charset == Charset::kCp932 ? "Shift_JIS" : CharsetName(charset);
}

size_t LengthOfCharacter(char lead) {
  const auto c = static_cast<unsigned char>(lead);
  return c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

bool Has(Charset charset, std::string_view text) {
  return charset == Charset::kUtf8 || EncodeText(text, charset).unencodable == 0;
}

}  // namespace

XmlBuilder::XmlBuilder(Charset charset) : charset_(charset) { Start(); }

void XmlBuilder::Start() {
  text_ = "<?xml version=\"1.0\" encoding=\"";
  text_.append(DeclaredName(charset_)).append("\"?>\n");
}

void XmlBuilder::Indent() { text_.append(2 * open_.size(), ' '); }

void XmlBuilder::Tag(std::string_view name, Attributes attributes) {
  text_.append("<").append(name);
  for (const auto& [key, value] : attributes) {
    text_.append(" ").append(key).append("=\"");
    Escaped(value);
    text_ += '"';
  }
}

void XmlBuilder::Open(std::string_view name, Attributes attributes) {
  Indent();
  Tag(name, attributes);
  text_ += ">\n";
  open_.emplace_back(name);
}

void XmlBuilder::Close() {
  const std::string name = std::move(open_.back());
  open_.pop_back();
  Indent();
  text_.append("</").append(name).append(">\n");
}

void XmlBuilder::Add(std::string_view name, std::string_view text, Attributes attributes) {
  Indent();
  Tag(name, attributes);
  if (text.empty()) {
    text_ += "/>\n";
    return;
  }
  text_ += '>';
  Escaped(text);
  text_.append("</").append(name).append(">\n");
}

void XmlBuilder::Text(std::string_view text) {
  Indent();
  Escaped(text);
  text_ += '\n';
}

void XmlBuilder::Escaped(std::string_view text) {
  const bool plain = Has(charset_, text);
  for (size_t at = 0; at < text.size();) {
    const std::string_view c = text.substr(at, LengthOfCharacter(text[at]));
    at += c.size();
    if (c == "<")
      text_ += "&lt;";
    else if (c == ">")
      text_ += "&gt;";
    else if (c == "&")
      text_ += "&amp;";
    else if (c == "\"")
      text_ += "&quot;";
    else if (plain || c.size() == 1 || Has(charset_, c))
      text_ += c;
    else
      Character(c);
  }
}

void XmlBuilder::Character(std::string_view utf8) {
  char number[16];
  size_t pos = 0;
  std::snprintf(number, sizeof number, "&#x%X;", static_cast<unsigned>(NextCodePoint(utf8, &pos)));
  text_ += number;
}

std::string XmlBuilder::Take() {
  std::string bytes = charset_ == Charset::kUtf8 ? std::move(text_) : EncodeText(text_, charset_).bytes;
  Start();
  return bytes;
}

absl::StatusOr<Charset> WriterCharset(std::string_view encoding) {
  if (encoding.empty()) return Charset::kUtf8;
  return ParseCharset(encoding);
}

}  // namespace libmpi
