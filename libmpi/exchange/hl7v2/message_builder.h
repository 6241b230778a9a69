// SPDX-License-Identifier: Apache-2.0
// HL7 v2 messages to be sent.
#ifndef LIBMPI_EXCHANGE_HL7V2_MESSAGE_BUILDER_H_
#define LIBMPI_EXCHANGE_HL7V2_MESSAGE_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/hl7v2/character_set.h"
#include "libmpi/exchange/hl7v2/message.h"

namespace libmpi::hl7v2 {

// A segment that is being written. Numbers are HL7's, from 1; what is left out between is empty, and nothing is written
// after the last thing that is not.
class SegmentBuilder {
 public:
  explicit SegmentBuilder(std::string_view name) : name_(name) {}
  // The first repetition's component, escaped when it is written.
  SegmentBuilder& Set(size_t field, std::string_view text) { return SetIn(field, 1, 1, 1, text); }
  SegmentBuilder& Set(size_t field, size_t component, std::string_view text) {
    return SetIn(field, 1, component, 1, text);
  }
  // Any one: repetition, component and subcomponent from 1; where one of the numbers is 0, nothing is set. The text
  // `""` is written as it is: the value is to be deleted.
  SegmentBuilder& SetIn(size_t field, size_t repetition, size_t component, size_t subcomponent, std::string_view text);
  // A whole field as it stands in another message that has the same delimiters.
  SegmentBuilder& SetRaw(size_t field, std::string_view raw);
  // How many repetitions the field has so far.
  size_t Repetitions(size_t field) const;

 private:
  friend class MessageBuilder;
  using ComponentTexts = std::vector<std::string>;                     // subcomponents
  using RepetitionTexts = std::vector<ComponentTexts>;                 // components
  struct FieldTexts {
    std::vector<RepetitionTexts> repetitions;
    std::string raw;
    bool is_raw = false;
  };
  // Ended by CR. Where the name is "", the only field is a whole segment as it stands.
  std::string Utf8(const Delimiters& delimiters) const;

  std::string name_;
  std::vector<FieldTexts> fields_;
};

// What is sent for characters that a set does not have: nothing is sent; 〓 (? where there is none, half-width kana as
// full-width ones); their usual form where the set has that (EncodeOptions::variants), else 〓.
enum class Substitute : uint8_t { kNone, kGeta, kVariant };

class MessageBuilder {
 public:
  // MSH-1 and MSH-2 are of these delimiters; MSH-18 and MSH-20 are set when it is encoded.
  explicit MessageBuilder(const Delimiters& delimiters = {});
  const Delimiters& delimiters() const { return delimiters_; }
  SegmentBuilder& msh() { return segments_.front(); }
  // Valid until this goes; segments are written in the order in which they were added.
  SegmentBuilder& Add(std::string_view name);
  // A whole segment as it stands in another message that has the same delimiters (a QPD that is echoed).
  void AddRaw(std::string_view segment);

  // Segments ended by CR, in UTF-8. Control characters in texts are escaped (\X0D\).
  std::string Utf8() const;
  // The bytes to be sent. MSH-18 and MSH-20 are there only where the message has more than ASCII. What the set does not
  // have is kInvalidArgument (where, never what) unless it is substituted; `substituted` says how many.
  absl::StatusOr<std::string> Encode(const CharacterSet& set, Substitute substitute = Substitute::kNone,
                                     size_t* substituted = nullptr) const;

 private:
  Delimiters delimiters_;
  std::deque<SegmentBuilder> segments_;
};

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_MESSAGE_BUILDER_H_
