// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/message.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/hl7v2/message_text.h"

namespace libmpi::hl7v2 {
namespace {

bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool CanBeDelimiter(char c) { return c > ' ' && c < 0x7F && !IsDigit(c) && !IsCapital(c) && !(c >= 'a' && c <= 'z'); }

// REQUIRES: the line has four characters, the first three are MSH.
absl::StatusOr<Delimiters> ReadDelimiters(std::string_view msh) {
  const std::string_view rest = msh.substr(4);
  const std::string_view others = rest.substr(0, rest.find(msh[3]));
  if (others.size() != 4 && others.size() != 5)
    return absl::InvalidArgumentError("MSH-2 is not four or five characters");
  const std::string all = msh[3] + std::string(others);
  for (size_t i = 0; i < all.size(); ++i) {
    if (!CanBeDelimiter(all[i]))
      return absl::InvalidArgumentError("MSH-1 or MSH-2: a character that can't be a delimiter");
    if (all.find(all[i]) != i) return absl::InvalidArgumentError("MSH-1 and MSH-2: one delimiter twice");
  }
  return Delimiters{all[0], all[1], all[2], all[3], all[4], all.size() > 5 ? all[5] : '\0'};
}

absl::Status TooMany(size_t segment, std::string_view what, size_t limit) {
  return absl::ResourceExhaustedError("segment " + std::to_string(segment) + ": more than " + std::to_string(limit) +
                                      " " + std::string(what));
}

absl::Status CheckName(std::string_view segment, size_t number, const Delimiters& delimiters) {
  const bool named = segment.size() >= 3 && IsCapital(segment[0]) && (IsCapital(segment[1]) || IsDigit(segment[1])) &&
                     (IsCapital(segment[2]) || IsDigit(segment[2])) &&
                     (segment.size() == 3 || segment[3] == delimiters.field);
  if (!named) return absl::InvalidArgumentError("segment " + std::to_string(number) + " has no name");
  if (number > 1 && segment.substr(0, 3) == "MSH")
    return absl::InvalidArgumentError("segment " + std::to_string(number) + " is a second MSH");
  return absl::OkStatus();
}

// Which of all bytes are delimiters that part fields.
class DelimiterTable {
 public:
  explicit DelimiterTable(const Delimiters& delimiters) {
    for (const char c : {delimiters.field, delimiters.repetition, delimiters.component, delimiters.subcomponent})
      is_one_[static_cast<unsigned char>(c)] = true;
  }
  bool operator[](char c) const { return is_one_[static_cast<unsigned char>(c)]; }

 private:
  std::array<bool, 256> is_one_ = {};
};

// Calls visit(i) for each delimiter of a text from a place on, until it returns false.
template <typename Visit>
void ForEachDelimiter(std::string_view text, size_t from, const Delimiters& delimiters, const DelimiterTable& table,
                      const Visit& visit) {
  size_t i = from;
#ifdef __SSE2__
  const __m128i wanted[] = {_mm_set1_epi8(delimiters.field), _mm_set1_epi8(delimiters.repetition),
                            _mm_set1_epi8(delimiters.component), _mm_set1_epi8(delimiters.subcomponent)};
  for (; i + 16 <= text.size(); i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i));
    __m128i hits = _mm_cmpeq_epi8(bytes, wanted[0]);
    for (int d = 1; d < 4; ++d) hits = _mm_or_si128(hits, _mm_cmpeq_epi8(bytes, wanted[d]));
    for (auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits)); mask != 0; mask &= mask - 1)
      if (!visit(i + static_cast<size_t>(std::countr_zero(mask)))) return;
  }
#else
  (void)delimiters;
#endif
  for (; i < text.size(); ++i)
    if (table[text[i]] && !visit(i)) return;
}

// Where a segment's fields begin, and whether it has no more of anything than may be: in one walk.
class FieldWalk {
 public:
  FieldWalk(const Delimiters& delimiters, const Limits& limits)
      : delimiters_(delimiters), limits_(limits), table_(delimiters) {}

  absl::Status Walk(std::string_view segment, size_t number) {
    const bool msh = number == 1;
    starts_.clear();
    if (msh) starts_.push_back(3);  // MSH-1 is the separator itself
    // MSH-2 is no field of many repetitions: numbers count from behind it.
    const size_t counted_from = msh ? std::min(segment.find(delimiters_.field, 4), segment.size()) : 3;
    size_t repetitions = 1, components = 1, subcomponents = 1, fields = msh ? 2 : 0;
    absl::Status status;
    ForEachDelimiter(segment, 3, delimiters_, table_, [&](size_t i) {
      const char c = segment[i];
      if (c == delimiters_.field) starts_.push_back(static_cast<uint32_t>(i + 1));
      if (i < counted_from) return true;
      if (c == delimiters_.field) {
        if (++fields > limits_.fields) status = TooMany(number, "fields", limits_.fields);
        repetitions = components = subcomponents = 1;
      } else if (c == delimiters_.repetition) {
        if (++repetitions > limits_.repetitions) status = TooMany(number, "repetitions in a field", limits_.repetitions);
        components = subcomponents = 1;
      } else if (c == delimiters_.component) {
        if (++components > limits_.components) status = TooMany(number, "components", limits_.components);
        subcomponents = 1;
      } else if (++subcomponents > limits_.components) {
        status = TooMany(number, "subcomponents", limits_.components);
      }
      return status.ok();
    });
    return status;
  }
  // Of the last segment.
  std::vector<uint32_t> starts() const { return starts_; }

