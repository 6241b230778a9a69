// SPDX-License-Identifier: Apache-2.0
// An HL7 v2 message (2.3.1 to 2.8) as it was sent: its segments, and what stands in their fields.
//
// Characters come before delimiters: the whole message is decoded first (character_set.h), for in ISO-2022-JP and CP932
// the bytes of | ^ ~ \ & are halves of kanji too. Everything after that is UTF-8. Nothing is copied: parts are views
// into the message's text and are split when they are asked for.
#ifndef LIBMPI_EXCHANGE_HL7V2_MESSAGE_H_
#define LIBMPI_EXCHANGE_HL7V2_MESSAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/exchange/hl7v2/character_set.h"

namespace libmpi::hl7v2 {

// As MSH-1 and MSH-2 have them.
struct Delimiters {
  char field = '|', component = '^', repetition = '~', escape = '\\', subcomponent = '&';
  char truncation = 0;  // the fifth character of MSH-2 (2.7 and later); 0: none
  bool operator==(const Delimiters&) const = default;
};

// Sizes beyond which a message is refused, kResourceExhausted.
struct Limits {
  size_t message_bytes = size_t{1} << 20;  // as it was sent
  size_t segments = 1000;
  size_t fields = 300;       // a segment
  size_t repetitions = 200;  // a field
  size_t components = 100;   // a repetition, and subcomponents of a component
};

// What stands between two delimiters; not longer than its message. All of it may be empty.
class Part {
 public:
  Part() = default;
  Part(std::string_view raw, const Delimiters* delimiters) : raw_(raw), delimiters_(delimiters) {}
  // As it stands there, with its delimiters and escapes.
  std::string_view raw() const { return raw_; }
  bool empty() const { return raw_.empty(); }
  // `""`: the value is to be deleted.
  bool deleted() const { return raw_ == "\"\""; }
  // With its escape sequences undone: \F\ \S\ \T\ \R\ \E\ \P\, \.br\ (a line feed), \Xdd..\ (bytes, of UTF-8 where they
  // are), \H\ \N\ (nothing); character set escapes (\Cxxyy\ \Mxxyyzz\) and what nobody knows stay as they stand. The
  // delimiters of lower levels in it stay. "" where it is deleted().
  std::string Text() const;

 protected:
  std::string_view raw_;
  const Delimiters* delimiters_ = nullptr;
};

// By HL7's numbers, from 1; one that is not there is empty. Each is found by a walk over what stands before it.
class Component : public Part {
 public:
  using Part::Part;
  size_t subcomponents() const;  // at least 1
  Part subcomponent(size_t number) const;
};

class Repetition : public Part {
 public:
  using Part::Part;
  size_t components() const;  // at least 1
  Component component(size_t number) const;
  // The text of a component, or of its subcomponent where it has several.
  std::string Text(size_t component_number, size_t subcomponent_number = 1) const;
  using Part::Text;
  friend class Components;
};

// The first components of a repetition, found by one walk: for who asks for several of them.
class Components {
 public:
  static constexpr size_t kMost = 14;
  explicit Components(const Repetition& of);
  // REQUIRES: 1 <= number <= kMost. Empty where it is not there.
  Component operator[](size_t number) const { return Component(raw_[number - 1], delimiters_); }
  // As Repetition::Text().
  std::string Text(size_t number) const;

 private:
  std::array<std::string_view, kMost> raw_;
  const Delimiters* delimiters_;
};

class Field : public Part {
 public:
  using Part::Part;
  size_t repetitions() const;  // 0: the field is empty
  Repetition repetition(size_t number) const;
  std::vector<Repetition> all() const;
};

class Segment {
 public:
  Segment(std::string_view raw, const Delimiters* delimiters);
  // `starts`: of its fields, in raw; of MSH the first is 3.
  Segment(std::string_view raw, const Delimiters* delimiters, std::vector<uint32_t> starts)
      : raw_(raw), delimiters_(delimiters), starts_(std::move(starts)) {}
  std::string_view name() const { return raw_.substr(0, 3); }
  // Without its end.
  std::string_view raw() const { return raw_; }
  size_t fields() const { return starts_.size(); }  // the number of the last one
  // MSH-1 is the field separator, MSH-2 the other delimiters, as HL7 counts.
  Field field(size_t number) const;
  // The text of a component of the first repetition.
  std::string Text(size_t field_number, size_t component_number = 1, size_t subcomponent_number = 1) const;

 private:
  std::string_view raw_;
  const Delimiters* delimiters_;
  std::vector<uint32_t> starts_;  // of fields, in raw_
};

struct ParseOptions {
  Limits limits;
  // What the sender's messages are written in where MSH-18 does not say.
  CharacterSet otherwise;
  // Whether MSH-18 is to be believed; if not, `otherwise` counts whatever it says.
  bool believe_msh18 = true;
};

class Message {
 public:
  // Segments end with CR, LF or both; empty ones are left out, as is a BOM. Segments that nobody knows (Z...) stay.
  // kInvalidArgument: no MSH, delimiters that can't be (one twice, a letter, a digit, a control character or beyond
  // ASCII), a segment without a name, characters that can't be read (the message says in which segment and field,
  // counted, and never what stood there). kResourceExhausted: Limits. Linear in the bytes.
  static absl::StatusOr<Message> Parse(std::string_view bytes, const ParseOptions& options);

  // Of a text that was decoded already (UTF-8), whatever its MSH-18 says. One whose lines end with CR alone, none of them
  // empty, is not copied.
  static absl::StatusOr<Message> ParseDecoded(std::string utf8, const Limits& limits);

  Message(Message&&) noexcept;
  Message& operator=(Message&&) noexcept;
  ~Message();

  const Delimiters& delimiters() const;
  const std::vector<Segment>& segments() const;
  const Segment& msh() const { return segments().front(); }
  // The nth (from 0) of a name; null: there is none.
  const Segment* Find(std::string_view name, size_t nth = 0) const;
  // Decoded, segments ended by CR.
  std::string_view text() const;
  // In which it was sent.
  const CharacterSet& character_set() const;

 private:
  struct Rep;
  explicit Message(std::unique_ptr<Rep> rep);
  static absl::StatusOr<Message> ParseText(std::string&& utf8, const Limits& limits, std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_MESSAGE_H_
