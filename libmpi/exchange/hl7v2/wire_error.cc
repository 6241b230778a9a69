// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/wire_error.h"

#include <charconv>
#include <set>

namespace libmpi::hl7v2 {
namespace {

constexpr std::string_view kErrorTable = "HL70357";

std::string Number(size_t number) { return number == 0 ? "" : std::to_string(number); }

size_t NumberOf(std::string_view text) {
  size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

// ERR-1 (2.3.1 to 2.4): segment ^ sequence ^ field ^ code & text & table.
void SetOldError(const WireError& error, size_t repetition, SegmentBuilder* err) {
  const bool placed = !error.at.segment.empty();
  err->SetIn(1, repetition, 1, 1, error.at.segment);
  if (placed) err->SetIn(1, repetition, 2, 1, Number(error.at.sequence));
  if (placed) err->SetIn(1, repetition, 3, 1, Number(error.at.field));
  err->SetIn(1, repetition, 4, 1, std::to_string(error.code));
  err->SetIn(1, repetition, 4, 2, ErrorCodeText(error.code));
  err->SetIn(1, repetition, 4, 3, kErrorTable);
}

void SetError(const WireError& error, SegmentBuilder* err) {
  const Location& at = error.at;
  if (!at.segment.empty()) {
    err->Set(2, 1, at.segment);
    const size_t numbers[] = {at.sequence, at.field, at.repetition, at.component, at.subcomponent};
    for (size_t i = 0; i < 5 && numbers[i] != 0; ++i) err->Set(2, i + 2, Number(numbers[i]));
  }
  err->Set(3, 1, std::to_string(error.code)).Set(3, 2, ErrorCodeText(error.code)).Set(3, 3, kErrorTable);
  err->Set(4, std::string(1, static_cast<char>(error.severity)));
  if (!error.text.empty()) err->Set(8, error.text);
}

// A code that is none counts as the one that says least.
int CodeOf(const std::string& text) {
  return text.empty() || text.find_first_not_of("0123456789") != std::string::npos ? kInternalError
                                                                                   : static_cast<int>(NumberOf(text));
}

Severity SeverityOf(std::string_view text) {
  return text == "W" ? Severity::kWarning : text == "I" ? Severity::kInformation : Severity::kError;
}

WireError OldErrorOf(const Repetition& said) {
  WireError error;
  error.at = {said.Text(1), NumberOf(said.Text(2)), NumberOf(said.Text(3))};
  error.code = CodeOf(said.Text(4, 1));
  if (error.code == kMessageAccepted) error.severity = Severity::kInformation;
  return error;
}

WireError ErrorOf(const Segment& err) {
  WireError error;
  error.at = {err.Text(2, 1),           NumberOf(err.Text(2, 2)), NumberOf(err.Text(2, 3)),
              NumberOf(err.Text(2, 4)), NumberOf(err.Text(2, 5)), NumberOf(err.Text(2, 6))};
  error.code = CodeOf(err.Text(3, 1));
  error.severity = SeverityOf(err.Text(4));
  error.text = err.field(8).Text();
  return error;
}

}  // namespace

std::string_view ErrorCodeText(int code) {
  switch (code) {
    case kMessageAccepted: return "Message accepted";
    case kSegmentSequence: return "Segment sequence error";
    case kRequiredFieldMissing: return "Required field missing";
    case kDataType: return "Data type error";
    case kTableValueNotFound: return "Table value not found";
    case kUnsupportedMessageType: return "Unsupported message type";
    case kUnsupportedTrigger: return "Unsupported trigger event";
    case kUnsupportedProcessingId: return "Unsupported processing id";
    case kUnsupportedVersion: return "Unsupported version id";
    case kUnknownKey: return "Unknown key identifier";
    case kDuplicateKey: return "Duplicate key identifier";
    default: return "Application internal error";
  }
}

std::string ErrorNames(std::span<const WireError> errors) {
  std::set<int> codes;
  std::string names;
  for (const WireError& error : errors) {
    if (!codes.insert(error.code).second) continue;
    if (!names.empty()) names += ',';
    for (const char c : ErrorCodeText(error.code))
      names += c == ' ' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return names;
}

void AddErrors(std::span<const WireError> errors, const Version& version, MessageBuilder* out) {
  if (errors.empty()) return;
  if (version < kVersion25) {
    SegmentBuilder& err = out->Add("ERR");
    for (size_t i = 0; i < errors.size(); ++i) SetOldError(errors[i], i + 1, &err);
    return;
  }
  for (const WireError& error : errors) SetError(error, &out->Add("ERR"));
}

std::vector<WireError> ReadErrors(const Message& message) {
  std::vector<WireError> errors;
  for (const Segment& segment : message.segments()) {
    if (segment.name() != "ERR") continue;
    if (!segment.field(3).empty()) {
      errors.push_back(ErrorOf(segment));
      continue;
    }
    for (const Repetition& said : segment.field(1).all())
      if (!said.empty()) errors.push_back(OldErrorOf(said));
  }
  return errors;
}

}  // namespace libmpi::hl7v2
