// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/message_head.h"

namespace libmpi::hl7v2 {
namespace {

// No code or trigger of HL7 is longer.
constexpr size_t kLongestCode = 15;

std::string Printable(std::string_view text) {
  std::string out;
  for (char c : text)
    if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_') out += c;
  return out.substr(0, kLongestCode);
}

}  // namespace

std::optional<Version> ParseVersion(std::string_view text) {
  uint8_t parts[3] = {0, 0, 0};
  size_t count = 0;
  bool digit_before = false;
  for (char c : text) {
    if (c == '.') {
      if (!digit_before) return std::nullopt;
      digit_before = false;
      continue;
    }
    // Every part of a version is one digit.
    if (c < '0' || c > '9' || digit_before || count == 3) return std::nullopt;
    parts[count++] = static_cast<uint8_t>(c - '0');
    digit_before = true;
  }
  if (count < 2 || !digit_before) return std::nullopt;
  return Version{parts[0], parts[1], parts[2]};
}

std::string MessageHead::Type() const {
  std::string type = Printable(code);
  if (!trigger.empty()) type += "^" + Printable(trigger);
  return type;
}

MessageHead ReadHead(const Message& message) {
  const Segment& msh = message.msh();
  MessageHead head;
  head.application = msh.Text(3);
  head.facility = msh.Text(4);
  head.receiving_application = msh.Text(5);
  head.receiving_facility = msh.Text(6);
  head.code = msh.Text(9, 1);
  head.trigger = msh.Text(9, 2);
  head.structure = msh.Text(9, 3);
  if (const Segment* evn = message.Find("EVN"); head.trigger.empty() && evn != nullptr) head.trigger = evn->Text(1);
  head.control_id = msh.field(10).Text();
  head.processing_id = msh.Text(11);
  const std::string version = msh.Text(12);
  head.has_version = !version.empty();
  head.version = ParseVersion(version);
  if (head.version && (*head.version < kOldestVersion || *head.version >= kBeyondVersions)) head.version.reset();
  head.accept_when = msh.Text(15);
  head.application_when = msh.Text(16);
  return head;
}

}  // namespace libmpi::hl7v2
