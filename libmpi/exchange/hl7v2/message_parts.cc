// SPDX-License-Identifier: Apache-2.0
// What stands between delimiters.
#include <algorithm>

#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/text/charset.h"

namespace libmpi::hl7v2 {
namespace {

size_t PartsOf(std::string_view raw, char delimiter) {
  return 1 + static_cast<size_t>(std::count(raw.begin(), raw.end(), delimiter));
}

// The nth, from 1; empty where there is none.
std::string_view NthOf(std::string_view raw, char delimiter, size_t number) {
  if (number == 0) return {};
  for (; number > 1; --number) {
    const size_t end = raw.find(delimiter);
    if (end == std::string_view::npos) return {};
    raw.remove_prefix(end + 1);
  }
  return raw.substr(0, raw.find(delimiter));
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Appends the bytes of "0D0A"; false where they are none, or no UTF-8 by themselves.
bool AppendHex(std::string_view digits, std::string* out) {
  if (digits.empty() || digits.size() % 2 != 0) return false;
  std::string bytes;
  for (size_t i = 0; i < digits.size(); i += 2) {
    const int high = HexDigit(digits[i]), low = HexDigit(digits[i + 1]);
    if (high < 0 || low < 0) return false;
    bytes += static_cast<char>(high * 16 + low);
  }
  const DecodedText text = DecodeText(bytes, Charset::kUtf8);
  if (text.malformed > 0) return false;
  *out += text.utf8;
  return true;
}

// Whether it can be an escape sequence's name and what belongs to it; else the escape character stands for itself.
bool IsSequence(std::string_view sequence) {
  if (sequence.empty()) return false;
  const char first = sequence[0];
  if (!(first >= 'A' && first <= 'Z') && first != '.') return false;
  return std::all_of(sequence.begin(), sequence.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '+' ||
           c == '-';
  });
}

// Appends what a sequence stands for; false where nobody here knows it.
bool AppendSequence(std::string_view sequence, const Delimiters& delimiters, std::string* out) {
  if (sequence == ".br") {
    *out += '\n';
    return true;
  }
  if (sequence[0] == 'X') return AppendHex(sequence.substr(1), out);
  if (sequence.size() != 1) return false;
  switch (sequence[0]) {
    case 'F': *out += delimiters.field; return true;
    case 'S': *out += delimiters.component; return true;
    case 'T': *out += delimiters.subcomponent; return true;
    case 'R': *out += delimiters.repetition; return true;
    case 'E': *out += delimiters.escape; return true;
    case 'P': *out += delimiters.truncation != 0 ? delimiters.truncation : '#'; return true;
    case 'H':
    case 'N': return true;
    default: return false;
  }
}

}  // namespace

std::string Part::Text() const {
  if (deleted()) return "";
  if (delimiters_ == nullptr) return std::string(raw_);
  const char escape = delimiters_->escape;
  if (raw_.find(escape) == std::string_view::npos) return std::string(raw_);
  std::string text;
  for (size_t pos = 0; pos < raw_.size();) {
    const size_t start = std::min(raw_.find(escape, pos), raw_.size());
    text.append(raw_.substr(pos, start - pos));
    if (start == raw_.size()) break;
    const size_t end = raw_.find(escape, start + 1);
    if (end == std::string_view::npos) {  // never closed
      text.append(raw_.substr(start));
      break;
    }
    const std::string_view sequence = raw_.substr(start + 1, end - start - 1);
    if (!IsSequence(sequence)) {
      text.append(raw_.substr(start, end - start));
      pos = end;  // which may open one
      continue;
    }
    if (!AppendSequence(sequence, *delimiters_, &text)) text.append(raw_.substr(start, end + 1 - start));
    pos = end + 1;
  }
  return text;
}

size_t Component::subcomponents() const {
  return delimiters_ == nullptr ? 1 : PartsOf(raw_, delimiters_->subcomponent);
}

Part Component::subcomponent(size_t number) const {
  if (delimiters_ == nullptr) return number == 1 ? Part(raw_, nullptr) : Part();
  return Part(NthOf(raw_, delimiters_->subcomponent, number), delimiters_);
}

size_t Repetition::components() const { return delimiters_ == nullptr ? 1 : PartsOf(raw_, delimiters_->component); }

Component Repetition::component(size_t number) const {
  if (delimiters_ == nullptr) return number == 1 ? Component(raw_, nullptr) : Component();
  return Component(NthOf(raw_, delimiters_->component, number), delimiters_);
}

std::string Repetition::Text(size_t component_number, size_t subcomponent_number) const {
  return component(component_number).subcomponent(subcomponent_number).Text();
}

Components::Components(const Repetition& of) : delimiters_(of.delimiters_) {
  if (delimiters_ == nullptr) {
    raw_[0] = of.raw_;
    return;
  }
  std::string_view rest = of.raw_;
  for (std::string_view& raw : raw_) {
    const size_t end = rest.find(delimiters_->component);
    raw = rest.substr(0, end);
    if (end == std::string_view::npos) return;
    rest.remove_prefix(end + 1);
  }
}

std::string Components::Text(size_t number) const {
  const std::string_view raw = raw_[number - 1];
  if (raw.empty()) return {};
  const Component component(raw, delimiters_);
  return component.subcomponent(1).Text();
}

size_t Field::repetitions() const {
  if (raw_.empty()) return 0;
  return delimiters_ == nullptr ? 1 : PartsOf(raw_, delimiters_->repetition);
}

Repetition Field::repetition(size_t number) const {
  if (delimiters_ == nullptr) return number == 1 ? Repetition(raw_, nullptr) : Repetition();
  return Repetition(NthOf(raw_, delimiters_->repetition, number), delimiters_);
}

std::vector<Repetition> Field::all() const {
  std::vector<Repetition> all;
  if (raw_.empty()) return all;
  if (delimiters_ == nullptr) return {Repetition(raw_, nullptr)};
  for (size_t start = 0;;) {
    const size_t end = std::min(raw_.find(delimiters_->repetition, start), raw_.size());
    all.emplace_back(raw_.substr(start, end - start), delimiters_);
    if (end == raw_.size()) return all;
    start = end + 1;
  }
}

Segment::Segment(std::string_view raw, const Delimiters* delimiters) : raw_(raw), delimiters_(delimiters) {
  starts_.reserve(PartsOf(raw_, delimiters->field));
  if (name() == "MSH" && raw_.size() > 3) starts_.push_back(3);  // MSH-1 is the separator itself
  for (size_t i = 0; i < raw_.size(); ++i)
    if (raw_[i] == delimiters->field) starts_.push_back(static_cast<uint32_t>(i + 1));
}

Field Segment::field(size_t number) const {
  if (number == 0 || number > starts_.size()) return Field();
  const bool delimiters_themselves = number <= 2 && name() == "MSH";
  if (delimiters_themselves && number == 1) return Field(raw_.substr(3, 1), nullptr);
  const size_t start = starts_[number - 1];
  const size_t end = number < starts_.size() ? starts_[number] - 1 : raw_.size();
  return Field(raw_.substr(start, end - start), delimiters_themselves ? nullptr : delimiters_);
}

std::string Segment::Text(size_t field_number, size_t component_number, size_t subcomponent_number) const {
  return field(field_number).repetition(1).Text(component_number, subcomponent_number);
}

}  // namespace libmpi::hl7v2