 private:
  const Delimiters& delimiters_;
  const Limits& limits_;
  const DelimiterTable table_;
  std::vector<uint32_t> starts_;
};

// Every line that is not empty, ended by CR.
std::string WithCarriageReturns(std::string&& text) {
  const bool as_it_should = text.ends_with('\r') && !text.starts_with('\r') &&
                            text.find('\n') == std::string::npos && text.find("\r\r") == std::string::npos;
  if (as_it_should) return std::move(text);
  std::string lines;
  lines.reserve(text.size() + 1);
  size_t cr = text.find('\r'), lf = text.find('\n');
  for (size_t pos = 0; pos < text.size();) {
    const size_t end = std::min({cr, lf, text.size()});
    if (end > pos) lines.append(text, pos, end - pos).push_back('\r');
    pos = end + 1;
    if (cr == end) cr = text.find('\r', pos);
    if (lf == end) lf = text.find('\n', pos);
  }
  return lines;
}

}  // namespace

struct Message::Rep {
  std::string text;
  Delimiters delimiters;
  CharacterSet character_set;
  std::vector<Segment> segments;
};

Message::Message(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Message::Message(Message&&) noexcept = default;
Message& Message::operator=(Message&&) noexcept = default;
Message::~Message() = default;

absl::StatusOr<Message> Message::Parse(std::string_view bytes, const ParseOptions& options) {
  const Limits& limits = options.limits;
  if (bytes.size() > limits.message_bytes)
    return absl::ResourceExhaustedError("a message of more than " + std::to_string(limits.message_bytes) + " bytes");
  auto rep = std::make_unique<Rep>();
  rep->character_set = options.otherwise;
  if (options.believe_msh18) {
    LIBMPI_ASSIGN_OR_RETURN(rep->character_set, CharacterSetOfMessage(bytes, options.otherwise));
  }
  LIBMPI_ASSIGN_OR_RETURN(std::string text, DecodeMessage(bytes, rep->character_set));
  return ParseText(std::move(text), limits, std::move(rep));
}

absl::StatusOr<Message> Message::ParseDecoded(std::string utf8, const Limits& limits) {
  if (utf8.size() > limits.message_bytes)
    return absl::ResourceExhaustedError("a message of more than " + std::to_string(limits.message_bytes) + " bytes");
  return ParseText(std::move(utf8), limits, std::make_unique<Rep>());
}

absl::StatusOr<Message> Message::ParseText(std::string&& utf8, const Limits& limits, std::unique_ptr<Rep> rep) {
  rep->text = WithCarriageReturns(std::move(utf8));
  std::string_view rest = rep->text;
  const std::string_view msh = FirstLine(rest);
  if (msh.size() < 4 || msh.substr(0, 3) != "MSH") return absl::InvalidArgumentError("no MSH at the beginning");
  LIBMPI_ASSIGN_OR_RETURN(rep->delimiters, ReadDelimiters(msh));
  FieldWalk fields(rep->delimiters, limits);
  while (!rest.empty()) {
    const std::string_view segment = rest.substr(0, rest.find('\r'));
    const size_t number = rep->segments.size() + 1;
    if (number > limits.segments)
      return absl::ResourceExhaustedError("more than " + std::to_string(limits.segments) + " segments");
    LIBMPI_RETURN_IF_ERROR(CheckName(segment, number, rep->delimiters));
    LIBMPI_RETURN_IF_ERROR(fields.Walk(segment, number));
    rep->segments.emplace_back(segment, &rep->delimiters, fields.starts());
    rest.remove_prefix(segment.size() + 1);
  }
  return Message(std::move(rep));
}

const Delimiters& Message::delimiters() const { return rep_->delimiters; }
const std::vector<Segment>& Message::segments() const { return rep_->segments; }
std::string_view Message::text() const { return rep_->text; }
const CharacterSet& Message::character_set() const { return rep_->character_set; }

const Segment* Message::Find(std::string_view name, size_t nth) const {
  for (const Segment& segment : rep_->segments)
    if (segment.name() == name && nth-- == 0) return &segment;
  return nullptr;
}

}  // namespace libmpi::hl7v2
