// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/message_builder.h"

#include <algorithm>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "libmpi/exchange/hl7v2/message_text.h"
#include "libmpi/text/ascii.h"
#include "libmpi/text/charset.h"
#include "libmpi/text/fold.h"

namespace libmpi::hl7v2 {
namespace {

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

void AppendHexEscape(char c, char escape, std::string* out) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  *out += escape;
  *out += 'X';
  *out += kDigits[byte >> 4];
  *out += kDigits[byte & 0xF];
  *out += escape;
}

// The letter of a delimiter's escape sequence; 0: it needs none.
char EscapeLetter(char c, const Delimiters& delimiters) {
  if (c == delimiters.field) return 'F';
  if (c == delimiters.component) return 'S';
  if (c == delimiters.subcomponent) return 'T';
  if (c == delimiters.repetition) return 'R';
  if (c == delimiters.escape) return 'E';
  return c == delimiters.truncation && c != 0 ? 'P' : '\0';
}

void AppendEscaped(std::string_view text, const Delimiters& delimiters, std::string* out) {
  for (const char c : text) {
    if (const char letter = EscapeLetter(c, delimiters); letter != 0) {
      *out += delimiters.escape;
      *out += letter;
      *out += delimiters.escape;
    } else if (IsControl(c)) {
      AppendHexEscape(c, delimiters.escape, out);
    } else {
      *out += c;
    }
  }
}

// What another message's text can't have: no end of a segment comes in by it.
void AppendRaw(std::string_view raw, const Delimiters& delimiters, std::string* out) {
  for (const char c : raw) IsControl(c) ? AppendHexEscape(c, delimiters.escape, out) : out->push_back(c);
}

// Writes parts one after another with the delimiter between them, and none after the last that is not empty.
template <typename Parts, typename Append>
void AppendParts(const Parts& parts, char delimiter, const Append& append, std::string* out) {
  size_t filled = out->size();
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) *out += delimiter;
    const size_t start = out->size();
    append(parts[i]);
    if (out->size() > start) filled = out->size();
  }
  out->resize(filled);
}

template <typename T>
T& At(std::vector<T>* parts, size_t number) {
  if (parts->size() < number) parts->resize(number);
  return (*parts)[number - 1];
}

// In ASCII what it does not have is ?.
EncodedText EncodeAscii(std::string_view utf8) {
  EncodedText out;
  for (size_t pos = 0; pos < utf8.size();) {
    const size_t start = pos;
    const char32_t c = NextCodePoint(utf8, &pos);
    out.bytes += c < 0x80 ? static_cast<char>(c) : '?';
    if (c >= 0x80 && out.unencodable++ == 0) out.first_unencodable = start;
  }
  return out;
}

EncodedText EncodeIn(const CharacterSet& set, std::string_view utf8, Substitute substitute) {
  if (IsAsciiAlone(set)) return EncodeAscii(utf8);
  const auto has = [&](std::string_view name) {
    return std::find(set.msh18.begin(), set.msh18.end(), name) != set.msh18.end();
  };
  EncodeOptions options;
  options.half_width_kana = has("ISO IR13");
  options.jis_x_0212 = has("ISO IR159");
  options.variants = substitute == Substitute::kVariant;
  return EncodeText(utf8, set.charset, options);
}

}  // namespace

SegmentBuilder& SegmentBuilder::SetIn(size_t field, size_t repetition, size_t component, size_t subcomponent,
                                      std::string_view text) {
  if (field == 0 || repetition == 0 || component == 0 || subcomponent == 0) return *this;
  FieldTexts& texts = At(&fields_, field);
  texts.is_raw = false;
  texts.raw.clear();
  At(&At(&At(&texts.repetitions, repetition), component), subcomponent).assign(text);
  return *this;
}

SegmentBuilder& SegmentBuilder::SetRaw(size_t field, std::string_view raw) {
  if (field == 0) return *this;
  FieldTexts& texts = At(&fields_, field);
  texts.repetitions.clear();
  texts.raw.assign(raw);
  texts.is_raw = true;
  return *this;
}

