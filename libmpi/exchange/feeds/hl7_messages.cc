// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/hl7_messages.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace libmpi {
namespace {

constexpr char kFrameBegin = '\x0B', kFrameEnd = '\x1C';
constexpr std::array<std::string_view, 4> kKept = {"MSH", "EVN", "PID", "IN1"};
constexpr std::array<std::string_view, 4> kBatch = {"FHS", "BHS", "BTS", "FTS"};
// Of a line, enough to know its name by.
constexpr size_t kNameBytes = 4;

bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsDelimiter(char c) { return c > ' ' && c < 0x7F && !IsDigit(c) && !IsCapital(c) && !(c >= 'a' && c <= 'z'); }

bool IsOneOf(std::string_view name, const std::array<std::string_view, 4>& names) {
  return std::ranges::find(names, name) != names.end();
}

// Where lines and frames of one piece end: for each of the four bytes all others are looked at once, however many lines
// there are.
class Ends {
 public:
  explicit Ends(std::string_view bytes) : bytes_(bytes) {
    for (size_t i = 0; i < kBytes.size(); ++i) next_[i] = bytes.find(kBytes[i]);
  }

  // The first of them from a place on, which never goes back; npos: none.
  size_t Next(size_t from) {
    size_t first = std::string_view::npos;
    for (size_t i = 0; i < kBytes.size(); ++i) {
      if (next_[i] < from) next_[i] = bytes_.find(kBytes[i], from);
      first = std::min(first, next_[i]);
    }
    return first;
  }

 private:
  static constexpr std::array<char, 4> kBytes = {'\r', '\n', kFrameBegin, kFrameEnd};
  const std::string_view bytes_;
  std::array<size_t, 4> next_;
};

// The number in the first field of a trailer. No kanji stands before it.
std::optional<uint64_t> CountIn(std::string_view trailer) {
  if (trailer.size() <= kNameBytes) return std::nullopt;
  const char* const begin = trailer.data() + kNameBytes;
  const char* const end = trailer.data() + trailer.size();
  uint64_t count = 0;
  const auto [rest, error] = std::from_chars(begin, end, count);
  if (error != std::errc() || (rest != end && IsDigit(*rest))) return std::nullopt;
  return count;
}

}  // namespace

void Hl7Messages::Take(std::string_view bytes) {
  Ends ends(bytes);
  for (size_t pos = 0; pos < bytes.size();) {
    if (std::exchange(after_cr_, false) && bytes[pos] == '\n') {
      ++pos;
      continue;
    }
    const size_t end = ends.Next(pos);
    const std::string_view part = bytes.substr(pos, end - pos);
    if (end == std::string_view::npos) return Hold(part);
    EndLine(part);
    const char byte = bytes[end];
    pos = end + 1;
    if (byte == kFrameBegin || byte == kFrameEnd) {
      EndMessage();
      in_frame_ = byte == kFrameBegin;
      continue;
    }
    ++line_;
    after_cr_ = byte == '\r';
  }
}

void Hl7Messages::End() {
  EndLine("");
  const bool cut = std::exchange(in_frame_, false) && in_message_;
  EndMessage();
  if (cut) sink_.NoteFile(line_, "the last message's frame has no end: the file may have been cut off");
  if (const uint64_t header = std::exchange(file_header_, 0); header != 0)
    sink_.NoteFile(header, "FHS has no FTS: the file may have been cut off");
}

// Of a segment that nobody wants, no more than its name.
void Hl7Messages::Hold(std::string_view part) {
  line_bytes_ += part.size();
  const size_t name = std::min(part.size(), kNameBytes - std::min(held_.size(), kNameBytes));
  held_.append(part.substr(0, name));
  part.remove_prefix(name);
  const std::string_view begin = std::string_view(held_).substr(0, 3);
  const bool wanted = !found_any_ || IsOneOf(begin, kKept) || IsOneOf(begin, kBatch);
  const size_t room = wanted ? max_line_bytes_ - std::min(held_.size(), max_line_bytes_) : 0;
  held_.append(part.substr(0, room));
}

void Hl7Messages::EndLine(std::string_view last_part) {
  if (line_bytes_ == 0) {
    if (!last_part.empty()) TakeLine(last_part, last_part.size() > max_line_bytes_);
    return;
  }
  Hold(last_part);
  TakeLine(held_, line_bytes_ > max_line_bytes_);
  held_.clear();
  line_bytes_ = 0;
}

void Hl7Messages::TakeLine(std::string_view line, bool too_long) {
  if (line_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  // Blank, or the end of a file as old systems write it.
  if (line.find_first_not_of(" \t\x1A") == std::string_view::npos) return;
  const std::string_view name = line.substr(0, 3);
  const bool begins = line.size() >= kNameBytes && IsDelimiter(line[3]);
  if (begins && name == "MSH")
    BeginMessage();
  else if (begins && IsOneOf(name, kBatch))
    return TakeHeader(line);
  if (in_message_) return TakeSegment(line, too_long);
  if (found_any_) return;
  if (!std::exchange(noted_preamble_, true)) sink_.NoteFile(line_, "there is something before the first message");
}

void Hl7Messages::TakeHeader(std::string_view line) {
  EndMessage();
  found_any_ = true;
  if (line[0] == 'F') {
    file_header_ = line[1] == 'H' ? line_ : 0;
    return;
  }
  const uint64_t messages = std::exchange(in_batch_, 0);
  if (line[1] != 'T') return;
  if (const auto count = CountIn(line); count && *count != messages)
    sink_.NoteFile(line_, "BTS-1 says another number of messages than the batch has");
}

void Hl7Messages::BeginMessage() {
  EndMessage();
  found_any_ = in_message_ = true;
  ++in_batch_;
  message_.line = line_;
  message_.bytes.clear();
  message_.lines.clear();
  message_.defect.clear();
}

void Hl7Messages::EndMessage() {
  if (std::exchange(in_message_, false)) sink_.TakeMessage(message_);
}

void Hl7Messages::TakeSegment(std::string_view line, bool too_long) {
  const std::string_view name = line.substr(0, 3);
  const bool first = message_.lines.empty();
  if (first) delimiter_ = line[3];
  const bool named = line.size() >= 3 && IsCapital(line[0]) && (IsCapital(line[1]) || IsDigit(line[1])) &&
                     (IsCapital(line[2]) || IsDigit(line[2])) && (line.size() == 3 || line[3] == delimiter_);
  const bool kept_before = kept_last_;
  if (!named && kept_before)
    sink_.NoteFile(line_, "a line that is no segment: an end of line stands within the segment before it");
  kept_last_ = named && IsOneOf(name, kKept);
  if (!kept_last_) return;
  if (too_long) message_.defect = "a segment is longer than a line may be";
  if (message_.bytes.size() + line.size() >= max_message_bytes_)
    message_.defect = "the message is larger than a message may be";
  if (!message_.defect.empty()) return;
  message_.lines.push_back(line_);
  message_.bytes.append(line).push_back('\r');
}

}  // namespace libmpi
