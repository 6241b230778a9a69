// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/xml_scan.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"

namespace libmpi {
namespace {

constexpr size_t kNone = std::string_view::npos;

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':' ||
         c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

// What may stand between documents: blanks, the EOT by which ORCA ends each that it sends, byte order marks.
bool IsBetweenDocuments(char c) {
  constexpr std::string_view kBetween = " \t\r\n\x04\xEF\xBB\xBF";
  return kBetween.find(c) != kNone;
}

// A character that XML may have.
bool IsCharacter(uint32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF) && c != 0xFFFE && c != 0xFFFF;
}

// Of "#x5C71" or "#23665"; 0, which XML cannot have, where it is none.
uint32_t NumberedCharacter(std::string_view text) {
  const bool hex = text.starts_with("#x") || text.starts_with("#X");
  text.remove_prefix(hex ? 2 : 1);
  if (text.empty() || text.size() > 8) return 0;
  uint32_t value = 0;
  for (char c : text) {
    const char low = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9')
      value = value * (hex ? 16 : 10) + static_cast<uint32_t>(c - '0');
    else if (hex && low >= 'a' && low <= 'f')
      value = value * 16 + static_cast<uint32_t>(low - 'a' + 10);
    else
      return 0;
  }
  return IsCharacter(value) ? value : 0;
}

bool IsOwnEntity(std::string_view name) {
  return name == "lt" || name == "gt" || name == "amp" || name == "quot" || name == "apos";
}

class Scan {
 public:
  Scan(std::string_view text, const XmlLimits& limits) : text_(text), limits_(limits) {}

  absl::Status Run() {
    if (const size_t nul = text_.find('\0'); nul != kNone) return Wrong(nul, "it holds a character that XML cannot");
    while (status_.ok() && at_ < text_.size()) {
      const size_t markup = std::min(text_.find('<', at_), text_.size());
      TakeText(markup);
      if (status_.ok() && markup < text_.size()) TakeMarkup();
    }
    if (status_.ok() && depth_ > 0) Fail(text_.size(), "it ends within an element");
    if (status_.ok() && !has_element_) Fail(0, "it has no element");
    return status_;
  }

 private:
  absl::Status Wrong(size_t position, std::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat("not read as XML: ", std::string(what), ", line ", LineOf(text_, position)));
  }
  void Fail(size_t position, std::string_view what) { status_ = Wrong(position, what); }

  bool At(std::string_view word) const { return text_.substr(at_).starts_with(word); }

  void TakeText(size_t end) {
    const std::string_view text = text_.substr(at_, end - at_);
    if (depth_ == 0) {
      const auto other = std::find_if_not(text.begin(), text.end(), IsBetweenDocuments);
      if (other != text.end()) Fail(at_, "text stands outside of its elements");
    } else {
      CheckReferences(at_, end);
    }
    at_ = end;
  }

  // A lone & is no reference, and stays one.
  void CheckReferences(size_t begin, size_t end) {
    for (size_t at = text_.substr(0, end).find('&', begin); at != kNone; at = text_.substr(0, end).find('&', at)) {
      size_t stop = at + 1;
      if (stop < end && text_[stop] == '#') ++stop;
      while (stop < end && IsNameByte(text_[stop])) ++stop;
      const std::string_view name = text_.substr(at + 1, stop - at - 1);
      const bool closed = stop < end && text_[stop] == ';' && !name.empty();
      if (closed && name[0] == '#' && NumberedCharacter(name) == 0)
        return Fail(at, "it holds a character that XML cannot");
      if (closed && name[0] != '#' && !IsOwnEntity(name))
        return Fail(at, "entities other than the five of XML are refused");
      at = stop;
    }
  }

  void TakeMarkup() {
    if (At("<!--")) return SkipTo("-->", 4);
    if (At("<![CDATA[")) {
      if (depth_ == 0) return Fail(at_, "text stands outside of its elements");
      return SkipTo("]]>", 9);
    }
    if (At("<!")) return Fail(at_, "a document type (DOCTYPE) is refused, and what may stand in one");
    if (At("<?")) return SkipTo("?>", 2);
    if (At("</")) return TakeEnd();
    TakeStart();
  }

  void SkipTo(std::string_view end, size_t opening) {
    const size_t found = text_.find(end, at_ + opening);
    if (found == kNone) return Fail(text_.size(), "it ends within markup");
    at_ = found + end.size();
  }

  void TakeEnd() {
    SkipTo(">", 2);
    if (!status_.ok()) return;
    if (depth_ == 0) return Fail(at_, "it ends an element that it did not begin");
    --depth_;
  }

  void TakeStart() {
    has_element_ = true;
    size_t attributes = 0;
    for (size_t at = at_ + 1;; ++at) {
      at = text_.find_first_of("\"'=<>", at);
      if (at == kNone) return Fail(text_.size(), "it ends within markup");
      const char c = text_[at];
      if (c == '<') return Fail(at, "a tag does not end");
      if (c == '=') ++attributes;
      if (c == '>') return EndStart(at, attributes);
      if (c != '"' && c != '\'') continue;
      const size_t quote = text_.find(c, at + 1);
      if (quote == kNone) return Fail(text_.size(), "it ends within markup");
      CheckReferences(at, quote);
      if (!status_.ok()) return;
      at = quote;
    }
  }

  void EndStart(size_t end, size_t attributes) {
    items_ += 1 + attributes;
    if (items_ > limits_.items) return Fail(end, "it has more elements than a document may have");
    if (text_[end - 1] != '/' && ++depth_ > limits_.depth)
      return Fail(end, "its elements stand in each other more deeply than they may");
    at_ = end + 1;
  }

  const std::string_view text_;
  const XmlLimits limits_;
  absl::Status status_;
  size_t at_ = 0, depth_ = 0, items_ = 0;
  bool has_element_ = false;
};

}  // namespace

size_t LineOf(std::string_view text, size_t position) {
  text = text.substr(0, position);
  return 1 + static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

absl::Status ScanXml(std::string_view utf8, const XmlLimits& limits) { return Scan(utf8, limits).Run(); }

}  // namespace libmpi