size_t SegmentBuilder::Repetitions(size_t field) const {
  if (field == 0 || field > fields_.size()) return 0;
  const FieldTexts& texts = fields_[field - 1];
  return texts.is_raw ? !texts.raw.empty() : texts.repetitions.size();
}

std::string SegmentBuilder::Utf8(const Delimiters& delimiters) const {
  std::string out = name_;
  const auto append_text = [&](const std::string& text) { AppendEscaped(text, delimiters, &out); };
  const auto append_component = [&](const ComponentTexts& component) {
    AppendParts(component, delimiters.subcomponent, append_text, &out);
  };
  const auto append_repetition = [&](const RepetitionTexts& repetition) {
    AppendParts(repetition, delimiters.component, append_component, &out);
  };
  const auto append_field = [&](const FieldTexts& field) {
    if (field.is_raw) return AppendRaw(field.raw, delimiters, &out);
    AppendParts(field.repetitions, delimiters.repetition, append_repetition, &out);
  };
  const auto append_fields = [&](size_t first) {
    if (fields_.size() <= first) return;
    const size_t end = out.size();
    out += delimiters.field;
    AppendParts(std::span(fields_).subspan(first), delimiters.field, append_field, &out);
    if (out.size() == end + 1) out.resize(end);  // nothing is in them
  };
  if (name_.empty()) {  // a whole segment as it stands
    for (const FieldTexts& field : fields_) append_field(field);
  } else if (name_ == "MSH") {
    out += delimiters.field;
    for (char c : {delimiters.component, delimiters.repetition, delimiters.escape, delimiters.subcomponent}) out += c;
    if (delimiters.truncation != 0) out += delimiters.truncation;
    append_fields(2);  // MSH-1 and MSH-2 are there already
  } else {
    append_fields(0);
  }
  out += '\r';
  return out;
}

MessageBuilder::MessageBuilder(const Delimiters& delimiters) : delimiters_(delimiters) { Add("MSH"); }

SegmentBuilder& MessageBuilder::Add(std::string_view name) { return segments_.emplace_back(name); }

void MessageBuilder::AddRaw(std::string_view segment) {
  while (!segment.empty() && (segment.back() == '\r' || segment.back() == '\n')) segment.remove_suffix(1);
  if (!segment.empty()) segments_.emplace_back("").SetRaw(1, segment);
}

std::string MessageBuilder::Utf8() const {
  std::string text;
  for (const SegmentBuilder& segment : segments_) text += segment.Utf8(delimiters_);
  return text;
}

absl::StatusOr<std::string> MessageBuilder::Encode(const CharacterSet& set, Substitute substitute,
                                                   size_t* substituted) const {
  if (substituted != nullptr) *substituted = 0;
  std::string body;
  for (size_t i = 1; i < segments_.size(); ++i) body += segments_[i].Utf8(delimiters_);
  SegmentBuilder msh = segments_.front();
  msh.SetRaw(18, "").SetRaw(20, "");
  std::string text = msh.Utf8(delimiters_) + body;
  if (IsAscii(text)) return text;  // the same in every set
  for (size_t i = 0; i < set.msh18.size() && !IsAsciiAlone(set); ++i) msh.SetIn(18, i + 1, 1, 1, set.msh18[i]);
  msh.Set(20, set.msh20);
  text = msh.Utf8(delimiters_) + body;
  EncodedText encoded = EncodeIn(set, text, substitute);
  if (encoded.unencodable > 0 && substitute == Substitute::kNone) {
    const std::string_view name = IsAsciiAlone(set) ? "ASCII" : CharsetName(set.charset);
    return absl::InvalidArgumentError("characters that " + std::string(name) + " does not have, the first in " +
                                      PlaceOf(text, encoded.first_unencodable));
  }
  if (substituted != nullptr) *substituted = encoded.unencodable;
  return std::move(encoded.bytes);
}

}  // namespace libmpi::hl7v2
