// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/unreadable_message.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "libmpi/exchange/hl7v2/answer_message.h"
#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/message_head.h"
#include "libmpi/exchange/hl7v2/message_text.h"

namespace libmpi::hl7v2 {
namespace {

// No MSH of a real message is longer.
constexpr size_t kLongestMsh = 4000;
constexpr std::string_view kPlainMsh = "MSH|^~\\&|||||||||P|2.5\r";

// From its MSH on; nothing: it has none.
std::optional<std::string_view> FromMsh(std::string_view payload) {
  payload = WithoutByteOrderMark(payload);
  const size_t start = payload.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || payload.substr(start, 3) != "MSH") return std::nullopt;
  return payload.substr(start);
}

// The first line, in ASCII; MSH-18 does not count.
absl::StatusOr<Message> ParseMsh(std::string_view payload) {
  const std::string_view line = payload.substr(0, std::min(payload.find_first_of("\r\n"), kLongestMsh));
  std::string ascii;
  for (char c : line)
    if (c >= ' ' && c <= '~') ascii += c;
  ParseOptions options;
  options.believe_msh18 = false;
  return Message::Parse(ascii, options);
}

}  // namespace

std::optional<UnreadableAnswer> AnswerUnreadable(std::string_view payload, const absl::Status& why,
                                                 std::string_view application, std::string_view facility,
                                                 int64_t now) {
  const std::optional<std::string_view> from = FromMsh(payload);
  if (!from) return std::nullopt;
  absl::StatusOr<Message> msh = ParseMsh(*from);
  if (!msh.ok()) msh = Message::Parse(kPlainMsh, {});
  if (!msh.ok()) return std::nullopt;
  const MessageHead head = ReadHead(*msh);
  const bool too_large = absl::IsResourceExhausted(why);
  const WireError error{{}, too_large ? kInternalError : kSegmentSequence, std::string(why.message())};
  const AnswerTo to{*msh, head, application, facility, now, ""};
  absl::StatusOr<std::string> bytes =
      MakeAcknowledgement(to, "AR", {&error, 1}).Encode(CharacterSet(), Substitute::kGeta);
  if (!bytes.ok()) return std::nullopt;
  return UnreadableAnswer{*std::move(bytes), head.Type(), head.control_id};
}

}  // namespace libmpi::hl7v2
