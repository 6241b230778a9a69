// SPDX-License-Identifier: Apache-2.0
// Any bytes as an HL7 v2 message in each character set: read or refused, and what was read is built and read again as the
// same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/message_builder.h"

namespace {

using namespace libmpi::hl7v2;  // NOLINT

void Require(bool condition) {
  if (!condition) std::abort();
}

template <typename Visit>
void ForEachText(const Segment& segment, const Visit& visit) {
  for (size_t f = segment.name() == "MSH" ? 3 : 1; f <= segment.fields(); ++f) {
    size_t r = 0;
    for (const Repetition& repetition : segment.field(f).all()) {
      ++r;
      for (size_t c = 1; c <= repetition.components(); ++c) {
        const Component component = repetition.component(c);
        for (size_t s = 1; s <= component.subcomponents(); ++s) visit(f, r, c, s, component.subcomponent(s).Text());
      }
    }
  }
}

MessageBuilder Built(const Message& message) {
  MessageBuilder builder(message.delimiters());
  for (const Segment& segment : message.segments()) {
    SegmentBuilder& to = segment.name() == "MSH" ? builder.msh() : builder.Add(segment.name());
    ForEachText(segment, [&](size_t f, size_t r, size_t c, size_t s, const std::string& text) {
      // `""` by an escape sequence is a text, and can't be told from what is to be deleted.
      if (text != "\"\"") to.SetIn(f, r, c, s, text);
    });
  }
  return builder;
}

// Whether every text of `message` stands at its place in `again`, but for MSH-18 and MSH-20, which are its own.
void RequireSameTexts(const Message& message, const Message& again) {
  Require(message.delimiters() == again.delimiters());
  Require(message.segments().size() == again.segments().size());
  for (size_t i = 0; i < message.segments().size(); ++i) {
    const Segment& to = again.segments()[i];
    Require(message.segments()[i].name() == to.name());
    ForEachText(message.segments()[i], [&](size_t f, size_t r, size_t c, size_t s, const std::string& text) {
      if (text == "\"\"" || (i == 0 && (f == 18 || f == 20))) return;
      Require(to.field(f).repetition(r).Text(c, s) == text);
    });
  }
}

Message Read(std::string_view bytes, const CharacterSet& set, bool believe) {
  ParseOptions options;
  options.limits.message_bytes = size_t{1} << 30;
  options.otherwise = set;
  options.believe_msh18 = believe;
  auto message = Message::Parse(bytes, options);
  Require(message.ok());
  return *std::move(message);
}

// Names of character sets can be written where they have no delimiter in them.
bool CanNameSets(const Delimiters& d) {
  constexpr std::string_view kInNames = "-_/.";
  for (char c : {d.field, d.component, d.repetition, d.escape, d.subcomponent, d.truncation})
    if (c != 0 && kInNames.find(c) != std::string_view::npos) return false;
  return true;
}

void Try(std::string_view bytes, const ParseOptions& options, const CharacterSet& utf8) {
  const auto message = Message::Parse(bytes, options);
  if (!message.ok()) return;
  Require(Read(message->text(), utf8, false).text() == message->text());
  const MessageBuilder builder = Built(*message);
  RequireSameTexts(*message, Read(builder.Utf8(), utf8, false));
  const auto encoded = builder.Encode(message->character_set());
  if (encoded.ok() && CanNameSets(message->delimiters()))
    RequireSameTexts(*message, Read(*encoded, message->character_set(), true));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  // Half of the inputs start with a good MSH, so that segments are reached.
  if (data[0] % 2 == 0) bytes = "MSH|^~\\&|A|B|C|D|20240101||ADT^A08|1|P|2.5\rPID|" + bytes;
  const CharacterSet utf8 = *CharacterSetOfName("UTF-8");
  for (const char* name : {"UTF-8", "CP932", "EUC-JP", "ISO-2022-JP", "ASCII"}) {
    ParseOptions options;
    options.limits = {size_t{1} << 16, 50, 100, 20, 20};
    options.otherwise = *CharacterSetOfName(name);
    Try(bytes, options, utf8);
    options.believe_msh18 = false;
    Try(bytes, options, utf8);
  }
  return 0;
}
